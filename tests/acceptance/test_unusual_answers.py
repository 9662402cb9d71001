"""Answers that no page of the vendor's describes: nothing is lost, nothing drifts, nothing leaks, nothing stops."""

from __future__ import annotations

import json
from typing import Any

import pytest

from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.acceptance.harness import BOTH_MODELS, Terraform

ADDRESS = "ecgrid_callback.orders"
URL = "https://h.example.com/hooks/T0KENPATH?k=abc%2Fd3fgh"
NEW = (f'url = "{URL}"', 'event = "Parcel"')
RECORD = f'{{"callbackId": 7002, "url": "{URL}", "event": "Parcel", "status": "Active"}}'
CREDENTIALS = ('http_auth_type = "Basic"', 'username = "u"', 'password = "S3cretPw99"')


def block(*arguments: str) -> str:
    """The resource with these arguments."""
    return 'resource "ecgrid_callback" "orders" {\n  ' + "\n  ".join(arguments) + "\n}\n"


@pytest.mark.parametrize(
    "body",
    [
        f'{{"success": 1, "data": {RECORD}}}',
        f'{{"success": "OK", "data": {RECORD}}}',
        f'{{"Success": true, "Data": {RECORD}}}',
    ],
)
def test_a_registration_that_is_answered_in_another_envelope_is_in_the_state(
    terraform: Terraform, sandbox: Sandbox, body: str
) -> None:
    terraform.write(block(*NEW))
    sandbox.faults.add("create", body=body, carried_out=True)
    terraform.apply()
    assert terraform.state(ADDRESS)["callback_id"] == 7002


def test_a_registration_that_is_answered_by_a_no_and_a_record_is_looked_up(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    terraform.write(block(*NEW))
    sandbox.faults.add("create", body=f'{{"success": false, "data": {RECORD}}}', carried_out=True)
    error = terraform.apply(expect=1).error
    assert error.summary == "Callback may have been registered"
    assert "callback 7002" in error.detail
    assert "T0KENPATH" not in error.detail


def test_a_lookup_that_answers_null_shows_nothing_and_the_state_stays(terraform: Terraform, sandbox: Sandbox) -> None:
    terraform.write(block(*NEW))
    terraform.apply()
    sandbox.faults.add("get-queue-by-id", times=None, transform=lambda _: None)
    sandbox.faults.add("queue-list", times=None, transform=lambda page: page | {"queueEntries": [], "totalRecords": 0})
    assert terraform.plan().empty


@pytest.mark.parametrize("name", ["url", "event", "status"])
def test_a_lookup_that_leaves_a_value_empty_says_nothing_of_it(
    terraform: Terraform, sandbox: Sandbox, name: str
) -> None:
    terraform.write(block(*NEW))
    terraform.apply()
    sandbox.faults.add("get-queue-by-id", times=None, transform=lambda entry: entry | {name: ""})
    assert terraform.plan().empty


def test_an_answer_without_the_url_is_completed_by_the_lookup(terraform: Terraform, sandbox: Sandbox) -> None:
    terraform.write(block('url = "https://H.Example.com/Hooks"', 'event = "Parcel"'))
    sandbox.faults.add("create", transform=lambda record: record | {"url": None})
    sandbox.faults.add(
        "get-queue-by-id", times=None, transform=lambda entry: entry | {"url": "https://h.example.com/Hooks/"}
    )
    terraform.apply()
    assert terraform.state(ADDRESS)["url"] == "https://H.Example.com/Hooks"


@BOTH_MODELS
def test_what_an_answer_lacks_is_taken_from_the_lookup_and_not_only_by_the_next_plan(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    for call in ("create", "update"):
        sandbox.faults.add(call, transform=lambda record: {"callbackId": record["callbackId"]})
    taken = f'resource "ecgrid_callback" "taken" {{\n  callback_id = 7001\n  url = "{URL}"\n}}\n'
    both = "[ecgrid_callback.orders, ecgrid_callback.taken]"
    terraform.write(f'{block(*NEW)}{taken}output "all" {{\n  value = {both}\n  sensitive = true\n}}\n')
    terraform.apply()  # and the second plan would change the output
    assert terraform.state(ADDRESS)["status"] == "Active"


@BOTH_MODELS
def test_an_error_that_quotes_what_an_earlier_request_carried_shows_none_of_it(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    terraform.write(block(*NEW, *CREDENTIALS, 'status = "Suspended"'))
    quoting = "cannot suspend {url: H.EXAMPLE.COM/hooks/t0kenpath, k=abc/d3fgh, password: S3cretPw99}"
    sandbox.faults.add("update", status=400, error_code="InvalidParameter", message=quoting)
    error = terraform.apply(expect=1).error
    assert "cannot suspend" in error.detail
    for secret in ("t0kenpath", "d3fgh", "s3cretpw99"):
        assert secret not in error.text.casefold()


def test_an_error_that_quotes_the_url_before_the_change_shows_no_path_of_it(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    terraform.write(block(*NEW))
    terraform.apply()
    terraform.write(block('url = "https://h.example.com/other"', 'event = "Parcel"'))
    sandbox.faults.add(
        "update", status=400, error_code="InvalidParameter", message="h.example.com/hooks/T0KENPATH stays"
    )
    error = terraform.apply(expect=1).error
    assert "stays" in error.detail
    assert "T0KENPATH" not in error.text


# Successes without a record: the change was made.
BARE: dict[str, dict[str, Any]] = {
    "true": {"body": '{"success": true, "data": true}'},
    "null": {"body": '{"success": true, "data": null}'},
    "204": {"status": 204, "body": ""},
}


@BOTH_MODELS
def test_an_update_that_is_answered_without_a_record_was_made_unless_a_lookup_shows_otherwise(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    terraform.write(block(*NEW))
    terraform.apply()
    for number, answer in enumerate(BARE.values()):
        changed = (f'url = "https://h.example.com/{number}"', 'event = "Parcel"', 'status = "Active"')
        terraform.write(block(*changed))
        sandbox.faults.add("update", carried_out=True, **answer)
        assert terraform.apply().diagnostics == []
        assert terraform.state(ADDRESS)["url"] == f"https://h.example.com/{number}"

    terraform.write(block('url = "https://h.example.com/9"', 'event = "Mailbox"', 'status = "Active"'))
    for answer in BARE.values():
        sandbox.faults.add("update", **answer)
        error = terraform.apply(expect=1).error
        assert error.summary == "Change not made by ECGrid"
        assert "`event` was sent as `Mailbox`, but ECGrid returned `Parcel`." in error.detail
        assert terraform.state(ADDRESS)["event"] == "Parcel", "the state holds what ECGrid shows"
    terraform.apply()


def test_only_ecgrids_own_word_ends_a_destruction_that_was_not_a_success(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    terraform.write(block(*NEW))
    terraform.apply()
    others = {
        "RFC 7807": '{"title": "Not Found", "status": 404, "traceId": "00-ab"}',
        "HTML": "<html><body>Not Found</body></html>",
        "a gateway's": '{"message": "no Route matched"}',
    }
    for kind, body in others.items():
        sandbox.faults.add("delete", status=404, body=body)
        error = terraform.destroy(expect=1).error
        assert error.summary == "Callback 7002 not destroyed", kind
        for words in (sandbox.url, "`terraform state rm ADDRESS`", "stays in the state"):
            assert words in error.detail, kind
        assert ADDRESS in terraform.instances()
    sandbox.faults.add("delete", transform=lambda _: False)
    assert "`false`" in terraform.destroy(expect=1).error.detail
    assert ADDRESS in terraform.instances()

    for answer in BARE.values():
        sandbox.faults.add("delete", carried_out=True, **answer)
        assert terraform.destroy().diagnostics == []
        assert terraform.instances() == {}
        assert [one["callbackId"] for one in sandbox.store.all()] == [7001]
        terraform.apply()


@BOTH_MODELS
@pytest.mark.parametrize("normalised", [False, True], ids=["as it was", "as ECGrid spelled it"])
def test_an_update_that_answers_the_url_as_it_was_before_was_not_made(
    terraform: Terraform, sandbox: Sandbox, normalised: bool
) -> None:
    sandbox.faults.normalise_url = normalised
    terraform.write(block('url = "https://h.example.com/T0KENPATH1"', 'event = "Parcel"'))
    terraform.apply()
    (before,) = [one for one in sandbox.store.all() if one["callbackId"] != 7001]
    held = before["url"] + ("/" if normalised else "")
    terraform.write(block('url = "https://h.example.com/T0KENPATH2"', 'event = "Parcel"'))
    sandbox.faults.add("update", body=json.dumps({"success": True, "data": {**before, "url": held}}))
    error = terraform.apply(expect=1).error
    assert error.summary == "Change not made by ECGrid"
    assert "T0KENPATH" not in error.text
    assert terraform.state(ADDRESS)["url"] == "https://h.example.com/T0KENPATH1"
    assert terraform.plan().actions == {ADDRESS: "update"}, "the difference stays until it is gone"


def test_a_take_over_that_answers_the_url_as_it_was_before_warns_and_the_next_refresh_shows_it(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    before = sandbox.store.get(7001)
    terraform.write(block("callback_id = 7001", f'url = "{URL}"'))
    sandbox.faults.add("update", body=json.dumps({"success": True, "data": before}))
    applied = terraform.apply(unsettled="the change was not made")
    assert "Change to callback 7001 not made by ECGrid" in [one.summary for one in applied.warnings]
    assert terraform.plan().actions == {ADDRESS: "update"}


@pytest.mark.parametrize("call", ["create", "update"])
def test_half_a_surrogate_pair_in_an_answer_costs_no_registration(
    terraform: Terraform, sandbox: Sandbox, call: str
) -> None:
    odd = '{"success": true, "data": {"callbackId": 7002, "url": "https://h.example.com/\\ud800", "status": "Active"}}'
    terraform.write(block(*NEW))
    if call == "update":
        terraform.apply()
        terraform.write(block(f'url = "{URL}2"', 'event = "Parcel"'))
    sandbox.faults.add(call, body=odd, carried_out=True)
    terraform.run("apply", "-auto-approve", expect=None)
    assert terraform.state(ADDRESS)["callback_id"] == 7002


def test_a_registration_with_another_authentication_type_than_asked_for_is_told(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    terraform.write(block(*NEW, *CREDENTIALS))
    sandbox.faults.add("create", transform=lambda record: record | {"httpAuthType": "None"})
    applied = terraform.apply(unsettled="ECGrid registered it otherwise")
    assert "`http_auth_type` was sent as `Basic`, but ECGrid returned `None`" in applied.warning.detail

    # No lookup of this model shows the type, so the answer alone can tell.
    assert terraform.plan().changed(ADDRESS) == {"http_auth_type": ("None", "Basic")}
    sandbox.faults.add("update", transform=lambda record: record | {"httpAuthType": "None"})
    assert terraform.apply(expect=1).error.attribute == "http_auth_type"
    assert terraform.state(ADDRESS)["http_auth_type"] == "None"
    terraform.apply()
    assert sandbox.writes()[-1].body == {
        "callbackId": 7002,
        "httpAuthType": "Basic",
        "username": "u",
        "password": "S3cretPw99",
    }


@BOTH_MODELS
def test_half_a_surrogate_pair_in_a_lookup_stops_neither_a_take_over_nor_a_refresh_nor_a_list(
    terraform: Terraform, sandbox: Sandbox, lookups: str
) -> None:
    broken = (
        '{"callbackId": 7001, "callBackEventId": 7001, "event": "Parcel", "url": "https://h.example.com/v2\\ud83d"}'
    )
    one, many = ("get-queue-by-id", "queue-list") if lookups == "registrations" else ("get-event-by-id", "event-list")
    record = broken if lookups == "registrations" else broken.replace('"callbackId": 7001, ', "")
    sandbox.faults.add("update", times=None, carried_out=True, body=f'{{"success": true, "data": {broken}}}')
    sandbox.faults.add(one, times=None, body=f'{{"success": true, "data": {record}}}')
    listed = f'{{"queueEntries": [{record}], "events": [{record}], "count": 1}}'
    sandbox.faults.add(many, times=None, body=f'{{"success": true, "data": {listed}}}')
    terraform.write(block("callback_id = 7001", 'status = "Active"') + 'data "ecgrid_callbacks" "all" {}\n')
    terraform.apply()
    assert terraform.state(ADDRESS)["url"] == "https://h.example.com/v2\ufffd"
    (shown,) = terraform.state("data.ecgrid_callbacks.all")["callbacks"]
    assert shown["url"] == "https://h.example.com/v2\ufffd"
