"""What the queue shows as `deliveries`: one entry per delivery that has not arrived, with the delivery's status."""

from collections.abc import Container, Sequence

from terraform_provider_ecgrid.sandbox.store import Record


def entries(deliveries: Sequence[Record], registered: Container[int]) -> list[Record]:
    """Return an entry per delivery that has not arrived, of those callbacks whose ids are in `registered`."""
    return [_entry(one) for one in deliveries if one["delivered"] is None and one["callbackId"] in registered]


def _entry(delivery: Record) -> Record:
    waiting = delivery["attempts"] == 0
    return {
        "callBackQueueId": delivery["callbackEventId"],
        "callbackId": delivery["callbackId"],
        "url": delivery["url"],
        "event": delivery["event"],
        "status": delivery["status"],
        "queuedAt": delivery["created"],
        "lastAttempt": delivery["lastAttempt"],
        "attempts": delivery["attempts"],
        "lastHttpStatus": delivery["httpStatus"],
        # The sandbox makes one attempt and never another by itself.
        "callsRemaining": int(waiting),
        "nextCall": delivery["created"] if waiting else None,
        "mailboxId": delivery["mailboxId"],
    }
