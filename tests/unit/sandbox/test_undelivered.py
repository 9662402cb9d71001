"""The queue that shows deliveries which have not arrived instead of registrations."""

from datetime import UTC, datetime

from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.unit.sandbox.conftest import Api, data, refusal

MISSING = (404, "ObjectNotFound")
EARLY, LATE = datetime(2026, 5, 7, 9, tzinfo=UTC), datetime(2026, 5, 8, 9, tzinfo=UTC)


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
