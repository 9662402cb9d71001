"""Taking over an existing callback: what the plan says of it, what is sent, what is not, and what a failure leaves."""

from __future__ import annotations

from typing import Any

import pytest

from terraform_provider_ecgrid.sandbox.faults import LOOKUP_CALLS
from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.acceptance.features import core
from tests.acceptance.harness import EVERY_API, Terraform
from tests.acceptance.results import Outcome

ADDRESS = "ecgrid_callback.orders"

SEED = """
resource "ecgrid_callback" "orders" {
  callback_id    = 7001
  url            = "https://app.example.com/webhooks/ecgrid-v2"
  status         = "Active"
  http_auth_type = "Basic"
  username       = "webhook_user"
  password       = "n3wP@ssword!"
}
"""

SEED_BODY = [
    ("callbackId", 7001),
    ("url", "https://app.example.com/webhooks/ecgrid-v2"),
    ("status", "Active"),
    ("httpAuthType", "Basic"),
    ("username", "webhook_user"),
    ("password", "n3wP@ssword!"),
]

WITHOUT_RETRIES = 'provider "ecgrid" {\n  max_retries = 0\n}\n'


def take_over(*arguments: str) -> str:
    """The configuration that takes over callback 7001 with these arguments beside its id."""
    lines = "\n  ".join(("callback_id = 7001", *arguments))
    return f'resource "ecgrid_callback" "orders" {{\n  {lines}\n}}\n'


def calls(sandbox: Sandbox) -> set[str]:
    return {request.call for request in sandbox.requests}


def assert_no_paths_shown(outcome: Outcome) -> None:
    """Of the URLs in these tests no diagnostic may hold more than scheme and host."""
    for one in outcome.diagnostics:
        for secret in ("webhooks", "ecgrid-v2", "token", "n3wP@ssword!"):
            assert secret not in one.text


@core
@EVERY_API
def test_the_seeds_values_are_exactly_the_seeds_request(terraform: Terraform, sandbox: Sandbox, lookups: str) -> None:
    terraform.write(SEED)
    terraform.apply()
    (write,) = sandbox.writes()
    assert (write.method, write.path) == ("POST", "/v2/callbacks/update")
    assert write.headers["x-api-key"] == sandbox.api_key
    assert list((write.body or {}).items()) == SEED_BODY
    assert calls(sandbox) - {"update"} <= LOOKUP_CALLS, "besides the one update there are only reads"
    state = terraform.state(ADDRESS)
    network = 5050 if lookups == "events" else 0
    assert (state["id"], state["event"], state["mailbox_id"], state["network_id"]) == ("7001", "Parcel", 12345, network)
    assert state["on_destroy"] == "retain"


def test_a_plan_warns_with_field_old_and_new_value_of_what_the_take_over_overwrites(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    terraform.write(SEED)
    plan = terraform.plan(expect=2)
    warning = plan.warning
    assert (warning.summary, warning.attribute) == ("Take-over overwrites callback 7001", "callback_id")
    assert "callback 7001" in warning.detail
    assert warning.detail.splitlines()[1:] == [
        "- url: the path or query changes; `https://app.example.com` stays",
        "- status: `Suspended` becomes `Active`",
        "- http_auth_type: a value that ECGrid does not show becomes `Basic`",
        "- `username`, `password`: replaced by the configured values (ECGrid does not show the current ones)",
    ], "the event is not configured, so it is not overwritten"
    assert_no_paths_shown(plan)
    assert "webhook_user" not in warning.text
    assert calls(sandbox) <= LOOKUP_CALLS, "a plan only reads"


def test_a_plan_tells_another_host_from_another_path_and_leaves_out_what_stays(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    sandbox.store.change(7001, url="https://old.example.com/webhooks/ecgrid-v2?token=1", status="Active")
    url = "https://new.example.com/webhooks/ecgrid-v2?token=1"
    terraform.write(take_over(f'url = "{url}"', 'event = "Interchange"', 'status = "Active"'))
    plan = terraform.plan(expect=2)
    assert plan.warning.detail.splitlines()[1:] == [
        "- url: `https://old.example.com` becomes `https://new.example.com` (same path and query)",
        "- event: `Parcel` becomes `Interchange`",
    ], "the status is the same and not overwritten"
    assert_no_paths_shown(plan)


@pytest.mark.parametrize("lookups", ["refused"])
def test_a_plan_warns_of_a_callback_that_no_lookup_shows_and_can_be_applied(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    terraform.write(SEED)
    plan = terraform.plan(expect=2)
    warning = plan.warning
    assert (warning.summary, warning.attribute) == ("Callback 7001 not shown by ECGrid", "callback_id")
    assert "callback 7001" in warning.detail
    terraform.run("apply", "-input=false", plan.file)
    assert [write.call for write in sandbox.writes()] == ["update"]
    assert terraform.plan().warning.summary == "Callbacks not visible at ECGrid", (
        "of the take-over there is nothing to say"
    )


@EVERY_API
def test_a_take_over_of_nothing_but_the_id_only_reads(terraform: Terraform, sandbox: Sandbox, lookups: str) -> None:
    before = sandbox.store.get(7001)
    terraform.write(take_over())
    terraform.apply()
    if lookups != "refused":
        assert sandbox.writes() == []
    else:
        (write,) = sandbox.writes()
        assert (write.call, write.body) == ("update", {"callbackId": 7001}), "the record of one that no lookup shows"
    assert sandbox.store.get(7001) == before
    state = terraform.state(ADDRESS)
    known = {name: state[name] for name in ("callback_id", "id", "url", "event", "status", "mailbox_id")}
    assert known == {
        "callback_id": 7001,
        "id": "7001",
        "url": "https://app.example.com/webhooks/ecgrid",
        "event": "Parcel",
        "status": "Suspended",
        "mailbox_id": 12345,
    }


def test_a_take_over_of_what_is_so_already_warns_of_nothing_and_still_sends_every_configured_field(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    """The API spells the enumerations in another case here: that is the same value, on every answer."""

    def shout(data: Any) -> Any:
        entries = data.get("queueEntries") if isinstance(data, dict) else None
        for record in [data] if entries is None else entries:
            record.update({name: record[name].upper() for name in ("event", "status") if name in record})
        return data

    sandbox.faults.add("*", times=None, transform=shout)
    url = "https://app.example.com/webhooks/ecgrid"
    terraform.write(take_over(f'url = "{url}"', 'event = "Parcel"', 'status = "Suspended"'))
    assert terraform.plan(expect=2).warnings == []
    assert terraform.apply().warnings == []
    (write,) = sandbox.writes()
    assert write.body == {"callbackId": 7001, "url": url, "event": "Parcel", "status": "Suspended"}


def test_a_take_over_that_fails_leaves_nothing_in_the_state_and_can_be_tried_again(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    terraform.write(WITHOUT_RETRIES + SEED)

    sandbox.faults.add("update", error_code="InvalidParameter", message="url: not reachable")
    refused = terraform.apply(expect=1)
    assert (refused.error.summary, refused.error.attribute) == ("Callback 7001 not taken over", "url")
    assert "InvalidParameter" in refused.error.text
    assert "may have been carried out" not in refused.error.text
    assert terraform.instances() == {}

    sandbox.faults.add("update", drop=True, carried_out=True)
    lost = terraform.apply(expect=1)
    assert lost.error.summary == "Callback 7001 not taken over"
    assert "may have been carried out" in lost.error.text
    assert terraform.instances() == {}
    assert_no_paths_shown(lost)

    sandbox.requests.clear()
    terraform.apply()
    (write,) = sandbox.writes()
    assert list((write.body or {}).items()) == SEED_BODY


def test_a_take_over_of_an_id_that_does_not_exist_is_an_error_at_the_id(terraform: Terraform, sandbox: Sandbox) -> None:
    sandbox.store.remove(7001)
    terraform.write(take_over())
    applied = terraform.apply(expect=1)
    assert applied.error.attribute == "callback_id"
    assert "7001" in applied.error.text
    assert "ObjectNotFound" in applied.error.text
    assert terraform.instances() == {}
    assert [write.body for write in sandbox.writes()] == [{"callbackId": 7001}]


def test_a_take_over_that_ecgrid_answers_as_not_made_warns_and_the_next_refresh_shows_the_difference(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    def ignored(record: Any) -> Any:
        sandbox.store.change(7001, event="Parcel", status="Suspended")
        return record | {"event": "Parcel", "status": "Suspended"}

    sandbox.faults.add("update", transform=ignored)
    terraform.write(take_over('event = "Mailbox"', 'status = "Active"'))
    applied = terraform.apply(unsettled="ECGrid did not do what was asked")
    (warning,) = [one for one in applied.warnings if one.summary == "Change to callback 7001 not made by ECGrid"]
    assert warning.attribute == "event"
    for words in ("callback 7001", "`event` was sent as `Mailbox`", "returned `Parcel`", "`status`", "`Suspended`"):
        assert words in warning.text
    state = terraform.state(ADDRESS)
    assert (state["event"], state["status"]) == ("Mailbox", "Active"), "Terraform demands the planned values"
    again = terraform.plan(expect=2)
    assert again.changed(ADDRESS) == {"event": ("Parcel", "Mailbox"), "status": ("Suspended", "Active")}


@pytest.mark.parametrize(
    ("name", "field", "sent", "shown"),
    [("status", "status", "Preproduction", "Suspended"), ("http_auth_type", "httpAuthType", "Digest", "None")],
)
@pytest.mark.parametrize("lookups", ["refused"])
def test_what_a_take_over_was_denied_is_not_forgotten_by_an_update_of_something_else_without_a_refresh(
    terraform: Terraform, sandbox: Sandbox, name: str, field: str, sent: str, shown: str
) -> None:
    credentials = ('username = "u"', 'password = "S3cretPw99"') if name == "http_auth_type" else ()
    asked = (f'{name} = "{sent}"', *credentials)
    sandbox.faults.add("update", transform=lambda record: record | {field: shown})
    terraform.write(take_over(*asked))
    terraform.apply(unsettled="ECGrid did not do what was asked")
    terraform.write(take_over(*asked, 'event = "Mailbox"'))
    terraform.apply("-refresh=false", unsettled="the state still holds what was denied")
    assert terraform.plan(expect=2).changed(ADDRESS) == {name: (shown, sent)}


def test_a_denied_termination_does_not_let_a_destroy_without_a_refresh_forget_a_live_callback(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    def ignored(record: Any) -> Any:
        sandbox.store.change(7001, status="Active")
        return record | {"status": "Active"}

    sandbox.faults.add("update", transform=ignored)
    terraform.write(take_over('status = "Terminated"', 'on_destroy = "terminate"'))
    terraform.apply(unsettled="ECGrid did not do what was asked")
    terraform.destroy("-refresh=false")
    assert [one["status"] for one in sandbox.store.all()] == ["Terminated"]
