"""`moved` from what people use today: the plan is a take-over in place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from terraform_provider_ecgrid.sandbox.faults import LOOKUP_CALLS
from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.acceptance.features import has, needs
from tests.acceptance.harness import Terraform
from tests.acceptance.own_provider import offer
from tests.seed import UPDATE

pytestmark = needs("moved types")

ADDRESS = "ecgrid_callback.orders"
SECRETS = ("0ld-p4ssw0rd", "old-token")
SENT = (
    '{ callbackId = 7001, url = "https://app.example.com/webhooks/ecgrid?token=old-token", password = "0ld-p4ssw0rd" }'
)
RESTAPI = """
terraform {
  required_providers {
    ecgrid = {
      source = "ecgrid/ecgrid"
    }
    restapi = {
      source = "mastercard/restapi"
    }
  }
}
"""
OLD = {
    "restapi_object": f"""
resource "restapi_object" "orders" {{
  object_id = "7001"
  data      = jsonencode({SENT})
}}
""",
    "terraform_data": f"""
resource "terraform_data" "orders" {{
  input = {SENT}
}}
""",
}
NEW = """
moved {
  from = %s.orders
  to   = ecgrid_callback.orders
}

resource "ecgrid_callback" "orders" {
  %s
}
"""
CONFIGURED = """
  url            = "https://app.example.com/webhooks/ecgrid-v2"
  event          = "Parcel"
  status         = "Active"
  http_auth_type = "Basic"
  username       = "webhook_user"
  password       = "n3wP@ssword!"
"""

Begin = Callable[..., None]


@pytest.fixture
def begin(terraform: Terraform, tmp_path: Path) -> Begin:
    """Apply what people use today, and write what takes its place."""

    def begun(source: str, old: str, arguments: str = CONFIGURED) -> None:
        if source == "restapi_object":
            offer(terraform, tmp_path, "mastercard/restapi", "tests.restapi_provider", "RestapiProvider")
            terraform.write(RESTAPI, "versions.tf")
        terraform.write(old)
        terraform.apply(unsettled="what is moved is not looked at")
        terraform.write(NEW % (source, arguments))

    return begun


@pytest.mark.parametrize("terraform_version", ["path", "1.8", "1.15"])
@pytest.mark.parametrize("source", OLD)
def test_a_move_is_a_take_over_in_place_with_one_update(
    terraform: Terraform, sandbox: Sandbox, begin: Begin, source: str
) -> None:
    begin(source, OLD[source])
    plan = terraform.plan(expect=2, env={"TF_LOG": "TRACE"})
    assert plan.actions == {ADDRESS: "update"}
    assert plan.change(ADDRESS)["after"]["on_destroy"] == "retain"
    assert set(plan.changed(ADDRESS)) == {"url", "status", "http_auth_type", "username", "password"}
    assert plan.warnings == [], "the plan itself shows what is overwritten"
    assert {request.call for request in sandbox.requests} <= LOOKUP_CALLS, "a plan only reads"

    applied = terraform.apply()
    (write,) = sandbox.writes()
    assert (write.call, write.body) == ("update", UPDATE), "the event is at ECGrid as it is configured"
    assert set(terraform.instances()) == {ADDRESS}
    state = terraform.state(ADDRESS)
    assert (state["id"], state["event"], state["mailbox_id"]) == ("7001", "Parcel", 12345)
    private = terraform.private(ADDRESS)
    assert private["origin"] == "taken_over"
    assert "schema_version" not in private, "the other provider's is not kept"
    if has(terraform.release, "identity"):
        assert terraform.instances()[ADDRESS]["identity"] == {"callback_id": 7001}
    left = (terraform.folder / "terraform.tfstate").read_text(encoding="utf-8")
    for secret in SECRETS:
        assert secret not in str(plan) + str(applied) + plan.stderr + left

    terraform.destroy()
    assert len(sandbox.writes()) == 1, "it stays registered"


@pytest.mark.parametrize("lookups", ["registrations", "events"])
def test_a_move_to_a_block_without_arguments_sends_nothing_and_brings_what_an_import_brings(
    terraform: Terraform, sandbox: Sandbox, begin: Begin, lookups: str
) -> None:
    begin("terraform_data", OLD["terraform_data"], "")
    assert terraform.apply().warnings == []
    state = terraform.state(ADDRESS)
    shown = (state["url"], state["event"], state["status"], state["mailbox_id"], state["on_destroy"])
    assert shown == ("https://app.example.com/webhooks/ecgrid", "Parcel", "Suspended", 12345, "retain")
    assert (state["network_id"], state["http_auth_type"]) == ((5050, "None") if lookups == "events" else (None, None))
    assert sandbox.writes() == []


@pytest.mark.parametrize("lookups", ["refused"])
def test_a_move_of_a_callback_that_no_lookup_shows_says_so_once_and_sends_all(
    terraform: Terraform, sandbox: Sandbox, begin: Begin
) -> None:
    begin("terraform_data", OLD["terraform_data"])
    plan = terraform.plan(expect=2)
    assert plan.warning.summary == "Callback 7001 not shown by ECGrid"
    terraform.apply()
    (write,) = sandbox.writes()
    assert write.body == UPDATE | {"event": "Parcel"}
    assert terraform.plan().warning.summary == "Callbacks not visible at ECGrid"


def test_a_move_that_is_planned_without_a_refresh_is_a_take_over_too(
    terraform: Terraform, sandbox: Sandbox, begin: Begin
) -> None:
    begin("terraform_data", OLD["terraform_data"])
    terraform.apply("-refresh=false")
    (write,) = sandbox.writes()
    assert write.body == UPDATE | {"event": "Parcel"}
    assert terraform.private(ADDRESS)["origin"] == "taken_over"


def test_a_state_without_an_id_moves_nowhere(terraform: Terraform, sandbox: Sandbox, begin: Begin) -> None:
    begin("terraform_data", OLD["terraform_data"].replace("callbackId", "number"))
    error = terraform.plan(expect=1).error
    assert error.summary == "No callback id in the moved state"
    assert "`input.callback_id`, `input.callbackId`, `output.callback_id` or `output.callbackId`" in error.detail
    assert "`terraform import ecgrid_callback.NAME ID`" in error.detail
    assert not any(secret in error.text for secret in SECRETS)
    assert set(terraform.instances()) == {"terraform_data.orders"}
    assert sandbox.requests == []
