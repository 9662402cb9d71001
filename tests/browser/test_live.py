"""The page keeps itself current, whatever arrives and whether or not the sandbox is there."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from terraform_provider_ecgrid.sandbox import live
from terraform_provider_ecgrid.sandbox.faults import Fault
from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.browser.conftest import NARROW, WIDE, Open
from tests.unit.sandbox.conftest import Api
from tests.unit.sandbox.endpoint import endpoint

HOSTILE = "<img src=x onerror=\"document.title='run'\"><script>document.title='run'</script>"

expect.set_options(timeout=20_000)


def rows(page: Page, table: str) -> Locator:
    return page.get_by_role("table", name=table).locator("tbody tr")


def test_registrations_and_requests_appear_as_they_are_made(sandbox: Sandbox, api: Api, open_page: Open) -> None:
    page = open_page(sandbox)
    expect(rows(page, "Registrations")).to_have_count(1)
    expect(rows(page, "Requests")).to_have_count(0)
    expect(page.get_by_text("No requests yet.", exact=True)).to_be_visible()

    api.post("create", {"url": "https://example.com/in?token=hidden", "event": "User"})
    expect(rows(page, "Registrations")).to_have_count(2)
    expect(rows(page, "Registrations").nth(1)).to_contain_text("https://example.com/in?***")
    expect(rows(page, "Requests").nth(0)).to_contain_text("POST /v2/callbacks/create")
    expect(rows(page, "Requests").nth(0)).to_contain_text("url: https://example.com event: User")
    expect(page.get_by_text("No requests yet.", exact=True)).to_be_hidden()

    api.post("update", {"callbackId": 7001, "status": "Active", "password": "hidden"})
    expect(rows(page, "Registrations").nth(0)).to_contain_text("Active")
    expect(rows(page, "Requests").nth(0)).to_contain_text("callbackId: 7001 status: Active password: ***")
    expect(rows(page, "Requests").nth(0).get_by_role("cell").last).to_have_text("200")

    api.delete(7002)
    expect(rows(page, "Registrations")).to_have_count(1)
    assert "hidden" not in page.locator("main").inner_text()
    assert sandbox.api_key not in page.locator("main").inner_text()


def test_a_delivery_appears_with_its_result(
    sandbox: Sandbox, api: Api, open_page: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page(sandbox)
    with endpoint(tmp_path) as served:
        monkeypatch.setenv("SSL_CERT_FILE", str(served.certificate))
        api.post("update", {"callbackId": 7001, "url": served.url})
        api.post("test", {"callbackId": 7001})
        expect(rows(page, "Deliveries").nth(0).get_by_role("cell").last).to_have_text("Delivered, 200")
        expect(rows(page, "Deliveries").nth(0)).to_contain_text(served.url.removesuffix("/hook"))
        served.status = 500
        api.post("test", {"callbackId": 7001})
        expect(rows(page, "Deliveries").nth(0).get_by_role("cell").last).to_have_text("Error, 500")
    api.post("test", {"callbackId": 7001})
    expect(rows(page, "Deliveries").nth(0).get_by_role("cell").last).to_have_text("Error, no connection")


def test_the_page_says_which_reading_the_lookups_follow(sandbox: Sandbox, open_page: Open) -> None:
    expect(open_page(sandbox).get_by_text("Lookups follow the model registrations.")).to_be_visible()
    with Sandbox(lookups="events") as other:
        expect(open_page(other).get_by_text("Lookups follow the model events.")).to_be_visible()


def test_what_a_client_sends_is_text_and_nothing_else(sandbox: Sandbox, api: Api, open_page: Open) -> None:
    sandbox.store.put(
        url=f"https://example.com/{HOSTILE}", username=HOSTILE, password="p", event=HOSTILE, status=HOSTILE
    )
    sandbox.store.fire(7002)
    api.post("update", {"callbackId": 7001, "username": HOSTILE, "event": HOSTILE, HOSTILE: 1})
    api.post("update", {"callbackId": 7001, "url": f"https://{HOSTILE}.example.com/x"})
    api.post(HOSTILE)
    page = open_page(sandbox)
    expect(rows(page, "Registrations").nth(1)).to_contain_text(f"https://example.com/{HOSTILE}")
    expect(rows(page, "Requests").nth(2)).to_contain_text(f"event: {HOSTILE}")
    expect(rows(page, "Deliveries").nth(0)).to_contain_text(f"event: {HOSTILE}")
    assert page.locator("img, main script").count() == 0
    assert page.title() == "ECGrid sandbox"


def test_many_requests_are_counted_and_the_newest_shown(sandbox: Sandbox, api: Api, open_page: Open) -> None:
    api.look(7001)
    # Appended rather than sent: what matters is how many there are.
    sandbox.requests.extend(sandbox.requests * (live.NEWEST_REQUESTS + 49))
    page = open_page(sandbox)
    expect(page.get_by_text(f"newest {live.NEWEST_REQUESTS} of {live.NEWEST_REQUESTS + 50}")).to_be_visible()
    page.get_by_role("button", name=f"Show {live.NEWEST_REQUESTS - 20} more requests").click()
    expect(rows(page, "Requests")).to_have_count(live.NEWEST_REQUESTS)
    api.delete(9000)
    expect(rows(page, "Requests").nth(0)).to_contain_text("DELETE")
    expect(rows(page, "Requests")).to_have_count(live.NEWEST_REQUESTS)


def test_a_row_that_did_not_change_stays_the_same_element(sandbox: Sandbox, api: Api, open_page: Open) -> None:
    api.look(7001)
    page = open_page(sandbox)
    page.evaluate("document.querySelector('#requests tbody tr').title = 'kept'")
    api.delete(9000)
    expect(rows(page, "Requests")).to_have_count(2)
    expect(rows(page, "Requests").nth(1)).to_have_attribute("title", "kept")


def test_a_sandbox_that_stops_and_comes_back_is_shown_again(open_page: Open) -> None:
    with Sandbox() as first:
        api = Api(first)
        api.look(7001)
        api.delete(7001)
        page = open_page(first)
        expect(rows(page, "Requests")).to_have_count(2)
        port = int(first.url.rpartition(":")[2])
    expect(page.get_by_text("Not answering, trying again")).to_be_visible()
    expect(rows(page, "Requests")).to_have_count(2)
    with Sandbox(port=port) as second:
        Api(second).post("update", {"callbackId": 7001, "status": "Active"})
        expect(page.get_by_text("Live", exact=True)).to_be_visible()
        expect(rows(page, "Requests")).to_have_count(1)
        expect(rows(page, "Requests").nth(0)).to_contain_text("update")
        expect(rows(page, "Registrations").nth(0)).to_contain_text("Active")


def test_a_paused_page_stands_still_until_it_is_resumed(sandbox: Sandbox, api: Api, open_page: Open) -> None:
    page = open_page(sandbox)
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("Paused", exact=True)).to_be_visible()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    api.look(7001)
    page.wait_for_timeout(2500)  # longer than it ever waits between two questions
    assert asked == []
    expect(rows(page, "Requests")).to_have_count(0)
    page.get_by_role("button", name="Resume").click()
    expect(rows(page, "Requests")).to_have_count(1)


def test_a_request_that_went_wrong_by_rule_says_so(sandbox: Sandbox, api: Api, open_page: Open) -> None:
    sandbox.faults.put(Fault("update", status=503, rule="update:1:503"))
    sandbox.faults.put(Fault("delete", drop=True, rule="delete:1:drop"))
    page = open_page(sandbox)
    api.post("update", {"callbackId": 7001})
    answer = rows(page, "Requests").nth(0).get_by_role("cell").last
    expect(answer).to_contain_text("caused by --fault update:1:503")
    expect(answer.locator(".answer")).to_have_text("503")
    with pytest.raises(httpx.HTTPError):
        api.delete(7001)
    expect(answer).to_contain_text("caused by --fault delete:1:drop")
    expect(answer.locator(".answer")).to_have_text("none")


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_a_refusal_shows_its_code_and_message_beside_its_status(
    sandbox: Sandbox, api: Api, open_page: Open, width: int
) -> None:
    page = open_page(sandbox, width)
    answer = rows(page, "Requests").nth(0).get_by_role("cell").last
    api.delete(9000)
    expect(answer).to_have_text("404ObjectNotFound: Callback 9000 was not found")
    sandbox.lookups = "events"
    api.post("event-list", {"mailboxId": 0})
    expect(answer).to_have_text("400One or more validation errors occurred: networkId")


def test_writes_alone_can_be_shown(sandbox: Sandbox, api: Api, open_page: Open) -> None:
    api.look(7001)
    api.delete(9000)
    page = open_page(sandbox)
    page.get_by_label("Writes only").check()
    expect(rows(page, "Requests")).to_have_count(1)
    expect(page.get_by_text("No writes yet.")).to_be_hidden()
    expect(rows(page, "Requests")).to_contain_text("DELETE")
    api.listed()
    api.post("update", {"callbackId": 7001})
    expect(rows(page, "Requests")).to_have_count(2)
    page.get_by_label("Writes only").uncheck()
    expect(rows(page, "Requests")).to_have_count(4)


def test_without_a_write_the_writes_alone_are_none(sandbox: Sandbox, api: Api, open_page: Open) -> None:
    api.look(7001)
    page = open_page(sandbox)
    page.get_by_label("Writes only").check()
    expect(page.get_by_text("No writes yet.", exact=True)).to_be_visible()
