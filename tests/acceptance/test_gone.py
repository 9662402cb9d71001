"""When a callback leaves the state: only on evidence that ECGrid's weak lookups cannot give by accident."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.acceptance.harness import Terraform

ADDRESS = "ecgrid_callback.orders"

# What is refused here is refused for good; there is nothing to wait for.
IMPATIENT = 'provider "ecgrid" {\n  max_retries = 0\n}\n'

REGISTERED = """
resource "ecgrid_callback" "orders" {
  url   = "https://app.example.com/webhooks/ecgrid?token=t0ken"
  event = "Parcel"
}
"""

Page = dict[str, Any]


def registered(terraform: Terraform, sandbox: Sandbox, hcl: str = REGISTERED) -> int:
    """Register a callback by Terraform and return its id."""
    terraform.write(IMPATIENT + hcl)
    terraform.apply()
    return int(terraform.state(ADDRESS)["callback_id"])


def with_delivery(**sign: Any) -> Callable[[Page], Page]:
    """A queue-list in which the entry of another callback shows that deliveries are listed."""

    def transform(page: Page) -> Page:
        return page | {"queueEntries": [entry | sign for entry in page["queueEntries"]]}

    return transform


def test_a_callback_that_was_removed_leaves_the_state_with_a_warning_and_is_registered_once_again(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    callback_id = registered(terraform, sandbox)
    sandbox.store.remove(callback_id)
    plan = terraform.plan(expect=2)
    assert plan.actions == {ADDRESS: "create"}
    assert f"callback {callback_id}" in plan.warning.text
    assert f"callback_id = {callback_id}" in plan.warning.text, "how to adopt it again"
    assert "this credential belongs to another account" in plan.warning.text
    assert f"terraform import ADDRESS {callback_id}" in plan.warning.text
    assert "t0ken" not in plan.warning.text

    terraform.apply()
    assert [one["callbackId"] for one in sandbox.store.all()] == [7001, callback_id + 1]
    assert terraform.state(ADDRESS)["callback_id"] == callback_id + 1


def test_a_taken_over_callback_that_was_removed_is_neither_registered_nor_kept(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    terraform.write(IMPATIENT + 'resource "ecgrid_callback" "orders" {\n  callback_id = 7001\n  status = "Active"\n}\n')
    terraform.apply()
    sandbox.store.remove(7001)
    applied = terraform.apply(expect=1)
    assert "7001" in applied.error.text
    assert applied.error.attribute == "callback_id"
    assert "is gone, or it belongs to" in applied.error.text
    assert sandbox.store.all() == []
    assert terraform.instances() == {}


# The same page again, whichever is asked for.
FULL = {"recordsPerPage": 1, "queueEntries": [{"callbackId": 5, "event": "Parcel", "status": "Active"}]}
KEEPING: dict[str, tuple[str, dict[str, Any]]] = {
    "get-queue-by-id answers, but with nothing": (
        "get-queue-by-id",
        {"body": '{"success": true, "data": {"totalRecords": 0, "queueEntries": []}}'},
    ),
    "queue-list is refused": ("queue-list", {"error_code": "AccessDenied"}),
    "queue-list ends with a full page": ("queue-list", {"transform": lambda page: page | FULL}),
    "queue-list lists deliveries": ("queue-list", {"transform": with_delivery(callBackQueueId=1)}),
}


def test_a_single_missing_piece_of_evidence_keeps_a_callback(terraform: Terraform, sandbox: Sandbox) -> None:
    callback_id = registered(terraform, sandbox)
    record = sandbox.store.get(callback_id)
    assert record is not None
    sandbox.faults.add("get-queue-by-id", error_code="ObjectNotFound")
    plan = terraform.plan()
    assert (plan.empty, plan.diagnostics) == (True, []), "the queue-list shows it"
    sandbox.store.remove(callback_id)
    for circumstance, (call, fault) in KEEPING.items():
        sandbox.faults.add(call, times=None, **fault)
        plan = terraform.plan()
        assert (plan.empty, plan.diagnostics) == (True, []), f"{circumstance}\n{plan}"
        sandbox.faults.reset()
    # None of these plans was applied, so all of them, and this one, start from the same state.
    assert terraform.plan().actions == {ADDRESS: "create"}


def test_a_failing_lookup_is_an_error_and_no_evidence(terraform: Terraform, sandbox: Sandbox) -> None:
    callback_id = registered(terraform, sandbox)
    sandbox.store.remove(callback_id)
    for call in ("get-queue-by-id", "queue-list"):
        sandbox.faults.add(call, error_code="InternalError")
        plan = terraform.plan(expect=1)
        assert f"Callback {callback_id} not read" in plan.error.text, call
        assert "The state is unchanged" in plan.error.text, call


def test_a_callback_that_no_lookup_has_shown_stays_until_a_refresh_shows_it(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    # The one lookup after the first apply fails, which fails nothing.
    sandbox.faults.add("get-queue-by-id", error_code="InternalError")
    terraform.write(IMPATIENT + REGISTERED)
    applied = terraform.apply()
    assert applied.diagnostics == []
    assert [request.status for request in sandbox.requests if request.call == "get-queue-by-id"][:1] == [500]
    callback_id = int(terraform.state(ADDRESS)["callback_id"])
    record = sandbox.store.get(callback_id)
    assert record is not None

    sandbox.store.remove(callback_id)
    plan = terraform.plan()
    assert (plan.empty, plan.diagnostics) == (True, []), "nothing has shown it yet"

    del record["created"]
    sandbox.store.put(**record)
    terraform.refresh()
    sandbox.store.remove(callback_id)
    assert terraform.plan().actions == {ADDRESS: "create"}, "a refresh has shown it"


def test_an_api_that_once_listed_deliveries_is_never_believed_again(terraform: Terraform, sandbox: Sandbox) -> None:
    callback_id = registered(terraform, sandbox)
    sandbox.store.remove(callback_id)
    sandbox.faults.add("queue-list", transform=with_delivery(callsRemaining=3))
    terraform.refresh()
    assert ADDRESS in terraform.instances()
    plan = terraform.plan()
    assert (plan.empty, plan.diagnostics) == (True, [])


@pytest.mark.parametrize("status", ["Suspended", "Terminated"])
def test_a_callback_that_ecgrid_may_hide_leaves_only_if_the_list_of_its_status_lacks_it_too(
    terraform: Terraform, sandbox: Sandbox, status: str
) -> None:
    callback_id = registered(terraform, sandbox, REGISTERED.replace("  event", f'  status = "{status}"\n  event'))
    sandbox.store.remove(callback_id)

    def hidden(page: Page) -> Page:
        return page | {"queueEntries": [{"callbackId": callback_id, "status": status}], "totalRecords": 1}

    circumstances: dict[str, dict[str, Any]] = {
        "refused": {"error_code": "AccessDenied"},
        "not in full": {"transform": lambda page: page | FULL},
        "of deliveries": {"transform": lambda page: page | {"queueEntries": [{"callbackId": 5, "nextCall": None}]}},
    }
    for circumstance, fault in circumstances.items():
        of_status(sandbox, **fault)
        plan = terraform.plan()
        assert (plan.empty, plan.diagnostics) == (True, []), f"{circumstance}\n{plan}"
        sandbox.faults.reset()
    of_status(sandbox, transform=hidden)
    plan = terraform.plan()
    assert (plan.empty, plan.diagnostics) == (True, []), "the list of its status shows it"
    sandbox.faults.reset()

    sandbox.requests.clear()
    plan = terraform.plan(expect=2)
    assert plan.actions == {ADDRESS: "create"}
    assert f"callback {callback_id}" in plan.warnings[0].text
    asked = [(request.body or {}).get("status") for request in sandbox.requests if request.call == "queue-list"]
    assert {None, status} <= set(asked)


def of_status(sandbox: Sandbox, **fault: Any) -> None:
    """Let everything go wrong with queue-list but its first answer, the one without a status."""
    sandbox.faults.add("queue-list", transform=lambda page: page)
    sandbox.faults.add("queue-list", times=None, **fault)


def test_an_update_of_a_callback_that_is_gone_says_so_and_how_to_go_on(terraform: Terraform, sandbox: Sandbox) -> None:
    callback_id = registered(terraform, sandbox)
    before = terraform.state(ADDRESS)
    terraform.write(IMPATIENT + REGISTERED.replace("Parcel", "Interchange"))
    sandbox.store.remove(callback_id)
    applied = terraform.apply("-refresh=false", expect=1)
    assert f"Callback {callback_id} is gone, or it belongs to" in applied.error.text
    assert "-replace" in applied.error.text
    assert "state rm" in applied.error.text
    assert "t0ken" not in applied.error.text
    assert terraform.state(ADDRESS) == before
    assert [one["callbackId"] for one in sandbox.store.all()] == [7001]


def test_a_callback_that_hides_once_it_is_suspended_stays(terraform: Terraform, sandbox: Sandbox) -> None:
    callback_id = registered(terraform, sandbox)
    sandbox.faults.hide_suspended = True
    terraform.write(IMPATIENT + REGISTERED.replace("  event", '  status = "Suspended"\n  event'))
    terraform.apply()
    terraform.refresh()
    assert terraform.state(ADDRESS)["callback_id"] == callback_id
    assert terraform.plan().empty


def test_a_callback_that_somebody_else_suspended_and_only_its_statuss_list_shows_is_drift(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    callback_id = registered(terraform, sandbox, REGISTERED.replace("  event", '  status = "Active"\n  event'))
    sandbox.store.change(callback_id, status="Suspended")
    sandbox.faults.add("get-queue-by-id", times=None, error_code="ObjectNotFound")
    sandbox.faults.add("queue-list", transform=lambda page: page | {"queueEntries": [], "totalRecords": 0})
    plan = terraform.plan(expect=2)
    assert plan.warnings == []
    assert plan.changed(ADDRESS) == {"status": ("Suspended", "Active")}
