from __future__ import annotations

from typing import Any

import httpx
import pytest

from terraform_provider_ecgrid.api.errors import RateLimited
from terraform_provider_ecgrid.api.events import list_events
from tests.unit.api.support import REGISTRATION, Script, client_of, ok, refusal


def event(number: int, created: str = "2026-05-07T09:00:00Z", **fields: object) -> dict[str, object]:
    return {"callbackEventId": number, "callbackId": 7001, "created": created} | fields


def page(*listed: dict[str, object], total: int | None = None) -> httpx.Response:
    return ok({"events": list(listed)} | ({} if total is None else {"totalRecords": total}))


def ids(*pages: httpx.Response) -> list[int]:
    return [one.callback_event_id for one in list_events(client_of(Script(*pages))).events]


def test_every_page_is_read_and_every_filter_sent() -> None:
    script = Script(page(*(event(n) for n in range(501, 1, -1)), total=501), page(event(1), total=501))
    listing = list_events(
        client_of(script),
        mailbox_id=5,
        event="Parcel",
        begin_date="2026-05-07T09:00:00Z",
        end_date="2026-05-08T09:00:00Z",
    )
    assert [one.callback_event_id for one in listing.events] == list(range(501, 0, -1))
    assert listing.complete
    sent = {
        "mailboxId": 5,
        "event": "Parcel",
        "beginDate": "2026-05-07T09:00:00Z",
        "endDate": "2026-05-08T09:00:00Z",
        "recordsPerPage": 500,
    }
    assert [script.body(n) for n in range(len(script.requests))] == [sent | {"pageNo": 1}, sent | {"pageNo": 2}]


def test_the_newest_come_first_by_instant_and_then_by_id() -> None:
    listed = [
        event(1, "2026-05-07T12:00:00+02:00"),  # 10:00 in UTC
        event(2, "2026-05-07T11:00:00Z"),
        event(3, "2026-05-07T10:00:00Z"),
        event(4, "whenever"),
    ]
    assert ids(page(*listed, total=4)) == [2, 3, 1, 4]


def test_an_event_that_moved_to_the_next_page_is_one_event() -> None:
    assert ids(page(event(2), event(1), total=3), page(event(1), event(0 + 9), total=3)) == [9, 2, 1]


@pytest.mark.parametrize(
    ("listed", "total", "complete"),
    [
        pytest.param([event(1), event(2)], 2, True, id="all"),
        pytest.param([event(1)], 2, True, id="fewer than counted"),
        pytest.param([event(1), REGISTRATION], 2, False, id="a registration is not an event"),
        pytest.param([], 0, True, id="none"),
    ],
)
def test_a_listing_is_complete_if_all_of_it_can_be_read(listed: list[Any], total: int, complete: bool) -> None:
    listing = list_events(client_of(Script(page(*listed, total=total))))
    assert listing.complete is complete
    assert all(one.callback_id == 7001 for one in listing.events)


def test_a_page_that_is_not_answered_is_an_error() -> None:
    script = Script(page(event(1), total=2), refusal(429, "RateLimitExceeded"))
    with pytest.raises(RateLimited):
        list_events(client_of(script, max_retries=0))
