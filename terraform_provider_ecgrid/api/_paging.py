"""Reading lists page by page (`pageNo`, `totalRecords`), even if the API ignores or misstates those."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import Protocol, TypeVar

from terraform_provider_ecgrid.api.models import PAGE_SIZE


class Page(Protocol):
    """One page of a list. In `listed`, None is an entry that cannot be read."""

    @property
    def total_records(self) -> int | None:
        """How many entries the API counts over all pages."""

    @property
    def records_per_page(self) -> int | None:
        """How many entries a full page has; None stands for 500."""

    @property
    def listed(self) -> Sequence[Hashable | None] | None:
        """The entries as they came."""


_Page = TypeVar("_Page", bound=Page)


def iter_pages(fetch: Callable[[int], _Page]) -> Iterator[_Page]:
    """Yield the pages that `fetch` returns by number, from 1, each asked for when it is needed.

    Ends with the entry that the API's count names as the last or, without a count, with a page that is not full. An API
    that ignores `pageNo` would send pages for ever. So it also ends before a page that brings nothing new, and after a
    later page of which nothing can be read.
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
        if not page.listed or _is_last(page, received):
            return
        page_no += 1


def pages_left(pages: Sequence[Page]) -> int:
    """How many pages are still missing by the API's own count, or 1 if it gives none; 0 if the list has ended."""
    last, received = pages[-1], sum(len(page.listed or ()) for page in pages)
    if not last.listed or _is_last(last, received):
        return 0
    return 1 if last.total_records is None else math.ceil((last.total_records - received) / len(last.listed))


def is_complete(pages: Sequence[Page], distinct: int) -> bool:
    """Whether `pages` hold the whole list, of which `distinct` different entries were read."""
    if any(entry is None for page in pages for entry in page.listed or ()):
        return False
    totals = {page.total_records for page in pages}
    # If the count changed while the pages were read, entries moved between them, and one may have been skipped.
    if len(totals) > 1:
        return False
    total = totals.pop()
    if total is not None:
        return distinct >= total
    return not _is_full(pages[-1])


def _is_last(page: Page, received: int) -> bool:
    return not _is_full(page) if page.total_records is None else received >= page.total_records


def _is_full(page: Page) -> bool:
    return len(page.listed or ()) >= (page.records_per_page or PAGE_SIZE)
