"""The vendor's first model of the lookups, in which the queue shows registrations and an event is a delivery."""

from datetime import UTC, datetime

from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.unit.sandbox.conftest import Api, data, refusal

EARLY, LATE = datetime(2026, 5, 7, 9, tzinfo=UTC), datetime(2026, 5, 8, 9, tzinfo=UTC)


def test_registrations_are_shown_with_their_own_status(sandbox: Sandbox, api: Api) -> None:
    second = sandbox.store.put(url="https://example.com/2", status="Terminated", mailboxId=9)
    assert [(entry["callbackId"], entry["status"]) for entry in api.listed()] == [
        (7001, "Suspended"),
        (second, "Terminated"),
    ]
    assert [entry["callbackId"] for entry in api.listed(mailboxId=9)] == [second]
    assert [entry["callbackId"] for entry in api.listed(status="Suspended")] == [7001]
    assert api.listed(status="Suspended", mailboxId=9) == []
    assert refusal(api.post("queue-list", {"status": "Pending"})) == (400, "InvalidParameter")


def test_a_registration_has_one_entry_however_often_it_fired(sandbox: Sandbox, api: Api) -> None:
    sandbox.store.fire(7001, at=EARLY)
    sandbox.store.fire(7001, at=LATE, delivered=False, http_status=503)
    (entry,) = api.listed()
    stored = sandbox.store.get(7001)
    assert stored is not None
    shown = {
        "callbackId": 7001,
        "url": "https://app.example.com/webhooks/ecgrid",
        "event": "Parcel",
        "status": "Suspended",
        "queuedAt": stored["created"],
        "lastAttempt": "2026-05-08T09:00:00Z",
        "attempts": 2,
        "lastHttpStatus": 503,
    }
    assert entry == shown | {"mailboxId": 12345}
    assert data(api.look(7001)) == shown


def test_registrations_are_paged(sandbox: Sandbox, api: Api) -> None:
    ids = [7001, *(sandbox.store.put(url=f"https://example.com/{number}") for number in range(4))]
    assert [entry["callbackId"] for entry in api.listed(recordsPerPage=2, pageNo=2)] == ids[2:4]
    last = data(api.post("queue-list", {"recordsPerPage": 2, "pageNo": 3}))
    assert (last["totalRecords"], last["pageNo"], last["recordsPerPage"]) == (5, 3, 2)
    assert [entry["callbackId"] for entry in last["queueEntries"]] == ids[4:]
    assert api.listed(recordsPerPage=2, pageNo=4) == []


def test_an_event_is_a_delivery_whatever_the_other_model_asks_for(sandbox: Sandbox, api: Api) -> None:
    sandbox.store.fire(7001, at=EARLY, event_id=7001)
    delivery = data(api.post("get-event-by-id", {"callbackEventId": 7001}))
    assert (delivery["callbackId"], "payload" in delivery, "systemObject" in delivery) == (7001, True, False)
    assert data(api.post("get-event-by-id", {"callBackEventId": 7001, "queueCount": 25})) == delivery
    asked = {"networkId": 5050, "mailboxId": 12345, "showInactive": True}
    (event,) = data(api.post("event-list", asked))["events"]
    assert delivery == delivery | event


def test_the_queue_shows_registrations_whatever_the_other_model_asks_for(api: Api) -> None:
    asked = {"networkId": 5050, "mailboxId": 12345, "view": "failed", "maxDays": 7}
    assert [entry["callbackId"] for entry in api.listed(**asked)] == [7001]
    answer = api.send("GET", "/v2/callbacks/get-queue-by-id?callBackQueueId=7001")
    assert refusal(answer) == (400, "InvalidParameter")
    assert refusal(api.post("queue-list", {"page": 1})) == (400, "InvalidParameter")
