"""What is remembered in private state: it survives writing and reading, and what cannot be read is forgotten."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from tf.utils import Diagnostics

from terraform_provider_ecgrid.api.models import QueueEntry
from terraform_provider_ecgrid.callback.private_state import PrivateState, Replaced
from terraform_provider_ecgrid.plugin.authoring import ReadContext

MORNING = "2026-05-07T09:00:00Z"
NOON = "2026-05-07T12:00:00Z"


def test_everything_remembered_comes_back() -> None:
    private = PrivateState(
        origin="taken_over",
        shown=True,
        lists_deliveries=True,
        outdated_until=datetime(2026, 5, 7, 9, tzinfo=UTC),
        url_sent="https://a.example.com",
        url_answered="https://a.example.com/",
        http_auth_configured=True,
        replaced=Replaced(callback_id=7001, on_destroy="delete", mailbox_id=12345),
    )
    assert PrivateState.load(private.dump()) == private


def test_nothing_is_written_that_is_not_known() -> None:
    assert json.loads(PrivateState().dump()) == {"version": 1}
    assert json.loads(PrivateState(origin="registered", shown=True).dump()) == {
        "version": 1,
        "origin": "registered",
        "shown": True,
    }


def test_a_url_that_ecgrid_took_as_it_was_is_not_written() -> None:
    private = PrivateState(url_sent="https://A.example.com", url_answered="https://a.example.com/")
    private.note_url("https://b.example.com/x", "https://b.example.com/x")
    assert private.dump() == PrivateState().dump()
    assert private.as_configured("https://a.example.com/") == "https://a.example.com/"


@pytest.mark.parametrize(
    "private",
    [b"", b"no JSON", b"[]", b"\xff", b'{"version": 2, "shown": true}', b'{"version": 1, "shown": "what?"}'],
)
def test_what_cannot_be_read_is_forgotten_so_that_nothing_leaves_the_state_on_its_strength(private: bytes) -> None:
    assert PrivateState.load(private) == PrivateState()


def test_what_is_noted_is_kept_by_an_error_too() -> None:
    ctx = ReadContext(Diagnostics(), "ecgrid_callback", private=b'{"version":1,"shown":true}')

    def fail() -> None:
        with PrivateState.of(ctx) as private:
            private.shown = False
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert not PrivateState.load(ctx.private).shown


def test_what_is_only_read_is_kept_to_the_byte() -> None:
    later = b'{"version": 2, "shown": true}'
    ctx = ReadContext(Diagnostics(), "ecgrid_callback", private=later)
    with PrivateState.of(ctx) as private:
        assert not private.shown
    assert ctx.private == later


def test_a_field_of_a_later_release_is_no_reason_to_forget() -> None:
    assert PrivateState.load(b'{"version": 1, "shown": true, "later": 5}').shown


def test_the_url_that_came_back_is_the_one_that_was_sent() -> None:
    private = PrivateState()
    private.note_url("https://A.example.com", "https://a.example.com/")
    assert private.as_configured("https://a.example.com/") == "https://A.example.com"
    assert private.as_configured("https://b.example.com/") == "https://b.example.com/"


def test_a_url_that_was_answered_with_none_was_taken_as_it_was() -> None:
    private = PrivateState()
    private.note_url("https://a.example.com", None)
    assert private.as_configured("https://a.example.com") == "https://a.example.com"


def test_a_url_that_was_answered_with_none_is_learned_from_the_next_lookup() -> None:
    private = PrivateState()
    private.note_url("https://A.example.com/x", None)
    assert private.unlearned
    private.learn_from(QueueEntry.model_validate({"callbackId": 7001, "url": "https://a.example.com/x/"}))
    assert private.as_configured("https://a.example.com/x/") == "https://A.example.com/x"
    assert not private.unlearned


@pytest.mark.parametrize("more", [{"url": "https://b.example.com/x"}, {"callsRemaining": 1}, {"url": None}])
def test_another_url_than_the_one_that_was_sent_is_none_that_ecgrid_made_of_it(more: dict[str, object]) -> None:
    private = PrivateState()
    private.note_url("https://A.example.com/x", None)
    private.learn_from(QueueEntry.model_validate({"callbackId": 7001, "url": "https://a.example.com/x/"} | more))
    assert private.url_answered is None


def test_a_delivery_without_a_date_right_after_a_change_makes_those_outdated() -> None:
    entry = QueueEntry.model_validate({"callbackId": 7001, "callsRemaining": 3})
    private = PrivateState(unlearned=datetime.now(UTC))
    assert not private.is_outdated(entry)
    private.learn_from(entry)
    assert private.is_outdated(entry)
    later = QueueEntry.model_validate({"callbackId": 7001, "callsRemaining": 3, "queuedAt": MORNING})
    assert not private.is_outdated(later)


@pytest.mark.parametrize(("minutes", "outdated"), [(-600, True), (4, True), (6, False)])
def test_a_delivery_long_after_an_unlearned_change_shows_the_callback_as_it_is(minutes: int, outdated: bool) -> None:
    changed = datetime(2026, 5, 7, 9, tzinfo=UTC)
    queued = (changed + timedelta(minutes=minutes)).isoformat()
    entry = QueueEntry.model_validate({"callbackId": 7001, "callsRemaining": 3, "queuedAt": queued})
    private = PrivateState(unlearned=changed)
    private.learn_from(entry)
    assert private.is_outdated(entry) is outdated


def test_with_no_url_sent_every_url_is_itself() -> None:
    assert PrivateState().as_configured("https://a.example.com/") == "https://a.example.com/"


@pytest.mark.parametrize(
    ("entry", "outdated"),
    [
        ({"queuedAt": MORNING, "callsRemaining": 3}, True),
        ({"queuedAt": "2026-05-07T08:00:00Z", "status": "Pending"}, True),
        ({"queuedAt": "2026-05-07T11:00:00+02:00", "status": "Pending"}, True),
        ({"queuedAt": NOON, "callsRemaining": 3}, False),
        ({"queuedAt": MORNING, "status": "Active"}, False),
        ({"queuedAt": "yesterday", "callsRemaining": 3}, True),
        ({"callsRemaining": 3}, True),
    ],
)
def test_a_delivery_that_was_queued_before_the_last_change_is_outdated(
    entry: dict[str, object], outdated: bool
) -> None:
    private = PrivateState(outdated_until=datetime(2026, 5, 7, 9, tzinfo=UTC))
    assert private.is_outdated(QueueEntry.model_validate({"callbackId": 7001} | entry)) is outdated


def test_without_a_change_no_delivery_is_outdated() -> None:
    entry = QueueEntry.model_validate({"callbackId": 7001, "queuedAt": MORNING, "callsRemaining": 3})
    assert not PrivateState().is_outdated(entry)


def test_whatever_a_state_holds_can_be_noted_as_replaced() -> None:
    odd = {"on_destroy": "delete", "mailbox_id": -1.0, "network_id": 2**70}
    private = PrivateState()
    private.note_replaced(2**40, odd)
    assert PrivateState.load(private.dump()).replaced == Replaced(
        callback_id=2**40, on_destroy="delete", mailbox_id=-1, network_id=2**70
    )
