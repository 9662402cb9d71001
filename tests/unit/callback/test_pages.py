"""A refresh in pages: which requests it makes, and what it must not be used for."""

from __future__ import annotations

import json

import httpx
import pytest

from terraform_provider_ecgrid.api.enums import LookupModel
from terraform_provider_ecgrid.callback.pages import SPECULATION
from terraform_provider_ecgrid.callback.private_state import PrivateState
from tests.unit.api.support import Step, ok, refusal
from tests.unit.callback.paged_account import BY_ID, PAGE, Account, Entry, account, read, refresh, shown
from tests.unit.callback.scripted_access import Process, entries


def test_two_reads_go_by_id_and_one_page_answers_the_others() -> None:
    assert refresh(account(60), reads=60) == [BY_ID, BY_ID, PAGE]


def test_a_thousand_callbacks_need_one_request_per_500() -> None:
    api = account(1001)
    assert refresh(api, reads=1001) == [BY_ID, BY_ID, PAGE, PAGE, PAGE]
    assert api.scopes == [None] * 3


def test_what_a_list_lacks_is_looked_up_by_id() -> None:
    api = account(6)
    api.on_page = lambda _: ok(entries(*(one for one in api.listed if one["callbackId"] != 5)))
    assert refresh(api) == [BY_ID, BY_ID, PAGE, BY_ID]


@pytest.mark.parametrize("field", ["url", "event", "status"])
def test_an_entry_that_lacks_a_field_is_looked_up_by_id(field: str) -> None:
    api = account(6)
    api.on_page = lambda _: ok(
        entries(*(one | ({field: None} if one["callbackId"] == 4 else {}) for one in api.listed))
    )
    assert refresh(api) == [BY_ID, BY_ID, PAGE, BY_ID]


def test_each_mailbox_has_a_list_of_its_own() -> None:
    api = Account(*(shown(number, 5 + number % 2) for number in range(1, 13)))
    process = Process(transport=api)
    read(process, 2, 4, 6, 8, mailbox_id=5)
    read(process, 1, 3, 5, 7, mailbox_id=6)
    read(process, 10, 12, mailbox_id=5)
    assert api.calls == [BY_ID, BY_ID, PAGE, PAGE]
    assert api.scopes == [5, 6]


@pytest.mark.parametrize("total", [50_000, None], ids=["counted", "not counted"])
def test_a_large_account_of_which_little_is_managed_is_read_by_id(total: int | None) -> None:
    api = account(50_000)
    api.on_page = lambda body: ok(json.loads(api.page(body).content)["data"] | {"totalRecords": total})
    refresh(api, reads=40)
    assert api.calls.count(BY_ID) == 40
    assert api.calls.count(PAGE) == (1 if total else 1 + SPECULATION)


def test_mailboxes_that_cannot_be_listed_do_not_cost_a_page_each() -> None:
    api = Account(*(shown(number, number // 2) for number in range(2, 80)))
    api.on_page = lambda _: refusal(403, "AccessDenied")
    process = Process(transport=api)
    for number in range(2, 80):
        read(process, number, mailbox_id=number // 2)
    assert (api.calls.count(BY_ID), api.calls.count(PAGE)) == (78, SPECULATION + 1)


@pytest.mark.parametrize(
    "answer",
    [
        refusal(403, "AccessDenied"),
        refusal(404, "ObjectNotFound"),
        refusal(400, "InvalidParameter"),
        refusal(500, "InternalError"),
        httpx.ReadTimeout(""),
        httpx.Response(200, text="<html>"),
        ok(None),
        ok({"queueEntries": [shown(number) for number in range(1, 7)], "recordsPerPage": 6}),
        ok(entries(*(shown(number) for number in range(1, 7)), {"event": "Parcel"})),
    ],
    ids=[
        "403",
        "404",
        "400",
        "500",
        "too late",
        "no JSON",
        "no page",
        "a full page",
        "an unreadable entry",
    ],
)
def test_a_queue_list_that_is_not_answered_in_full_means_by_id_without_a_word(answer: Step) -> None:
    def give(_: Entry) -> httpx.Response:
        if isinstance(answer, Exception):
            raise answer
        return answer

    api = account(6)
    api.on_page = give
    refresh(api)
    assert [call for call in api.calls if call != PAGE] == [BY_ID] * 6
    assert api.calls.count(PAGE) <= 2, "asked once, with the page that seems to be missing"


@pytest.mark.parametrize(
    "odd",
    [{"callBackQueueId": 1}, {"nextCall": None}, {"status": "Pending"}, {"queuedAt": "2026-05-07T09:00:00Z"}],
    ids=["a field of deliveries", "an empty one", "a state of deliveries", "several entries of one callback"],
)
def test_where_deliveries_are_listed_all_callbacks_go_by_id(odd: Entry) -> None:
    api = account(6)
    api.on_page = lambda _: ok(entries(*api.listed, shown(6, **odd) if "queuedAt" in odd else shown(9, **odd)))
    assert refresh(api) == [BY_ID, BY_ID, PAGE, *[BY_ID] * 4]


def test_a_callback_of_which_deliveries_were_seen_is_looked_up_by_id() -> None:
    api = account(6)
    process = Process(transport=api)
    read(process, 1, 2, 3, memory=PrivateState(shown_by=LookupModel.QUEUE, deliveries_seen=True))
    assert api.calls == [BY_ID] * 3
