"""Identity (Terraform 1.12 and newer): in the state whatever brought the callback there, and enough to import it."""

from __future__ import annotations

import json
from typing import Any

from terraform_provider_ecgrid.sandbox.faults import LOOKUP_CALLS
from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.acceptance.features import core, needs
from tests.acceptance.harness import BOTH_MODELS, Terraform

pytestmark = [needs("identity"), core]

ADDRESS = "ecgrid_callback.orders"

URL = "https://app.example.com/webhooks/ecgrid"
CONFIGURED = f'resource "ecgrid_callback" "orders" {{\n  url   = "{URL}"\n  event = "Parcel"\n}}\n'
BLOCK = "import {\n  to       = ecgrid_callback.orders\n  identity = { callback_id = 7001 }\n}\n"


def identity(terraform: Terraform, address: str = ADDRESS) -> Any:
    """The identity that the state holds."""
    return terraform.instances()[address].get("identity")


def test_an_import_by_identity_is_an_import_of_that_id(terraform: Terraform, sandbox: Sandbox) -> None:
    terraform.write(BLOCK + CONFIGURED)
    plan = terraform.plan()
    assert plan.actions == {ADDRESS: "import"}
    assert plan.warnings == []
    terraform.apply()
    assert identity(terraform) == {"callback_id": 7001}
    state = terraform.state(ADDRESS)
    assert (state["callback_id"], state["mailbox_id"], state["on_destroy"]) == (7001, 12345, "delete")
    assert {one.call for one in sandbox.requests} <= LOOKUP_CALLS


def test_imports_by_identity_work_for_each_and_with_generated_configuration(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    other = sandbox.store.put(url="https://b.example.com/hook", event="Mailbox", mailboxId=9)
    terraform.write(
        f"locals {{\n  ids = {{ orders = 7001, boxes = {other} }}\n}}\n"
        "import {\n  for_each = local.ids\n  to = ecgrid_callback.each[each.key]\n"
        "  identity = { callback_id = each.value }\n}\n"
        'resource "ecgrid_callback" "each" {\n  for_each = local.ids\n}\n'
    )
    terraform.apply()
    assert identity(terraform, 'ecgrid_callback.each["boxes"]') == {"callback_id": other}

    terraform.run("state", "rm", "ecgrid_callback.each")
    terraform.write(BLOCK)
    plan = terraform.plan("-generate-config-out=generated.tf")
    assert plan.actions == {ADDRESS: "import"}
    terraform.apply()
    assert {one.call for one in sandbox.requests} <= LOOKUP_CALLS


def test_an_identity_that_no_lookup_shows_is_an_error_that_names_it(terraform: Terraform, sandbox: Sandbox) -> None:
    terraform.write(BLOCK.replace("7001", "7999") + CONFIGURED)
    error = terraform.plan(expect=1).error
    assert error.summary == "Callback not shown by ECGrid"
    assert "`callback_id = 7999`" in error.detail


@BOTH_MODELS
def test_the_state_holds_the_identity_of_a_registered_a_replaced_and_a_taken_over_callback(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    """A plan whose identity were partly unknown could not even be shown as JSON, which the harness asks for."""
    configured = CONFIGURED.replace("  event", "  network_id = 5050\n  event")  # a replacement must not lose it
    terraform.write(configured + 'resource "ecgrid_callback" "old" {\n  callback_id = 7001\n}\n')
    sandbox.store.change(7001, event="Mailbox")
    plan = terraform.plan(expect=2)
    assert plan.change(ADDRESS).get("after_identity") is None, "the id of a new callback is not known yet"
    terraform.apply()
    assert identity(terraform) == {"callback_id": 7002}
    assert identity(terraform, "ecgrid_callback.old") == {"callback_id": 7001}

    terraform.write(configured.replace('"Parcel"', '"Network"'))
    terraform.apply()
    assert identity(terraform) == {"callback_id": 7002}, "an update keeps it"

    replaced = terraform.plan("-replace", ADDRESS, expect=2)
    assert replaced.change(ADDRESS)["actions"] == ["delete", "create"]
    terraform.apply("-replace", ADDRESS, unsettled="asked for by -replace")
    assert identity(terraform) == {"callback_id": 7003}


def test_a_state_of_an_older_terraform_gets_its_identity_by_the_next_refresh(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    terraform.write(CONFIGURED)
    terraform.import_(ADDRESS, 7001)
    file = terraform.folder / "terraform.tfstate"
    state = json.loads(file.read_text())
    instance = state["resources"][0]["instances"][0]
    del instance["identity"], instance["identity_schema_version"]
    state["serial"] += 1
    file.write_text(json.dumps(state))
    assert identity(terraform) is None
    terraform.refresh()
    assert identity(terraform) == {"callback_id": 7001}
