"""Which lookup to ask for a callback, and what its absence proves (contract, "Gone?")."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from terraform_provider_ecgrid.api.enums import MAX_ID, Status
from terraform_provider_ecgrid.api.errors import AccessDenied, EcgridError
from terraform_provider_ecgrid.api.models import Registration
from terraform_provider_ecgrid.api.registrations import Listing, LookupModel, Registrations, shows_nothing
from terraform_provider_ecgrid.callback.pages import Pages, Source, Spend
from terraform_provider_ecgrid.callback.urls import is_same_endpoint
from terraform_provider_ecgrid.callback.values import whole

if TYPE_CHECKING:
    from terraform_provider_ecgrid.callback.access import Access
    from terraform_provider_ecgrid.callback.private_state import PrivateState
    from terraform_provider_ecgrid.plugin.authoring import State

log = logging.getLogger(__name__)

_T = TypeVar("_T")

# ECGrid may hide callbacks of these from model Q's lookups, or show them only if they are asked for.
_HIDDEN_STATUSES = (Status.SUSPENDED, Status.TERMINATED)


@dataclass(frozen=True)
class Found:
    """What all lookups say of one callback.

    Attributes:
        registration: what they show, None if nothing.
        model: the model whose lookup shows it.
        not_found: the models whose lookup by id answered `ObjectNotFound`.
        unlisted: whether a queue-list that was answered in full lacks it.
        usable: whether any lookup could be used: a readable answer, or `ObjectNotFound`.
        deliveries: whether model Q's lookups showed deliveries where registrations were expected.
        gone: whether the absence is proven.
        refusal: the first answer of a lookup by id that could not be used.
        list_refusal: why the queue-list could not be used.
    """

    registration: Registration | None = None
    model: LookupModel | None = None
    not_found: frozenset[LookupModel] = frozenset()
    unlisted: bool = False
    usable: bool = False
    deliveries: bool = False
    gone: bool = False
    refusal: EcgridError | None = None
    list_refusal: EcgridError | None = None

    @property
    def hidden_by(self) -> EcgridError | None:
        """The refusal that leaves open whether the callback exists; None if it is shown, or no lookup shows it.

        Of the list only a lack of rights is one: an API of model E, whose own lookup tells, does not know that list.
        """
        if self.registration is not None:
            return None
        if not self.usable:
            return self.refusal
        return self.list_refusal if isinstance(self.list_refusal, AccessDenied) else None


def find_callback(
    reads: Registrations, callback_id: int, remembered: LookupModel | None = None, *, mailbox_id: int | None = None
) -> Found:
    """Look for a callback by its id in either model, then in the queue-list.

    Args:
        reads: the lookups.
        callback_id: 1 to 2147483647.
        remembered: the model that showed it before.
        mailbox_id: the mailbox to list if ECGrid refuses to list the whole account.

    Raises:
        EcgridError: a lookup failed; a refusal shows nothing.
    """
    seen = reads.find(callback_id, remembered)
    found = Found(
        seen.registration, seen.model, seen.not_found, False, seen.usable, seen.deliveries, refusal=seen.refusal
    )
    if found.registration is not None:
        return found
    try:
        listing = _list(reads, mailbox_id)
    except EcgridError as error:
        if not shows_nothing(error):
            raise
        return replace(found, list_refusal=error)
    listed = listing.registrations.get(callback_id)
    return replace(
        found,
        registration=listed,
        model=LookupModel.QUEUE if listed else None,
        unlisted=listed is None and listing.complete,
        usable=True,
        deliveries=found.deliveries or _shows_deliveries(reads, listing, remembered),
    )


def find_managed(access: Access, private: PrivateState, current: State) -> Found:
    """Look for a callback of the state: in a list of this run if one can answer, else as `find_callback` does.

    If no lookup shows it, look where ECGrid may hide it, and judge whether it is gone. Raises `EcgridError`.
    """
    reads, callback_id = access.registrations, int(current["callback_id"])
    mailbox_id = _mailbox_of(current)
    listed = access.pages.find(callback_id, _source(reads, private, mailbox_id))
    if listed is not None:
        registration, model = listed
        if _spells_otherwise(registration, private, current):
            # Two lookups may spell a URL in two ways, and what is remembered is how the one by id spells it.
            by_id = tolerating(partial(reads.find, callback_id, model))
            if by_id is not None and by_id.registration is not None:
                registration, model = by_id.registration, by_id.model or model
        return Found(registration, model, usable=True)
    found = find_callback(reads, callback_id, private.shown_by, mailbox_id=mailbox_id)
    if found.deliveries:
        access.pages.end()
    if found.registration is not None:
        return found
    if private.shown_by is LookupModel.QUEUE:
        return _absent_from_queue(reads, found, private, current)
    if private.shown_by is LookupModel.EVENT:
        return _absent_from_events(reads, found, private, callback_id)
    return found


def find_with_scope(reads: Registrations, callback_id: int, pages: Pages | None = None) -> tuple[Found, bool]:
    """Look for a callback with its mailbox, which model Q shows in the queue-list alone.

    With `pages`, as an import has them, all lookups of this run share one list.

    Returns what is found, and whether the scope is known as far as ECGrid can show it; it is not if ECGrid refuses the
    list. Raises `EcgridError`, for a list that fails too: without its scope a callback would be registered again
    elsewhere.
    """
    found = find_callback(reads, callback_id)
    if found.registration is None or found.model is LookupModel.EVENT or found.registration.mailbox_id is not None:
        return found, True
    ask = partial(list_allowed, reads)
    listing = pages.shared_listing(ask) if pages else ask()
    if listing is None:
        return found, False
    listed = listing.registrations.get(callback_id)
    if listed is not None and listed.mailbox_id is not None:
        registration = found.registration.model_copy(update={"mailbox_id": listed.mailbox_id})
        return replace(found, registration=registration), True
    return found, True


def learn(reads: Registrations, callback_id: int, private: PrivateState, url: str | None = None) -> Registration | None:
    """Look once after a change, so that a later absence can mean something. A failure fails nothing.

    Args:
        reads: the lookups.
        callback_id: 1 to 2147483647.
        private: remembers what is seen.
        url: the URL that was sent, if one was: another spelling of it that ECGrid shows is remembered too.

    Returns:
        What ECGrid shows, None if nothing.
    """
    seen = tolerating(partial(reads.find, callback_id, private.shown_by))
    if seen is None:
        return None
    private.note_seen(seen.registration, seen.model, deliveries=seen.deliveries)
    private.note_shown_url(url, seen.registration.url if seen.registration else None)
    return seen.registration


def hides(changes: dict[str, object]) -> bool:
    """Say whether an update of `changes` may hide the callback from model Q's lookups."""
    return changes.get("status") in _HIDDEN_STATUSES


def list_allowed(reads: Registrations) -> Listing | None:
    """List the account by model Q; None if ECGrid refuses that. Raises `EcgridError` if the list failed."""
    try:
        return _list(reads)
    except EcgridError as error:
        if shows_nothing(error):
            return None
        raise


def tolerating(ask: Callable[[], _T]) -> _T | None:
    """Return what `ask` returns, or None if it fails."""
    try:
        return ask()
    except EcgridError as error:
        log.debug("A lookup failed: %s", type(error).__name__)
        return None


def _list(reads: Registrations, mailbox_id: int | None = None, status: str | None = None) -> Listing:
    """List the account by model Q; if ECGrid refuses that, the mailbox. Raises `EcgridError`."""
    try:
        return reads.list_queue(status=status)
    except EcgridError as error:
        if mailbox_id is None or not shows_nothing(error):
            raise
    # Some accounts may list only one mailbox at a time; a callback cannot leave its mailbox.
    return reads.list_queue(mailbox_id=mailbox_id, status=status)


def _mailbox_of(current: State) -> int | None:
    """Return the mailbox of a state as far as it can be listed: an older version may have stored any number."""
    mailbox_id = whole(current["mailbox_id"]) or 0
    return mailbox_id if 0 < mailbox_id <= MAX_ID else None


def _spells_otherwise(registration: Registration, private: PrivateState, current: State) -> bool:
    """Say whether a list shows the URL of a state in a spelling that is not remembered."""
    url, held = registration.url, current["url"]
    return url is not None and held is not None and private.as_configured(url) != held and is_same_endpoint(url, held)


def _shows_deliveries(reads: Registrations, listing: Listing, remembered: LookupModel | None) -> bool:
    """Say whether a queue-list shows deliveries where registrations were expected: not in an API of model E."""
    return listing.deliveries and (reads.model or remembered) is not LookupModel.EVENT


def _absent_from_queue(reads: Registrations, found: Found, private: PrivateState, current: State) -> Found:
    """Look among the suspended and the terminated callbacks, and judge an absence by model Q's weak evidence."""
    if not (LookupModel.QUEUE in found.not_found and found.unlisted) or private.deliveries_seen or found.deliveries:
        return found
    gone = True
    for hidden in _HIDDEN_STATUSES:
        listing = tolerating(partial(_list, reads, _mailbox_of(current), hidden))
        if listing is not None and (listed := listing.registrations.get(int(current["callback_id"]))):
            return replace(found, registration=listed, model=LookupModel.QUEUE)
        if listing is not None and listing.deliveries:
            return replace(found, deliveries=_shows_deliveries(reads, listing, private.shown_by))
        if hidden == current["status"] and not (listing and listing.complete):
            # The others are asked for because somebody else may have changed the status.
            gone = False
    return replace(found, gone=gone)


def _absent_from_events(reads: Registrations, found: Found, private: PrivateState, callback_id: int) -> Found:
    """Judge an absence by model E: the registration is not found, and the list of its scope lacks it."""
    network_id, mailbox_id = private.scope or (0, 0)
    if LookupModel.EVENT not in found.not_found or not network_id:
        return found
    listing = tolerating(partial(reads.list_scope, network_id, mailbox_id))
    if listing is None:
        return found
    if listed := listing.registrations.get(callback_id):
        return replace(found, registration=listed, model=LookupModel.EVENT, usable=True)
    return replace(found, gone=listing.complete)


def _source(reads: Registrations, private: PrivateState, mailbox_id: int | None) -> Source | None:
    """Return the list that may answer for a callback: that of its scope, by the model that the API follows."""
    model = reads.model or private.shown_by
    if model is LookupModel.QUEUE and not private.deliveries_seen:
        return Source((model, mailbox_id), model, partial(reads.read_queue, mailbox_id))
    network, mailbox = private.scope or (0, 0)
    if model is LookupModel.EVENT and network:
        return Source((model, network, mailbox), model, partial(_read_scope, reads, network, mailbox))
    return None


def _read_scope(reads: Registrations, network_id: int, mailbox_id: int, spend: Spend) -> Listing | None:
    return reads.list_scope(network_id, mailbox_id) if spend(1) else None
