from __future__ import annotations

import threading
from functools import partial
from itertools import count
from typing import Any

import pytest
from tf.types import Unknown
from tf.utils import Diagnostics

from terraform_provider_ecgrid.actions.callback_test import CallbackTestAction
from terraform_provider_ecgrid.callback import delivery_test
from terraform_provider_ecgrid.plugin.authoring import ActionContext
from terraform_provider_ecgrid.provider import EcgridProvider
from terraform_provider_ecgrid.session import Session
from tests.unit.api.support import NESTED, ok, refusal
from tests.unit.callback.scripted_access import ScriptedAccess, said

CONFIG = {"callback_id": 7001}


def answering(http_status: Any, **fields: Any) -> ScriptedAccess:
    answer = {"callbackId": 7001, "url": "https://app.example.com/hook?token=s3cr3t", "httpStatus": http_status}
    return ScriptedAccess(ok(answer | {"responseBody": "b0dy", "testedAt": "2026-05-07T09:00:00Z"} | fields))


def invoked(access: Any) -> tuple[list[str], list[tuple[str, str, str]]]:
    ctx = ActionContext(Diagnostics(), "ecgrid_callback_test")
    return list(CallbackTestAction(access).invoke(ctx, CONFIG)), said(ctx.diagnostics)


def test_200_is_shown_as_a_line_and_no_error() -> None:
    access = answering(200)
    lines, diags = invoked(access)
    assert lines[0] == "Asking ECGrid for a test delivery of callback 7001"
    assert lines[-1] == "Callback 7001: https://app.example.com answered HTTP 200"
    assert diags == []
    assert access.sent == [("test", {"callbackId": 7001})]


@pytest.mark.parametrize(
    ("http_status", "sentence"),
    [
        (201, "answered with HTTP 201, but ECGrid counts only 200 as delivered"),
        (302, "answered with HTTP 302."),
        (404, "answered with HTTP 404."),
        (0, "no connection"),
        (None, "no connection"),
    ],
)
def test_anything_else_is_an_error_with_id_host_and_status(http_status: int | None, sentence: str) -> None:
    _, ((severity, summary, detail),) = invoked(answering(http_status))
    assert (severity, summary) == ("error", "Test delivery failed")
    assert "callback 7001 to https://app.example.com " in detail
    assert sentence in detail
    for secret in ("hook", "s3cr3t", "b0dy"):
        assert secret not in detail


def test_an_answer_without_url_names_the_callback_alone() -> None:
    _, ((_, _, detail),) = invoked(answering(500, url=None))
    assert "callback 7001 to its endpoint" in detail


def test_an_answer_about_another_callback_is_none() -> None:
    _, ((severity, summary, _),) = invoked(answering(200, callbackId=7002))
    assert (severity, summary) == ("error", "Callback 7001 not tested")


def test_a_refusal_is_an_error_that_names_the_callback() -> None:
    _, ((_, summary, detail),) = invoked(ScriptedAccess(refusal(404, "ObjectNotFound", "Gone.")))
    assert summary == "Callback 7001 not tested"
    assert "ObjectNotFound" in detail


@pytest.mark.parametrize(
    ("http_status", "advice"), [(204, "Make the endpoint answer 200, then"), (500, "Check the endpoint, its")]
)
def test_another_success_is_told_what_to_answer(http_status: int, advice: str) -> None:
    _, ((_, _, detail),) = invoked(answering(http_status))
    assert advice in detail
    assert detail.count("endpoint") == 1


QUEUED = {name: value for name, value in NESTED.items() if name != "log"}


def test_a_queued_delivery_names_the_host_that_is_nested_in_it() -> None:
    lines, diags = invoked(ScriptedAccess(ok(QUEUED), ok(NESTED)))
    assert (lines[-1], diags) == ("Callback 7001: https://app.example.com answered HTTP 200", [])
    _, ((_, summary, _),) = invoked(ScriptedAccess(ok(QUEUED | {"event": {"callBackEventId": 7002}})))
    assert summary == "Callback 7001 not tested"


def test_a_queued_delivery_is_awaited_by_the_clock_and_not_by_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    # Each reading of the clock is ten seconds after the one before.
    monkeypatch.setattr(delivery_test, "monotonic", partial(next, count(0, 10)))
    monkeypatch.setattr(delivery_test, "_LOOK_AGAIN_SECONDS", 0)
    access = ScriptedAccess(ok(QUEUED))
    _, ((_, _, detail),) = invoked(access)
    assert "is queued, not delivered yet" in detail
    assert [call for call, _ in access.sent] == ["test", *["get-queue-by-id"] * 3]


class Held(ScriptedAccess):
    """A provider whose client is not there before `release` is set."""

    def __init__(self, release: threading.Event) -> None:
        super().__init__(answering(200).script._steps[0])
        self._release = release

    def client(self) -> Any:
        self._release.wait(60)
        return super().client()


def test_a_line_is_said_while_the_endpoint_is_awaited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery_test, "_PROGRESS_SECONDS", 0.02)
    monkeypatch.setattr(delivery_test, "_LOOK_SECONDS", 0.01)
    release = threading.Event()
    ctx = ActionContext(Diagnostics(), "ecgrid_callback_test")
    lines = CallbackTestAction(Held(release)).invoke(ctx, CONFIG)
    next(lines)
    assert next(lines) == "Still waiting for the endpoint of callback 7001"
    release.set()
    assert list(lines)[-1].endswith("answered HTTP 200")
    assert said(ctx.diagnostics) == []


@pytest.mark.parametrize("gone", [False, True])
def test_a_stop_or_a_terraform_that_goes_away_abandons_the_answer(gone: bool) -> None:
    release = threading.Event()
    ctx = ActionContext(Diagnostics(), "ecgrid_callback_test", alive=lambda: not gone)
    lines = CallbackTestAction(Held(release)).invoke(ctx, CONFIG)
    next(lines)
    if not gone:
        ctx.stop.set()
    assert list(lines) == []
    assert not release.is_set(), "the answer was not there yet"
    ((severity, summary, detail),) = said(ctx.diagnostics)
    assert (severity, summary) == ("error", "Test delivery interrupted")
    assert "callback 7001" in detail
    release.set()


def test_a_provider_that_is_not_ready_is_an_error_that_names_the_argument() -> None:
    provider = EcgridProvider()
    provider.session = Session(unknown=("api_key",))
    _, ((_, summary, detail),) = invoked(provider)
    assert summary == "ECGrid not called"
    assert "`api_key`" in detail


@pytest.mark.parametrize(("callback_id", "refused"), [(0, True), (1, False), (2**31 - 1, False), (2**31, True)])
def test_validation_of_the_id(callback_id: int, refused: bool) -> None:
    diags = Diagnostics()
    CallbackTestAction(answering(200)).validate(diags, "ecgrid_callback_test", {"callback_id": callback_id})
    assert diags.has_errors() is refused


def test_an_id_that_is_not_known_yet_is_left_to_the_invocation() -> None:
    diags = Diagnostics()
    CallbackTestAction(answering(200)).validate(diags, "ecgrid_callback_test", {"callback_id": Unknown})
    assert said(diags) == []


@pytest.mark.parametrize("callback_id", [None, 0, -1, 1.5, 2147483648, float("inf")])
@pytest.mark.parametrize("call", ["plan", "invoke"])
def test_an_id_that_ecgrid_cannot_have_given_is_refused_once_it_is_known(callback_id: Any, call: str) -> None:
    access = ScriptedAccess(AssertionError("no request is to be made"))
    ctx = ActionContext(Diagnostics(), "ecgrid_callback_test")
    list(getattr(CallbackTestAction(access), call)(ctx, {"callback_id": callback_id}) or ())
    ((severity, _, detail),) = said(ctx.diagnostics)
    assert severity == "error"
    assert "`callback_id` is" in detail
    assert ctx.diagnostics.diagnostics[0].path == ["callback_id"]
    assert access.sent == []
