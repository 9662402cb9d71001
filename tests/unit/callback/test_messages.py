"""Words have one room. Terraform shows warnings of one summary as one, so what must be seen has its id there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tf.utils import Diagnostics

import terraform_provider_ecgrid
from terraform_provider_ecgrid.account.messages import error_no_mailbox_named, error_several_mailboxes
from terraform_provider_ecgrid.api.account import Mailbox
from terraform_provider_ecgrid.api.enums import Objects
from terraform_provider_ecgrid.api.errors import (
    DuplicateObject,
    NoAnswer,
    NotFound,
    Refused,
)
from terraform_provider_ecgrid.api.models import QueueEntry, Registration
from terraform_provider_ecgrid.callback.messages.delivery import (
    error_abandoned,
    error_not_delivered,
    warn_not_delivered,
    warn_not_verified,
)
from terraform_provider_ecgrid.callback.messages.failures import add_failure
from terraform_provider_ecgrid.callback.messages.plan import warn_overwriting
from terraform_provider_ecgrid.callback.messages.read import error_import_id, error_no_answer, warn_gone
from terraform_provider_ecgrid.callback.messages.register import error_not_registered
from terraform_provider_ecgrid.callback.read import read_callback
from terraform_provider_ecgrid.callback.run_ledger import RunLedger
from terraform_provider_ecgrid.callback.update import update_callback
from terraform_provider_ecgrid.callback.validators import problem_with_choice, problem_with_number, refuse_date
from terraform_provider_ecgrid.plugin.authoring import ReadContext, UpdateContext
from tests.unit.api.support import refusal
from tests.unit.callback.scripted_access import ScriptedAccess, held, planned, said

PACKAGE = Path(terraform_provider_ecgrid.__file__).parent
ROOMS = (
    *("account/messages.py", "account/rules.py", "callback/messages/", "callback/rules/", "callback/validators.py"),
    *("provider.py", "session.py", "plugin/"),
)


def told(severity: str) -> Iterator[tuple[str, ast.expr]]:
    """Yield file and summary of each diagnostic that the package adds."""
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == severity:
                yield file.relative_to(PACKAGE).as_posix(), node.args[0]


def test_the_summary_of_a_warning_names_the_callback_unless_one_for_all_says_enough() -> None:
    summaries = [summary for file, summary in told("add_warning") if file.startswith("callback/")]
    assert len(summaries) > 15
    assert {summary.value for summary in summaries if isinstance(summary, ast.Constant)} == {
        # The contract's one summary per kind, because the plan shows each of them as destroyed.
        *("Callback stays registered", "Callback stays registered, suspended"),
        "Callback stays registered, terminated",
        *("Callback will be terminated permanently", "Callback terminated permanently"),
        # Said once per run.
        *("ECGrid not called", "Callbacks not visible at ECGrid"),
        # Of a data source, and of configuration that names the callback itself.
        *("List of callbacks incomplete", "List of events incomplete", "More events than the limit"),
        "Value not allowed in a configuration",
    }


def test_nothing_is_worded_outside_the_rooms_for_it() -> None:
    files = {file for severity in ("add_warning", "add_error") for file, _ in told(severity)}
    assert {file for file in files if not file.startswith(ROOMS)} == set()
    assert any(file.startswith("callback/messages/") for file in files)


def test_the_credentials_refusal_is_told_in_full_once_per_run_and_repeated_by_no_refresh() -> None:
    access = ScriptedAccess(refusal(401, "InvalidAPIKey", "The key was revoked."))
    told = []
    for callback_id in (7001, 7002, 7003):
        state = held(callback_id=callback_id, id=str(callback_id))
        ctx = ReadContext(Diagnostics(), "ecgrid_callback")
        assert read_callback(access, ctx, state) == state
        told += said(ctx.diagnostics)
    ((severity, summary, detail),) = told
    assert (severity, summary) == ("error", "Callback 7001 not read")
    assert "The key was revoked" in detail
    assert "Replace" not in detail, "a key that is still in use elsewhere must not be made anew for this"

    update = UpdateContext(Diagnostics(), "ecgrid_callback", config=held(status="Suspended"))
    update_callback(access, update, state, state | {"status": "Suspended"})
    ((severity, summary, detail),) = said(update.diagnostics)
    assert (severity, summary) == ("error", "Callback 7003 not updated"), "what changes nothing must say so"
    assert "Another error of this run" in detail
    assert "revoked" not in detail


def test_what_a_server_answers_adds_no_line_of_its_own_to_a_message() -> None:
    diags = Diagnostics()
    shown = QueueEntry(callback_id=7001, event="Parcel\n- status: `Active` becomes `Suspended`")
    warn_overwriting(diags, 7001, shown, {"event": "User"})
    ((_, _, detail),) = said(diags)
    assert len(detail.splitlines()) == 2


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "https://a.example/1",
            "https://b.example/1",
            "`https://a.example` becomes `https://b.example` (same path and query)",
        ),
        (
            "https://a.example/1",
            "https://b.example/2",
            "`https://a.example` becomes `https://b.example` (different path or query)",
        ),
        ("https://a.example/1", "https://a.example/2", "the path or query changes; `https://a.example` stays"),
        ("https://A.example/1", "https://a.example/1", "only the spelling changes; `https://a.example` stays"),
        ("https://[::1]:444/1", "https://[::1]/1", "`https://[::1]:444` becomes `https://[::1]` (same path and query)"),
    ],
)
def test_a_url_becomes_nothing_that_reads_the_same(old: str, new: str, told: str) -> None:
    diags = Diagnostics()
    warn_overwriting(diags, 7001, QueueEntry(callback_id=7001, url=old), {"url": new})
    ((_, _, detail),) = said(diags)
    assert detail.splitlines()[1:] == [f"- url: {told}"]


def test_a_test_delivery_of_unknown_outcome_is_looked_for_before_another_is_asked_for() -> None:
    diags = Diagnostics()
    warn_not_verified(diags, 7001, "https://a.example.com/1", NoAnswer("No answer came."))
    warn_not_delivered(diags, 7001, "https://a.example.com/1", None, queued=True)
    error_not_delivered(diags, 7001, "https://a.example.com/1", None, queued=True)
    error_abandoned(diags, 7001)
    for _, _, detail in said(diags):
        assert "endpoint's log" in detail
        assert "could not request a" not in detail
        assert "another one" not in detail


def test_several_callbacks_that_may_be_the_new_one_are_callbacks() -> None:
    diags = Diagnostics()
    new = planned(url="https://a.example.com/1", event="Parcel")
    listed: list[Registration] = [QueueEntry(callback_id=callback_id) for callback_id in (7002, 7003)]
    error_not_registered(diags, RunLedger(), NoAnswer("No answer came."), new, held(), listed)
    ((_, _, detail),) = said(diags)
    assert "callbacks 7002, 7003 for event `Parcel` at https://a.example.com. One of them may be the new" in detail
    assert "To adopt the right one, " in detail


LONG = "x" * 10_000


def test_a_long_text_is_cut_wherever_it_is_quoted() -> None:
    diags = Diagnostics()
    warn_overwriting(diags, 7001, QueueEntry(callback_id=7001, event=LONG), {"event": "User"})
    error_import_id(diags, LONG)
    error_no_mailbox_named(diags, LONG, None, complete=True)
    error_several_mailboxes(diags, LONG, [Mailbox.model_validate({"mailboxId": 1, "status": LONG})])
    refuse_date(diags, {"begin_date": LONG}, "begin_date")
    problems = (problem_with_choice("event", LONG, Objects), problem_with_number("callback_id", 10**4000, 1))
    told = [*(text for _, summary, detail in said(diags) for text in (summary, detail)), *map(str, problems)]
    assert max(map(len, told)) < 1000
    assert sum("x…" in text for text in told) == 8, "and shows that it was cut"


def test_advice_to_correct_what_ecgrid_names_needs_a_name() -> None:
    diags = Diagnostics()
    add_failure(diags, RunLedger(), "Failed", Refused("ECGrid refused the request with HTTP 409.", status=409))
    ((_, _, detail),) = said(diags)
    assert "the problem that ECGrid reports" not in detail
    assert "no reason" in detail


@pytest.mark.parametrize(
    ("base_url", "forgotten"), [("http://127.0.0.1:8080", True), ("https://rest.ecgrid.io", False)]
)
def test_a_callback_that_is_gone_may_be_registered_again_without_its_id(base_url: str, forgotten: bool) -> None:
    diags = Diagnostics()
    warn_gone(diags, 7003, base_url)
    ((_, _, detail),) = said(diags)
    assert "apply the plan to register a new callback; if `callback_id` is set, remove it first" in detail
    assert ("restarted without `--db`" in detail) is forgotten


def test_a_command_with_an_address_comes_with_what_an_address_is() -> None:
    without = []
    for file in sorted((PACKAGE / "callback").rglob("*.py")):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            texts = [
                one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str)
            ]
            names = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
            if any(re.search(r"terraform .*=?\bADDRESS\b", text) for text in texts) and "WHAT_ADDRESS_IS" not in names:
                without.append(f"{file.name}:{node.lineno}")
    assert without == []


def test_a_duplicate_is_not_feared_to_be_registered_twice() -> None:
    diags = Diagnostics()
    new = planned(url="https://a.example.com/1", event="Parcel")
    listed: list[Registration] = [QueueEntry(callback_id=7006)]
    error_not_registered(diags, RunLedger(), DuplicateObject("Refused."), new, held(), listed)
    ((_, _, detail),) = said(diags)
    assert "second callback" not in detail
    assert detail.endswith("Do not apply again until you have looked into this, because ECGrid would refuse it again.")
    assert detail.index("make sure that no other resource manages it") < detail.index("To adopt it, ")


def test_an_object_that_a_data_source_asks_for_and_ecgrid_does_not_know_is_to_be_checked() -> None:
    diags = Diagnostics()
    error_no_answer(diags, RunLedger(), "The list of events", NotFound("ECGrid refused the request with HTTP 404."))
    ((_, _, detail),) = said(diags)
    assert detail.endswith("Check the arguments and the credential.")


def test_a_callback_that_another_account_may_hold_is_replaced_only_if_it_is_gone() -> None:
    access = ScriptedAccess(refusal(404, "ObjectNotFound"))
    state = held(callback_id=7001, id="7001")
    update = UpdateContext(Diagnostics(), "ecgrid_callback", config=held(status="Suspended"))
    update_callback(access, update, state, state | {"status": "Suspended"})
    ((_, _, detail),) = said(update.diagnostics)
    # A replacement counts a 404 as deleted: with another account's credential it would register a second one.
    assert detail.index("use that account's credential") < detail.index("If it is gone") < detail.index("-replace")
