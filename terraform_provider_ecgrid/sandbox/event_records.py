"""Registrations and deliveries as the model `events` writes them.

A delivery is an entry of its registration's queue and has a *lite* registration nested under `event`. Deliveries have
numbers beyond 32 bits, which the API text allows, so that a client that mistakes one for a callback's is found out.

A registration without a network has its mailbox's, and without a mailbox it has mailbox 0 of the credential's network:
the API text calls mailbox 0 a network's root mailbox, and every list of this model asks for a network.
"""

from collections.abc import Sequence

from terraform_provider_ecgrid.sandbox.routing import shown
from terraform_provider_ecgrid.sandbox.store import Record
from terraform_provider_ecgrid.sandbox.world import World

FIRST_QUEUE_ID = 8_000_000_000
"""A `callBackQueueId` is this plus the number that the event has in the model `registrations`."""


def registration(world: World, callback: Record, queue: Sequence[Record]) -> Record:
    """Return a whole registration; `queue` are the deliveries to show with it, in their order."""
    return shown(
        world,
        {
            "callBackEventId": callback["callbackId"],
            "networkId": world.network_of(callback),
            "mailboxId": callback["mailboxId"],
            "systemObject": callback["event"],
            # The sandbox's own choice: it has no mailbox traffic, and it makes one attempt.
            "direction": "NoDir",
            "frequency": 60,
            "maxCalls": 1,
            "status": callback["status"],
            "url": callback["url"],
            "httpAuthType": callback["httpAuthType"],
            "queue": [delivery(world, one, callback) for one in queue],
        },
    )


def delivery(world: World, noted: Record, callback: Record) -> Record:
    """Return a delivery of `callback`; `noted` is the store's record of it."""
    waiting = noted["attempts"] == 0
    attempt = {
        "callDateTime": noted["lastAttempt"],
        "httpStatus": noted["httpStatus"],
        "message": noted["message"],
    }
    return {
        "callBackQueueId": FIRST_QUEUE_ID + noted["callbackEventId"],
        "date": noted["created"],
        "objectId": noted["objectId"],
        "status": noted["status"],
        "callsRemaining": int(waiting),
        "nextCall": noted["created"] if waiting else None,
        "test": bool(noted["test"]),
        "log": [] if waiting else [attempt],
        "event": shown(
            world,
            {
                "callBackEventId": callback["callbackId"],
                "networkId": world.network_of(callback),
                "mailboxId": callback["mailboxId"],
                "status": callback["status"],
                "url": callback["url"],
                "httpAuthType": callback["httpAuthType"],
            },
        ),
    }
