"""The three data sources where no Terraform is needed to see it."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from tf.types import Unknown
from tf.utils import Diagnostics

from terraform_provider_ecgrid.data_sources.callback import CallbackDataSource
from terraform_provider_ecgrid.data_sources.callback_events import CallbackEventsDataSource
from terraform_provider_ecgrid.data_sources.callbacks import CallbacksDataSource
from terraform_provider_ecgrid.plugin.authoring import ReadDataContext
from tests.unit.api.support import REGISTRATION, ok, refusal
from tests.unit.callback.scripted_access import ScriptedAccess, entries, said

LIST = dict.fromkeys(("mailbox_id", "network_id", "status", "event", "callbacks"))
EVENTS: dict[str, Any] = {
    "mailbox_id": None,
    "callback_id": None,
    "event": None,
    "begin_date": None,
    "end_date": None,
    "limit": None,
    "events": None,
}
SHOWN = {"callbackId": 7001, "url": "https://a.example.com/hook", "event": "Parcel", "status": "Active"}


def read(source: Any, config: dict[str, Any], *steps: httpx.Response) -> tuple[Any, Diagnostics, ScriptedAccess]:
    access = ScriptedAccess(*steps, max_retries=0)
    ctx = ReadDataContext(Diagnostics(), "")
    return source(access).read(ctx, config), ctx.diagnostics, access


def test_the_mailbox_of_a_callback_comes_from_the_queue_list() -> None:
    listed = ok(entries(SHOWN | {"mailboxId": 5}))
    state, diags, access = read(CallbackDataSource, {"callback_id": 7001}, ok(SHOWN), listed)
    assert state["mailbox_id"] == 5
    assert [call for call, _ in access.sent] == ["get-queue-by-id", "queue-list"]
    assert said(diags) == []


@pytest.mark.parametrize("answer", [refusal(403, "AccessDenied"), ok(entries())])
def test_a_mailbox_that_no_lookup_shows_is_null_and_no_error(answer: httpx.Response) -> None:
    state, diags, _ = read(CallbackDataSource, {"callback_id": 7001}, ok(SHOWN), answer)
    assert state["mailbox_id"] is None
    assert state["url"] == SHOWN["url"]
    assert said(diags) == []


def test_an_event_that_no_enumeration_knows_is_shown_as_it_is() -> None:
    state, _, _ = read(CallbackDataSource, {"callback_id": 7001}, ok(SHOWN | {"event": "ParcelNotes", "mailboxId": 1}))
    assert state["event"] == "ParcelNotes"


def test_a_callback_that_only_the_queue_list_shows_is_found() -> None:
    steps = (refusal(404, "ObjectNotFound"), ok(entries(SHOWN | {"mailboxId": 5})))
    state, diags, _ = read(CallbackDataSource, {"callback_id": 7001}, *steps)
    assert (state["id"], state["mailbox_id"]) == ("7001", 5)
    assert said(diags) == []


FAILURES = {429: "RateLimitExceeded", 500: "InternalError", 401: "InvalidAPIKey"}


@pytest.mark.parametrize("status", FAILURES)
@pytest.mark.parametrize("by_id", [ok(SHOWN), refusal(404, "ObjectNotFound")], ids=["shown by id", "not shown"])
def test_a_list_that_failed_is_the_error_and_no_absence(by_id: httpx.Response, status: int) -> None:
    failed = refusal(status, FAILURES[status])
    # The other model's lookup is asked as well if this one does not show the callback.
    steps = (by_id, failed) if by_id.status_code == 200 else (by_id, by_id, failed)
    state, diags, _ = read(CallbackDataSource, {"callback_id": 7001}, *steps)
    assert state is None
    ((severity, summary, detail),) = said(diags)
    assert (severity, summary) == ("error", "Callback 7001 not read")
    assert FAILURES[status] in detail


def test_a_list_that_is_refused_proves_no_absence_and_is_the_error() -> None:
    steps = (refusal(404, "ObjectNotFound"), refusal(404, "ObjectNotFound"), refusal(403, "AccessDenied"))
    state, diags, _ = read(CallbackDataSource, {"callback_id": 7001}, *steps)
    assert state is None
    ((_, summary, detail),) = said(diags)
    assert summary == "Callback 7001 not read"
    assert "AccessDenied" in detail


def test_events_of_an_unknown_model_are_rate_limited_and_not_refused() -> None:
    # Model Q's list of events is refused for each of two page sizes.
    refused = refusal(400, "InvalidParameter")
    _, diags, _ = read(CallbackEventsDataSource, EVENTS, refused, refused, refusal(429, "RateLimitExceeded"))
    ((_, _, detail),) = said(diags)
    assert "RateLimitExceeded" in detail


def test_a_mailbox_of_0_is_asked_for() -> None:
    for source, config in ((CallbacksDataSource, LIST), (CallbackEventsDataSource, EVENTS)):
        answer = ok({"totalRecords": 0, "queueEntries": [], "events": []})
        _, _, access = read(source, config | {"mailbox_id": 0}, answer)
        assert access.sent[0][1]["mailboxId"] == 0


@pytest.mark.parametrize("shown", [SHOWN, {"callBackEventId": 7001, "url": "https://a.example.com/", "queue": []}])
def test_registrations_in_the_list_of_events_are_no_events(shown: dict[str, Any]) -> None:
    state, diags, _ = read(CallbackEventsDataSource, EVENTS, ok({"totalRecords": 1, "events": [shown]}))
    assert state is None
    ((severity, summary, detail),) = said(diags)
    assert (severity, summary) == ("error", "Missing callback_id")
    assert "Set `callback_id`" in detail


NO_EVENTS = ok({"totalRecords": 0, "events": []})


@pytest.mark.parametrize(
    ("steps", "events", "told"),
    [
        ((NO_EVENTS, ok(REGISTRATION)), [2**40], []),
        ((ok([]), ok(REGISTRATION)), [2**40], []),
        ((NO_EVENTS, refusal(400, "InvalidParameter")), [], []),
        ((NO_EVENTS, refusal(404, "ObjectNotFound")), [], []),
        ((refusal(403, "AccessDenied"), ok(REGISTRATION)), [2**40], []),
        ((refusal(403, "AccessDenied"), refusal(400, "InvalidParameter")), None, ["AccessDenied"]),
        ((refusal(400, "InvalidParameter"), refusal(404, "ObjectNotFound")), None, ["ObjectNotFound"]),
    ],
)
def test_the_events_of_a_callback_are_those_of_the_model_that_shows_some(
    steps: tuple[httpx.Response, ...], events: list[int] | None, told: list[str]
) -> None:
    state, diags, _ = read(CallbackEventsDataSource, EVENTS | {"callback_id": 7001}, *steps)
    assert events == (state and [one["callback_event_id"] for one in state["events"]])
    assert [code for code in told if code in str(said(diags))] == told
    assert bool(said(diags)) is bool(told)


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("2026-05-07T09:00:00Z", "2026-05-07T09:00:00Z"),
        ("2026-05-07t09:00:00z", "2026-05-07T09:00:00Z"),
        ("2026-05-07T09:00:00.5+02:00", "2026-05-07T07:00:00.500000Z"),
        ("2026-05-07T00:30:00+01:00", "2026-05-06T23:30:00Z"),
        ("9999-12-31T23:59:59-14:00", "9999-12-31T23:59:59.999999Z"),
        ("9999-12-31T23:59:59+14:00", "9999-12-31T09:59:59Z"),
        ("0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00Z"),
        ("0001-01-01T00:00:00-23:59", "0001-01-01T23:59:00Z"),
    ],
)
def test_dates_are_sent_in_utc_and_kept_as_configured(written: str, sent: str) -> None:
    config = EVENTS | {"begin_date": written, "end_date": written}
    assert not _problems(CallbackEventsDataSource, config)
    state, _, access = read(CallbackEventsDataSource, config, ok({"totalRecords": 0, "events": []}))
    assert (state["begin_date"], state["end_date"]) == (written, written)
    assert (access.sent[0][1]["beginDate"], access.sent[0][1]["endDate"]) == (sent, sent)


@pytest.mark.parametrize(
    "written", ["", "2026-05-07", "2026-05-07T09:00", "2026-05-07 09:00:00Z", "07.05.2026", "2026-13-07T09:00:00Z"]
)
def test_a_date_that_leaves_anything_open_is_refused(written: str) -> None:
    for name in ("begin_date", "end_date"):
        (problem,) = _problems(CallbackEventsDataSource, EVENTS | {name: written})
        assert problem.path == [name]
        assert "RFC 3339" in (problem.detail or "")


def test_only_an_id_is_to_be_looked_up_at_ecgrid() -> None:
    (limit,) = _problems(CallbackEventsDataSource, EVENTS | {"limit": 0})
    (mailbox,) = _problems(CallbackEventsDataSource, EVENTS | {"mailbox_id": -1})
    assert ("ECGrid shows" in limit.detail, "ECGrid shows" in mailbox.detail) == (False, True)


@pytest.mark.parametrize(
    ("source", "config"),
    [(CallbackDataSource, {"callback_id": None}), (CallbacksDataSource, LIST), (CallbackEventsDataSource, EVENTS)],
)
def test_what_is_not_known_yet_is_not_judged(source: Any, config: dict[str, Any]) -> None:
    assert _problems(source, dict.fromkeys(config, Unknown)) == []


def _problems(source: Any, config: dict[str, Any]) -> list[Any]:
    diags = Diagnostics()
    source(ScriptedAccess(ok({}))).validate(diags, "", config)
    return diags.diagnostics
