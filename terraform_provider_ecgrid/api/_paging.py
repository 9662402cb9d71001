"""Reading lists page by page (`pageNo`, `recordsPerPage`, `totalRecords`), whatever the API makes of those."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import Protocol, TypeVar

from terraform_provider_ecgrid.api.models import PAGE_SIZE


class Page(Protocol):
    """One page of a list; `listed` holds None where an entry could not be read."""

    @property
    def total_records(self) -> int | None:
        """How many entries the API counts over all pages."""

    @property
    def records_per_page(self) -> int | None:
        """How many entries a full page has."""

    @property
    def listed(self) -> Sequence[Hashable | None] | None:
        """The entries as they came."""


_Page = TypeVar("_Page", bound=Page)


def iter_pages(fetch: Callable[[int], _Page], records_per_page: int = PAGE_SIZE) -> Iterator[_Page]:
    """Yield the pages that `fetch` returns by number, from 1, each asked for when it is needed.

    Ends with the entry that the API's count names as the last or, where it gives no count, with a page that is not
    full; before a page that brings nothing new, which an API that ignores `pageNo` would send for ever; and, for the
    same reason, after a later page of which nothing can be read.
    """
    seen: set[Hashable] = set()
    received = 0
    page_no = 1
    while True:
        page = fetch(page_no)
        readable = {entry for entry in page.listed or () if entry is not None}
        if page_no > 1 and readable and seen.issuperset(readable):
            return
        yield page
        if page_no > 1 and not readable:
            return
        seen |= readable
        received += len(page.listed or ())
        if not page.listed or _is_last(page, received, records_per_page):
            return
        page_no += 1


def pages_left(pages: Sequence[Page], records_per_page: int = PAGE_SIZE) -> int:
    """How many pages are still missing by the API's own count, or 1 where it gives none; 0 where the list has ended."""
    last, received = pages[-1], sum(len(page.listed or ()) for page in pages)
    if not last.listed or _is_last(last, received, records_per_page):
        return 0
    return 1 if last.total_records is None else math.ceil((last.total_records - received) / len(last.listed))


def is_complete(pages: Sequence[Page], distinct: int) -> bool:
    """Say whether `pages` held the whole list, of which `distinct` different entries were read."""
    if any(entry is None for page in pages for entry in page.listed or ()):
        return False
    totals = {page.total_records for page in pages}
    # A count that changes while pages are read means that entries moved between them: one may have been skipped.
    if len(totals) > 1:
        return False
    total = totals.pop()
    if total is not None:
        return distinct >= total
    last = pages[-1]
    return len(last.listed or ()) < (last.records_per_page or PAGE_SIZE)


def _is_last(page: Page, received: int, asked: int) -> bool:
    if page.total_records is not None:
        return received >= page.total_records
    return len(page.listed or ()) < (page.records_per_page or asked)
