"""How far lookups are believed: the variants of "Gone?" and of "learned by one lookup" that share a path."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from tf.utils import Diagnostics

from terraform_provider_ecgrid.callback.find import (
    find_callback,
    find_with_mailbox,
    learn,
    learn_again,
)
from terraform_provider_ecgrid.callback.private_state import PrivateState
from terraform_provider_ecgrid.callback.read import read_callback
from terraform_provider_ecgrid.plugin.authoring import ReadContext, State
from tests.unit.api.support import Step, ok, refusal
from tests.unit.callback.scripted_access import ScriptedAccess, entries, held, said

MISSING = refusal(404, "ObjectNotFound")
REFUSED = refusal(403, "AccessDenied")
OTHER = {"callbackId": 5, "event": "Parcel", "status": "Active", "queuedAt": "2026-05-07T09:00:00Z"}
MINE = {"callbackId": 7001, "url": "https://a.example.com/", "event": "Parcel", "status": "Suspended"}
WITHOUT = ok(entries(OTHER))
EMPTY = ok(entries())

KNOWN = PrivateState(shown=True)
ACTIVE = held(callback_id=7001, id="7001", url="https://a.example.com/", event="Parcel", status="Active")
SUSPENDED = ACTIVE | {"status": "Suspended"}


def read(
    *steps: Step, current: State = ACTIVE, memory: PrivateState = KNOWN
) -> tuple[State | None, PrivateState, ScriptedAccess]:
    """Refresh against an API that answers by script; fails on an error."""
    access = ScriptedAccess(*steps, max_retries=0)
    ctx = ReadContext(Diagnostics(), "ecgrid_callback", private=memory.dump())
    state = read_callback(access, ctx, current)
    assert not ctx.diagnostics.has_errors(), said(ctx.diagnostics)
    return state, PrivateState.load(ctx.private), access


def test_with_all_the_evidence_a_callback_leaves_the_state() -> None:
    state, _, access = read(MISSING, WITHOUT)
    assert state is None
    assert access.sent[0] == ("get-queue-by-id", {"callbackId": "7001"})
    assert access.sent[1] == ("queue-list", {"pageNo": 1, "recordsPerPage": 500})


@pytest.mark.parametrize(
    "sign",
    [
        {"callBackQueueId": 1},
        {"callBackQueueId": None},
        {"callsRemaining": 0},
        {"nextCall": None},
        {"status": "Pending"},
        {"status": "Completed"},
        {"status": "Delivered"},
        {"status": "Error"},
        {"status": "Failed"},
        {"status": "Canceled"},
    ],
)
def test_one_sign_of_deliveries_keeps_it_and_is_remembered(sign: dict[str, Any]) -> None:
    state, memory, _ = read(MISSING, ok(entries(OTHER | sign)))
    assert state == ACTIVE
    assert memory.lists_deliveries
    assert read(MISSING, WITHOUT, memory=memory)[0] == ACTIVE


def test_several_entries_of_one_id_are_a_sign_of_deliveries() -> None:
    state, memory, _ = read(MISSING, ok(entries(OTHER, OTHER | {"queuedAt": "2026-05-08T09:00:00Z"})))
    assert state == ACTIVE
    assert memory.lists_deliveries


def test_a_callback_of_which_its_own_entry_was_a_delivery_stays_when_that_is_gone() -> None:
    _, memory, _ = read(ok(MINE | {"status": "Error"}))
    assert memory.shown
    assert memory.lists_deliveries
    assert read(MISSING, EMPTY, memory=memory)[0] == ACTIVE


@pytest.mark.parametrize(
    "listing",
    [
        REFUSED,
        refusal(400, "InvalidParameter"),
        ok(entries(OTHER) | {"totalRecords": 2}),
        ok(entries(OTHER, {"event": "Parcel"})),
    ],
    ids=["refused", "refused without a mailbox", "short", "unreadable entry"],
)
def test_a_list_that_was_not_answered_in_full_proves_nothing(listing: httpx.Response) -> None:
    assert read(MISSING, listing)[0] == ACTIVE


def test_every_page_of_the_list_counts() -> None:
    pages = [entries(OTHER) | {"totalRecords": 2, "recordsPerPage": 1, "pageNo": 1}]
    pages.append(entries(MINE | {"url": "https://b.example.com/"}) | pages[0] | {"pageNo": 2})
    pages[1]["queueEntries"] = [MINE | {"url": "https://b.example.com/"}]
    state, _, _ = read(MISSING, *(ok(page) for page in pages))
    assert state is not None
    assert state["url"] == "https://b.example.com/"


def test_what_no_lookup_ever_showed_stays() -> None:
    assert read(MISSING, WITHOUT, memory=PrivateState())[0] == ACTIVE
    assert read(MISSING, WITHOUT, memory=PrivateState.load(b"of another version"))[0] == ACTIVE


@pytest.mark.parametrize("status", ["Suspended", "Terminated"])
@pytest.mark.parametrize(
    "listing",
    [REFUSED, refusal(500), ok(entries(OTHER) | {"totalRecords": 2}), ok(entries(OTHER | {"nextCall": None}))],
)
def test_a_callback_that_may_be_hidden_stays_unless_the_list_of_its_status_was_answered_in_full(
    status: str, listing: httpx.Response
) -> None:
    assert read(MISSING, WITHOUT, listing, current=ACTIVE | {"status": status})[0] == ACTIVE | {"status": status}


@pytest.mark.parametrize("status", ["Suspended", "Terminated"])
def test_a_callback_that_may_be_hidden_leaves_when_the_list_of_its_status_lacks_it(status: str) -> None:
    state, _, access = read(MISSING, WITHOUT, EMPTY, current=ACTIVE | {"status": status})
    assert state is None
    assert ("queue-list", {"status": status, "pageNo": 1, "recordsPerPage": 500}) in access.sent


def test_a_callback_that_only_the_list_of_its_status_shows_is_read_from_there() -> None:
    state, memory, _ = read(MISSING, WITHOUT, ok(entries(MINE | {"event": "User"})), current=SUSPENDED)
    assert state == SUSPENDED | {"event": "User"}
    assert memory.shown


def test_a_callback_that_somebody_else_suspended_is_drift_and_not_gone() -> None:
    assert read(MISSING, WITHOUT, ok(entries(MINE)))[0] == SUSPENDED


def test_an_active_callback_leaves_where_ecgrid_refuses_to_list_by_status() -> None:
    assert read(MISSING, WITHOUT, REFUSED)[0] is None


def test_an_account_that_may_list_mailboxes_only_is_asked_for_the_callbacks_own() -> None:
    current = ACTIVE | {"mailbox_id": 12345}
    state, _, access = read(MISSING, REFUSED, WITHOUT, REFUSED, EMPTY, current=current)
    assert state is None
    assert access.sent[2] == ("queue-list", {"mailboxId": 12345, "pageNo": 1, "recordsPerPage": 500})
    assert access.sent[4][1] == {"mailboxId": 12345, "status": "Suspended", "pageNo": 1, "recordsPerPage": 500}


def test_an_api_that_lists_deliveries_is_not_asked_for_its_list() -> None:
    _, _, access = read(MISSING, memory=PrivateState(shown=True, lists_deliveries=True))
    assert [call for call, _ in access.sent] == ["get-queue-by-id"]


def test_the_mailbox_comes_from_the_list_and_so_does_what_it_tells_of_deliveries() -> None:
    access = ScriptedAccess(ok(MINE), ok(entries(MINE | {"mailboxId": 12345})))
    sighting = find_with_mailbox(access.client(), 7001)
    assert sighting.entry is not None
    assert (sighting.entry.mailbox_id, sighting.deliveries) == (12345, False)
    access = ScriptedAccess(ok(MINE), ok(entries(OTHER | {"nextCall": None})))
    assert find_with_mailbox(access.client(), 7001).deliveries


def test_an_empty_answer_is_no_404() -> None:
    access = ScriptedAccess(EMPTY, WITHOUT)
    assert not find_callback(access.client(), 7001).absent


@pytest.mark.parametrize(
    ("failure", "unlearned"),
    [(MISSING, False), (refusal(500), True), (refusal(403), True), (httpx.ConnectError(""), True)],
    ids=["404", "500", "403", "no connection"],
)
def test_the_lookup_after_the_first_apply_fails_nothing_and_the_next_refresh_stands_in_for_it(
    failure: Step, unlearned: bool
) -> None:
    memory = PrivateState()
    learn(ScriptedAccess(failure, max_retries=0).client(), 7001, memory)
    assert (memory.unlearned is not None) is unlearned
    assert memory == PrivateState(unlearned=memory.unlearned)


def test_the_lookup_after_the_first_apply_is_one() -> None:
    access, memory = ScriptedAccess(ok(MINE)), PrivateState()
    learn(access.client(), 7001, memory)
    assert (memory.shown, memory.lists_deliveries) == (True, False)
    assert [call for call, _ in access.sent] == ["get-queue-by-id"]


@pytest.mark.parametrize(
    ("sent", "deliveries", "looks"),
    [
        ({"url": "https://b.example.com/"}, True, True),
        ({"event": "User"}, True, True),
        ({"username": "user"}, True, False),
        ({"url": "https://b.example.com/"}, False, False),
        ({"status": "Suspended"}, False, True),
        ({"status": "Terminated"}, False, True),
        ({"status": "Active"}, False, False),
    ],
)
def test_after_an_update_it_is_looked_again_only_where_that_outdates_what_was_shown(
    sent: dict[str, Any], deliveries: bool, looks: bool
) -> None:
    access = ScriptedAccess(ok(MINE))
    learn_again(access.client(), 7001, PrivateState(shown=True, lists_deliveries=deliveries), sent)
    assert bool(access.sent) is looks


def test_after_an_update_of_a_callback_that_was_never_shown_it_is_looked_again() -> None:
    access, memory = ScriptedAccess(ok(MINE | {"status": "Error", "queuedAt": "2026-05-07T09:00:00Z"})), PrivateState()
    learn_again(access.client(), 7001, memory, {"event": "User"})
    assert memory.outdated_until is not None


def test_what_a_delivery_shows_right_after_a_change_is_outdated() -> None:
    memory = PrivateState(shown=True, lists_deliveries=True)
    delivery = MINE | {"status": "Error", "queuedAt": "2026-05-07T09:00:00Z"}
    learn_again(ScriptedAccess(ok(delivery)).client(), 7001, memory, {"url": "https://b.example.com/"})
    current = ACTIVE | {"url": "https://b.example.com/"}
    assert read(ok(delivery), current=current, memory=memory)[0] == current
