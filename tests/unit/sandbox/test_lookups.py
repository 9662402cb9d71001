"""The two readings of queue-list and get-queue-by-id."""

from datetime import UTC, datetime

from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.unit.sandbox.conftest import Api, data, refusal

MISSING = (404, "ObjectNotFound")
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


def test_deliveries_show_nothing_before_the_first_one(deliveries: Sandbox) -> None:
    api = Api(deliveries)
    assert api.listed() == []
    assert refusal(api.look(7001)) == MISSING
    assert data(api.post("update", {"callbackId": 7001}))["callbackId"] == 7001


def test_deliveries_that_arrived_are_gone_and_the_others_have_an_entry_each(deliveries: Sandbox) -> None:
    api = Api(deliveries)
    deliveries.store.fire(7001, at=EARLY)
    failed = deliveries.store.fire(7001, at=LATE, delivered=False, http_status=503)
    waiting = deliveries.store.fire(7001, at=EARLY, delivered=False)
    assert [
        (one["callBackQueueId"], one["status"], one["callsRemaining"], one["nextCall"]) for one in api.listed()
    ] == [
        (failed, "Error", 0, None),
        (waiting, "Pending", 1, "2026-05-07T09:00:00Z"),
    ]
    assert [one["callBackQueueId"] for one in api.listed(status="Pending", mailboxId=12345)] == [waiting]
    assert api.listed(status="Suspended") == []
    answer = data(api.look(7001))
    assert (answer["callBackQueueId"], answer["lastHttpStatus"]) == (failed, 503)
    assert "mailboxId" not in answer


def test_deliveries_of_a_deleted_callback_are_gone(deliveries: Sandbox) -> None:
    api = Api(deliveries)
    deliveries.store.fire(7001, delivered=False)
    data(api.delete(7001))
    assert api.listed() == []
    assert refusal(api.look(7001)) == MISSING
    assert len(data(api.post("event-list"))["events"]) == 1
