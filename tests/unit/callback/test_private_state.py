"""What is remembered in private state: it survives writing and reading, and what cannot be read is forgotten."""

from __future__ import annotations

import json

import pytest
from tf.utils import Diagnostics

from terraform_provider_ecgrid.api._scrub import Scrubber
from terraform_provider_ecgrid.api.enums import LookupModel
from terraform_provider_ecgrid.api.models import Registration
from terraform_provider_ecgrid.callback.private_state import Denied, PrivateState, Replaced
from terraform_provider_ecgrid.plugin.authoring import ReadContext


def test_everything_remembered_comes_back() -> None:
    private = PrivateState(
        origin="taken_over",
        shown_by=LookupModel.EVENT,
        scope=(5050, 12345),
        deliveries_seen=True,
        url_sent="https://a.example.com",
        url_answered="https://a.example.com/",
        url_shown="https://A.example.com/",
        url_unseen=True,
        denied=Denied(url="https://b.example.com/", http_auth_type="None"),
        replaced=Replaced(callback_id=7001, on_destroy="delete", mailbox_id=12345),
    )
    assert PrivateState.load(private.dump()) == private


def test_no_text_shows_the_path_of_a_url_that_was_remembered() -> None:
    names = ("url_sent", "url_answered", "url_shown", "url_before")
    held: dict[str, object] = {name: f"https://a.example.com/{name}-tok" for name in names}
    held["denied"] = {"url": "https://a.example.com/denied-tok"}
    PrivateState.load(json.dumps({"version": 1} | held).encode())
    for name in held:
        assert Scrubber()(f"of {name}-tok") == "of (hidden)"


def test_nothing_is_written_that_is_not_known() -> None:
    assert json.loads(PrivateState().dump()) == {"version": 1}
    assert json.loads(PrivateState(origin="registered", shown_by=LookupModel.QUEUE).dump()) == {
        "version": 1,
        "origin": "registered",
        "shown_by": "queue",
    }


def test_a_url_that_ecgrid_took_as_it_was_is_not_written() -> None:
    private = PrivateState(url_sent="https://A.example.com", url_answered="https://a.example.com/")
    private.note_url("https://b.example.com/x", "https://b.example.com/x")
    private.note_shown_url("https://b.example.com/x", "https://b.example.com/x")
    assert private.dump() == PrivateState().dump()
    assert private.as_configured("https://a.example.com/") == "https://a.example.com/"


@pytest.mark.parametrize(
    "private",
    [
        b"",
        b"no JSON",
        b"[]",
        b"\xff",
        b'{"version": 2, "shown_by": "queue"}',
        b'{"version": 1, "shown_by": "what?"}',
        b'{"version": 1, "shown_by": "event", "scope": [5050, 5000000000]}',
        b'{"version": 1, "shown_by": "event", "scope": [-1, 12345]}',
        b'{"version": 1, "url_sent": "https://a.example.com/\\ud83d"}',
        b'{"version": 1, "replaced": {"callback_id": ' + b"9" * 5000 + b"}}",
        b'{"version": 1, "denied": ["event"]}',
        b"[" * 100_000,
    ],
)
def test_what_cannot_be_read_is_forgotten_so_that_nothing_leaves_the_state_on_its_strength(private: bytes) -> None:
    assert PrivateState.load(private) == PrivateState()


def test_what_is_noted_is_kept_by_an_error_too() -> None:
    ctx = ReadContext(Diagnostics(), "ecgrid_callback", private=b'{"version":1,"shown_by":"queue"}')

    def fail() -> None:
        with PrivateState.of(ctx) as private:
            private.shown_by = None
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert PrivateState.load(ctx.private).shown_by is None


def test_what_is_only_read_is_kept_to_the_byte() -> None:
    later = b'{"version": 2, "shown_by": "queue"}'
    ctx = ReadContext(Diagnostics(), "ecgrid_callback", private=later)
    with PrivateState.of(ctx) as private:
        assert private.shown_by is None
    assert ctx.private == later


def test_a_field_of_a_later_release_is_no_reason_to_forget() -> None:
    assert PrivateState.load(b'{"version": 1, "shown_by": "queue", "later": 5}').shown_by is LookupModel.QUEUE


def test_the_url_that_came_back_is_the_one_that_was_sent() -> None:
    private = PrivateState()
    private.note_url("https://A.example.com", "https://a.example.com/")
    assert private.as_configured("https://a.example.com/") == "https://A.example.com"
    assert private.as_configured("https://b.example.com/") == "https://b.example.com/"


def test_a_url_that_was_answered_with_none_was_taken_as_it_was() -> None:
    private = PrivateState()
    private.note_url("https://a.example.com", None)
    assert private.as_configured("https://a.example.com") == "https://a.example.com"


def test_another_spelling_that_a_lookup_shows_is_the_one_that_was_sent_too() -> None:
    private = PrivateState()
    private.note_url("https://A.example.com/x", None)
    private.note_shown_url("https://A.example.com/x", "https://a.example.com/x/")
    assert private.as_configured("https://a.example.com/x/") == "https://A.example.com/x"
    private.note_shown_url("https://A.example.com/x", "https://a.example.com/x")
    assert private.as_configured("https://a.example.com/x") == "https://a.example.com/x", "a later one is a change"
    private.note_url("https://b.example.com/", "https://b.example.com/")
    assert private.as_configured("https://a.example.com/x/") == "https://a.example.com/x/", "another one was sent"


def test_what_is_seen_is_remembered_and_what_is_not_is_not_forgotten() -> None:
    private = PrivateState()
    shown = Registration(callback_id=7001, network_id=5050, mailbox_id=9)
    private.note_seen(shown, LookupModel.EVENT, deliveries=False)
    assert (private.shown_by, private.scope) == (LookupModel.EVENT, (5050, 9))
    private.note_seen(Registration(callback_id=7001), LookupModel.QUEUE, deliveries=True)
    private.note_seen(None, None, deliveries=False)
    assert (private.shown_by, private.scope, private.deliveries_seen) == (LookupModel.QUEUE, (5050, 9), True)


def test_with_no_url_sent_every_url_is_itself() -> None:
    assert PrivateState().as_configured("https://a.example.com/") == "https://a.example.com/"


def test_whatever_a_state_holds_can_be_noted_as_replaced() -> None:
    odd = {"on_destroy": "delete", "mailbox_id": -1.0, "network_id": 2**70}
    private = PrivateState()
    private.note_replaced(2**40, odd)
    assert PrivateState.load(private.dump()).replaced == Replaced(
        callback_id=2**40, on_destroy="delete", mailbox_id=-1, network_id=2**70
    )


@pytest.mark.parametrize("on_destroy", ["keep", "Delete", "archive"])
def test_an_on_destroy_that_is_unknown_here_keeps_the_callback(on_destroy: str) -> None:
    private = PrivateState(origin="registered")
    assert private.on_destroy_of({"callback_id": 7001, "on_destroy": on_destroy}) == "retain"
    assert private.on_destroy_of({"callback_id": 7001, "on_destroy": ""}) == "delete", "the default"
