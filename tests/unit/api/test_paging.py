from __future__ import annotations

from dataclasses import dataclass

import pytest

from terraform_provider_ecgrid.api._paging import is_complete, iter_pages


@dataclass(frozen=True)
class Page:
    """A page of numbers, None for an entry that cannot be read."""

    listed: tuple[int | None, ...] | None
    total_records: int | None = None
    records_per_page: int | None = 2


class Pages:
    """Answers with the page of a number, the last one for ever; counts what it was asked for."""

    def __init__(self, *pages: Page) -> None:
        self._pages = pages
        self.asked: list[int] = []

    def __call__(self, number: int) -> Page:
        self.asked.append(number)
        return self._pages[min(number, len(self._pages)) - 1]


def test_a_page_is_asked_for_when_it_is_needed() -> None:
    fetch = Pages(Page((1, 2), 4), Page((3, 4), 4))
    pages = iter_pages(fetch)
    assert fetch.asked == []
    next(pages)
    assert fetch.asked == [1]
    assert [page.listed for page in pages] == [(3, 4)]
    assert fetch.asked == [1, 2]


@pytest.mark.parametrize(
    ("pages", "asked", "yielded"),
    [
        pytest.param([Page((), 0)], [1], 1, id="nothing"),
        pytest.param([Page(None, 0)], [1], 1, id="no list"),
        pytest.param([Page((1, 2), 2)], [1], 1, id="the count is reached"),
        pytest.param([Page((1,))], [1], 1, id="no count: a page that is not full"),
        pytest.param([Page((1, 2)), Page((3,))], [1, 2], 2, id="no count: full pages and one that is not"),
        pytest.param([Page((1,), None, 1), Page((2,), None, 1), Page((), None, 1)], [1, 2, 3], 3, id="smaller pages"),
        pytest.param([Page((1, 2), 9), Page((), 9)], [1, 2], 2, id="the count is never reached"),
        pytest.param([Page((1, 2), 9)], [1, 2], 1, id="pageNo is ignored"),
        pytest.param([Page((1, 2), 9), Page((2, 1), 9)], [1, 2], 1, id="nothing new, in another order"),
        pytest.param([Page((1, 2), 4), Page((2, 3), 4)], [1, 2], 2, id="pages that moved"),
        pytest.param([Page((None, None), 4), Page((None, None), 4)], [1, 2], 2, id="nothing readable"),
        pytest.param([Page((None, None)), Page((None, None))], [1, 2], 2, id="nothing readable, for ever"),
        pytest.param([Page((1, None)), Page((None, None))], [1, 2], 2, id="nothing readable any more, for ever"),
    ],
)
def test_pages_end(pages: list[Page], asked: list[int], yielded: int) -> None:
    fetch = Pages(*pages)
    assert len(list(iter_pages(fetch))) == yielded
    assert fetch.asked == asked


@pytest.mark.parametrize(
    ("pages", "distinct", "complete"),
    [
        ([Page((1, 2), 2)], 2, True),
        ([Page((1, 2), 3)], 2, False),
        ([Page((1, 2), 3), Page((3,), 3)], 3, True),
        ([Page((1, 2), 3), Page((2,), 3)], 2, False),  # as many entries as were counted, but not as many different ones
        ([Page((1, None), 2)], 1, False),
        ([Page((1, 2), 3), Page((3,), 4)], 4, False),  # the count changed
        ([Page((1, 2), 3), Page((3,), None)], 3, False),
        ([Page((1,))], 1, True),
        ([Page((1, 2))], 2, False),
        ([Page((1, 2), None, None)], 2, True),  # 500 is a full page, unless the API says otherwise
        ([Page(None, 0)], 0, True),
    ],
)
def test_completeness(pages: list[Page], distinct: int, complete: bool) -> None:
    assert is_complete(pages, distinct) is complete
