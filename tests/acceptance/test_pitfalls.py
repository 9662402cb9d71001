"""What Terraform does behind a provider's back, each of which a careless one would fall over."""

from __future__ import annotations

from pathlib import Path

import pytest

from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.acceptance.features import core, has, needs
from tests.acceptance.harness import EVERY_LINE, Terraform
from tests.unit.sandbox.endpoint import Endpoint

ADDRESS = "ecgrid_callback.orders"
URL = "https://app.example.com/orders"
NEW = (f'url = "{URL}"', 'event = "Parcel"')


def callback(*lines: str) -> str:
    """The configuration of one callback."""
    return "\n  ".join(('resource "ecgrid_callback" "orders" {', *lines)) + "\n}\n"


# ---- a change is planned again during its apply


def test_what_changes_at_ecgrid_between_plan_and_apply_of_a_take_over_is_no_inconsistency(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    terraform.write(callback("callback_id = 7001", 'status = "Active"'))
    plan = terraform.plan(expect=2)
    unknown = plan.change(ADDRESS)["after_unknown"]
    assert {"url", "event", "mailbox_id"} <= set(unknown), "what the plan read it must not promise"
    sandbox.store.change(7001, url=URL, event="Mailbox", mailboxId=9)
    terraform.run("apply", "-input=false", plan.file)
    state = terraform.state(ADDRESS)
    assert (state["url"], state["event"]) == (URL, "Mailbox")
    assert terraform.plan().empty


def test_what_changes_at_ecgrid_between_plan_and_apply_of_an_update_shows_in_the_next_plan(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    terraform.write(callback(*NEW, 'status = "Active"'))
    terraform.apply()
    terraform.write(callback(NEW[0], 'event = "Mailbox"', 'status = "Active"'))
    plan = terraform.plan(expect=2)
    sandbox.store.change(7002, url="https://app.example.com/elsewhere", status="Suspended")
    terraform.run("apply", "-input=false", plan.file)
    assert [write.body for write in sandbox.writes()][1:] == [{"callbackId": 7002, "event": "Mailbox"}]
    drift = terraform.plan(expect=2).changed(ADDRESS)
    assert drift == {"url": ("https://app.example.com/elsewhere", URL), "status": ("Suspended", "Active")}


# ---- a replacement is planned twice


def test_what_a_replacement_by_a_take_over_overwrites_is_said_although_terraform_drops_its_second_plans_warnings(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    other = sandbox.store.put(url="https://b.example.com/hook", event="Mailbox", status="Suspended")
    terraform.write(callback("callback_id = 7001", 'status = "Active"'))
    terraform.apply()
    terraform.write(callback(f"callback_id = {other}", 'status = "Active"'))
    plan = terraform.plan(expect=2)
    assert plan.actions == {ADDRESS: "replace"}
    said = [one.detail for one in plan.warnings if one.summary == f"Take-over overwrites callback {other}"]
    assert len(said) == 1
    assert f"callback {other} " in said[0]
    assert "- status: `Suspended` becomes `Active`" in said[0]


def test_a_replacement_registers_what_is_configured_although_its_first_plan_sees_what_ignore_changes_kept(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    ignoring = "lifecycle {\n    ignore_changes = [url, status]\n  }"
    terraform.write(callback(*NEW, "mailbox_id = 1", ignoring))
    terraform.apply()
    configured = ('url = "https://app.example.com/v2"', 'event = "Parcel"', 'status = "Suspended"', "mailbox_id = 1")
    terraform.write(callback(*configured, ignoring))
    assert terraform.plan().empty
    sandbox.requests.clear()
    terraform.apply(f"-replace={ADDRESS}")
    delete, create, update = [write.body for write in sandbox.writes()]
    assert delete == {"callbackId": 7002}
    assert create == {"url": "https://app.example.com/v2", "event": "Parcel", "mailboxId": 1}
    assert update == {"callbackId": 7003, "status": "Suspended"}


# ---- what Terraform keeps


def test_what_a_refresh_learned_is_kept_by_an_apply_without_changes(terraform: Terraform, sandbox: Sandbox) -> None:
    sandbox.faults.add("get-queue-by-id", error_code="ObjectNotFound")
    terraform.write(callback(*NEW))
    terraform.run("apply", "-auto-approve")
    assert "shown_by" not in terraform.private(ADDRESS)
    terraform.run("apply", "-auto-approve")
    assert [write.call for write in sandbox.writes()] == ["create"], "there was nothing to change"
    assert terraform.private(ADDRESS)["shown_by"] == "queue"


# ---- what the user reads


def test_terraform_folds_the_warnings_of_one_kind(terraform: Terraform, sandbox: Sandbox) -> None:
    terraform.write(callback('for_each = toset(["7001", "7002"])', "callback_id = each.key", 'on_destroy = "suspend"'))
    sandbox.store.put(url=URL)
    terraform.apply()
    said = terraform.run("plan", "-destroy", "-no-color").text
    assert said.count("Warning: Callback stays registered, suspended") == 1
    assert "(and one more similar warning elsewhere)" in said


# ---- actions


PAGE = Path(__file__).parents[2] / "docs" / "actions" / "callback_test.md"
TRIGGERED = """
resource "ecgrid_callback" "orders" {
  callback_id = 7001
  status      = "Active"

  lifecycle {
    action_trigger {
      events  = [%s]
      actions = [action.ecgrid_callback_test.smoke]
    }
  }
}

action "ecgrid_callback_test" "smoke" {
  config {
    callback_id = ecgrid_callback.orders.callback_id
  }
}
"""


@needs("action")
@core
@pytest.mark.parametrize("event", ["before_create", "before_update"])
def test_a_trigger_before_a_change_that_reads_its_own_resource_is_the_documented_cycle(
    terraform: Terraform, sandbox: Sandbox, event: str
) -> None:
    assert "an action that reads the same resource is a cycle" in PAGE.read_text(encoding="utf-8")
    terraform.write(TRIGGERED % event)
    assert "Cycle" in terraform.plan(expect=1).error.text
    assert sandbox.writes() == []


@EVERY_LINE
def test_an_action_block_needs_terraform_1_14(terraform: Terraform, sandbox: Sandbox, https_endpoint: Endpoint) -> None:
    sandbox.store.change(7001, url=https_endpoint.url)
    terraform.write(TRIGGERED % "after_create")
    able = has(terraform.release, "action")
    parsed = has(terraform.release, "action syntax")
    applied = terraform.run("apply", "-auto-approve", "-no-color", expect=0 if parsed else 1)
    assert [one.call for one in sandbox.requests if one.call == "test"] == ["test"] * able, applied
