"""Every fault meets every call: nothing is lost, nothing leaks, nothing lies, and what can heal does.

The sandbox's store is the judge. What an error must say follows from what the API was asked and did, not from how the
provider is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.fault_case import FaultCase
from tests.unit.callback.fault_bench import CALLS, FAULTS, SECRETS, Bench, Call, timeout_of
from tests.unit.callback.scripted_access import said

# Successes without a record: the change was made.
MADE = {
    "update": {"success without data"},
    "delete": {"success without data", "data of another type", "a record without an id"},
}
# Refusals in ECGrid's own words, and what cannot be read.
SHOWS_NOTHING = {
    "400 InvalidParameter",
    "400 DuplicateObject",
    "403 AccessDenied",
    "echo with 400",
    "no with 200",
    "no and a record",
    "success without data",
    "data of another type",
    "a record without an id",
}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


def errors_of(bench: Bench) -> list[str]:
    """The errors so far, each as one text."""
    return [f"{summary}: {detail}" for severity, summary, detail in said(bench.diags) if severity == "error"]


def registered(sandbox: Sandbox) -> set[int]:
    return {int(one["callbackId"]) for one in sandbox.store.all()}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.name)
def test_cell(sandbox: Sandbox, call: Call, fault: FaultCase) -> None:
    bench = Bench(sandbox, timeout=timeout_of(fault))
    before = registered(sandbox)
    sandbox.faults.add(call.request, times=1 if fault.once else None, **fault.how)
    outcome = run(call, bench)

    nothing_leaks_and_everything_is_said(bench)
    errors = errors_of(bench)
    heals = fault.once and fault.heals and (call.repeated or fault.sure)
    if heals or call.tolerant or fault.name in MADE.get(call.request, ()):
        assert errors == []
        assert holds_what_was_wanted(sandbox, call, before)
    elif fault.name in SHOWS_NOTHING and call.request == "get-queue-by-id":
        assert errors == [], "what shows nothing is no failure: another lookup is asked"
    else:
        assert errors != [], "a call that failed says so"
    if call.registers:
        nothing_is_lost(sandbox, outcome, errors, before)
    elif errors and call.wanted:
        nothing_is_hidden(sandbox, call, fault, errors, outcome)
    if errors and not call.registers:
        the_next_run_makes_it_good(sandbox, call)


def run(call: Call, bench: Bench) -> object:
    if call.healthy:
        bench.sandbox.faults.add(call.request, times=None, body=call.healthy)
    return call.run(bench)


def nothing_leaks_and_everything_is_said(bench: Bench) -> None:
    for severity, summary, detail in said(bench.diags):
        for secret in SECRETS:
            assert secret.casefold() not in f"{summary} {detail}".casefold()
        assert "Traceback" not in detail
        assert not re.search("mistake in|bug in", detail)
        assert 3 < len(summary) < 80
        assert not summary.endswith(".")
        assert re.search(r"[.`)]$", detail), f"{severity} without a sentence: {detail}"
        if "may have been" in f"{summary} {detail}":
            last = detail.rpartition(". ")[2]
            assert re.search("[Bb]efore you|Do not apply again until|To keep the callback", last), (
                f"what to look at first: {last}"
            )


def holds_what_was_wanted(sandbox: Sandbox, call: Call, before: set[int]) -> bool:
    if call.wanted is None:
        return sandbox.store.get(7001) is None
    callback_id = max(registered(sandbox) - before) if call.registers else 7001
    record = sandbox.store.get(callback_id)
    return record is not None and record.items() >= call.wanted.items()


def nothing_is_lost(sandbox: Sandbox, state: object, errors: list[str], before: set[int]) -> None:
    """What was registered is in the state, or an error names it and says how to adopt it."""
    new = registered(sandbox) - before
    assert len(new) <= 1, "nothing is registered twice"
    for callback_id in new:
        if isinstance(state, dict):
            assert state["callback_id"] == callback_id
        else:
            (told,) = errors
            assert f"callback {callback_id}" in told.casefold()
            assert f"terraform import ADDRESS {callback_id}" in told
            assert "`callback_id`" in told
    if not new:
        assert state is None


def nothing_is_hidden(sandbox: Sandbox, call: Call, fault: FaultCase, errors: list[str], state: object) -> None:
    """The error of a change names the callback and says whether it may have been made; the state claims nothing."""
    (told,) = errors
    assert "7001" in told
    may_be_done = "may have been carried out" in told
    assert may_be_done is not fault.sure, told
    if fault.done:
        assert may_be_done, "ECGrid did it, so the error must not say that it did not"
    if isinstance(state, dict):
        assert state["url"] != (call.wanted or {}).get("url")
        assert state["status"] != (call.wanted or {}).get("status")


def the_next_run_makes_it_good(sandbox: Sandbox, call: Call) -> None:
    """Running again, once the API works, ends as if nothing had been."""
    bench = Bench(sandbox, fresh=False)
    run(call, bench)
    assert errors_of(bench) == []
    assert holds_what_was_wanted(sandbox, call, registered(sandbox))
