"""Destroying a callback: what each `on_destroy` sends, what plan and destroy say of it, and what counts as done."""

from __future__ import annotations

import pytest

from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.acceptance.harness import BOTH_MODELS, Terraform
from tests.acceptance.results import Diagnostic

ADDRESS = "ecgrid_callback.orders"
STAYS, SUSPENDED, TERMINATED, TO_BE_TERMINATED = (
    "Callback stays registered",
    "Callback stays registered, suspended",
    "Callback terminated permanently",
    "Callback will be terminated permanently",
)


def callback(name: str, *lines: str) -> str:
    """The configuration of a new callback with an endpoint of its own, with further lines."""
    own = (f'  url = "https://app.example.com/{name}?token=s3cr3t"', '  event = "Parcel"')
    return "\n".join([f'resource "ecgrid_callback" "{name}" {{', *own, *lines, "}", ""])


def one_of_each() -> str:
    """Callbacks 7002 to 7005 of the sandbox, in whatever order Terraform registers them."""
    return "".join(callback(name, f'  on_destroy = "{name}"') for name in ("delete", "suspend", "terminate", "retain"))


def ids_by_name(terraform: Terraform) -> dict[str, int]:
    return {
        address.rpartition(".")[2]: instance["attributes"]["callback_id"]
        for address, instance in terraform.instances().items()
    }


def by_summary(warnings: list[Diagnostic]) -> dict[str, str]:
    assert not any("s3cr3t" in one.text for one in warnings)
    return {one.summary: one.detail for one in warnings}


def assert_each_is_said(warnings: list[Diagnostic], ids: dict[str, int], *, planned: bool) -> None:
    """One warning for each way that the API sees no delete, and none for the delete: what will be, or what was."""
    said = by_summary(warnings)
    terminated = TO_BE_TERMINATED if planned else TERMINATED
    assert set(said) == {STAYS, SUSPENDED, terminated}
    assert all((" will " in one, " first " in one) == (planned, planned) for one in said.values())
    assert len(warnings) == 3, "a delete needs no warning"
    assert f"Callback {ids['retain']} " in said[STAYS]
    assert "stays registered" in said[STAYS]
    assert f"Callback {ids['suspend']} " in said[SUSPENDED]
    assert "stays registered" in said[SUSPENDED]
    assert f"Callback {ids['terminate']} " in said[terminated]
    assert "permanent" in said[terminated]


@BOTH_MODELS
def test_each_on_destroy_is_carried_out_and_said_by_plan_and_destroy(terraform: Terraform, sandbox: Sandbox) -> None:
    terraform.write(one_of_each())
    terraform.apply()
    ids = ids_by_name(terraform)
    registered = len(sandbox.writes())

    assert_each_is_said(terraform.plan("-destroy", expect=2).warnings, ids, planned=True)
    terraform.write("")
    removed = terraform.plan(expect=2)
    assert set(removed.actions.values()) == {"delete"}
    assert_each_is_said(removed.warnings, ids, planned=True)
    assert len(sandbox.writes()) == registered, "a plan writes nothing"

    # A saved plan, so that what the destroy says is not the plan's warning over again.
    assert_each_is_said(terraform.apply(removed.file).warnings, ids, planned=False)
    sent = [(write.method, write.path, write.body) for write in sandbox.writes()[registered:]]
    expected = [
        ("DELETE", "/v2/callbacks", {"callbackId": ids["delete"]}),
        ("POST", "/v2/callbacks/update", {"callbackId": ids["suspend"], "status": "Suspended"}),
        ("POST", "/v2/callbacks/update", {"callbackId": ids["terminate"], "status": "Terminated"}),
    ]
    assert sorted(sent, key=str) == sorted(expected, key=str), "`retain` sends nothing"
    assert terraform.instances() == {}
    stored = {one["callbackId"]: one["status"] for one in sandbox.store.all()}
    assert stored == {
        7001: "Suspended",
        ids["suspend"]: "Suspended",
        ids["terminate"]: "Terminated",
        ids["retain"]: "Active",
    }


def test_the_on_destroy_that_was_applied_last_counts_not_the_configured_one(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    terraform.write(callback("orders", '  on_destroy = "retain"'))
    terraform.apply()
    terraform.write(callback("orders", '  on_destroy = "delete"'))
    assert set(by_summary(terraform.destroy().warnings)) == {STAYS}
    assert [write.call for write in sandbox.writes()] == ["create"]


def test_several_callbacks_of_one_kind_share_one_summary(terraform: Terraform, sandbox: Sandbox) -> None:
    terraform.write(callback("one", '  on_destroy = "retain"') + callback("two", '  on_destroy = "retain"'))
    terraform.apply()
    warnings = terraform.plan("-destroy", expect=2).warnings
    assert {one.summary for one in warnings} == {STAYS}, "so that Terraform can fold them together"


@BOTH_MODELS
def test_a_callback_that_is_not_found_counts_as_destroyed_with_a_warning(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    terraform.write(callback("delete", '  on_destroy = "delete"') + callback("suspend", '  on_destroy = "suspend"'))
    terraform.apply()
    for callback_id in (7002, 7003):
        sandbox.store.remove(callback_id)
    warnings = [one for one in terraform.destroy("-refresh=false").warnings if one.summary not in (SUSPENDED, STAYS)]
    assert {one.summary for one in warnings} == {"Callback 7002 not found", "Callback 7003 not found"}
    said = " ".join(one.detail for one in warnings)
    assert "7002" in said
    assert "7003" in said
    assert all("A credential of another account gets the same answer" in one.detail for one in warnings)
    assert terraform.instances() == {}


@BOTH_MODELS
@pytest.mark.parametrize("known", [True, False], ids=["as the state knows", "behind its back"])
def test_a_terminated_callback_counts_as_suspended_and_as_terminated(
    terraform: Terraform, sandbox: Sandbox, known: bool
) -> None:
    status = ('  status = "Terminated"',) if known else ()
    lines = {name: (f'  on_destroy = "{name}"', *status) for name in ("suspend", "terminate")}
    terraform.write("".join(callback(name, *more) for name, more in lines.items()))
    terraform.apply()
    ids = ids_by_name(terraform)
    for callback_id in ids.values():
        sandbox.store.change(callback_id, status="Terminated")
    before = len(sandbox.writes())
    said = by_summary(terraform.destroy("-refresh=false").warnings)
    assert terraform.instances() == {}
    assert "`Terminated`" in said["Callback stays registered, terminated"]
    assert f"Callback {ids['terminate']} " in said[TERMINATED]
    if known:
        assert len(sandbox.writes()) == before, "there is nothing to send"
    stored = {one["callbackId"]: one["status"] for one in sandbox.store.all()}
    assert {stored[callback_id] for callback_id in ids.values()} == {"Terminated"}


def test_a_delete_that_was_answered_with_false_is_an_error_and_stays_in_the_state(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    terraform.write(callback("orders"))
    terraform.apply()
    sandbox.faults.add("delete", transform=lambda _data: False)
    error = terraform.destroy(expect=1).error
    assert "7002" in error.summary
    assert "`false`" in error.detail
    assert terraform.state(ADDRESS)["callback_id"] == 7002


def test_a_destroy_that_failed_says_why_and_stays_in_the_state(terraform: Terraform, sandbox: Sandbox) -> None:
    terraform.write(callback("delete") + callback("suspend", '  on_destroy = "suspend"'))
    terraform.apply()
    sandbox.faults.add("delete", error_code="AccessDenied")
    sandbox.faults.add("update", transform=lambda data: data | {"status": "Active"})
    outcome = terraform.destroy(expect=1)
    errors = {one.summary: one.detail for one in outcome.errors}
    ids = ids_by_name(terraform)
    assert set(ids) == {"delete", "suspend"}, "both stay in the state"
    assert "AccessDenied" in errors[f"Callback {ids['delete']} not destroyed"]
    assert "ECGrid returned `Active`" in errors[f"Callback {ids['suspend']} not destroyed"]
