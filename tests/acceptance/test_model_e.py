"""What model E shows beyond model Q: the authentication type, the scope, suspended callbacks, a strong "gone"."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.acceptance.features import core
from tests.acceptance.harness import Terraform
from tests.acceptance.test_data_sources import AT, data, read
from tests.acceptance.test_first_contact import BLIND
from tests.acceptance.test_refresh_in_pages import MANY, calls, register

pytestmark = pytest.mark.parametrize("lookups", ["events"])

ADDRESS = "ecgrid_callback.orders"
IMPATIENT = 'provider "ecgrid" {\n  max_retries = 0\n}\n'
IN_A_MAILBOX = """
resource "ecgrid_callback" "orders" {
  url        = "https://app.example.com/webhooks/orders"
  event      = "Parcel"
  mailbox_id = 12345
}
"""


def registered(terraform: Terraform, hcl: str = IN_A_MAILBOX) -> int:
    """Register a callback by Terraform and return its id."""
    terraform.write(IMPATIENT + hcl)
    terraform.apply()
    return int(terraform.state(ADDRESS)["callback_id"])


@core
def test_an_import_brings_scope_and_authentication_type(terraform: Terraform, sandbox: Sandbox) -> None:
    sandbox.store.change(7001, httpAuthType="Digest")
    terraform.write('resource "ecgrid_callback" "orders" {\n  event = "Parcel"\n}\n')
    terraform.import_(ADDRESS, 7001)
    state = terraform.state(ADDRESS)
    held = (state["mailbox_id"], state["network_id"], state["http_auth_type"], state["status"])
    assert held == (12345, 5050, "Digest", "Suspended")
    assert terraform.plan(expect=0).diagnostics == []


def test_the_authentication_type_drifts(terraform: Terraform, sandbox: Sandbox) -> None:
    credentials = '  http_auth_type = "Basic"\n  username = "u"\n  password = "p4ss-w0rd"\n}'
    callback_id = registered(terraform, IN_A_MAILBOX.replace("}", credentials))
    sandbox.store.change(callback_id, httpAuthType="None")
    assert terraform.plan(expect=2).changed(ADDRESS) == {"http_auth_type": ("None", "Basic")}
    terraform.apply()
    assert sandbox.writes()[-1].body == {
        "callbackId": callback_id,
        "httpAuthType": "Basic",
        "username": "u",
        "password": "p4ss-w0rd",
    }


def test_a_suspended_callback_is_always_seen(terraform: Terraform, sandbox: Sandbox) -> None:
    callback_id = registered(terraform, IN_A_MAILBOX.replace("}", '  status = "Active"\n}'))
    sandbox.store.change(callback_id, status="Suspended")
    assert terraform.plan(expect=2).changed(ADDRESS) == {"status": ("Suspended", "Active")}
    terraform.write(IMPATIENT + IN_A_MAILBOX.replace("}", '  status = "Suspended"\n}'))
    terraform.apply()
    assert [write.call for write in sandbox.writes()] == ["create"], "it is what is configured now"


def of_model_q(_page: Any) -> Any:
    """The list of deliveries that model Q answers by the same name."""
    return {"totalRecords": 0, "pageNo": 1, "recordsPerPage": 100, "events": []}


KEEPING: dict[str, dict[str, Any]] = {
    "event-list is refused": {"error_code": "AccessDenied"},
    "event-list answers in the shape of model Q": {"transform": of_model_q},
    "event-list fails": {"error_code": "InternalError"},
}


def test_a_removed_callback_leaves_the_state_only_if_its_scopes_list_lacks_it(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    callback_id = registered(terraform)
    sandbox.store.remove(callback_id)
    for circumstance, fault in KEEPING.items():
        sandbox.faults.add("event-list", times=None, **fault)
        plan = terraform.plan(expect=None)
        assert plan.actions in ({}, {ADDRESS: "no-op"}), f"{circumstance}\n{plan}"
        sandbox.faults.reset()
    sandbox.faults.add("get-event-by-id", times=None, error_code="AccessDenied")
    assert terraform.plan(expect=0).warning.summary == BLIND, "a refusal is no `ObjectNotFound`"
    sandbox.faults.reset()

    plan = terraform.plan(expect=2)
    assert plan.actions == {ADDRESS: "create"}
    assert plan.warning.summary == f"Callback {callback_id} is gone"
    assert "another account" in plan.warning.detail
    assert f"terraform import ADDRESS {callback_id}" in plan.warning.detail
    terraform.apply()
    assert [one["callbackId"] for one in sandbox.store.all()] == [7001, callback_id + 1]


def test_a_callback_of_network_0_is_never_taken_for_gone(terraform: Terraform, sandbox: Sandbox) -> None:
    sandbox.faults.add("get-event-by-id", times=None, transform=lambda one: one | {"networkId": 0, "mailboxId": 0})
    callback_id = registered(terraform, IN_A_MAILBOX.replace("  mailbox_id = 12345\n", ""))
    sandbox.store.remove(callback_id)
    plan = terraform.plan(expect=0)
    assert plan.diagnostics == []
    assert callback_id == terraform.state(ADDRESS)["callback_id"]


@core
def test_sixty_callbacks_are_refreshed_with_six_requests_at_most(terraform: Terraform, sandbox: Sandbox) -> None:
    register(terraform, sandbox)
    assert len(sandbox.store.all()) == MANY + 1
    assert terraform.plan(expect=0).diagnostics == []
    assert sum(calls(sandbox).values()) <= 6


def test_two_scopes_cost_two_lists_and_four_lookups_at_most(terraform: Terraform, sandbox: Sandbox) -> None:
    blocks = "".join(
        f'resource "ecgrid_callback" "in_{mailbox}" {{\n  count = 30\n  mailbox_id = {mailbox}\n  event = "Parcel"\n'
        f'  url = "https://app.example.com/{mailbox}/${{count.index}}"\n}}\n'
        for mailbox in (12345, 9)
    )
    terraform.write(IMPATIENT + blocks)
    terraform.run("apply", "-auto-approve")
    sandbox.requests.clear()
    assert terraform.plan(expect=0).diagnostics == []
    made = calls(sandbox)
    assert made["event-list"] == 2
    assert sum(made.values()) <= 2 + 4, made


def test_callbacks_are_listed_by_mailbox_and_network_in_model_e(terraform: Terraform, sandbox: Sandbox) -> None:
    put = sandbox.store.put
    own = put(url="https://a.example.com/own", mailboxId=12345, status="Terminated", httpAuthType="Digest")
    other = put(url="https://a.example.com/other", mailboxId=9)
    foreign = put(url="https://a.example.com/foreign", mailboxId=9, networkId=77, event="Mailbox")
    terraform.write(
        data("callbacks", "own")
        + data("callbacks", "status", 'status = "Suspended"')
        + data("callbacks", "box", "mailbox_id = 9")
        + data("callbacks", "all", "mailbox_id = 0")
        + data("callbacks", "network", "mailbox_id = 9", "network_id = 77", 'event = "Mailbox"')
    )
    terraform.apply()
    found = {
        name: [one["callback_id"] for one in read(terraform, "callbacks", name)["callbacks"]]
        for name in ("own", "status", "box", "all", "network")
    }
    assert found == {
        "own": [7001, own],
        "status": [7001],
        "box": [other],
        "all": [7001, own, other],
        "network": [foreign],
    }
    last = read(terraform, "callbacks", "own")["callbacks"][1]
    assert (last["network_id"], last["http_auth_type"], last["direction"]) == (5050, "Digest", "NoDir")
    assert last["queued_at"] is None
    sandbox.requests.clear()
    terraform.plan()
    assert len([one for one in sandbox.requests if one.call == "me"]) <= 1, "asked once"


def test_the_queue_of_a_registration_is_its_events_in_model_e(terraform: Terraform, sandbox: Sandbox) -> None:
    first = sandbox.store.fire(7001, at=AT)
    failed = sandbox.store.fire(7001, delivered=False, http_status=500, at=AT + timedelta(hours=2))
    between = sandbox.store.fire(7001, delivered=False, at=AT + timedelta(hours=1))
    until = 'end_date = "2026-05-07T12:30:00+02:00"'
    terraform.write(
        data("callback_events", "it", "callback_id = 7001")
        + data("callback_events", "few", "callback_id = 7001", "limit = 1")
        + data("callback_events", "until", "callback_id = 7001", until)
        + data("callback_events", "none", "callback_id = 7001", 'event = "Mailbox"')
    )
    terraform.apply()
    numbers = {
        name: [one["callback_event_id"] - 8_000_000_000 for one in read(terraform, "callback_events", name)["events"]]
        for name in ("it", "few", "until", "none")
    }
    assert numbers == {"it": [failed, between, first], "few": [failed], "until": [between, first], "none": []}
    events = read(terraform, "callback_events")["events"]
    assert events[2] == {
        "callback_event_id": 8_000_000_000 + first,
        "callback_id": 7001,
        "event": "Parcel",
        "mailbox_id": 12345,
        "object_id": 9000000001,
        "status": "Delivered",
        "created": "2026-05-07T09:00:00Z",
        "delivered": "2026-05-07T09:00:00Z",
        "http_status": 200,
    }
    assert (events[0]["http_status"], events[0]["delivered"]) == (500, None)
    assert (events[1]["status"], events[1]["http_status"]) == ("Pending", None)

    terraform.write(data("callback_events", "it"))
    error = terraform.plan(expect=1).error
    assert error.summary == "Missing callback_id"
