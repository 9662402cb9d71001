"""Many reads, few requests: one queue-list answers the reads of a refresh that would ask for each callback by its id.

The first two reads of a process, and the first of each mailbox, go by id. The next one sweeps its mailbox (the
account, where the state knows none) through queue-list, 500 entries a page, while the reads that come meanwhile wait
for it; from then on the sweep answers. What it answers is what a lookup by id would: it is used only where

- every page was answered, readable and counted (`Listing.complete`): on a page that was not read another entry of the
  same callback could stand, which would count instead;
- nothing on it is a sign of deliveries: then the two lookups may show different entries, and none is swept any more;
- it shows a callback that was looked up by id too, such as one of the first, and each of those as it was found there:
  else the two lookups are not one, and as above;
- the entry has URL, event and status.

A callback that it lacks is looked up by id: absence from a sweep proves nothing. A queue-list that is refused or fails
means by id as well, without a word. A write of this process ends all sweeping before it is sent, whether a sweep is
done, under way or not begun: a flag that is never taken back needs no order between the two.

How far is an account worth reading? How many reads will come is not known: Terraform never tells, and asks for as many
at once as its `-parallelism`. So a request is made only where what this process has spent on pages, with the pages that
are still missing by the API's own count, is no more than the reads that were answered from pages, those that wait now
(each would be a request), and `SPECULATION`. An account of 50,000 callbacks of which Terraform manages three therefore
costs one page and is then read by id, while of an account that is managed as a whole a few pages are always read.
Guessing that as many reads will come as there were already would read larger accounts too, but could double the cost.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from terraform_provider_ecgrid.api.errors import EcgridError
from terraform_provider_ecgrid.api.registrations import Listing, listing_of, pages_left

if TYPE_CHECKING:
    from terraform_provider_ecgrid.api.models import QueueEntry, QueuePage

FIRST_READS = 2
"""Reads of a process that go by id."""

SPECULATION = 2
"""Pages that may be read although nothing says that they will save a request."""

_Facts = tuple[str | None, ...]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Sighting:
    """What the lookups say of one callback.

    `entry` is what they show (None: nothing), `deliveries` says that they list deliveries instead of registrations,
    `absent` that get-queue-by-id answered 404 and a queue-list that was answered in full lacks it.
    """

    entry: QueueEntry | None
    deliveries: bool = False
    absent: bool = False


@dataclass
class _Scope:
    """One mailbox, or the account.

    `reading` counts the first reads that are under way; `seen` holds the facts that lookups by id found before the
    sweep was done (None: they found nothing). `entries` is what a whole sweep shows, and `confirmed` says that a lookup
    by id showed some of it too.
    """

    visited: bool = False
    reading: int = 0
    seen: list[tuple[int, _Facts | None]] = field(default_factory=list)
    begun: bool = False
    done: bool = False
    entries: dict[int, QueueEntry] = field(default_factory=dict)
    confirmed: bool = False


class Pages:
    """The queue-lists of one run. Threads share them; the sweeps' lock is held across no request."""

    def __init__(self) -> None:
        self._listing_lock = threading.Lock()
        self._listing: Listing | None = None
        self._changed = threading.Condition()
        self._ended = False
        self._scopes: dict[int | None, _Scope] = {}
        self._reads = 0
        self._waiting = 0
        self._spent = 0
        self._saved = 0

    def shared_listing(self, ask: Callable[[], Listing | None]) -> Listing | None:
        """Return the one listing of the account, by `ask` if there is none yet; None if ECGrid refuses to list.

        Only a queue-list shows a callback's mailbox, and a thousand imports need one. It is good for what cannot
        change, never for whether a callback still exists. The first thread asks while the others wait; if that fails,
        the next one asks again.
        """
        with self._listing_lock:
            if self._listing is None:
                self._listing = ask()
            return self._listing

    def end(self) -> None:
        """Look up everything by id from now on: a write begins, or the API lists deliveries."""
        with self._changed:
            self._end()

    def find(
        self,
        callback_id: int,
        mailbox_id: int | None,
        *,
        by_id: Callable[[], Sighting],
        pages: Callable[[], Iterator[QueuePage]],
        only_by_id: bool = False,
    ) -> Sighting:
        """Return what ECGrid shows of a callback: from a sweep where there is one, else what `by_id` returns.

        `mailbox_id` is the scope, None the account; `pages` asks for the pages of its queue-list, each when it is
        needed. Raises what `by_id` raises, and for `pages` nothing that is an `EcgridError`.
        """
        with self._changed:
            self._reads += 1
            scope = self._scopes.setdefault(mailbox_id, _Scope())
            first = self._reads <= FIRST_READS or not scope.visited
            scope.visited = True
            scope.reading += first
        if not first and not only_by_id and (entry := self._swept(scope, callback_id, pages)) is not None:
            return Sighting(entry)
        sighting: Sighting | None = None
        try:
            sighting = by_id()
        finally:
            with self._changed:
                scope.reading -= first
                if sighting is not None:
                    self._compare(scope, callback_id, _facts(sighting.entry) if sighting.entry else None)
                    if sighting.deliveries:
                        self._end()
                self._changed.notify_all()
        return sighting

    def _swept(self, scope: _Scope, callback_id: int, pages: Callable[[], Iterator[QueuePage]]) -> QueueEntry | None:
        """Return what the scope's sweep shows of a callback, sweeping first or waiting where that has to be."""
        with self._changed:
            if self._ended or (scope.done and not scope.confirmed):
                return None
            self._waiting += 1
            leads = not scope.begun and self._affords(1)
            scope.begun = scope.begun or leads
            begun = scope.begun
        entry = None
        try:
            if leads:
                self._sweep(scope, pages)
        finally:
            with self._changed:
                if begun:
                    self._changed.wait_for(lambda: self._ended or scope.done)
                if scope.confirmed and not self._ended:
                    entry = scope.entries.get(callback_id)
                    entry = entry if entry is not None and all(_facts(entry)) else None
                self._waiting -= 1
                self._saved += entry is not None
        return entry

    def _sweep(self, scope: _Scope, pages: Callable[[], Iterator[QueuePage]]) -> None:
        listing: Listing | None = None
        try:
            listing = self._listed(pages)
        finally:
            with self._changed:
                if listing is not None:
                    # The first reads wait for no sweep, so they come to their end.
                    self._changed.wait_for(lambda: self._ended or not scope.reading)
                    scope.entries = listing.entries
                scope.done = True
                for callback_id, found in scope.seen:
                    self._compare(scope, callback_id, found)
                scope.seen.clear()
                self._changed.notify_all()

    def _listed(self, pages: Callable[[], Iterator[QueuePage]]) -> Listing | None:
        """Read the pages that can be afforded; None where they are no whole list of registrations."""
        asked, left = pages(), 1
        got: list[QueuePage] = []
        try:
            while left:
                if not self._spend(left):
                    return None
                page = next(asked, None)
                if page is None:
                    break
                got.append(page)
                left = 0 if any(entry.is_delivery for entry in page.entries) else pages_left(got)
        except EcgridError as error:
            log.debug("A sweep failed: %s", type(error).__name__)
            return None
        listing = listing_of(got)
        if listing.deliveries:
            self.end()
        return listing if listing.complete else None

    def _compare(self, scope: _Scope, callback_id: int, found: _Facts | None) -> None:
        """Hold what a lookup by id found against the sweep, now or when that ends."""
        listed = scope.entries.get(callback_id)
        if listed is not None and found == _facts(listed):
            scope.confirmed = True
        elif listed is not None:
            self._end()
        elif not scope.done and not self._ended:
            scope.seen.append((callback_id, found))

    def _spend(self, missing: int) -> bool:
        with self._changed:
            affordable = not self._ended and self._affords(missing)
            self._spent += affordable
            return affordable

    def _affords(self, missing: int) -> bool:
        return self._spent + missing <= self._saved + self._waiting + SPECULATION

    def _end(self) -> None:
        self._ended = True
        self._scopes.clear()
        self._changed.notify_all()


def _facts(entry: QueueEntry) -> _Facts:
    """What a refresh takes from an entry of a registration."""
    return entry.url, entry.event, entry.status
