"""Registering: the variants of an answer that all take the same way through Terraform."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from tf.utils import Diagnostics

from terraform_provider_ecgrid.callback.create import create_callback
from terraform_provider_ecgrid.callback.private_state import PrivateState
from terraform_provider_ecgrid.plugin.authoring import CreateContext
from terraform_provider_ecgrid.plugin.codec.values import encode
from tests.unit.api.support import Script, Step, ok, refusal
from tests.unit.callback.scripted_access import Process, ScriptedAccess, entries, held, planned, record, said

URL = "https://app.example.com/new?token=s3cr3t"
CONFIG: dict[str, Any] = {"url": URL, "event": "Parcel"}
NOT_JSON = httpx.Response(200, text="<html>s3cr3t</html>")
GATEWAY = httpx.Response(502, text="<html>s3cr3t</html>")


class Registration:
    """One registration against an API that answers by script."""

    def __init__(self, *steps: Step, **config: Any) -> None:
        self.access = ScriptedAccess(*steps, max_retries=2)
        self.ctx = CreateContext(Diagnostics(), "ecgrid_callback", config=held(**CONFIG | config))
        self.state = create_callback(self.access, self.ctx, planned(**CONFIG | config))

    @property
    def calls(self) -> list[str]:
        return [call for call, _ in self.access.sent]

    def only(self, severity: str) -> tuple[str, str]:
        """Summary and detail of the only diagnostic, in which no path may show."""
        ((found, summary, detail),) = said(self.ctx.diagnostics)
        assert found == severity
        assert "s3cr3t" not in detail
        assert "/new" not in detail
        return summary, detail


@pytest.mark.parametrize(
    "outcome",
    [
        refusal(500, "InternalError"),
        refusal(503),
        GATEWAY,
        httpx.ReadError(""),
        httpx.RemoteProtocolError(""),
        httpx.ReadTimeout(""),
        NOT_JSON,
        ok(None),
        ok({"url": URL}),
    ],
    ids=["500", "503", "502", "lost", "cut off", "too late", "no JSON", "no record", "no id"],
)
def test_a_create_with_an_unknown_outcome_is_sent_once_and_names_what_may_be_it(outcome: Step) -> None:
    listed = ok(entries(record(callbackId=7001, url="https://other.example.com/"), record()))
    done = Registration(outcome, listed)
    assert done.state is None
    assert done.calls == ["create", "queue-list"]
    summary, detail = done.only("error")
    assert summary == "Callback may have been registered"
    assert "callback 7002" in detail
    assert "7001" not in detail
    assert "`terraform import ADDRESS 7002`" in detail


@pytest.mark.parametrize(
    ("differing", "named"),
    [
        ({"url": URL.replace("/new?", "/other?")}, False),
        ({"url": URL.replace("s3cr3t", "other")}, False),
        ({"url": None}, False),
        ({"url": "https://[app.example.com/new"}, False),
        ({"url": URL.replace("/new?", "/new/?")}, True),
        ({"url": URL.replace("app.example.com", "APP.example.com:443")}, True),
        ({"event": "Mailbox"}, False),
        ({"mailboxId": 1}, False),
        ({"mailboxId": None}, True),
        ({"status": "Terminated"}, False),
        ({"status": "Pending", "callBackQueueId": 1}, False),
    ],
)
def test_only_what_may_be_the_new_callback_is_named(differing: dict[str, Any], named: bool) -> None:
    done = Registration(refusal(500), ok(entries(record(**differing))), mailbox_id=12345)
    _, detail = done.only("error")
    assert ("callback 7002" in detail) is named
    assert ("may exist, but ECGrid does not list it yet" in detail) is not named


def test_what_model_e_lists_of_the_planned_scope_is_named() -> None:
    shown = {"callBackEventId": 7002, "url": URL, "systemObject": "Parcel", "networkId": 7070, "mailboxId": 777}
    steps = refusal(500), refusal(400, "InvalidParameter"), ok({"count": 1, "events": [shown]})
    done = Registration(*steps, mailbox_id=777, network_id=7070)
    assert done.access.sent[-1] == ("event-list", {"networkId": 7070, "mailboxId": 777, "showInactive": True})
    assert "callback 7002" in done.only("error")[1]


def test_several_that_may_be_it_are_all_named() -> None:
    done = Registration(refusal(500), ok(entries(record(), record(callbackId=7003))))
    _, detail = done.only("error")
    assert "7002, 7003" in detail
    assert "`terraform import ADDRESS ID`" in detail


def test_a_list_that_cannot_be_read_hides_nothing_of_the_failure() -> None:
    done = Registration(refusal(500, "InternalError"), refusal(401, "InvalidAPIKey"))
    _, detail = done.only("error")
    assert "may exist, but ECGrid's list could not be read" in detail
    assert "InternalError" in detail
    assert "`callback_id`" in detail


@pytest.mark.parametrize(
    "refused",
    [refusal(400, "InvalidParameter"), refusal(401, "InvalidAPIKey"), refusal(403, "AccessDenied"), refusal(404)],
)
def test_a_plain_refusal_is_not_repeated_and_lists_nothing(refused: httpx.Response) -> None:
    done = Registration(refused)
    assert done.state is None
    assert done.calls == ["create"]
    summary, detail = done.only("error")
    assert summary == "Callback not registered"
    assert "No callback was registered" in detail


@pytest.mark.parametrize("outcome", [httpx.ConnectError(""), httpx.ConnectTimeout(""), refusal(429)])
def test_a_create_that_surely_was_not_carried_out_is_repeated(outcome: Step) -> None:
    registered = Registration(outcome, ok(record()), refusal(404))
    assert registered.calls == ["create", "create", "get-queue-by-id", "get-event-by-id"]
    assert said(registered.ctx.diagnostics) == []
    given_up = Registration(outcome)
    assert given_up.calls == ["create"] * 3
    assert "No callback was registered" in given_up.only("error")[1]


@pytest.mark.parametrize("outcome", [refusal(500), httpx.ReadTimeout("")])
def test_a_status_that_may_have_been_set_is_not_said_to_be_active_for_certain(outcome: Step) -> None:
    done = Registration(ok(record()), outcome, status="Suspended", on_destroy="suspend")
    assert done.calls == ["create", *["update"] * 3]
    assert done.state is not None
    assert (done.state["callback_id"], done.state["status"]) == (7002, "Active")
    assert done.state["on_destroy"] == "delete"
    summary, detail = done.only("error")
    assert "7002" in summary
    assert "is `Active`, unless the status change was carried out anyway" in detail
    assert "`terraform untaint ADDRESS`" in detail
    assert PrivateState.load(done.ctx.private).origin == "registered"


def test_a_status_that_came_back_as_a_third_one_is_in_the_state() -> None:
    done = Registration(ok(record()), ok(record(status="Development")), status="Suspended")
    assert done.state is not None
    assert done.state["status"] == "Development"
    assert "is registered and is `Development`" in done.only("error")[1]


def test_a_delivery_state_in_the_answer_does_not_make_the_second_call_fail() -> None:
    done = Registration(ok(record()), ok(record(status="Pending")), refusal(404), status="Suspended")
    assert done.state is not None
    assert done.state["status"] == "Suspended"
    assert said(done.ctx.diagnostics) == []


@pytest.mark.parametrize(
    ("config", "differing"), [({}, {"event": "Mailbox"}), ({"status": "Active"}, {"status": "Development"})]
)
def test_what_a_create_answers_differently_is_a_warning_and_the_planned_value_stays(
    config: dict[str, Any], differing: dict[str, Any]
) -> None:
    done = Registration(ok(record(**differing)), refusal(404), **config)
    assert done.state is not None
    assert done.state["event"] == "Parcel"
    assert done.state["status"] == "Active"
    summary, detail = done.only("warning")
    assert summary == "Change to callback 7002 not made by ECGrid"
    assert "7002" in detail


def test_what_is_unknown_is_filled_and_a_null_stays() -> None:
    done = Registration(ok(record(status="Development")), refusal(404), http_auth_type=None, network_id=None)
    assert done.state == held(
        callback_id=7002,
        id="7002",
        url=URL,
        event="Parcel",
        status="Development",
        mailbox_id=12345,
        on_destroy="delete",
    )
    assert done.ctx.identity == {"callback_id": 7002}


@pytest.mark.parametrize("odd", ["https://n.example.com/v2\ud83d", "\ud800", 5_000_000_000, -1, 10**400, 1e300, [], {}])
@pytest.mark.parametrize("name", [name for name in record() if name != "callbackId"])
def test_whatever_a_create_answers_beside_the_id_it_is_in_a_state_that_can_be_stored(name: str, odd: object) -> None:
    body = json.dumps({"success": True, "data": record(**{name: odd})})
    done = Registration(httpx.Response(200, text=body), refusal(404))
    assert done.state is not None
    assert done.state["callback_id"] == 7002
    encode(done.state)
    assert PrivateState.load(done.ctx.private).origin == "registered"
    assert "mistake" not in str(said(done.ctx.diagnostics))


def test_a_duplicate_whose_list_is_rate_limited_is_not_said_to_be_unlisted() -> None:
    done = Registration(refusal(400, "DuplicateObject"), refusal(429, "RateLimitExceeded"))
    detail = done.only("error")[1]
    assert "ECGrid's list could not be read" in detail
    assert "does not list" not in detail


def test_a_status_that_a_lookup_denies_after_a_bare_success_was_not_set() -> None:
    shown = record() | {"queuedAt": "2026-05-07T09:00:00Z"}
    done = Registration(ok(record()), ok(True), ok(shown), status="Suspended")
    assert done.state is not None
    assert done.state["status"] == "Active"
    assert "is registered and is `Active`" in done.only("error")[1]


def test_what_a_create_denied_is_shown_by_the_next_refresh_even_if_no_lookup_shows_it() -> None:
    config = {"http_auth_type": "Basic", "username": "u", "password": SecretStr("p")}
    done = Registration(ok(record(event="User", httpAuthType="None")), refusal(404), **config)
    assert done.state is not None
    assert (done.state["event"], done.state["http_auth_type"]) == ("Parcel", "Basic")
    hidden = Process(transport=Script(refusal(404, "ObjectNotFound")))
    state, private, _ = hidden.read(done.state, done.ctx.private)
    assert state == done.state | {"event": "User", "http_auth_type": "None"}
    assert PrivateState.load(private).denied is None


def test_no_credential_is_in_private_state() -> None:
    credentials = {"http_auth_type": "Basic", "username": "us3r", "password": SecretStr("p4ss")}
    done = Registration(ok(record() | {"username": "us3r", "password": "p4ss"}), refusal(404), **credentials)
    assert done.access.sent[0][1]["password"] == "p4ss"
    assert b"p4ss" not in done.ctx.private
    assert b"us3r" not in done.ctx.private
