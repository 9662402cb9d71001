"""Refreshing a callback: what comes from ECGrid, what stays the state's, and what is no answer at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.acceptance.harness import Terraform

ADDRESS = "ecgrid_callback.orders"

# A refused answer needs no second attempt here, and no wait for one.
IMPATIENT = 'provider "ecgrid" {\n  max_retries = 0\n}\n'

WHOLE = """
resource "ecgrid_callback" "orders" {
  callback_id    = 7001
  url            = "https://app.example.com/webhooks/ecgrid-v2"
  event          = "Parcel"
  status         = "Active"
  http_auth_type = "Basic"
  username       = "webhook_user"
  password       = "n3wP@ssword!"
}
"""

BARE = 'resource "ecgrid_callback" "orders" {\n  callback_id = 7001\n}\n'


def answering(**fields: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """A lookup's answer with these fields in the place of its own."""
    return lambda data: data | fields


def test_what_changes_at_ecgrid_shows_in_the_plan_but_for_what_no_read_returns(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    terraform.write(WHOLE)
    terraform.apply()
    sandbox.store.change(
        7001,
        url="https://elsewhere.example.com/",
        event="Interchange",
        status="Suspended",
        httpAuthType="Digest",
        username="somebody",
        password="else",
    )
    drift = terraform.plan(expect=2)
    assert drift.actions == {ADDRESS: "update"}
    assert drift.changed(ADDRESS) == {
        "url": ("https://elsewhere.example.com/", "https://app.example.com/webhooks/ecgrid-v2"),
        "event": ("Interchange", "Parcel"),
        "status": ("Suspended", "Active"),
    }

    terraform.refresh()
    state = terraform.state(ADDRESS)
    assert (state["url"], state["event"], state["status"]) == (
        "https://elsewhere.example.com/",
        "Interchange",
        "Suspended",
    )
    assert (state["http_auth_type"], state["username"], state["password"]) == ("Basic", "webhook_user", "n3wP@ssword!")

    terraform.apply()
    assert sandbox.writes()[-1].body == {
        "callbackId": 7001,
        "url": "https://app.example.com/webhooks/ecgrid-v2",
        "event": "Parcel",
        "status": "Active",
    }


def test_registering_taking_over_and_importing_fill_the_scope(terraform: Terraform, sandbox: Sandbox) -> None:
    sandbox.store.put(callbackId=8001, mailboxId=777, url="https://app.example.com/imported")
    terraform.write(
        """
resource "ecgrid_callback" "registered" {
  url       = "https://app.example.com/registered"
  event     = "Parcel"
  mailbox_id = 555
}
resource "ecgrid_callback" "taken_over" {
  callback_id = 7001
  status      = "Active"
}
import {
  to = ecgrid_callback.imported
  id = "8001"
}
resource "ecgrid_callback" "imported" {
  event = "Parcel"
}
"""
    )
    terraform.apply()
    scopes = {
        name: (terraform.state(f"ecgrid_callback.{name}")["mailbox_id"], state["network_id"])
        for name in ("registered", "taken_over", "imported")
        if (state := terraform.state(f"ecgrid_callback.{name}"))
    }
    assert scopes["registered"] == (555, 0)
    assert scopes["taken_over"] == (12345, 0)
    assert scopes["imported"][0] == 777


def test_taking_over_by_reading_alone_fills_the_mailbox_from_the_list(terraform: Terraform, sandbox: Sandbox) -> None:
    terraform.write(BARE)
    terraform.apply()
    assert terraform.state(ADDRESS)["mailbox_id"] == 12345
    assert sandbox.writes() == []


def test_a_refresh_does_not_fill_a_scope_that_is_null_in_the_state(terraform: Terraform, sandbox: Sandbox) -> None:
    sandbox.faults.queue_list_needs_mailbox = True
    terraform.write('resource "ecgrid_callback" "orders" {\n  event = "Parcel"\n}\n')
    terraform.import_(ADDRESS, 7001)
    assert terraform.state(ADDRESS)["mailbox_id"] is None, "this test needs an import that could not read the mailbox"

    sandbox.faults.queue_list_needs_mailbox = False
    sandbox.store.change(7001, url="https://elsewhere.example.com/")
    sandbox.faults.add("get-queue-by-id", times=None, transform=answering(mailboxId=12345, networkId=9))
    terraform.refresh()
    state = terraform.state(ADDRESS)
    assert state["url"] == "https://elsewhere.example.com/", "the refresh must have read the callback"
    assert (state["mailbox_id"], state["network_id"]) == (None, None)
    assert terraform.plan().empty


def test_an_event_outside_the_enumeration_is_shown_and_stops_nothing_but_cannot_be_configured(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    sandbox.store.change(7001, event="ParcelNotes")
    terraform.write(BARE)
    terraform.apply()
    assert terraform.state(ADDRESS)["event"] == "ParcelNotes"

    terraform.write(BARE.replace("7001\n", '7001\n  url = "https://app.example.com/v3"\n'))
    terraform.apply()
    assert sandbox.writes()[-1].body == {"callbackId": 7001, "url": "https://app.example.com/v3"}

    terraform.write(BARE.replace("7001\n", '7001\n  event = "ParcelNotes"\n'))
    refused = terraform.plan(expect=1)
    assert refused.error.attribute == "event"
    assert "ParcelNotes" in refused.error.detail
    assert "omit `event`" in refused.error.detail, "the way out"


def test_an_answer_about_another_callback_is_no_answer(terraform: Terraform, sandbox: Sandbox) -> None:
    terraform.write(IMPATIENT + WHOLE)
    terraform.apply()
    before = terraform.state(ADDRESS)
    sandbox.faults.add(
        "get-queue-by-id", transform=answering(callbackId=7002, url="https://elsewhere.example.com/secret")
    )
    assert terraform.plan(expect=0).diagnostics == [], "another lookup shows it"

    terraform.write(IMPATIENT + WHOLE.replace("-v2", "-v3"))
    sandbox.faults.add("update", transform=answering(callbackId=7002))
    update = terraform.apply(expect=1)
    assert "7001" in update.error.text
    assert "may have been carried out" in update.error.text
    assert terraform.state(ADDRESS) == before
