from __future__ import annotations

from collections.abc import Sequence

import pytest

from terraform_provider_ecgrid.api._paging import is_complete, iter_pages, pages_left
from terraform_provider_ecgrid.api.errors import EcgridError, InvalidParameter, NotFound, Refused
from terraform_provider_ecgrid.api.models import QueueEntry, QueuePage

FULL = tuple(range(1, 501))
CAPPED = tuple(range(1, 101))


def page(listed: Sequence[int | None] | None, total: int | None = None, size: int | None = 2) -> QueuePage:
    """A page of entries by their ids, None for one that cannot be read."""
    entries = None
    if listed is not None:
        entries = tuple(None if one is None else QueueEntry(callback_id=one) for one in listed)
    return QueuePage.model_construct(listed=entries, total_records=total, records_per_page=size)


class Pages:
    """Answers with the page of a number, the last one for ever; keeps what it was asked for."""

    def __init__(self, *pages: QueuePage | EcgridError) -> None:
        self._pages = pages
        self.asked: list[tuple[int, int]] = []

    def __call__(self, number: int, size: int) -> QueuePage:
        self.asked.append((number, size))
        answer = self._pages[min(len(self.asked), len(self._pages)) - 1]
        if isinstance(answer, EcgridError):
            raise answer
        return answer


def test_a_page_is_asked_for_when_it_is_needed() -> None:
    fetch = Pages(page((1, 2), 4), page((3, 4), 4))
    pages = iter_pages(fetch)
    assert fetch.asked == []
    next(pages)
    assert fetch.asked == [(1, 500)]
    assert [len(left.entries) for left in pages] == [2]
    assert fetch.asked == [(1, 500), (2, 500), (3, 500)]


@pytest.mark.parametrize(
    ("pages", "asked", "yielded", "complete"),
    [
        pytest.param([page((), 0)], 1, 1, True, id="nothing"),
        pytest.param([page(None, 0)], 1, 1, True, id="no list"),
        pytest.param([page((1,))], 1, 1, True, id="a page that is not full"),
        pytest.param([page((1,), 1)], 1, 1, True, id="a page that is not full, as counted"),
        pytest.param([page((1,), 0)], 1, 1, True, id="a count that is too small"),
        pytest.param([page((1, 2), 2), page((3,), 2)], 2, 2, True, id="a count that is too small, full page"),
        pytest.param([page((1, 2), 2), page((), 2)], 2, 2, True, id="a full page, then an empty one"),
        pytest.param([page(FULL, None, None), page((), None, None)], 2, 2, True, id="500 are a full page"),
        pytest.param(
            [page(CAPPED, None, None), page((101,), None, None)], 2, 2, True, id="100 where no more may be given"
        ),
        pytest.param([page(CAPPED, None, None)], 2, 1, False, id="100, and pageNo is ignored"),
        pytest.param([page((1,), 9, 500), page((2,), 9, 500), page((), 9, 500)], 3, 3, True, id="fewer than asked for"),
        pytest.param([page((1,), 9), page((), 9)], 2, 2, True, id="the count is never reached"),
        pytest.param([page((1, 2), 9)], 2, 1, False, id="pageNo is ignored"),
        pytest.param([page((1, 2), 9), page((2, 1), 9)], 2, 1, False, id="nothing new, in another order"),
        pytest.param([page((1, 2), 4), page((2, 3), 4), page((), 4)], 3, 3, True, id="pages that moved"),
        pytest.param([page((1, None), 2), page((), 2)], 2, 2, False, id="an entry that cannot be read"),
        pytest.param([page((None, None))], 2, 2, False, id="nothing readable, for ever"),
        pytest.param([page((1,), 9), page((None,), 9)], 2, 2, False, id="nothing readable on a later page"),
        pytest.param([page((1,), 9), page((1, None), 9)], 2, 2, False, id="nothing new, and something unreadable"),
        pytest.param([page((1, 2), None, -5), page((3,), None, -5)], 3, 2, False, id="a size below zero"),
    ],
)
def test_a_list_ends_and_is_complete(pages: list[QueuePage], asked: int, yielded: int, complete: bool) -> None:
    fetch = Pages(*pages)
    got = list(iter_pages(fetch))
    assert len(got) == yielded
    assert [number for number, _ in fetch.asked] == list(range(1, asked + 1))
    assert is_complete(got) is complete


@pytest.mark.parametrize(
    ("pages", "asked", "yielded"),
    [
        pytest.param(
            [page((1,), None, 500), page((2,), None, 500), page((), None, 500)], 3, 3, id="fewer, not counted"
        ),
        pytest.param([page((1,), 2, 500), page((2,), 2, 500)], 2, 2, id="fewer, and counted"),
        pytest.param([page((1,), None, 500)], 2, 1, id="pageNo is ignored"),
        pytest.param([page((1,), None, 500), NotFound("no such page", status=404)], 2, 1, id="no page after the last"),
        pytest.param([page((), None, 500)], 1, 1, id="nothing"),
    ],
)
def test_a_list_whose_pages_may_be_short_is_read_until_nothing_new_comes(
    pages: list[QueuePage | EcgridError], asked: int, yielded: int
) -> None:
    fetch = Pages(*pages)
    assert len(list(iter_pages(fetch, short_page_ends=False))) == yielded
    assert len(fetch.asked) == asked


@pytest.mark.parametrize(
    ("pages", "left"),
    [
        ([page(())], 0),
        ([page((1,))], 0),
        ([page((1, 2))], 1),
        ([page((1, 2), 2)], 1),
        ([page((1, 2), 7)], 3),
        ([page((1, 2), 7), page((3, 4), 7)], 2),
        ([page((1,), 4)], 3),
    ],
)
def test_pages_left(pages: list[QueuePage], left: int) -> None:
    assert pages_left(pages) == left


@pytest.mark.parametrize("fields", [(), ("RecordsPerPage",), ("mailboxId", "recordsPerPage")])
def test_a_refused_page_of_500_is_asked_for_once_more_with_100(fields: tuple[str, ...]) -> None:
    hundred = page(range(1, 101), 150, None)
    fetch = Pages(InvalidParameter("too many", status=400, fields=fields), hundred, page(range(101, 151), 150, 500))
    got = list(iter_pages(fetch))
    assert fetch.asked == [(1, 500), (1, 100), (2, 100)]
    assert [len(one.entries) for one in got] == [100, 50]
    assert is_complete(got)


@pytest.mark.parametrize(
    ("answers", "asked"),
    [
        ([InvalidParameter("no", status=400, fields=("networkId",))], 1),
        ([Refused("no", status=403)], 1),
        ([InvalidParameter("no", status=400), InvalidParameter("no", status=400)], 2),
        ([page((1, 2), 4), InvalidParameter("no", status=400)], 2),
    ],
)
def test_any_other_refusal_is_passed_on(answers: list[QueuePage | EcgridError], asked: int) -> None:
    fetch = Pages(*answers)
    with pytest.raises(Refused):
        list(iter_pages(fetch))
    assert len(fetch.asked) == asked
