"""What the answers of the read calls say of registrations, in either of the vendor's two models.

What an answer says of one callback:

| answer | says |
|---|---|
| a registration with this id | shown |
| 404 with `ObjectNotFound` | not found |
| a delivery | nothing: it is not a registration |
| an answer that cannot be read, or one about another id | nothing |
| a refusal in ECGrid's own words with a status of `SHOW_NOTHING` | nothing |
| 401, 429, 5xx, a lost connection, an answer that is not ECGrid's | raises `EcgridError` |
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from terraform_provider_ecgrid.api import _paging
from terraform_provider_ecgrid.api.enums import LookupModel
from terraform_provider_ecgrid.api.errors import EcgridError, RateLimited, Refused, Unauthorized, UnreadableAnswer
from terraform_provider_ecgrid.api.models import QueueEntry, QueuePage, Registration

SHOW_NOTHING = frozenset({200, 400, 403, 404, 405, 410, 422, 501})
"""The statuses with which a refusal in ECGrid's own words (`success` is false) is not an error, and shows nothing."""


@dataclass(frozen=True)
class Sighting:
    """What the lookups by id say of one callback.

    Attributes:
        registration: what they show, None if nothing.
        model: the model whose lookup shows it.
        not_found: the models whose lookup answered 404 with `ObjectNotFound`.
        usable: whether a lookup gave an answer that can be read, or `ObjectNotFound`.
        deliveries: whether model Q's lookup showed a delivery instead of a registration.
        refusal: the first answer that could not be used.
    """

    registration: Registration | None = None
    model: LookupModel | None = None
    not_found: frozenset[LookupModel] = frozenset()
    usable: bool = False
    deliveries: bool = False
    refusal: EcgridError | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Listing:
    """What a list shows.

    Attributes:
        registrations: by id, in the order of the ids.
        complete: whether the list was answered in full, every entry could be read, and its shape is that of the model.
            Only then does an absence mean anything.
        deliveries: whether it shows deliveries instead of registrations.
    """

    registrations: dict[int, Registration]
    complete: bool
    deliveries: bool = False


@dataclass(frozen=True)
class Listed:
    """One page of registrations, and how many further entries of it cannot be read, or are counted and not listed."""

    registrations: Sequence[Registration]
    unreadable: int = 0


def together(seen: Sighting, other: Sighting, *, follows_e: bool) -> Sighting:
    """Return what two lookups say, of which the first shows no registration.

    In an API that follows model E, a delivery in the answer to model Q's call is no sign of anything.
    """
    return Sighting(
        other.registration,
        other.model,
        seen.not_found | other.not_found,
        seen.usable or other.usable,
        (seen.deliveries or other.deliveries) and not follows_e,
        seen.refusal or other.refusal,
    )


def listing_of(pages: Sequence[QueuePage]) -> Listing:
    """Return what the pages of one queue-list show, of which there is at least one."""
    entries = list(dict.fromkeys(entry for page in pages for entry in page.entries))
    shown = registrations_among(entries)
    return Listing(
        {entry.callback_id: entry for entry in sorted(shown, key=lambda one: one.callback_id)},
        complete=_paging.is_complete(pages) and len(shown) == len(entries),
        deliveries=len(shown) < len(entries),
    )


def registrations_among(entries: Sequence[QueueEntry]) -> list[QueueEntry]:
    """Return the entries that are registrations. Several of one id are deliveries."""
    counted: dict[int, int] = {}
    for entry in dict.fromkeys(entries):
        counted[entry.callback_id] = counted.get(entry.callback_id, 0) + 1
    return [entry for entry in dict.fromkeys(entries) if not entry.is_delivery and counted[entry.callback_id] == 1]


def shows_nothing(error: EcgridError) -> bool:
    """Say whether an error of a lookup shows nothing, rather than being a failure: see the top of this module."""
    if isinstance(error, UnreadableAnswer):
        return True
    return (
        isinstance(error, Refused)
        and not isinstance(error, Unauthorized | RateLimited)
        and error.status in SHOW_NOTHING
    )
