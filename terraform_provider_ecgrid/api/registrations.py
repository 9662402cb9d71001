"""What the API's lookups show, and how far they can be trusted.

ECGrid's queue may hold registrations or delivery attempts. Several entries of one id are one callback: the latest
`queuedAt` counts, then the latest `lastAttempt`, then the later in the answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from terraform_provider_ecgrid.api import _paging as paging
from terraform_provider_ecgrid.api._lenient import EARLIEST
from terraform_provider_ecgrid.api._paging import pages_left as pages_left
from terraform_provider_ecgrid.api.client import Client
from terraform_provider_ecgrid.api.errors import NotFound
from terraform_provider_ecgrid.api.models import QueueEntry, QueuePage


@dataclass(frozen=True)
class Listing:
    """What queue-list shows.

    Attributes:
        entries: one per callback, in the order of their ids.
        complete: every page was answered and readable, and as many entries came as the API counts. Otherwise an
            absence proves nothing.
        deliveries: the API lists delivery attempts instead of registrations.
    """

    entries: dict[int, QueueEntry]
    complete: bool
    deliveries: bool


@dataclass(frozen=True)
class Found:
    """What get-queue-by-id shows of one callback.

    Attributes:
        entry: the callback, None if it is not shown.
        deliveries: the API shows delivery attempts instead of registrations.
        not_found: the API answered 404.
    """

    entry: QueueEntry | None
    deliveries: bool
    not_found: bool


def merge(entries: Iterable[QueueEntry]) -> QueueEntry:
    """The entry that counts among those of one callback. Raises `ValueError` if there is none."""
    ranked = enumerate(entries)
    _, latest = max(ranked, key=lambda item: (item[1].queued_at or EARLIEST, item[1].last_attempt or EARLIEST, item[0]))
    return latest


def iter_pages(client: Client, *, mailbox_id: int | None = None, status: str | None = None) -> Iterator[QueuePage]:
    """The pages of queue-list, each asked for when it is needed (see `_paging.iter_pages`).

    Args:
        mailbox_id: only callbacks of this mailbox.
        status: only callbacks of this status.

    Raises:
        EcgridError: a page was not answered.
    """
    return paging.iter_pages(lambda page_no: client.queue_list(mailbox_id=mailbox_id, status=status, page_no=page_no))


def merge_each(entries: Iterable[QueueEntry]) -> list[QueueEntry]:
    """One entry per callback among the entries, in the order in which the callbacks first come."""
    by_id: dict[int, list[QueueEntry]] = {}
    for entry in entries:
        by_id.setdefault(entry.callback_id, []).append(entry)
    return [merge(several) for several in by_id.values()]


def list_all(client: Client, *, mailbox_id: int | None = None, status: str | None = None) -> Listing:
    """Everything that queue-list shows, in pages of 500. Arguments and errors as those of `iter_pages`."""
    return listing_of(list(iter_pages(client, mailbox_id=mailbox_id, status=status)))


def listing_of(pages: Sequence[QueuePage]) -> Listing:
    """What the pages of one queue-list, at least one, show."""
    by_id: dict[int, list[QueueEntry]] = {}
    several = False
    earlier: set[QueueEntry] = set()
    for page in pages:
        # The same entry again on a later page is a page that moved while it was read, not a second delivery.
        fresh = [entry for entry in page.entries if entry not in earlier]
        earlier.update(fresh)
        for entry in fresh:
            known = by_id.setdefault(entry.callback_id, [])
            several = several or bool(known)
            known.append(entry)
    return Listing(
        entries={callback_id: merge(by_id[callback_id]) for callback_id in sorted(by_id)},
        complete=paging.is_complete(pages, sum(map(len, by_id.values()))),
        deliveries=several or any(entry.is_delivery for page in pages for entry in page.entries),
    )


def look_up(client: Client, callback_id: int) -> Found:
    """What get-queue-by-id shows of a callback. Raises `EcgridError` for any failure but a 404."""
    try:
        entries = client.get_queue_entry(callback_id)
    except NotFound:
        return Found(entry=None, deliveries=False, not_found=True)
    return Found(
        entry=merge(entries) if entries else None,
        deliveries=len(entries) > 1 or any(entry.is_delivery for entry in entries),
        not_found=False,
    )
