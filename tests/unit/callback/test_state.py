"""How an answer becomes a state, where a run of Terraform would only repeat the path."""

from __future__ import annotations

from typing import Any

import pytest
from tf.types import Unknown

from terraform_provider_ecgrid.api.models import Callback, QueueEntry
from terraform_provider_ecgrid.callback.private_state import PrivateState
from terraform_provider_ecgrid.callback.state import not_made, refreshed, settled, status_or_none
from tests.unit.callback.scripted_access import held, planned, record

CURRENT = held(
    callback_id=7001,
    id="7001",
    url="https://a.example.com/",
    event="Parcel",
    status="Active",
    http_auth_type="Basic",
    username="user",
    on_destroy="retain",
)


def entry(**fields: Any) -> QueueEntry:
    return QueueEntry.model_validate({"callbackId": 7001} | fields)


@pytest.mark.parametrize("status", ["Pending", "Completed", "Delivered", "Error", "Failed", "Canceled", "Unheard of"])
def test_a_status_outside_the_enumeration_is_a_deliverys(status: str) -> None:
    assert status_or_none(status) is None
    assert refreshed(CURRENT, entry(status=status), PrivateState())["status"] == "Active"


@pytest.mark.parametrize("status", ["Development", "Active", "Preproduction", "Suspended", "Terminated"])
def test_a_status_of_the_enumeration_is_the_callbacks_in_any_case(status: str) -> None:
    assert refreshed(CURRENT, entry(status=status), PrivateState())["status"] == status
    assert refreshed(CURRENT, entry(status=status.upper()), PrivateState())["status"] == status


def test_a_refresh_changes_no_scope_and_no_credential() -> None:
    shown = entry(
        url="https://b.example.com/",
        event="ParcelNotes",
        status="Suspended",
        mailboxId=12345,
        networkId=9,
        httpAuthType="Digest",
        username="somebody",
        password="else",
    )
    changed = {
        "url": "https://b.example.com/",
        "event": "ParcelNotes",
        "status": "Suspended",
        "http_auth_type": "Digest",
    }
    assert refreshed(CURRENT, shown, PrivateState()) == CURRENT | changed


def test_a_refresh_keeps_what_an_entry_does_not_say() -> None:
    assert refreshed(CURRENT, entry(), PrivateState()) == CURRENT


def test_a_refresh_keeps_the_configured_url_where_ecgrid_made_the_shown_one_of_it() -> None:
    memory = PrivateState()
    memory.note_url("https://a.example.com/", "https://A.EXAMPLE.COM")
    assert refreshed(CURRENT, entry(url="https://A.EXAMPLE.COM"), memory) == CURRENT
    assert refreshed(CURRENT, entry(url="https://b.example.com"), memory)["url"] == "https://b.example.com"


def test_an_answer_fills_what_the_plan_left_open() -> None:
    state = settled(planned(url="https://mine.example.com/"), 7002, Callback.model_validate(record(event="User")))
    assert state["url"] == "https://mine.example.com/"
    assert (state["callback_id"], state["id"]) == (7002, "7002")
    assert (state["event"], state["status"], state["http_auth_type"]) == ("User", "Active", "None")
    assert (state["mailbox_id"], state["network_id"]) == (12345, 0)


def test_an_answer_replaces_nothing_that_the_plan_showed_null_included() -> None:
    plan = planned(event="Parcel", status="Suspended", mailbox_id=None, network_id=5)
    state = settled(plan, 7002, Callback.model_validate(record(event="User")))
    assert (state["event"], state["status"]) == ("Parcel", "Suspended")
    assert (state["mailbox_id"], state["network_id"]) == (None, 5)


@pytest.mark.parametrize("answer", [None, entry(status="Pending")])
def test_nothing_stays_unknown_that_no_answer_says(answer: QueueEntry | None) -> None:
    state = settled(planned(on_destroy="retain"), 7001, answer)
    assert Unknown not in state.values()
    assert state["status"] is None


def test_a_write_only_password_reaches_no_state() -> None:
    assert settled(planned(password_wo="s3cret"), 7002, None)["password_wo"] is None


def test_a_change_that_comes_back_different_was_not_made() -> None:
    answer = Callback.model_validate(record(event="User", status="Active"))
    assert not_made({"event": "Parcel", "status": "Suspended"}, answer) == {
        "event": ("Parcel", "User"),
        "status": ("Suspended", "Active"),
    }


@pytest.mark.parametrize(
    "answer",
    [record(event="PARCEL", status="suspended"), record(status="Pending"), {"callbackId": 7002}],
    ids=["another case", "a delivery's state", "not answered"],
)
def test_what_proves_no_difference_counts_as_made(answer: dict[str, Any]) -> None:
    assert not_made({"event": "Parcel", "status": "Suspended"}, Callback.model_validate(answer)) == {}


def test_a_change_that_was_not_made_leaves_every_field_of_the_answer_in_the_state() -> None:
    answer = {"url": "https://b.example.com/", "event": "User", "status": "Suspended", "http_auth_type": "None"}
    shown = Callback.model_validate({"callbackId": 7001} | answer)
    assert refreshed(CURRENT, shown, PrivateState()) == CURRENT | answer


@pytest.mark.parametrize("before", ["https://a.example.com", "https://A.example.com:443/"])
def test_a_url_that_comes_back_as_it_was_in_another_spelling_was_not_changed(before: str) -> None:
    answer = Callback.model_validate(record(url="https://a.example.com/"))
    assert "url" in not_made({"url": "https://b.example.com/"}, answer, [before])
    assert not_made({"url": "https://a.example.com"}, answer, [before]) == {}
