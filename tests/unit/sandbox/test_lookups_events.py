"""The vendor's second model of the lookups, in which an event is a registration and the queue shows deliveries."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from terraform_provider_ecgrid.sandbox.event_records import FIRST_QUEUE_ID
from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.unit.sandbox.conftest import Api, data, refusal

MISSING = (404, "ObjectNotFound")
DENIED = (403, "AccessDenied")
EARLY, LATE = datetime(2026, 5, 7, 9, tzinfo=UTC), datetime(2026, 5, 8, 9, tzinfo=UTC)
HERE = {"networkId": 5050, "mailboxId": 12345}
LITE = {
    "callBackEventId": 7001,
    "networkId": 5050,
    "mailboxId": 12345,
    "status": "Suspended",
    "url": "https://app.example.com/webhooks/ecgrid",
    "httpAuthType": "None",
}
SEED = {
    "callBackEventId": 7001,
    "networkId": 5050,
    "mailboxId": 12345,
    "systemObject": "Parcel",
    "direction": "NoDir",
    "frequency": 60,
    "maxCalls": 1,
    "status": "Suspended",
    "url": "https://app.example.com/webhooks/ecgrid",
    "httpAuthType": "None",
    "queue": [],
}


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(lookups="events") as running:
        yield running


def queue_entry(api: Api, number: int) -> httpx.Response:
    return api.send("GET", f"/v2/callbacks/get-queue-by-id?callBackQueueId={number}")


def fields_refused(response: httpx.Response) -> list[str]:
    """Return the fields that a refusal by the platform names; anything but a complete RFC 7807 problem fails."""
    problem = response.json()
    assert (response.status_code, response.headers["Content-Type"]) == (400, "application/problem+json")
    errors: dict[str, list[str]] = problem["errors"]
    assert problem | {"type": "", "traceId": "", "errors": {}} == {
        "type": "",
        "title": "One or more validation errors occurred.",
        "status": 400,
        "traceId": "",
        "errors": {},
    }
    assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-00", problem["traceId"])
    assert all(sentence.endswith(".") for sentences in errors.values() for sentence in sentences)
    return sorted(errors)


def test_a_registration_is_an_event(api: Api) -> None:
    assert data(api.post("get-event-by-id", {"callBackEventId": 7001})) == SEED
    assert data(api.post("get-event-by-id", {"callbackeventid": 7001})) == SEED
    assert refusal(api.post("get-event-by-id", {"callBackEventId": 7002})) == MISSING


def test_a_registration_shows_its_last_deliveries_the_newest_first(sandbox: Sandbox, api: Api) -> None:
    other = sandbox.store.put()
    first = sandbox.store.fire(7001, at=EARLY)
    sandbox.store.fire(other, at=LATE)
    second = sandbox.store.fire(7001, at=LATE, delivered=False, http_status=503)
    queue = data(api.post("get-event-by-id", {"callBackEventId": 7001}))["queue"]
    assert [one["callBackQueueId"] for one in queue] == [FIRST_QUEUE_ID + second, FIRST_QUEUE_ID + first]
    assert queue[0] == data(queue_entry(api, FIRST_QUEUE_ID + second))
    assert len(data(api.post("get-event-by-id", {"callBackEventId": 7001, "queueCount": 1}))["queue"]) == 1


@pytest.mark.parametrize(("asked", "shown"), [({}, 25), ({"queueCount": 32767}, 30)], ids=str)
def test_a_registration_shows_25_deliveries_unless_more_are_wanted(
    sandbox: Sandbox, api: Api, asked: dict[str, int], shown: int
) -> None:
    for _ in range(30):
        sandbox.store.fire(7001)
    assert len(data(api.post("get-event-by-id", {"callBackEventId": 7001} | asked))["queue"]) == shown


def test_registrations_are_listed_by_scope_and_inactive_ones_on_demand(sandbox: Sandbox, api: Api) -> None:
    active = sandbox.store.put(url="https://example.com/active", mailboxId=12345)
    rooted = sandbox.store.put(url="https://example.com/rooted")
    ended = sandbox.store.put(url="https://example.com/ended", status="Terminated", mailboxId=12345)
    trial = sandbox.store.put(url="https://example.com/trial", status="Development", networkId=5051, mailboxId=12345)
    sandbox.store.fire(7001)

    def listed(**body: Any) -> list[int]:
        answer = data(api.post("event-list", body))
        assert answer["count"] == len(answer["events"])
        assert all(one["queue"] == [] for one in answer["events"])
        return [one["callBackEventId"] for one in answer["events"]]

    assert listed(**HERE) == [active]
    assert listed(**HERE, showInactive=True) == [7001, active, ended]
    assert listed(networkId=5050, mailboxId=0) == [active, rooted]
    assert listed(networkId=5051, mailboxId=0, showInactive=False) == [trial]
    assert listed(networkId=1, mailboxId=0) == []
    assert data(api.post("event-list", HERE | {"showInactive": True}))["events"][0] == SEED


def test_a_registration_without_a_scope_belongs_to_the_credentials_network(api: Api) -> None:
    made = data(api.post("create", {"url": "https://example.com/hook", "event": "Interchange"}))
    assert made == {
        "callbackId": 7002,
        "url": "https://example.com/hook",
        "event": "Interchange",
        "mailboxId": 0,
        "networkId": 5050,
        "httpAuthType": "None",
        "status": "Active",
    }
    shown = data(api.post("get-event-by-id", {"callBackEventId": 7002}))
    assert (shown["networkId"], shown["mailboxId"], shown["systemObject"]) == (5050, 0, "Interchange")


def test_a_registration_belongs_to_the_network_of_its_mailbox(api: Api) -> None:
    new = {"url": "https://example.com/hook", "event": "Parcel"}
    assert data(api.post("create", new | {"mailboxId": 12400}))["networkId"] == 5051
    assert data(api.post("create", new | {"mailboxId": 12345, "networkId": 9}))["networkId"] == 9


def test_one_delivery(sandbox: Sandbox, api: Api) -> None:
    failed = sandbox.store.fire(7001, at=EARLY, delivered=False, http_status=503)
    assert data(queue_entry(api, FIRST_QUEUE_ID + failed)) == {
        "callBackQueueId": FIRST_QUEUE_ID + failed,
        "date": "2026-05-07T09:00:00Z",
        "objectId": 9_000_000_001,
        "status": "Error",
        "callsRemaining": 0,
        "nextCall": None,
        "test": False,
        "log": [{"callDateTime": "2026-05-07T09:00:00Z", "httpStatus": 503, "message": ""}],
        "event": LITE,
    }
    waiting = data(queue_entry(api, FIRST_QUEUE_ID + sandbox.store.fire(7001, at=EARLY, delivered=False)))
    assert (waiting["status"], waiting["callsRemaining"], waiting["nextCall"], waiting["log"]) == (
        "Pending",
        1,
        "2026-05-07T09:00:00Z",
        [],
    )
    assert refusal(queue_entry(api, failed)) == MISSING
    assert refusal(queue_entry(api, 2**63 - 1)) == MISSING


def test_deliveries_are_listed_as_pending_or_failed(sandbox: Sandbox, api: Api) -> None:
    now = datetime.now(UTC)
    other = sandbox.store.put(mailboxId=9)
    sandbox.store.fire(7001, at=now)
    waiting = sandbox.store.fire(7001, at=now, delivered=False)
    failed = sandbox.store.fire(7001, at=now, delivered=False, http_status=503)
    older = sandbox.store.fire(7001, at=now - timedelta(days=2), delivered=False, http_status=0)
    elsewhere = sandbox.store.fire(other, at=now, delivered=False)

    def listed(**body: Any) -> list[int]:
        answer = data(api.post("queue-list", body))
        assert answer["count"] == len(answer["queue"])
        return [one["callBackQueueId"] - FIRST_QUEUE_ID for one in answer["queue"]]

    assert listed(**HERE) == listed(**HERE, view="pending") == [waiting]
    assert listed(**HERE, view="failed", maxDays=1) == [failed]
    assert listed(**HERE, view="failed", maxDays=365) == [failed, older]
    assert listed(networkId=5050, mailboxId=0) == [elsewhere, waiting]
    assert data(api.post("queue-list", HERE))["queue"][0]["event"] == LITE


def test_what_is_deleted_or_hidden_is_not_shown(sandbox: Sandbox, api: Api) -> None:
    waiting = sandbox.store.fire(7001, delivered=False)
    sandbox.faults.hide_suspended = True
    for _ in range(2):
        assert refusal(api.post("get-event-by-id", {"callBackEventId": 7001})) == MISSING
        assert refusal(queue_entry(api, FIRST_QUEUE_ID + waiting)) == MISSING
        assert data(api.post("event-list", HERE | {"showInactive": True})) == {"count": 0, "events": []}
        assert data(api.post("queue-list", HERE)) == {"count": 0, "queue": []}
        sandbox.faults.hide_suspended = False
        api.delete(7001)


@pytest.mark.parametrize(
    ("call", "body", "named"),
    [
        ("get-event-by-id", {}, ["callBackEventId"]),
        ("get-event-by-id", {"callBackEventId": 0}, ["callBackEventId"]),
        ("get-event-by-id", {"callBackEventId": 2**31}, ["callBackEventId"]),
        ("get-event-by-id", {"callBackEventId": 7001, "queueCount": 0}, ["queueCount"]),
        ("get-event-by-id", {"callBackEventId": 7001, "queueCount": 32768}, ["queueCount"]),
        ("get-event-by-id", {"callBackEventId": None}, ["$"]),
        ("event-list", {}, ["mailboxId", "networkId"]),
        ("event-list", {"mailboxId": 12345, "pageNo": 1, "recordsPerPage": 100}, ["networkId"]),
        ("event-list", {"networkId": 0, "mailboxId": 0}, ["networkId"]),
        ("event-list", {"networkId": 5050, "mailboxId": -1}, ["mailboxId"]),
        ("event-list", HERE | {"showInactive": "yes"}, ["showInactive"]),
        ("event-list", HERE | {"page": 1}, ["page"]),
        ("queue-list", {}, ["mailboxId", "networkId"]),
        ("queue-list", {"pageNo": 1, "recordsPerPage": 500, "status": "Active"}, ["mailboxId", "networkId"]),
        ("queue-list", HERE | {"view": "Pending"}, ["view"]),
        ("queue-list", HERE | {"view": "failed"}, ["maxDays"]),
        ("queue-list", HERE | {"view": "failed", "maxDays": 366}, ["maxDays"]),
        ("queue-list", HERE | {"view": "pending", "maxDays": 1}, ["maxDays"]),
        ("queue-list", HERE | {"maxDays": 1}, ["maxDays"]),
    ],
)  # fmt: skip
def test_the_platform_refuses_a_body_of_the_wrong_shape(
    api: Api, call: str, body: dict[str, Any], named: list[str]
) -> None:
    assert fields_refused(api.post(call, body)) == named


@pytest.mark.parametrize("query", ["", "callbackId=7001", "callBackQueueId=x", "callBackQueueId=0"])
def test_the_platform_refuses_a_query_of_the_wrong_shape(api: Api, query: str) -> None:
    assert fields_refused(api.send("GET", f"/v2/callbacks/get-queue-by-id?{query}")) == ["callBackQueueId"]


def test_the_platform_says_what_is_required(api: Api) -> None:
    errors = api.post("event-list", {"mailboxId": 12345}).json()["errors"]
    assert errors == {"networkId": ["The networkId field is required."]}


def test_the_platform_refuses_what_is_no_object(api: Api) -> None:
    sent = api.send("POST", "/v2/callbacks/event-list", content=b"{", headers={"Content-Type": "application/json"})
    assert fields_refused(sent) == ["$"]


def test_a_caller_without_the_role_lists_one_mailbox_of_its_network(sandbox: Sandbox) -> None:
    plain = Api(sandbox, **{"X-API-Key": "sandbox-mailbox-key"})
    assert data(plain.post("event-list", HERE | {"showInactive": True}))["count"] == 1
    for call in ("event-list", "queue-list"):
        assert refusal(plain.post(call, {"networkId": 5050, "mailboxId": 0})) == DENIED
        assert refusal(plain.post(call, {"networkId": 5051, "mailboxId": 12345})) == DENIED


def test_what_changes_a_registration_answers_as_ever(api: Api) -> None:
    record = {
        "callbackId": 7001,
        "url": "https://app.example.com/webhooks/ecgrid",
        "event": "Parcel",
        "mailboxId": 12345,
        "networkId": 5050,
        "httpAuthType": "None",
        "status": "Active",
    }
    assert data(api.post("update", {"callbackId": 7001, "status": "Active"})) == record
    assert refusal(api.post("update", {"callBackEventId": 7001})) == (400, "InvalidParameter")
    assert data(api.delete(7001)) is True


def test_the_model_can_change_between_two_requests(sandbox: Sandbox, api: Api) -> None:
    assert data(api.post("get-event-by-id", {"callBackEventId": 7001})) == SEED
    sandbox.lookups = "registrations"
    assert data(api.look(7001))["callbackId"] == 7001
    assert data(api.post("update", {"callbackId": 7001}))["networkId"] == 0
    assert refusal(api.post("get-event-by-id", {"callBackEventId": 7001})) == MISSING
    sandbox.lookups = "events"
    assert fields_refused(api.look(7001)) == ["callBackQueueId"]
