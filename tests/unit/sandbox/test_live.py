"""What the page is told: the newest of everything, and no secret."""

import json
from typing import Any

import httpx
import pytest

from terraform_provider_ecgrid.sandbox import live
from terraform_provider_ecgrid.sandbox.gate import Recorded
from terraform_provider_ecgrid.sandbox.server import Sandbox
from terraform_provider_ecgrid.sandbox.store import Store
from terraform_provider_ecgrid.sandbox.world import World
from tests.unit.sandbox.conftest import Api


@pytest.fixture
def world() -> World:
    return World(Store())


def shown(api: Api) -> dict[str, Any]:
    snapshot: dict[str, Any] = api.send("GET", "/live").json()
    return snapshot


def fields_of(world: World, body: dict[str, Any] | None, **query: str) -> dict[str, str]:
    request = Recorded("POST", "/v2/callbacks/update", query, body, {"x-api-key": "hidden"}, 200)
    snapshot = live.snapshot(world, [request])
    assert "hidden" not in json.dumps(snapshot)
    return dict(snapshot["requests"]["shown"][0]["fields"])


def test_a_request_shows_its_fields_without_credentials_and_of_a_url_scheme_and_host(world: World) -> None:
    body = {
        "callbackId": 7001,
        "url": "https://me:hidden@app.example.com:8443/hidden?token=hidden#hidden",
        "httpAuthType": "Basic",
        "username": "hidden",
        "password": "hidden",
    }
    assert fields_of(world, body) == {
        "callbackId": "7001",
        "url": "https://app.example.com:8443",
        "httpAuthType": "Basic",
        "username": "***",
        "password": "***",
    }


def test_clearing_a_credential_is_told_from_setting_one(world: World) -> None:
    assert fields_of(world, {"username": "", "password": ""}) == {"username": '""', "password": '""'}


@pytest.mark.parametrize(
    "body",
    [{"Password": "hidden"}, {"event": {"password": "hidden"}}, {"status": ["hidden"]}, {"url": "hidden"},
     {"url": "https://[hidden"}, {"url": {"a": "hidden"}}],
    ids=str,
)  # fmt: skip
def test_what_the_api_does_not_know_is_masked(world: World, body: dict[str, Any]) -> None:
    assert set(fields_of(world, body).values()) == {"***"}


def test_query_parameters_are_masked_but_for_the_id(world: World) -> None:
    assert fields_of(world, None, callbackId="7001", key="hidden") == {"callbackId": "7001", "key": "***"}


def test_no_request_makes_a_long_or_unprintable_text(world: World) -> None:
    body = {"event": "x" * 10_000, "status": "\ud800\u202e\n", **{f"field{number}": 1 for number in range(1000)}}
    fields = fields_of(world, body)
    assert len(fields) < 50
    assert len(fields["event"]) < 500
    assert fields["status"].isascii()
    assert fields["status"].isprintable()


def test_a_registration_shows_its_path_and_whether_credentials_are_held(sandbox: Sandbox, api: Api) -> None:
    sandbox.store.put(
        url="https://me:hidden@example.com/a?token=hidden#hidden",
        httpAuthType="Digest",
        username="hidden",
        password="hidden",
    )
    snapshot = shown(api)
    seed, other = snapshot["registrations"]["shown"]
    assert (seed["callbackId"], seed["url"], seed["held"]) == (7001, "https://app.example.com/webhooks/ecgrid", [])
    assert (other["url"], other["held"]) == ("https://***@example.com/a?***#***", ["username", "password"])
    assert "hidden" not in json.dumps(snapshot)


def test_a_delivery_shows_where_it_went_and_how_it_ended(sandbox: Sandbox, api: Api) -> None:
    sandbox.store.put(url="https://example.com/hidden")
    sandbox.store.fire(7002, delivered=False, http_status=503)
    snapshot = shown(api)
    (delivery,) = snapshot["deliveries"]["shown"]
    assert (delivery["callbackId"], delivery["endpoint"]) == (7002, "https://example.com")
    assert (delivery["status"], delivery["httpStatus"]) == ("Error", 503)
    assert "/hidden" not in json.dumps(delivery)


def test_the_newest_are_shown_and_all_are_counted(world: World) -> None:
    requests = [Recorded("GET", f"/v2/{number}", {}, None, {}) for number in range(live.NEWEST_REQUESTS + 5)]
    for _ in range(live.NEWEST_REGISTRATIONS + 5):
        world.store.put()
    for _ in range(live.NEWEST_DELIVERIES + 5):
        world.store.fire(7001)
    snapshot = live.snapshot(world, requests)
    seen = snapshot["requests"]
    assert (seen["total"], len(seen["shown"])) == (len(requests), live.NEWEST_REQUESTS)
    assert (seen["shown"][0]["number"], seen["shown"][0]["path"]) == (len(requests), requests[-1].path)
    assert (seen["shown"][-1]["number"], seen["shown"][-1]["path"]) == (6, "/v2/5")
    seen = snapshot["deliveries"]
    assert (seen["total"], len(seen["shown"])) == (live.NEWEST_DELIVERIES + 5, live.NEWEST_DELIVERIES)
    assert seen["shown"][0]["callbackEventId"] == seen["total"]
    seen = snapshot["registrations"]
    assert (seen["total"], len(seen["shown"])) == (live.NEWEST_REGISTRATIONS + 6, live.NEWEST_REGISTRATIONS)
    ids = [one["callbackId"] for one in seen["shown"]]
    assert ids == sorted(ids)
    assert ids[-1] == 7001 + live.NEWEST_REGISTRATIONS + 5


def test_requests_arrive_with_their_answers_and_neither_key_nor_token(sandbox: Sandbox, api: Api) -> None:
    api.post("update", {"callbackId": 7001, "status": "Active"})
    httpx.post(sandbox.url + "/v2/callbacks/test", json={}, headers={"Authorization": "Bearer hidden"})
    snapshot = shown(api)
    assert [(one["call"], one["status"]) for one in snapshot["requests"]["shown"]] == [("test", 401), ("update", 200)]
    assert snapshot.pop("exports") == [
        f"export ECGRID_BASE_URL={sandbox.url}",
        f"export ECGRID_API_KEY={sandbox.api_key}",
    ]
    assert sandbox.api_key not in json.dumps(snapshot)
    assert "hidden" not in json.dumps(snapshot)


def refusal(api: Api) -> str:
    """Return what the page tells of the newest request's refusal."""
    return str(shown(api)["requests"]["shown"][0]["refusal"])


def test_a_refusal_is_told_with_its_code_and_message(api: Api) -> None:
    api.post("update", {"callbackId": 1})
    assert refusal(api) == "ObjectNotFound: Callback 1 was not found"
    api.post("update", {"callbackId": 7001})
    assert refusal(api) == ""


def test_a_refusal_by_the_platform_is_told_with_its_title_and_fields(sandbox: Sandbox, api: Api) -> None:
    sandbox.lookups = "events"
    api.post("event-list")
    assert refusal(api) == "One or more validation errors occurred: networkId, mailboxId"


@pytest.mark.parametrize("body", ["<html>", "[]", "", '{"errors": ["x"], "errorCode": 5, "message": null}'])
def test_an_answer_that_is_no_refusal_of_the_api_says_nothing(sandbox: Sandbox, api: Api, body: str) -> None:
    sandbox.faults.add("update", status=502, body=body)
    api.post("update", {"callbackId": 7001})
    assert refusal(api) == ""


def test_a_refusal_that_quotes_the_request_is_told_by_its_code_alone(sandbox: Sandbox, api: Api) -> None:
    sandbox.faults.add("update", echo=True)
    assert sandbox.api_key in api.post("update", {"callbackId": 7001, "password": "hidden"}).text
    assert refusal(api) == "InvalidParameter"


def test_the_model_of_the_lookups_is_told(sandbox: Sandbox, api: Api) -> None:
    def told() -> tuple[str, int]:
        snapshot = shown(api)
        return snapshot["lookups"], snapshot["registrations"]["shown"][0]["networkId"]

    assert told() == ("registrations", 0)
    sandbox.lookups = "events"
    assert told() == ("events", 5050)
    sandbox.lookups = "registrations"
    assert told() == ("registrations", 0)
