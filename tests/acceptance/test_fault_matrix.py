"""Faults as Terraform shows them: one command over several callbacks, each of whose requests meets another fault.

The cells in which Terraform has no part are in tests/unit/callback/test_fault_matrix.py. Here it is Terraform's state,
its taints and its next plan that are judged.
"""

from __future__ import annotations

from typing import Any

from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.acceptance.features import core
from tests.acceptance.harness import Terraform
from tests.acceptance.results import Diagnostic, Outcome
from tests.fault_case import FaultCase

PROVIDER = 'provider "ecgrid" {\n  max_retries     = 0\n  request_timeout = 2\n}\n'
URL = "https://app.example.com/hooks/T0KENPATH"


FAULTS = (
    FaultCase("none", done=True),
    FaultCase("400", {"error_code": "InvalidParameter", "message": "url is taken"}, sure=True),
    FaultCase("401", {"error_code": "InvalidAPIKey"}, sure=True),
    FaultCase("429", {"status": 429, "error_code": "RateLimitExceeded", "headers": {"Retry-After": "1"}}, sure=True),
    FaultCase("503", {"status": 503}),
    FaultCase("503 though carried out", {"status": 503, "carried_out": True}, done=True),
    FaultCase("reset before", {"reset": True}),
    FaultCase("reset after", {"reset": True, "carried_out": True}, done=True),
    FaultCase("cut off", {"truncate": True, "carried_out": True}, done=True),
    FaultCase("late", {"delay": 4.0, "carried_out": True}, done=True),
    FaultCase("HTML", {"body": "<h1>Sorry</h1>", "carried_out": True}, done=True),
    FaultCase("echo", {"echo": True, "status": 500}),
)
COUNT = len(FAULTS)


class Day:
    """One command during which the requests of one call meet the faults, one each, in the order in which they come."""

    def __init__(self, sandbox: Sandbox, call: str) -> None:
        self._sandbox, self._call = sandbox, call
        self._start = len(sandbox.requests)
        for number, fault in enumerate(FAULTS, 1):
            if fault.how:
                sandbox.faults.add(call, first=number, **fault.how)

    def met(self) -> list[tuple[FaultCase, dict[str, Any]]]:
        """Each fault with the body, or the query, of the request that met it."""
        self._sandbox.faults.reset()
        made = [one for one in self._sandbox.requests[self._start :] if one.call == self._call]
        assert len(made) >= COUNT
        return [(fault, one.body or one.query) for fault, one in zip(FAULTS, made, strict=False)]


def registering(path: str = "", more: str = "") -> str:
    """As many resources as there are faults, registered by their number."""
    return PROVIDER + (
        f'resource "ecgrid_callback" "x" {{\n  count = {COUNT}\n'
        f'  url   = "{URL}/${{count.index}}{path}"\n  event = "Parcel"\n{more}}}\n'
    )


def address(number: object) -> str:
    return f"ecgrid_callback.x[{number}]"


def error_at(outcome: Outcome, where: str) -> Diagnostic:
    """The one error of a resource, which holds no secret and full sentences."""
    (error,) = [one for one in outcome.errors if one.address == where]
    assert "T0KENPATH" not in error.text
    assert error.detail.endswith((".", ")", "`"))
    return error


def applied(terraform: Terraform, sandbox: Sandbox) -> dict[str, int]:
    """Register everything on a good day; the id of each resource."""
    terraform.write(registering())
    terraform.apply()
    return {where: one["attributes"]["callback_id"] for where, one in terraform.instances().items()}


@core
def test_registrations(terraform: Terraform, sandbox: Sandbox) -> None:
    terraform.write(registering())
    day = Day(sandbox, "create")
    outcome = terraform.apply(expect=1)
    held = terraform.instances()
    stored = {one["url"]: one["callbackId"] for one in sandbox.store.all()}
    for fault, body in day.met():
        number = body["url"].rpartition("/")[2]
        if fault.name == "none":
            assert held[address(number)]["attributes"]["callback_id"] == stored[body["url"]]
            continue
        error = error_at(outcome, address(number))
        assert address(number) not in held
        assert (body["url"] in stored) is fault.done
        assert ("may" in error.summary or "may exist" in error.detail) is not fault.sure, error
        if fault.done:
            assert f"terraform import ADDRESS {stored[body['url']]}" in error.detail
    imports = "".join(
        f'import {{\n  to = {address(url.rpartition("/")[2])}\n  id = "{stored[url]}"\n}}\n'
        for url in stored
        if url.startswith(URL) and address(url.rpartition("/")[2]) not in held
    )
    terraform.write(registering() + imports)
    terraform.apply()
    assert sorted(one["url"] for one in sandbox.store.all() if one["url"].startswith(URL)) == sorted(
        f"{URL}/{number}" for number in range(COUNT)
    ), "each once, as the errors said how"


@core
def test_updates(terraform: Terraform, sandbox: Sandbox) -> None:
    ids = applied(terraform, sandbox)
    terraform.write(registering("-new"))
    day = Day(sandbox, "update")
    outcome = terraform.apply(expect=1)
    for fault, body in day.met():
        where = next(where for where, callback_id in ids.items() if callback_id == body["callbackId"])
        assert sandbox.store.get(body["callbackId"])["url"].endswith("-new") is fault.done  # type: ignore[index]  # it exists
        state = terraform.state(where)["url"]
        if fault.name == "none":
            assert state.endswith("-new")
            continue
        error = error_at(outcome, where)
        assert not state.endswith("-new")
        assert f"Callback {body['callbackId']} " in error.summary
        assert ("may have been carried out" in error.detail) is not fault.sure
    writes = len(sandbox.writes())
    terraform.apply()
    assert {one.call for one in sandbox.writes()[writes:]} <= {"update"}
    assert all(one["url"].endswith("-new") for one in sandbox.store.all() if one["url"].startswith(URL))


@core
def test_destructions(terraform: Terraform, sandbox: Sandbox) -> None:
    ids = applied(terraform, sandbox)
    day = Day(sandbox, "delete")
    outcome = terraform.destroy(expect=1)
    held = terraform.instances()
    for fault, body in day.met():
        where = next(where for where, callback_id in ids.items() if callback_id == body["callbackId"])
        assert (sandbox.store.get(body["callbackId"]) is None) is fault.done
        assert (where in held) is (fault.name != "none")
        if fault.name != "none":
            # Terraform names no resource beside what went wrong with a destroy, so the error's own words have to.
            (error,) = [one for one in outcome.errors if f"Callback {body['callbackId']} " in one.summary]
            assert "T0KENPATH" not in error.text
            assert f"Callback {body['callbackId']} stays in the state." in error.detail
            assert ("may have been carried out" in error.detail) is not fault.sure
    terraform.write(PROVIDER)
    terraform.apply(unsettled="what a lost answer deleted is gone already, which is a warning")
    assert terraform.instances() == {}
    assert [one["callbackId"] for one in sandbox.store.all()] == [7001]


def test_refreshes(terraform: Terraform, sandbox: Sandbox) -> None:
    ids = applied(terraform, sandbox)
    sandbox.faults.add("queue-list", times=None, error_code="AccessDenied")
    day = Day(sandbox, "get-queue-by-id")
    outcome = terraform.plan(expect=1)
    failed = set()
    for fault, query in day.met():
        where = next(where for where, callback_id in ids.items() if callback_id == int(query["callbackId"]))
        if fault.name not in ("none", "400"):  # ECGrid's own 400 shows nothing, and is no failure
            error = error_at(outcome, where)
            assert error.summary == f"Callback {query['callbackId']} not read"
            assert "The state is unchanged." in error.detail
            failed.add(where)
    assert {one.address for one in outcome.errors} == failed
    assert len(failed) == COUNT - 2
    assert terraform.instances().keys() == ids.keys()
    assert terraform.plan().empty
