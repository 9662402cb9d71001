"""Registering a new callback: what is sent and how often, what the state holds, and what a failure says."""

from __future__ import annotations

import pytest

from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.acceptance.features import core
from tests.acceptance.harness import BOTH_MODELS, EVERY_API, Terraform
from tests.acceptance.results import Diagnostic, Outcome

ADDRESS = "ecgrid_callback.orders"
URL = "https://app.example.com/webhooks/new?token=s3cr3t"
WITHOUT_RETRIES = 'provider "ecgrid" {\n  max_retries = 0\n}\n'


def new(*lines: str) -> str:
    """The configuration of a new callback, with further lines."""
    return "\n".join(
        ['resource "ecgrid_callback" "orders" {', f'  url = "{URL}"', '  event = "Interchange"', *lines, "}", ""]
    )


def requests(sandbox: Sandbox) -> list[str]:
    """The calls of every write so far, in their order."""
    return [write.call for write in sandbox.writes()]


NOT_AGAIN = "Do not apply again until you have looked into this, because another apply may register a second callback."


def error_without_path(outcome: Outcome) -> Diagnostic:
    """The only error, whose text must show no more of a URL than scheme and host."""
    error = outcome.error
    assert "s3cr3t" not in error.text
    assert "webhooks" not in error.text
    return error


@core
@EVERY_API
def test_a_new_callback_takes_one_create_and_is_deleted_by_its_destroy(
    terraform: Terraform, sandbox: Sandbox, lookups: str
) -> None:
    lines = ("  mailbox_id = 12345", '  http_auth_type = "Basic"', '  username = "u"', '  password = "p4ss"')
    terraform.write(new('  status = "Active"', *lines))
    plan = terraform.plan(expect=2)
    assert plan.diagnostics == []
    assert plan.change(ADDRESS)["after"]["on_destroy"] == "delete", "the default shows in the plan"
    assert plan.change(ADDRESS)["after_unknown"]["callback_id"] is True
    assert sandbox.requests == [], "a plan to register has nothing to read and nothing to write"

    terraform.apply()
    (create,) = sandbox.writes()
    assert (create.method, create.path) == ("POST", "/v2/callbacks/create")
    assert create.body == {
        "url": URL,
        "event": "Interchange",
        "mailboxId": 12345,
        "httpAuthType": "Basic",
        "username": "u",
        "password": "p4ss",
    }, "`Active` is what a new callback is, and a field that is not configured is not sent"
    state = terraform.state(ADDRESS)
    assert (state["callback_id"], state["id"], state["status"]) == (7002, "7002", "Active")
    network = 5050 if lookups == "events" else 0
    assert (state["mailbox_id"], state["network_id"]) == (12345, network), "a create fills the scope"

    terraform.apply()
    assert len(sandbox.writes()) == 1, "another apply must not register it again"
    assert terraform.destroy().diagnostics == []
    assert sandbox.writes()[-1].body == {"callbackId": 7002}
    assert [one["callbackId"] for one in sandbox.store.all()] == [7001]


@BOTH_MODELS
def test_another_status_than_active_takes_one_update_after_the_create(terraform: Terraform, sandbox: Sandbox) -> None:
    terraform.write(new('  status = "Suspended"'))
    terraform.apply()
    create, update = sandbox.writes()
    assert create.body == {"url": URL, "event": "Interchange"}
    assert (update.path, update.body) == ("/v2/callbacks/update", {"callbackId": 7002, "status": "Suspended"})
    assert terraform.state(ADDRESS)["status"] == "Suspended"


def test_a_callback_whose_status_could_not_be_set_is_kept_by_untaint(terraform: Terraform, sandbox: Sandbox) -> None:
    terraform.write(new('  status = "Suspended"', '  on_destroy = "retain"'))
    sandbox.faults.add("update", error_code="AccessDenied")
    error = error_without_path(terraform.apply(expect=1))
    assert "7002" in error.summary
    assert "is registered and is `Active`" in error.detail
    assert "`terraform untaint ADDRESS`" in error.detail
    assert "AccessDenied" in error.detail, "the cause"
    assert terraform.tainted(ADDRESS)
    state = terraform.state(ADDRESS)
    assert (state["callback_id"], state["status"]) == (7002, "Active")
    assert state["on_destroy"] == "delete", "the replacement must really remove it, whatever is configured"

    terraform.run("untaint", ADDRESS)
    plan = terraform.plan(expect=2)
    assert plan.changed(ADDRESS) == {"status": ("Active", "Suspended"), "on_destroy": ("delete", "retain")}
    terraform.apply()
    assert requests(sandbox) == ["create", "update", "update"]
    assert sandbox.writes()[-1].body == {"callbackId": 7002, "status": "Suspended"}


@BOTH_MODELS
def test_a_callback_whose_status_came_back_different_is_removed_by_its_replacement(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    terraform.write(new('  status = "Suspended"', '  on_destroy = "retain"'))
    sandbox.faults.add("update", transform=lambda data: data | {"status": "Active"})
    error = error_without_path(terraform.apply(expect=1))
    assert (error.attribute, "7002" in error.summary) == ("status", True)
    assert "`status` was sent as `Suspended`, but ECGrid returned `Active`" in error.detail
    assert "is registered and is `Active`" in error.detail
    assert terraform.tainted(ADDRESS)

    terraform.apply()
    assert requests(sandbox) == ["create", "update", "delete", "create", "update"]
    assert [(one["callbackId"], one["status"]) for one in sandbox.store.all()] == [
        (7001, "Suspended"),
        (7003, "Suspended"),
    ]
    assert terraform.state(ADDRESS)["on_destroy"] == "retain"


def test_a_create_whose_answer_is_lost_is_sent_once_and_its_error_leads_to_the_callback(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    terraform.write(new("  mailbox_id = 12345"))
    sandbox.store.put(url=URL, event="Interchange", mailboxId=12345, status="Terminated")
    sandbox.store.put(url=URL, event="Parcel", mailboxId=12345)
    sandbox.store.put(url=URL, event="Interchange", mailboxId=777)
    sandbox.faults.add("create", drop=True, carried_out=True)
    error = error_without_path(terraform.apply(expect=1))
    assert requests(sandbox) == ["create"], "a create is not repeated once it may have been carried out"
    assert terraform.instances() == {}
    assert "callback 7005" in error.detail
    assert not any(str(other) in error.text for other in (7001, 7002, 7003, 7004)), "these cannot be the new one"
    assert "https://app.example.com" in error.detail
    assert "terraform import ADDRESS 7005" in error.detail
    assert "set `callback_id` to its id, remove `mailbox_id` and apply" in error.detail
    assert error.detail.endswith(NOT_AGAIN)

    terraform.import_(ADDRESS, 7005)
    assert terraform.plan().empty, "the adopted one is what was configured"


@BOTH_MODELS
def test_a_create_that_ended_in_a_server_error_may_have_registered_what_is_not_listed_yet(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    terraform.write(new())
    sandbox.faults.add("create", error_code="InternalError")
    error = error_without_path(terraform.apply(expect=1))
    assert requests(sandbox) == ["create"]
    assert "may exist, but ECGrid does not list it yet" in error.detail
    assert "set `callback_id` to its id" in error.detail
    assert "terraform import" not in error.detail, "an import needs a lookup that shows it"
    assert "InternalError" in error.detail
    assert error.detail.endswith(NOT_AGAIN)


@pytest.mark.parametrize("listed", [True, False])
def test_a_duplicate_names_the_match_and_how_to_adopt_it(terraform: Terraform, sandbox: Sandbox, listed: bool) -> None:
    sandbox.store.put(callbackId=8123, url=URL, event="Interchange", mailboxId=777)
    terraform.write(WITHOUT_RETRIES + new("  mailbox_id = 777"))
    if listed:
        sandbox.faults.queue_list_needs_mailbox = True
    else:
        sandbox.faults.add("queue-list", times=None, error_code="InternalError")
    error = error_without_path(terraform.apply(expect=1))
    assert "DuplicateObject" in error.detail
    assert ("callback 8123" in error.detail) is listed
    assert ("ECGrid's list could not be read" in error.detail) is not listed
    assert "set `callback_id` to its id" in error.detail
    assert error.detail.endswith(" because ECGrid would refuse it again."), "and registers no second one"
    assert terraform.instances() == {}
    assert requests(sandbox) == ["create"]


def test_a_plain_refusal_lists_nothing_and_points_at_the_refused_argument(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    sandbox.store.put(url=URL, event="Interchange")
    terraform.write(new())
    sandbox.faults.add("create", error_code="InvalidParameter", message="url: the host does not answer.")
    error = error_without_path(terraform.apply(expect=1))
    assert error.attribute == "url"
    assert "the host does not answer" in error.detail
    assert "No callback was registered" in error.detail
    assert "callback_id" not in error.detail
    assert [request.call for request in sandbox.requests] == ["create"], "nothing is looked for"


def test_a_create_that_came_too_soon_is_sent_again_and_registers_once(terraform: Terraform, sandbox: Sandbox) -> None:
    terraform.write(new())
    sandbox.faults.add("create", error_code="RateLimitExceeded")
    terraform.apply()
    assert [(write.call, write.status) for write in sandbox.writes()] == [("create", 429), ("create", 200)]
    assert [one["callbackId"] for one in sandbox.store.all()] == [7001, 7002]
