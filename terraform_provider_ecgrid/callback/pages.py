"""Many reads, few requests: one list answers the reads of a refresh that would ask for each callback by its id.

The first two reads of a run go by id. The next one of each scope reads its list, while the reads of that scope that
come meanwhile wait for it; from then on the list answers. A list is used only if it was answered in full, and shows no
deliveries (`Listing.complete`, `.deliveries`), and an entry only if it has URL, event and status. A callback that the
list lacks is looked up by id: absence from it proves nothing. A list that is refused or fails means by id as well,
without a word. A write of this run ends all lists before it is sent, whether a list is read, under way or not begun: a
flag that is never taken back needs no order between the two.

How far is an account worth reading (model Q lists in pages)? How many reads will come is not known: Terraform never
tells, and asks for as many at once as its `-parallelism`. So a page is asked for only if what this run has spent on
pages, with the pages that are still missing by the API's own count, is no more than the reads that were answered from
lists, those that wait now (each would be a request), and `SPECULATION`. An account of 50,000 callbacks of which
Terraform manages three therefore costs one page and is then read by id, while of an account that is managed as a whole
a few pages are always read.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

from terraform_provider_ecgrid.api.errors import EcgridError
from terraform_provider_ecgrid.api.models import Registration
from terraform_provider_ecgrid.api.registrations import Listing, LookupModel

FIRST_READS = 2
"""Reads of a run that go by id."""

SPECULATION = 2
"""Pages that may be read although nothing says that they will save a request."""

log = logging.getLogger(__name__)

Spend = Callable[[int], bool]
"""Asks, before a page is asked for, whether so many missing pages are worth it."""


@dataclass(frozen=True)
class Source:
    """A list that may answer reads.

    Attributes:
        key: its scope.
        model: the model that it follows.
        read: reads it, asking before each page; None if that stopped it.
    """

    key: Hashable
    model: LookupModel
    read: Callable[[Spend], Listing | None]


@dataclass
class _Scope:
    """One source's list: whether a thread reads it or has read it, and what it shows."""

    begun: bool = False
    done: bool = False
    shown: dict[int, Registration] = field(default_factory=dict)


class Pages:
    """The lists of one run. Threads share them; no lock is held across a request, but for the shared listing's."""

    def __init__(self) -> None:
        self._listing_lock = threading.Lock()
        self._listing: Listing | None = None
        self._has_listing = False
        self._changed = threading.Condition()
        self._ended = False
        self._scopes: dict[Hashable, _Scope] = {}
        self._reads = 0
        self._waiting = 0
        self._spent = 0
        self._saved = 0

    def shared_listing(self, ask: Callable[[], Listing | None]) -> Listing | None:
        """Return the one listing of the account, by `ask` if there is none yet; None if ECGrid refuses to list.

        Model Q shows a callback's mailbox in a list alone, and a thousand imports need one. It is good for what cannot
        change, never for whether a callback still exists. The first thread asks while the others wait; if that fails,
        the next one asks again. A refusal is an answer.
        """
        with self._listing_lock:
            if not self._has_listing:
                self._listing = ask()
                self._has_listing = True
            return self._listing

    def end(self) -> None:
        """Look up everything by id from now on: a write begins, or the API shows deliveries."""
        with self._changed:
            self._ended = True
            self._scopes.clear()
            self._changed.notify_all()

    def find(self, callback_id: int, source: Source | None) -> tuple[Registration, LookupModel] | None:
        """Return what a list shows of a callback, and its model; None if it is to be looked up by its id.

        `source` is the list that may show it, None if there is none. Raises nothing.
        """
        with self._changed:
            self._reads += 1
            if source is None or self._ended or self._reads <= FIRST_READS:
                return None
            scope = self._scopes.setdefault(source.key, _Scope())
            leads = not scope.begun and self._affords(1, waiting=1)
            scope.begun = scope.begun or leads
            if not scope.begun:
                return None
            self._waiting += 1
        shown: Registration | None = None
        try:
            if leads:
                self._read(scope, source)
        finally:
            with self._changed:
                self._changed.wait_for(lambda: self._ended or scope.done)
                if not self._ended:
                    shown = scope.shown.get(callback_id)
                if shown is not None and not (shown.url and shown.event and shown.status):
                    shown = None
                self._waiting -= 1
                self._saved += shown is not None
        return None if shown is None else (shown, source.model)

    def _read(self, scope: _Scope, source: Source) -> None:
        listing: Listing | None = None
        try:
            listing = source.read(self._spend)
        except EcgridError as error:
            log.debug("A list failed: %s", type(error).__name__)
        finally:
            with self._changed:
                if listing is not None and listing.complete and not listing.deliveries:
                    scope.shown = listing.registrations
                scope.done = True
                self._changed.notify_all()

    def _spend(self, missing: int) -> bool:
        with self._changed:
            affordable = not self._ended and self._affords(missing)
            self._spent += affordable
            return affordable

    def _affords(self, missing: int, *, waiting: int = 0) -> bool:
        return self._spent + missing <= self._saved + self._waiting + waiting + SPECULATION
