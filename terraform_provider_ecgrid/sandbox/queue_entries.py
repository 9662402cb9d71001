"""What the queue shows in the model `registrations`: one entry per registration, with the registration's status."""

from terraform_provider_ecgrid.sandbox.store import Record
from terraform_provider_ecgrid.sandbox.world import World


def entries(world: World) -> list[Record]:
    """Return the queue's entries as queue-list shows them, oldest first."""
    deliveries = world.store.deliveries()
    registered = {
        callback["callbackId"]: callback
        for callback in world.store.all()
        if not (world.faults.hide_suspended and callback["status"] == "Suspended")
    }
    latest = {one["callbackId"]: one for one in deliveries if one["attempts"]}
    attempts: dict[int, int] = {}
    for one in deliveries:
        attempts[one["callbackId"]] = attempts.get(one["callbackId"], 0) + one["attempts"]
    return [
        _entry(callback, latest.get(callback_id), attempts.get(callback_id, 0))
        for callback_id, callback in registered.items()
    ]


def latest_entry(found: list[Record], callback_id: int) -> Record | None:
    """Return a callback's latest entry as get-queue-by-id shows it (without `mailboxId`), or None."""
    own = [entry for entry in found if entry["callbackId"] == callback_id]
    if not own:
        return None
    entry = max(reversed(own), key=lambda one: str(one["queuedAt"]))
    return {name: value for name, value in entry.items() if name != "mailboxId"}


def _entry(callback: Record, latest: Record | None, attempts: int) -> Record:
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
