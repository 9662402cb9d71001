"""Where a callback is looked for, and how little its absence proves (ecgrid-api, "Lookups are weak evidence")."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from terraform_provider_ecgrid.api.enums import Status
from terraform_provider_ecgrid.api.errors import EcgridError, Refused
from terraform_provider_ecgrid.api.lookup import Listing, list_all, look_up

if TYPE_CHECKING:
    from terraform_provider_ecgrid.api.client import Client
    from terraform_provider_ecgrid.api.models import QueueEntry
    from terraform_provider_ecgrid.resources.callback_memory import Memory

log = logging.getLogger(__name__)

Answer = TypeVar("Answer")

_HIDDEN_STATUSES = (Status.SUSPENDED, Status.TERMINATED)


@dataclass(frozen=True)
class Sighting:
    """What the lookups say of one callback.

    `entry` is what they show (None: nothing), `deliveries` says that they list deliveries instead of registrations,
    `absent` that get-queue-by-id answered 404 and a queue-list that was answered in full lacks it.
    """

    entry: QueueEntry | None
    deliveries: bool = False
    absent: bool = False


def find_callback(
    client: Client, callback_id: int, *, mailbox_id: int | None = None, lists_deliveries: bool = False
) -> Sighting:
    """Look for a callback by get-queue-by-id, then in the queue-list.

    `mailbox_id` is the one to list where ECGrid refuses to list the whole account. An API that is known to list
    deliveries is not asked for its queue-list: it could neither show the callback nor prove anything. A queue-list
    that ECGrid refuses shows nothing. Raises `EcgridError` for every other failure.
    """
    found = look_up(client, callback_id)
    if found.entry is not None or lists_deliveries:
        return Sighting(found.entry, found.deliveries)
    listing = _listing(client, mailbox_id)
    if listing is None:
        return Sighting(None, found.deliveries)
    entry = listing.entries.get(callback_id)
    absent = entry is None and found.not_found and listing.complete
    return Sighting(entry, found.deliveries or listing.deliveries, absent)


def find_with_mailbox(client: Client, callback_id: int) -> Sighting:
    """Look for a callback with its mailbox, which only the queue-list shows. Raises `EcgridError`."""
    sighting = find_callback(client, callback_id)
    if sighting.entry is None or sighting.entry.mailbox_id is not None:
        return sighting
    listing = _listing(client, None)
    listed = listing.entries.get(callback_id) if listing else None
    if listing is None or listed is None or listed.mailbox_id is None:
        return sighting
    entry = sighting.entry.model_copy(update={"mailbox_id": listed.mailbox_id})
    return Sighting(entry, sighting.deliveries or listing.deliveries)


def learn(client: Client, callback_id: int, memory: Memory) -> None:
    """Look once after the first apply, so that a later absence can mean something. A failure fails nothing."""
    _tolerating(lambda: _learn(client, callback_id, memory))


def _learn(client: Client, callback_id: int, memory: Memory) -> None:
    found = look_up(client, callback_id)
    memory.shown = memory.shown or found.entry is not None
    memory.lists_deliveries = memory.lists_deliveries or found.deliveries


def is_gone(client: Client, callback_id: int, status: str | None, sighting: Sighting, memory: Memory) -> bool:
    """Say whether a callback that no lookup shows is gone for certain (contract, "Gone?").

    `status` is the state's. Where ECGrid may hide callbacks of that status, a queue-list of that status has to lack
    it too.
    """
    if not sighting.absent or not memory.shown or memory.lists_deliveries:
        return False
    if status not in _HIDDEN_STATUSES:
        return True
    listing = _tolerating(lambda: list_all(client, status=status))
    if listing is None or not listing.complete:
        return False
    memory.lists_deliveries = memory.lists_deliveries or listing.deliveries
    return callback_id not in listing.entries and not listing.deliveries


def _listing(client: Client, mailbox_id: int | None) -> Listing | None:
    try:
        return list_all(client)
    except Refused:
        if not mailbox_id:
            return None
    try:
        # Some accounts may list only one mailbox at a time; a callback cannot leave its mailbox.
        return list_all(client, mailbox_id=mailbox_id)
    except Refused:
        return None


def _tolerating(ask: Callable[[], Answer]) -> Answer | None:
    try:
        return ask()
    except EcgridError as error:
        log.debug("A lookup failed: %s", type(error).__name__)
        return None
