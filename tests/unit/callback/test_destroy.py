"""Destroying: the variants of an answer that all take the same way through Terraform."""

from __future__ import annotations

import httpx
import pytest
from tf.utils import Diagnostics

from terraform_provider_ecgrid.callback.destroy import destroy_callback
from terraform_provider_ecgrid.plugin.authoring import DeleteContext
from tests.unit.api.support import BASE, Step, ok, refusal
from tests.unit.callback.scripted_access import ScriptedAccess, entries, held, record, said

NOTHING_TO_SEND = AssertionError("no request is to be made")
SET = {"suspend": "Suspended", "terminate": "Terminated"}


class Destruction:
    """One destruction against an API that answers by script."""

    def __init__(self, on_destroy: str, *steps: Step, status: str | None = "Active") -> None:
        self.access = ScriptedAccess(*steps, max_retries=1)
        ctx = DeleteContext(Diagnostics(), "ecgrid_callback")
        destroy_callback(self.access, ctx, held(callback_id=7002, id="7002", status=status, on_destroy=on_destroy))
        self.said = said(ctx.diagnostics)

    @property
    def calls(self) -> list[str]:
        return [call for call, _ in self.access.sent]

    @property
    def summaries(self) -> list[tuple[str, str]]:
        return [(severity, summary) for severity, summary, _ in self.said]


@pytest.mark.parametrize("status", ["Active", "Suspended", "Terminated", None])
def test_a_delete_is_sent_whatever_the_status(status: str | None) -> None:
    done = Destruction("delete", ok(True), status=status)
    assert done.access.sent == [("delete", {"callbackId": 7002})]
    assert done.said == []


@pytest.mark.parametrize("status", ["Active", "Suspended", "Terminated", None])
def test_retain_makes_no_request(status: str | None) -> None:
    done = Destruction("retain", NOTHING_TO_SEND, status=status)
    assert done.calls == []
    assert done.summaries == [("warning", "Callback stays registered")]


@pytest.mark.parametrize("on_destroy", SET)
def test_a_callback_that_the_state_knows_as_terminated_needs_no_request(on_destroy: str) -> None:
    done = Destruction(on_destroy, NOTHING_TO_SEND, status="Terminated")
    assert done.calls == []
    assert [severity for severity, _ in done.summaries] == ["warning"]


@pytest.mark.parametrize("on_destroy", SET)
def test_a_refused_change_of_a_callback_that_is_listed_as_terminated_counts_as_done(on_destroy: str) -> None:
    done = Destruction(on_destroy, refusal(400, "InvalidParameter"), ok(record(status="Terminated")))
    assert done.calls == ["update", "get-queue-by-id"]
    assert [severity for severity, _ in done.summaries] == ["warning"]


@pytest.mark.parametrize(
    "lookups",
    [
        (refusal(404), ok(entries())),
        (ok(record(status="Pending", callBackQueueId=1)),),
        (refusal(404), refusal(403)),
    ],
    ids=["shows nothing", "shows a delivery", "refused"],
)
def test_a_refused_change_asks_for_the_record_where_the_lookups_show_no_status(lookups: tuple[Step, ...]) -> None:
    done = Destruction("suspend", refusal(400, "InvalidParameter"), *lookups, ok(record(status="Terminated")))
    assert done.access.sent[-1] == ("update", {"callbackId": 7002})
    ((severity, _, detail),) = done.said
    assert severity == "warning"
    assert "is `Terminated`" in detail


@pytest.mark.parametrize(
    "answers",
    [
        (ok(record(status="Active")),),
        (refusal(404), ok(entries()), ok(record(status="Active"))),
        (refusal(404), ok(entries()), refusal(400, "InvalidParameter")),
    ],
    ids=["listed as active", "its record is active", "its record is refused"],
)
def test_a_refused_change_of_another_callback_is_an_error_with_the_cause(answers: tuple[Step, ...]) -> None:
    done = Destruction("suspend", refusal(400, "InvalidParameter", "status: not now."), *answers)
    ((severity, summary, detail),) = done.said
    assert (severity, summary) == ("error", "Callback 7002 not destroyed")
    assert "status: not now" in detail
    assert "stays in the state" in detail


@pytest.mark.parametrize("on_destroy", ["delete", *SET])
def test_a_404_counts_as_done_with_a_warning(on_destroy: str) -> None:
    done = Destruction(on_destroy, refusal(404, "ObjectNotFound"))
    ((severity, summary, detail),) = done.said
    assert (severity, summary) == ("warning", "Callback 7002 not found")
    assert "7002" in detail
    assert "another account gets the same answer" in detail


def test_a_404_after_a_delete_whose_answer_was_lost_is_a_delete() -> None:
    done = Destruction("delete", httpx.ReadError(""), refusal(404, "ObjectNotFound"))
    assert done.calls == ["delete", "delete"]
    assert done.said == []


@pytest.mark.parametrize("on_destroy", SET)
def test_an_answer_without_the_change_is_an_error(on_destroy: str) -> None:
    done = Destruction(on_destroy, ok(record(status="Active")))
    assert done.access.sent == [("update", {"callbackId": 7002, "status": SET[on_destroy]})]
    ((severity, _, detail),) = done.said
    assert severity == "error"
    assert "ECGrid returned `Active`" in detail


def test_an_answer_that_says_terminated_is_as_good_as_suspended() -> None:
    ((severity, summary, detail),) = Destruction("suspend", ok(record(status="Terminated"))).said
    assert (severity, summary) == ("warning", "Callback stays registered, terminated")
    assert "is `Terminated`" in detail


@pytest.mark.parametrize("status", ["suspended", "Pending", None])
def test_another_case_or_a_delivery_state_in_the_answer_is_no_failure(status: str | None) -> None:
    assert Destruction("suspend", ok(record(status=status))).summaries == [
        ("warning", "Callback stays registered, suspended")
    ]


@pytest.mark.parametrize(
    "answer",
    [ok(True), ok(None), ok({"callbackId": 7002}), httpx.Response(200, json={"success": True}), httpx.Response(204)],
    ids=["true", "null", "a record", "no data", "204"],
)
def test_a_delete_that_was_answered_with_success_is_done(answer: httpx.Response) -> None:
    assert Destruction("delete", answer).said == []


def test_a_delete_that_was_answered_with_false_is_an_error() -> None:
    assert Destruction("delete", ok(False)).summaries == [("error", "Callback 7002 not destroyed")]


@pytest.mark.parametrize("on_destroy", ["delete", *SET])
@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(404, json={"title": "Not Found", "status": 404}),
        httpx.Response(404, html="<h1>Not Found</h1>"),
        refusal(404),
        refusal(404, "PageNotFound"),
    ],
    ids=["RFC 7807", "HTML", "no code", "another code"],
)
def test_another_404_keeps_the_state_and_names_base_url_and_state_rm(on_destroy: str, answer: httpx.Response) -> None:
    ((severity, summary, detail),) = Destruction(on_destroy, answer).said
    assert (severity, summary) == ("error", "Callback 7002 not destroyed")
    for words in (f"{BASE}:443", "stays in the state", "`terraform state rm ADDRESS`"):
        assert words in detail
    assert "`base_url`" not in detail, "the base URL is the default"


@pytest.mark.parametrize("on_destroy", ["delete", *SET])
def test_a_destruction_with_an_unknown_outcome_is_an_error_that_says_so(on_destroy: str) -> None:
    done = Destruction(on_destroy, refusal(500, "InternalError"))
    assert len(done.calls) == 2, "repeating it does no harm"
    ((severity, _, detail),) = done.said
    assert severity == "error"
    assert "may have been carried out" in detail
    assert "InternalError" in detail
