"""Changing a callback in place: what the plan shows as changed is what is sent, and no more."""

from __future__ import annotations

from typing import Any

from terraform_provider_ecgrid.sandbox.faults import LOOKUP_CALLS
from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.acceptance.features import core
from tests.acceptance.harness import BOTH_MODELS, EVERY_API, Terraform

ADDRESS = "ecgrid_callback.orders"
HOOK = "https://app.example.com/webhooks"
CREDENTIALS = ('http_auth_type = "Basic"', 'username = "webhook_user"', 'password = "n3wP@ssword!"')
WITHOUT_RETRIES = 'provider "ecgrid" {\n  max_retries = 0\n}\n'
# `output` is unknown while the plan replaces what it comes from, and the same as before once that was applied.
UNKNOWN = """
variable "generation" {
  default = 1
}
resource "terraform_data" "other" {
  input            = "ecgrid"
  triggers_replace = var.generation
}
"""


def callback(*arguments: str) -> str:
    lines = "\n  ".join(arguments)
    return f'resource "ecgrid_callback" "orders" {{\n  {lines}\n}}\n'


def taken_over(*arguments: str) -> str:
    return callback("callback_id = 7001", *arguments)


def bodies(sandbox: Sandbox) -> list[Any]:
    """The bodies of the writes since this was asked last, each of them an update."""
    writes = sandbox.writes()
    sandbox.requests.clear()
    assert all(write.call == "update" for write in writes)
    return [write.body for write in writes]


@core
@EVERY_API
def test_an_update_carries_the_id_and_the_changed_fields_alone(terraform: Terraform, sandbox: Sandbox) -> None:
    terraform.write(taken_over(f'url = "{HOOK}/1"', 'event = "Parcel"', 'status = "Active"', *CREDENTIALS))
    terraform.apply()
    bodies(sandbox)

    terraform.write(taken_over(f'url = "{HOOK}/2"', 'event = "Parcel"', 'status = "Active"', *CREDENTIALS))
    assert terraform.plan(expect=2).changed(ADDRESS) == {"url": (f"{HOOK}/1", f"{HOOK}/2")}
    terraform.apply()
    assert bodies(sandbox) == [{"callbackId": 7001, "url": f"{HOOK}/2"}]

    terraform.write(taken_over(f'url = "{HOOK}/2"', 'event = "Invoice"', 'status = "Suspended"', *CREDENTIALS))
    terraform.apply()
    assert bodies(sandbox) == [{"callbackId": 7001, "event": "Invoice", "status": "Suspended"}]


@BOTH_MODELS
def test_changes_that_ecgrid_does_not_know_of_make_no_request(terraform: Terraform, sandbox: Sandbox) -> None:
    configured = (f'url = "{HOOK}/1"', 'event = "Parcel"', 'status = "Active"', 'http_auth_type = "None"')
    terraform.write(taken_over(*configured))
    terraform.apply()
    bodies(sandbox)
    registered = sandbox.store.get(7001)

    terraform.write(taken_over(*configured, 'on_destroy = "delete"', "verify_delivery = true"))
    assert set(terraform.plan(expect=2).changed(ADDRESS)) == {"on_destroy", "verify_delivery"}
    terraform.apply()
    assert {request.call for request in sandbox.requests} <= LOOKUP_CALLS
    assert bodies(sandbox) == []
    assert terraform.state(ADDRESS)["on_destroy"] == "delete"

    terraform.write(callback("# Everything is removed, `callback_id` included."))
    plan = terraform.plan(expect=2)
    assert plan.actions == {ADDRESS: "update"}
    assert plan.changed(ADDRESS) == {"on_destroy": ("delete", "retain"), "verify_delivery": (True, None)}
    assert plan.warnings == []
    terraform.apply()
    assert bodies(sandbox) == []
    assert sandbox.store.get(7001) == registered
    assert terraform.state(ADDRESS)["url"] == f"{HOOK}/1"


def test_an_unknown_that_becomes_what_the_state_holds_is_not_sent(terraform: Terraform, sandbox: Sandbox) -> None:
    name = "${terraform_data.other.output}"
    arguments = (f'url = "https://app.example.com/{name}"', f'username = "{name}"', CREDENTIALS[0], CREDENTIALS[2])
    terraform.write(UNKNOWN + taken_over(*arguments, 'status = "Active"'))
    terraform.apply()
    bodies(sandbox)
    url = "https://app.example.com/ecgrid"

    changed = terraform.plan("-var=generation=2", expect=2).changed(ADDRESS)
    assert changed == {"url": (url, "(unknown)"), "username": ("ecgrid", "(unknown)")}
    terraform.apply("-var=generation=2")
    assert bodies(sandbox) == [], "with nothing left no request is made"

    terraform.write(UNKNOWN + taken_over(*arguments, 'status = "Suspended"'))
    terraform.apply("-var=generation=3")
    assert bodies(sandbox) == [{"callbackId": 7001, "status": "Suspended"}]
    assert (terraform.state(ADDRESS)["url"], terraform.state(ADDRESS)["username"]) == (url, "ecgrid")


def test_an_update_that_fails_leaves_the_prior_state(terraform: Terraform, sandbox: Sandbox) -> None:
    sandbox.faults.normalise_url = True
    terraform.write(WITHOUT_RETRIES + taken_over(f'url = "{HOOK}/1"', 'status = "Active"', *CREDENTIALS))
    terraform.apply()
    bodies(sandbox)
    before = terraform.state(ADDRESS)
    wanted = (f'url = "{HOOK}/2"', 'status = "Suspended"', *CREDENTIALS[:2], 'password = "an0ther-w0rd"')
    terraform.write(WITHOUT_RETRIES + taken_over(*wanted))

    sandbox.faults.add("update", error_code="InvalidParameter", message="url: not reachable")
    refused = terraform.apply(expect=1).error
    assert (refused.summary, refused.attribute) == ("Callback 7001 not updated", "url")
    assert "InvalidParameter" in refused.text
    assert "Callback 7001 and its state were not changed" in refused.text
    assert terraform.state(ADDRESS) == before

    sandbox.faults.add("update", drop=True)
    lost = terraform.apply(expect=1).error
    assert "The update of callback 7001 may have been carried out" in lost.text
    assert "webhooks" not in lost.text + refused.text
    assert terraform.state(ADDRESS) == before
    private = terraform.private(ADDRESS)
    assert (private["url_sent"], private["url_answered"]) == (f"{HOOK}/1", f"{HOOK}/1/")

    bodies(sandbox)
    terraform.apply()
    assert bodies(sandbox) == [
        {
            "callbackId": 7001,
            "url": f"{HOOK}/2",
            "status": "Suspended",
            "httpAuthType": "Basic",
            "username": "webhook_user",
            "password": "an0ther-w0rd",
        }
    ]


@BOTH_MODELS
def test_a_url_that_ecgrid_normalises_never_drifts_and_a_real_change_does(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    sandbox.faults.normalise_url = True
    terraform.write(callback(f'url = "{HOOK}/1"', 'event = "Parcel"'))
    terraform.apply()
    assert terraform.state(ADDRESS)["url"] == f"{HOOK}/1"
    callback_id = terraform.state(ADDRESS)["callback_id"]
    private = terraform.private(ADDRESS)
    assert (private["url_sent"], private["url_answered"]) == (f"{HOOK}/1", f"{HOOK}/1/")

    sandbox.requests.clear()
    terraform.write(callback(f'url = "{HOOK}/2"', 'event = "Parcel"', 'status = "Suspended"'))
    terraform.apply()
    terraform.write(callback(f'url = "{HOOK}/2"', 'event = "Parcel"', 'status = "Active"'))
    terraform.apply()
    assert bodies(sandbox) == [
        {"callbackId": callback_id, "url": f"{HOOK}/2", "status": "Suspended"},
        {"callbackId": callback_id, "status": "Active"},
    ]

    sandbox.store.change(callback_id, url="https://elsewhere.example.com/")
    drift = terraform.plan(expect=2).changed(ADDRESS)
    assert drift == {"url": ("https://elsewhere.example.com/", f"{HOOK}/2")}


@BOTH_MODELS
def test_a_url_that_only_the_lookups_spell_otherwise_never_drifts(
    terraform: Terraform, sandbox: Sandbox, lookups: str
) -> None:
    def with_slash(entry: Any) -> Any:
        return entry | {"url": entry["url"].rstrip("/") + "/"}

    one = "get-queue-by-id" if lookups == "registrations" else "get-event-by-id"
    sandbox.faults.add(one, times=None, transform=with_slash)
    for number in range(3):
        terraform.write(callback(f'url = "{HOOK}/{number}"', 'event = "Parcel"'))
        terraform.apply()
        assert terraform.state(ADDRESS)["url"] == f"{HOOK}/{number}"
    terraform.refresh()
    terraform.apply()
    assert [write.call for write in sandbox.writes()] == ["create", "update", "update"]

    sandbox.store.change(terraform.state(ADDRESS)["callback_id"], url="https://elsewhere.example.com")
    assert set(terraform.plan(expect=2).changed(ADDRESS)) == {"url"}


@BOTH_MODELS
def test_a_change_that_ecgrid_answers_as_not_made_is_an_error_with_the_answer_in_the_state(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    sandbox.faults.normalise_url = True
    terraform.write(taken_over(f'url = "{HOOK}/1"', 'event = "Parcel"', 'status = "Active"'))
    terraform.apply()

    def ignored(record: Any) -> Any:
        sandbox.store.change(7001, event="Parcel", status="Active")
        return record | {"event": "Parcel", "status": "Active"}

    terraform.write(taken_over(f'url = "{HOOK}/2"', 'event = "Mailbox"', 'status = "Suspended"'))
    sandbox.faults.add("update", transform=ignored)
    error = terraform.apply(expect=1).error
    assert (error.summary, error.attribute) == ("Change not made by ECGrid", "event")
    for words in ("callback 7001", "`event` was sent as `Mailbox`", "returned `Parcel`", "`Suspended`", "`Active`"):
        assert words in error.text
    state = terraform.state(ADDRESS)
    assert (state["url"], state["event"], state["status"]) == (f"{HOOK}/2", "Parcel", "Active")
    assert not terraform.tainted(ADDRESS)

    bodies(sandbox)
    terraform.apply()
    assert bodies(sandbox) == [{"callbackId": 7001, "event": "Mailbox", "status": "Suspended"}], (
        "the URL was accepted, in a spelling of ECGrid's own"
    )


def test_an_answer_may_spell_an_enumeration_in_another_case_and_a_field_that_was_not_sent_as_it_likes(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    terraform.write(taken_over('event = "Parcel"', 'status = "Active"', *CREDENTIALS))
    terraform.apply()
    bodies(sandbox)

    other = {"url": "https://other.example.com/", "event": "INVOICE", "status": "Suspended", "httpAuthType": "Digest"}
    sandbox.faults.add("update", transform=lambda record: record | other)
    terraform.write(taken_over('event = "Invoice"', 'status = "Active"', *CREDENTIALS))
    applied = terraform.apply()
    assert applied.diagnostics == []
    assert bodies(sandbox) == [{"callbackId": 7001, "event": "Invoice"}]
    state = terraform.state(ADDRESS)
    kept = (state["url"], state["event"], state["status"], state["http_auth_type"])
    assert kept == ("https://app.example.com/webhooks/ecgrid", "Invoice", "Active", "Basic")


def test_a_registration_whose_event_ecgrid_changes_warns_and_the_next_refresh_shows_it(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    def ignored(record: Any) -> Any:
        sandbox.store.change(record["callbackId"], event="Parcel")
        return record | {"event": "Parcel"}

    sandbox.faults.add("create", transform=ignored)
    terraform.write(callback(f'url = "{HOOK}/1"', 'event = "Mailbox"', 'status = "Active"'))
    warning = terraform.apply(unsettled="ECGrid registered another event").warning
    assert (warning.summary, warning.attribute) == ("Change to callback 7002 not made by ECGrid", "event")
    assert "callback 7002" in warning.text
    assert "`event` was sent as `Mailbox`, but ECGrid returned `Parcel`." in warning.text
    assert "`status`" not in warning.text
    assert terraform.state(ADDRESS)["event"] == "Mailbox", "Terraform demands the planned value"
    assert terraform.plan(expect=2).changed(ADDRESS) == {"event": ("Parcel", "Mailbox")}


def test_a_registration_whose_second_call_does_not_change_the_status_failed(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    sandbox.faults.add("update", transform=lambda record: record | {"status": "Active"})
    terraform.write(callback(f'url = "{HOOK}/1"', 'event = "Parcel"', 'status = "Suspended"'))
    error = terraform.apply(expect=1).error
    assert (error.summary, error.attribute) == ("Callback 7002 registered, but not Suspended", "status")
    assert "`status` was sent as `Suspended`, but ECGrid returned `Active`." in error.text
    assert terraform.tainted(ADDRESS)
    assert terraform.state(ADDRESS)["status"] == "Active"
