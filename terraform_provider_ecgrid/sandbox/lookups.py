"""What the two lookups, queue-list and get-queue-by-id, show: the vendor's pages (REST v2.6) can be read in two ways.

`registrations`: one entry for each registration, with the registration's status. `deliveries`: one entry for each
delivery that has not arrived, with the delivery's status; nothing before the first one.
"""

from typing import Literal

from terraform_provider_ecgrid.sandbox.faults import Faults
from terraform_provider_ecgrid.sandbox.store import Record, Store

Lookups = Literal["registrations", "deliveries"]


def entries(store: Store, lookups: Lookups, faults: Faults) -> list[Record]:
    """Return the queue's entries as queue-list shows them, oldest first."""
    deliveries = store.deliveries()
    registered = {
        callback["callbackId"]: callback
        for callback in store.all()
        if not (faults.hide_suspended and callback["status"] == "Suspended")
    }
    if lookups == "deliveries":
        waiting = (one for one in deliveries if one["delivered"] is None and one["callbackId"] in registered)
        return [_of_delivery(one) for one in waiting]
    latest = {one["callbackId"]: one for one in deliveries if one["attempts"]}
    attempts: dict[int, int] = {}
    for one in deliveries:
        attempts[one["callbackId"]] = attempts.get(one["callbackId"], 0) + one["attempts"]
    return [
        _of_registration(callback, latest.get(callback_id), attempts.get(callback_id, 0))
        for callback_id, callback in registered.items()
    ]


def latest_entry(found: list[Record], callback_id: int) -> Record | None:
    """Return a callback's latest entry as get-queue-by-id shows it (without `mailboxId`), or None."""
    own = [entry for entry in found if entry["callbackId"] == callback_id]
    if not own:
        return None
    entry = max(reversed(own), key=lambda one: str(one["queuedAt"]))
    return {name: value for name, value in entry.items() if name != "mailboxId"}


def _of_registration(callback: Record, latest: Record | None, attempts: int) -> Record:
    return {
        "callbackId": callback["callbackId"],
        "url": callback["url"],
        "event": callback["event"],
        "status": callback["status"],
        "queuedAt": callback["created"],
        "lastAttempt": latest["lastAttempt"] if latest else None,
        "attempts": attempts,
        "lastHttpStatus": latest["httpStatus"] if latest else None,
        "mailboxId": callback["mailboxId"],
    }


def _of_delivery(delivery: Record) -> Record:
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
