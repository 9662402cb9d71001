"""Where a callback is looked for, and how little its absence proves (ecgrid-api, "Lookups are weak evidence")."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from terraform_provider_ecgrid.api.enums import Status
from terraform_provider_ecgrid.api.errors import EcgridError, Refused
from terraform_provider_ecgrid.api.registrations import Listing, iter_pages, list_all, look_up
from terraform_provider_ecgrid.callback.pages import Pages, Sighting

if TYPE_CHECKING:
    from terraform_provider_ecgrid.api.client import Client
    from terraform_provider_ecgrid.callback.private_state import PrivateState

log = logging.getLogger(__name__)

Answer = TypeVar("Answer")

# ECGrid may leave callbacks of these out of its lookups, or show them only where they are asked for.
_HIDDEN_STATUSES = (Status.SUSPENDED, Status.TERMINATED)


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
    listing = list_allowed(client, mailbox_id)
    if listing is None:
        return Sighting(None, found.deliveries)
    entry = listing.entries.get(callback_id)
    absent = entry is None and found.not_found and listing.complete
    return Sighting(entry, found.deliveries or listing.deliveries, absent)


def find_managed(
    client: Client, callback_id: int, pages: Pages, *, mailbox_id: int | None, private: PrivateState
) -> Sighting:
    """Look for a callback of the state as `find_callback` does, or in the run's sweep, which shows the same.

    Where the API is known to list deliveries, the two lookups may show different ones: all callbacks go by id. So does
    one whose lookup after the last change is still to be made up for. Raises `EcgridError`.
    """
    if private.lists_deliveries:
        pages.end()
    return pages.find(
        callback_id,
        mailbox_id or None,
        by_id=partial(
            find_callback, client, callback_id, mailbox_id=mailbox_id, lists_deliveries=private.lists_deliveries
        ),
        pages=partial(iter_pages, client, mailbox_id=mailbox_id or None),
        only_by_id=private.unlearned is not None,
    )


def find_with_mailbox(client: Client, callback_id: int, pages: Pages | None = None) -> Sighting:
    """Look for a callback with its mailbox, which only the queue-list shows: the one that `pages` share if given.

    Raises `EcgridError`.
    """
    sighting = find_callback(client, callback_id)
    if sighting.entry is None or sighting.entry.mailbox_id is not None:
        return sighting
    ask = partial(list_allowed, client, None)
    listing = pages.shared_listing(ask) if pages else ask()
    if listing is None:
        return sighting
    entry, listed = sighting.entry, listing.entries.get(callback_id)
    if listed is not None and listed.mailbox_id is not None:
        entry = entry.model_copy(update={"mailbox_id": listed.mailbox_id})
    return Sighting(entry, sighting.deliveries or listing.deliveries)


def find_hidden(
    client: Client, callback_id: int, *, mailbox_id: int | None = None, status: str | None, absent: Sighting
) -> Sighting:
    """Look for an absent callback where ECGrid may have hidden it: among the suspended and the terminated ones.

    `status` is the state's: without the full list of that status the absence proves nothing, while the others are
    asked for because somebody else may have suspended it. No failure is raised.
    """
    deliveries, proven = absent.deliveries, absent.absent
    for hidden in _HIDDEN_STATUSES:
        listing = _tolerating(partial(list_allowed, client, mailbox_id, hidden))
        if listing is not None and callback_id in listing.entries:
            return Sighting(listing.entries[callback_id], deliveries or listing.deliveries)
        if listing is not None:
            deliveries = deliveries or listing.deliveries
        if hidden == status and not (listing and listing.complete):
            proven = False
    return Sighting(None, deliveries, proven)


def learn(client: Client, callback_id: int, private: PrivateState) -> None:
    """Look once after the first apply, so that a later absence can mean something. A failure fails nothing."""
    private.unlearned = datetime.now(UTC)
    _tolerating(partial(_learn, client, callback_id, private))


def learn_again(client: Client, callback_id: int, private: PrivateState, changes: dict[str, Any]) -> None:
    """Look again after an update of `changes`, where it may outdate what the lookups showed before.

    What showed a callback that is suspended now proves nothing if it is hidden from now on, and deliveries that were
    queued before a change show the callback as it was. A failure fails nothing.
    """
    may_list_deliveries = private.lists_deliveries or not private.shown
    if hides(changes) or (may_list_deliveries and ("url" in changes or "event" in changes)):
        learn(client, callback_id, private)


def hides(changes: dict[str, Any]) -> bool:
    """Say whether an update of `changes` may hide the callback from the lookups."""
    return changes.get("status") in _HIDDEN_STATUSES


def is_gone(sighting: Sighting, private: PrivateState) -> bool:
    """Say whether a callback that no lookup shows counts as gone (contract, "Gone?")."""
    return sighting.absent and private.shown and not private.lists_deliveries


def _learn(client: Client, callback_id: int, private: PrivateState) -> None:
    found = look_up(client, callback_id)
    private.shown = private.shown or found.entry is not None
    private.lists_deliveries = private.lists_deliveries or found.deliveries
    if found.entry is not None:
        private.learn_from(found.entry)
    elif private.url_sent is None or private.url_answered is not None:
        # No delivery is there that could be from before the change.
        private.unlearned = None


def list_allowed(client: Client, mailbox_id: int | None, status: str | None = None) -> Listing | None:
    """List what may be listed: the account, where ECGrid refuses that the mailbox, else None. Raises `EcgridError`."""
    try:
        return list_all(client, status=status)
    except Refused:
        if not mailbox_id:
            return None
    try:
        # Some accounts may list only one mailbox at a time; a callback cannot leave its mailbox.
        return list_all(client, mailbox_id=mailbox_id, status=status)
    except Refused:
        return None


def _tolerating(ask: Callable[[], Answer]) -> Answer | None:
    try:
        return ask()
    except EcgridError as error:
        log.debug("A lookup failed: %s", type(error).__name__)
        return None
