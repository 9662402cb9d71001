"""What the page's buttons do: change a registration as someone else would, for the page alone."""

import pytest

from terraform_provider_ecgrid.sandbox.server import Sandbox
from terraform_provider_ecgrid.sandbox.world import Lookups
from tests.unit.sandbox.conftest import Api, data, refusal


def press(sandbox: Sandbox, change: str, callback_id: object = 7001, **headers: str) -> tuple[int, str | None]:
    """Send what the page sends; return the status, and the code of a refusal."""
    page = Api(sandbox, **({"Origin": sandbox.url} | headers))
    answer = page.send("POST", f"/elsewhere/{callback_id}/{change}")
    page.close()
    return (204, None) if answer.status_code == 204 else refusal(answer)


def stored(sandbox: Sandbox) -> tuple[str, str]:
    callback = sandbox.store.get(7001)
    assert callback is not None
    return callback["url"], callback["status"]


def test_the_url_is_another_one_after_each_change(sandbox: Sandbox) -> None:
    sandbox.store.change(7001, url="https://app.example.com/hook/?token=t#f")
    seen = []
    for _ in range(3):
        assert press(sandbox, "url") == (204, None)
        seen.append(stored(sandbox)[0])
    assert seen == [
        "https://app.example.com/hook/changed-elsewhere?token=t#f",
        "https://app.example.com/hook/changed-elsewhere-2?token=t#f",
        "https://app.example.com/hook/changed-elsewhere-3?token=t#f",
    ]


def test_a_url_without_a_path_gets_one(sandbox: Sandbox) -> None:
    sandbox.store.change(7001, url="https://app.example.com")
    press(sandbox, "url")
    assert stored(sandbox)[0] == "https://app.example.com/changed-elsewhere"


def test_the_status_is_the_one_that_the_button_names(sandbox: Sandbox) -> None:
    seen = []
    for change in ("activate", "activate", "suspend"):
        assert press(sandbox, change) == (204, None)
        seen.append(stored(sandbox)[1])
    assert seen == ["Active", "Active", "Suspended"]


@pytest.mark.parametrize("lookups", ["registrations", "events"])
def test_the_lookups_of_either_model_show_the_change(lookups: Lookups) -> None:
    with Sandbox(lookups=lookups) as sandbox:
        for change in ("url", "activate"):
            assert press(sandbox, change) == (204, None)
        api = Api(sandbox)
        shown = data(
            api.look(7001) if lookups == "registrations" else api.post("get-event-by-id", {"callBackEventId": 7001})
        )
        api.close()
        assert shown["url"] == "https://app.example.com/webhooks/ecgrid/changed-elsewhere"
        assert shown["status"] == "Active"


@pytest.mark.parametrize(
    "origin",
    ["", "null", "https://evil.example", "http://127.0.0.1", "http://127.0.0.1:1", "http://localhost:{port}",
     "https://127.0.0.1:{port}", "http://127.0.0.1:{port}.evil.example"],
)  # fmt: skip
def test_another_site_changes_nothing(sandbox: Sandbox, origin: str) -> None:
    before = stored(sandbox)
    port = sandbox.url.rpartition(":")[2]
    for change in ("url", "activate"):
        assert press(sandbox, change, Origin=origin.format(port=port)) == (403, "AccessDenied")
    assert stored(sandbox) == before


def test_a_request_of_no_page_changes_nothing_whatever_key_it_has(sandbox: Sandbox, api: Api) -> None:
    before = stored(sandbox)
    assert refusal(api.send("POST", "/elsewhere/7001/url")) == (403, "AccessDenied")
    assert stored(sandbox) == before


def test_a_name_that_is_rebound_to_loopback_changes_nothing(sandbox: Sandbox, api: Api) -> None:
    before = stored(sandbox)
    headers = {"Host": "evil.example", "Origin": "http://evil.example"}
    assert api.send("POST", "/elsewhere/7001/url", headers=headers).status_code == 400
    assert stored(sandbox) == before


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "OPTIONS"])
def test_only_a_post_changes(sandbox: Sandbox, api: Api, method: str) -> None:
    before = stored(sandbox)
    answer = api.send(method, "/elsewhere/7001/url", headers={"Origin": sandbox.url})
    assert answer.status_code == 405
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert stored(sandbox) == before


def test_what_cannot_be_changed_is_refused(sandbox: Sandbox) -> None:
    assert press(sandbox, "url", 9000) == (404, "ObjectNotFound")
    assert press(sandbox, "delete") == (400, "InvalidParameter")
    assert press(sandbox, "url", "seven") == (400, "InvalidParameter")
    sandbox.store.change(7001, status="Terminated")
    before = stored(sandbox)
    for change in ("url", "activate", "suspend"):
        assert press(sandbox, change) == (400, "InvalidParameter")
    assert stored(sandbox) == before


def test_it_is_no_request_of_the_api(sandbox: Sandbox) -> None:
    press(sandbox, "url")
    assert sandbox.requests == []
