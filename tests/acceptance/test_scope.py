"""The scope of a callback, `mailbox_id` and `network_id`: sent by a registration, and when a change of it replaces."""

from __future__ import annotations

import pytest

from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.acceptance.harness import BOTH_MODELS, Terraform

ADDRESS = "ecgrid_callback.orders"
URL = "https://app.example.com/webhooks/ecgrid"

IMPORT = 'import {\n  to = ecgrid_callback.orders\n  id = "7001"\n}\n'
# Its output is unknown in the plan that creates it.
SOURCE = 'resource "terraform_data" "mailbox" {\n  input = %d\n}\n'


def callback(*arguments: str, url: str = URL) -> str:
    """A callback without `callback_id` with these arguments beside URL and event."""
    lines = "\n  ".join((f'url = "{url}"', 'event = "Parcel"', *arguments))
    return f'resource "ecgrid_callback" "orders" {{\n  {lines}\n}}\n'


@BOTH_MODELS
def test_a_registration_sends_the_configured_scope_and_no_other(terraform: Terraform, sandbox: Sandbox) -> None:
    terraform.write(
        callback("mailbox_id = 5", "network_id = 0", url="https://a.example.com/")
        + callback(url="https://b.example.com/").replace("orders", "plain")
    )
    terraform.apply()
    bodies = sorted((one.body or {} for one in sandbox.writes()), key=lambda body: str(body["url"]))
    assert bodies == [
        {"url": "https://a.example.com/", "event": "Parcel", "mailboxId": 5, "networkId": 0},
        {"url": "https://b.example.com/", "event": "Parcel"},
    ], "an explicit 0 is sent, what is left out is not"
    state = terraform.state(ADDRESS)
    assert (state["mailbox_id"], state["network_id"]) == (5, 0)


@pytest.mark.parametrize("argument", ["mailbox_id", "network_id"])
def test_another_scope_than_the_states_replaces_the_callback(
    terraform: Terraform, sandbox: Sandbox, argument: str
) -> None:
    terraform.write(callback(f"{argument} = 5"))
    terraform.apply()
    (first,) = (one for one in sandbox.store.all() if one["callbackId"] != 7001)

    terraform.write(callback())
    assert terraform.plan().empty, "leaving the argument out changes nothing"

    terraform.write(callback(f"{argument} = 6"))
    plan = terraform.plan(expect=2)
    assert plan.actions == {ADDRESS: "replace"}
    assert plan.change(ADDRESS)["replace_paths"] == [[argument]]
    terraform.apply()
    assert [one.call for one in sandbox.writes()] == ["create", "delete", "create"]
    assert sandbox.store.get(first["callbackId"]) is None
    assert terraform.state(ADDRESS)[argument] == 6


def test_a_scope_that_is_unknown_at_plan_replaces_a_callback_whose_state_holds_one(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    terraform.write(callback("mailbox_id = 5"))
    terraform.apply()
    terraform.write(SOURCE % 6 + callback("mailbox_id = terraform_data.mailbox.output"))
    plan = terraform.plan(expect=2)
    assert plan.actions[ADDRESS] == "replace"
    terraform.apply()
    created = [one.body or {} for one in sandbox.writes() if one.call == "create"]
    assert [one["mailboxId"] for one in created] == [5, 6]


@pytest.mark.parametrize("source", ["known", "unknown"])
def test_a_null_in_the_state_takes_the_configured_scope_without_a_request_and_without_replacement(
    terraform: Terraform, sandbox: Sandbox, source: str
) -> None:
    """Such a state is an import's for the network, which no lookup shows, and here for the mailbox as well."""
    sandbox.faults.queue_list_needs_mailbox = True
    terraform.write(IMPORT + callback())
    terraform.apply()
    state = terraform.state(ADDRESS)
    assert (state["mailbox_id"], state["network_id"]) == (None, None)
    terraform.refresh()
    state = terraform.state(ADDRESS)
    assert (state["mailbox_id"], state["network_id"]) == (None, None), "a refresh never fills a scope"

    mailbox = "12345" if source == "known" else "terraform_data.mailbox.output"
    terraform.write(SOURCE % 12345 + callback(f"mailbox_id = {mailbox}", "network_id = 0"))
    plan = terraform.plan(expect=2)
    assert plan.actions[ADDRESS] == "update"
    expected = 12345 if source == "known" else "(unknown)"
    assert plan.changed(ADDRESS) == {"mailbox_id": (None, expected), "network_id": (None, 0)}
    terraform.apply()
    assert sandbox.writes() == []
    state = terraform.state(ADDRESS)
    assert (state["mailbox_id"], state["network_id"]) == (12345, 0)


def test_a_scope_learned_by_a_take_over_may_stand_and_another_replaces_the_callback(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    taken_over = 'resource "ecgrid_callback" "orders" {\n  callback_id = 7001\n'
    terraform.write(taken_over + "}\n")
    terraform.apply()
    assert terraform.state(ADDRESS)["mailbox_id"] == 12345
    terraform.write(taken_over + "  mailbox_id = 12345\n}\n")
    assert terraform.plan().empty
    assert sandbox.writes() == []
    terraform.write(callback("mailbox_id = 6", url="https://new.example.com/"))
    assert terraform.plan(expect=2).actions == {ADDRESS: "replace"}
