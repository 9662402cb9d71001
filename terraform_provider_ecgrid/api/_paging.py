"""Reading lists page by page (`pageNo`, `recordsPerPage`), whatever the API makes of those."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import TypeVar

from terraform_provider_ecgrid.api.errors import InvalidParameter, NotFound
from terraform_provider_ecgrid.api.models import Page
from terraform_provider_ecgrid.api.requests import PAGE_SIZE

CAPPED_SIZE = 100
"""The page size that is asked for if 500 is refused. An API may also give no more than that of the 500 asked for."""

_Page = TypeVar("_Page", bound=Page)


def iter_pages(fetch: Callable[[int, int], _Page], *, short_page_ends: bool = True) -> Iterator[_Page]:
    """Yield the pages of a list, each asked for when it is needed.

    Ends with a page that is not full, unless the API counts more entries than have come. An API that ignores `pageNo`
    would send pages without end, so it also ends with a page that brings nothing new. That page is yielded only if it
    is empty or holds entries that cannot be read, because both say something of the list.

    Args:
        fetch: asks for the page of a number, from 1, and a size; raises `EcgridError`.
        short_page_ends: whether a page that is not full is the last one if the API does not count the entries. If not,
            the list is read until a page brings nothing new, or the API refuses one.
    """
    size = PAGE_SIZE
    try:
        page = _sized(fetch(1, size), size)
    except InvalidParameter as error:
        if not error.may_blame("recordsPerPage"):
            raise
        size = CAPPED_SIZE
        page = _sized(fetch(1, size), size)
    yield page
    seen: set[Hashable] = set()
    received = 0
    page_no = 1
    while True:
        seen.update(_readable(page))
        received += len(page.listed or ())
        promised = is_full(page) or (page.total_records or 0) > received
        if not page.listed or not (promised or (page.total_records is None and not short_page_ends)):
            return
        page_no += 1
        try:
            page = _sized(fetch(page_no, size), size)
        except (InvalidParameter, NotFound):
            if promised:
                raise
            return
        readable = _readable(page)
        brings_nothing_new = seen.issuperset(readable)
        if readable and brings_nothing_new and not page.unreadable:
            return
        yield page
        if brings_nothing_new:
            return


def pages_left(pages: Sequence[Page]) -> int:
    """How many pages are missing by the API's own count, or 1 if it gives none; 0 if the list has ended."""
    last, received = pages[-1], sum(len(page.listed or ()) for page in pages)
    if not last.listed:
        return 0
    if last.total_records is None or last.total_records <= received:
        return int(is_full(last))
    return math.ceil((last.total_records - received) / len(last.listed))


def is_complete(pages: Sequence[Page]) -> bool:
    """Say whether `pages` held the whole list: the last one is not full, whatever the API counts; all can be read."""
    return not any(page.unreadable for page in pages) and not is_full(pages[-1])


def is_full(page: Page) -> bool:
    """Say whether a page has as many entries as fit on it, or as an API may give at most without saying so."""
    count = len(page.listed or ())
    return count == CAPPED_SIZE or count >= (page.records_per_page or PAGE_SIZE)


def _sized(page: _Page, asked: int) -> _Page:
    """Return the page with its size, which is what was asked for if the API tells none or a larger one."""
    return page.model_copy(update={"records_per_page": min(asked, page.records_per_page or asked)})


def _readable(page: Page) -> set[Hashable]:
    return {entry for entry in page.listed or () if entry is not None}
