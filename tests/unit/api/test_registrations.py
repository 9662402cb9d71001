from typing import Any

import httpx
import pytest

from terraform_provider_ecgrid.api.errors import RateLimited, UnreadableAnswer
from terraform_provider_ecgrid.api.models import QueueEntry
from terraform_provider_ecgrid.api.registrations import list_all, look_up, merge
from tests.unit.api.support import Script, client_of, ok, refusal


def entries(*ids: int, **fields: object) -> list[dict[str, object]]:
    return [{"callbackId": number, "status": "Active"} | fields for number in ids]


def page(listed: list[dict[str, object]], total: int | None = None, size: int | None = None) -> httpx.Response:
    data: dict[str, object] = {"queueEntries": listed}
    if total is not None:
        data["totalRecords"] = total
    if size is not None:
        data["recordsPerPage"] = size
    return ok(data)


def entry(**fields: Any) -> QueueEntry:
    return QueueEntry.model_validate({"callbackId": 1} | fields)


def test_merge_prefers_latest_queued_then_latest_attempt_then_later() -> None:
    old = entry(queuedAt="2026-01-01T00:00:00Z", lastAttempt="2026-09-01T00:00:00Z", url="old")
    new = entry(queuedAt="2026-01-01T02:00:00+01:00", lastAttempt="2026-02-01T00:00:00Z", url="new")
    newer_attempt = entry(queuedAt="2026-01-01T01:00:00Z", lastAttempt="2026-02-02T00:00:00Z", url="newer attempt")
    later = entry(queuedAt="2026-01-01T01:00:00Z", lastAttempt="2026-02-02T00:00:00Z", url="later")
    undated = entry(url="undated")
    assert merge([new, old, undated]) is new
    assert merge([newer_attempt, new, old]) is newer_attempt
    assert merge([new, newer_attempt, later, undated]) is later
    assert merge([undated, entry(url="last")]).url == "last"


def test_list_all_reads_every_page_of_500_in_id_order() -> None:
    script = Script(page(entries(*range(1000, 500, -1)), 501), page(entries(3), 501))
    listing = list_all(client_of(script), mailbox_id=5, status="Active")
    assert list(listing.entries) == [3, *range(501, 1001)]
    assert (listing.complete, listing.deliveries) == (True, False)
    assert [script.body(n) for n in range(len(script.requests))] == [
        {"mailboxId": 5, "status": "Active", "pageNo": 1, "recordsPerPage": 500},
        {"mailboxId": 5, "status": "Active", "pageNo": 2, "recordsPerPage": 500},
    ]


@pytest.mark.parametrize(
    ("pages", "requests", "complete"),
    [
        pytest.param([page([], 0)], 1, True, id="empty"),
        pytest.param([page(entries(1, 2), 2)], 1, True, id="one page"),
        pytest.param([page(entries(*range(1, 501))), page([])], 2, True, id="no count, then an empty page"),
        pytest.param([page(entries(1, 2), size=2), page(entries(3), size=2)], 2, True, id="smaller pages than asked"),
        pytest.param([page(entries(1, 2), 4), page(entries(2, 3), 4), page([], 4)], 2, False, id="moved pages"),
        pytest.param([page([*entries(1), {"url": "x"}], 2)], 1, False, id="an entry without id"),
        pytest.param([page([*entries(1), {"url": "x"}])], 1, False, id="an entry without id, no count"),
    ],
)
def test_list_all_completeness(pages: list[httpx.Response], requests: int, complete: bool) -> None:
    script = Script(*pages)
    listing = list_all(client_of(script))
    assert listing.complete is complete
    assert len(script.requests) == requests
    assert not listing.deliveries


@pytest.mark.parametrize(
    "listed",
    [
        [*entries(1), *entries(1, queuedAt="2026-01-01T00:00:00Z")],
        entries(1, 1),
        entries(1, status="Pending"),
        entries(1, callBackQueueId=None),
    ],
)
def test_list_all_recognises_deliveries(listed: list[dict[str, object]]) -> None:
    listing = list_all(client_of(Script(page(listed, len(listed)))))
    assert listing.deliveries
    assert list(listing.entries) == [1]
    assert listing.complete


def test_list_all_passes_an_error_on() -> None:
    script = Script(page(entries(1), 2), refusal(429, "RateLimitExceeded"))
    with pytest.raises(RateLimited):
        list_all(client_of(script, max_retries=0))


@pytest.mark.parametrize(
    ("answer", "shown", "deliveries"),
    [
        (ok(entries(7001)[0]), True, False),
        (ok(entries(7001)), True, False),
        (ok({"queueEntries": entries(7001, 7)}), True, False),
        (ok(entries(7001, 7001)), True, True),
        (ok(entries(7001, status="Failed")[0]), True, True),
        (ok([]), False, False),
    ],
)
def test_look_up(answer: httpx.Response, shown: bool, deliveries: bool) -> None:
    found = look_up(client_of(Script(answer)), 7001)
    assert (found.entry is not None, found.deliveries, found.not_found) == (shown, deliveries, False)


def test_look_up_answered_by_null_shows_nothing_and_proves_nothing() -> None:
    found = look_up(client_of(Script(ok(None))), 7001)
    assert (found.entry, found.deliveries, found.not_found) == (None, False, False)


def test_look_up_of_a_missing_callback() -> None:
    found = look_up(client_of(Script(refusal(404, "ObjectNotFound"))), 7001)
    assert (found.entry, found.deliveries, found.not_found) == (None, False, True)


@pytest.mark.parametrize("answer", [entries(7)[0], entries(7, 8), {"url": "x"}, [{"url": "x"}], True])
def test_look_up_takes_no_answer_about_another_callback(answer: object) -> None:
    client = client_of(Script(ok(answer)))
    with pytest.raises(UnreadableAnswer):
        look_up(client, 7001)
