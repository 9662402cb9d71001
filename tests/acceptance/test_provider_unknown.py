"""A provider argument that is not known at plan: nothing is asked, nothing falls back, and the apply makes it good."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.acceptance.features import needs
from tests.acceptance.harness import Terraform

ADDRESS = "ecgrid_callback.orders"
NEW = "ecgrid_callback.new"

TAKEN_OVER = 'resource "ecgrid_callback" "orders" {\n  callback_id = 7001\n  status      = "Active"\n}\n'
REGISTERED = """
resource "ecgrid_callback" "new" {
  url   = "https://new.example.com/webhooks/new?token=s3cr3t"
  event = "Mailbox"
}
"""

# What it holds is in the state after an apply, and unknown in every plan that gives it another input.
SOURCE = 'resource "terraform_data" "account" {\n  input = "%s"\n}\n'


def unknown(argument: str, value: str, *others: str) -> str:
    """A provider block whose `argument` is known only after an apply."""
    lines = "\n  ".join((f"{argument} = terraform_data.account.output", *others))
    return f'{SOURCE % value}provider "ecgrid" {{\n  {lines}\n}}\n'


@pytest.fixture
def elsewhere(terraform: Terraform) -> Iterator[Sandbox]:
    """The API that the environment names, and that nobody may ask."""
    with Sandbox() as other:
        terraform.env["ECGRID_BASE_URL"] = other.url
        yield other
        assert other.requests == [], "an unknown base_url fell back to the environment"


def test_a_plan_with_an_unknown_base_url_keeps_what_the_state_has_and_warns_once(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    terraform.write(TAKEN_OVER + REGISTERED)
    terraform.apply()
    sandbox.store.remove(7001)  # a refresh that asked would see that it is gone
    before = terraform.instances()
    sandbox.requests.clear()

    taking_over = 'resource "ecgrid_callback" "third" {\n  callback_id = 7003\n  status = "Active"\n}\n'
    terraform.write(unknown("base_url", sandbox.url) + TAKEN_OVER + REGISTERED + taking_over)
    plan = terraform.plan(expect=2)
    assert plan.actions == {"terraform_data.account": "create", "ecgrid_callback.third": "create"}
    assert plan.warning.summary == "ECGrid not called"
    assert "`base_url`" in plan.warning.detail
    assert "-target" in plan.warning.detail, "it says what to do"
    assert sandbox.requests == []
    assert terraform.instances() == before


def test_an_apply_that_learns_the_base_url_takes_over_and_registers_there(
    terraform: Terraform, sandbox: Sandbox, elsewhere: Sandbox
) -> None:
    terraform.write(unknown("base_url", sandbox.url) + TAKEN_OVER + REGISTERED)
    plan = terraform.plan(expect=2)
    assert plan.actions == {"terraform_data.account": "create", ADDRESS: "create", NEW: "create"}
    assert plan.warning.summary == "ECGrid not called"
    assert sandbox.requests == []
    applied = terraform.apply(unsettled="it warns")
    assert [one.summary for one in applied.warnings] == ["ECGrid not called", "Take-over overwrites callback 7001"], (
        "the plan that is made again during the apply can look at the callback"
    )
    assert {one.call: one.body for one in sandbox.writes()} == {
        "update": {"callbackId": 7001, "status": "Active"},
        "create": {"url": "https://new.example.com/webhooks/new?token=s3cr3t", "event": "Mailbox"},
    }
    assert terraform.plan().empty, "what was learned at apply is known now"


@pytest.mark.parametrize("argument", ["request_timeout", "max_retries"])
def test_any_other_unknown_argument_stops_the_plans_requests_as_well(
    terraform: Terraform, sandbox: Sandbox, argument: str
) -> None:
    terraform.write(unknown(argument, "7") + TAKEN_OVER)
    plan = terraform.plan(expect=2)
    assert f"`{argument}`" in plan.warning.detail
    assert sandbox.requests == []


@needs("write-only")  # and so ephemeral variables, which keep the credential out of the plan file
@pytest.mark.parametrize("argument", ["api_key", "access_token"])
def test_an_unknown_credential_stops_the_plans_requests_and_none_of_the_environment_takes_its_place(
    terraform: Terraform, sandbox: Sandbox, argument: str
) -> None:
    """Its beginning is known, which Terraform tells the provider as well: an unknown all the same."""
    terraform.env |= {"ECGRID_API_KEY": "key-of-another-account", "ECGRID_ACCESS_TOKEN": "token-of-another-account"}
    terraform.env["TF_VAR_credential"] = sandbox.api_key if argument == "api_key" else "sandbox-token"
    terraform.write(
        'variable "credential" {\n  sensitive = true\n  ephemeral = true\n}\n'
        'resource "terraform_data" "account" {}\n'
        f'provider "ecgrid" {{\n  {argument} = "${{var.credential}}${{substr(terraform_data.account.id, 0, 0)}}"\n}}\n'
        + TAKEN_OVER
    )
    plan = terraform.plan(expect=2)
    assert f"`{argument}`" in plan.warning.detail
    assert sandbox.requests == []
    terraform.apply(unsettled="it warns")
    sent = {(one.headers.get("x-api-key"), one.headers.get("authorization")) for one in sandbox.requests}
    assert sent == {(sandbox.api_key, None) if argument == "api_key" else (None, "Bearer sandbox-token")}


def test_every_data_source_that_would_have_to_ask_is_an_error_that_names_the_argument(
    terraform: Terraform, sandbox: Sandbox, elsewhere: Sandbox
) -> None:
    terraform.write(
        unknown("base_url", sandbox.url)
        + 'data "ecgrid_callback" "one" {\n  callback_id = 7001\n}\n'
        + 'data "ecgrid_callbacks" "all" {}\n'
        + 'data "ecgrid_callback_events" "all" {}\n'
        + 'data "ecgrid_mailbox" "one" {\n  name = "ACME-ORDERS"\n}\n'
        + 'data "ecgrid_mailboxes" "all" {}\n'
        + 'data "ecgrid_current_user" "me" {}\n'
    )
    plan = terraform.plan(expect=1)
    assert {one.address for one in plan.errors} == {
        "data.ecgrid_callback.one",
        "data.ecgrid_callbacks.all",
        "data.ecgrid_callback_events.all",
        "data.ecgrid_mailbox.one",
        "data.ecgrid_mailboxes.all",
        "data.ecgrid_current_user.me",
    }
    for error in plan.errors:
        assert error.summary == "ECGrid not called"
        assert "`base_url`" in error.detail
    assert sandbox.requests == []


def test_an_import_is_an_error_that_names_the_argument(
    terraform: Terraform, sandbox: Sandbox, elsewhere: Sandbox
) -> None:
    block = 'import {\n  to = ecgrid_callback.orders\n  id = "7001"\n}\n'
    terraform.write(unknown("base_url", sandbox.url) + TAKEN_OVER + block)
    error = terraform.plan(expect=1).error
    assert error.summary == "ECGrid not called"
    for words in ("7001", "`base_url`"):
        assert words in error.detail
    assert sandbox.requests == []


def test_a_destroy_asks_where_the_state_says(terraform: Terraform, sandbox: Sandbox, elsewhere: Sandbox) -> None:
    terraform.write(unknown("base_url", sandbox.url) + REGISTERED)
    terraform.apply()
    terraform.destroy()
    assert [one.call for one in sandbox.writes()] == ["create", "delete"]
    assert terraform.instances() == {}
