"""`terraform query`: the callbacks of an account, listed with as few requests as the limit needs."""

from __future__ import annotations

from typing import Any

import pytest

from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.acceptance.features import core, needs
from tests.acceptance.harness import BOTH_MODELS, Terraform
from tests.acceptance.results import Queried

pytestmark = [needs("query"), core]

FILE = "account.tfquery.hcl"
ALL = 'list "ecgrid_callback" "all" {\n  provider = ecgrid\n}\n'


def block(name: str, config: str = "", more: str = "") -> str:
    """A `list` block with the lines of its `config` block, and further lines of its own."""
    inner = f"  config {{\n{config}\n  }}\n" if config else ""
    return f'list "ecgrid_callback" "{name}" {{\n  provider = ecgrid\n{more}\n{inner}}}\n'


def ids(queried: Queried, name: str = "all") -> list[int]:
    """The listed ids of one block, in their order."""
    address = f"list.ecgrid_callback.{name}"
    return [one["identity"]["callback_id"] for one in queried.found if one["address"] == address]


def pages(sandbox: Sandbox) -> list[tuple[str, Any]]:
    """The requests so far, each with its body."""
    return [(one.call, one.body) for one in sandbox.requests]


def fill(sandbox: Sandbox, count: int) -> None:
    """Register callbacks until the account has `count`."""
    for number in range(count - 1):
        sandbox.store.put(url=f"https://app{number}.example.com/hook?token=s3cr3t")


@BOTH_MODELS
def test_a_list_names_every_callback_by_identity_event_and_host_alone(
    terraform: Terraform, sandbox: Sandbox, lookups: str
) -> None:
    other = sandbox.store.put(url="https://b.example.com:8443/hook?token=s3cr3t", event="Mailbox", mailboxId=9)
    # Model E lists one mailbox of one network; the sandbox's mailbox 0 is all of them.
    terraform.write(ALL if lookups == "registrations" else block("all", "mailbox_id = 0"), FILE)
    queried = terraform.query()
    assert [(one["identity"], one["display_name"]) for one in queried.found] == [
        ({"callback_id": 7001}, "7001 Parcel at https://app.example.com"),
        ({"callback_id": other}, f"{other} Mailbox at https://b.example.com:8443"),
    ]
    assert queried.diagnostics == []
    asked = {
        "registrations": [("queue-list", {"pageNo": 1, "recordsPerPage": 500})],
        "events": [("event-list", {"networkId": 5050, "mailboxId": 0, "showInactive": True})],
    }
    assert [one for one in pages(sandbox) if one[0] != "me"][-1:] == asked[lookups]
    assert len(pages(sandbox)) == (1 if lookups == "registrations" else 3), (
        "first contact, and the credential's own network"
    )

    said = terraform.run("query", "-no-color").text
    assert "list.ecgrid_callback.all callback_id=7001 7001 Parcel at https://app.example.com" in said
    assert f"callback_id={other} {other} Mailbox at https://b.example.com:8443" in said
    for one in (queried, terraform.results[-1]):
        assert "hook" not in one.text
        assert "s3cr3t" not in one.text


def test_filters_choose_by_mailbox_status_and_event(terraform: Terraform, sandbox: Sandbox) -> None:
    put = sandbox.store.put
    in_box = put(url="https://a.example.com/a", mailboxId=9)
    in_box_suspended = put(url="https://a.example.com/b", mailboxId=9, status="Suspended")
    network = put(url="https://a.example.com/c", event="Network", mailboxId=9)
    terraform.write(
        block("mailbox", "mailbox_id = 9")
        + block("status", 'status = "Suspended"')
        + block("event", 'event = "Network"')
        + block("together", 'mailbox_id = 9\nstatus = "Active"\nevent = "Parcel"')
        + block("none", 'event = "Invoice"'),
        FILE,
    )
    queried = terraform.query()
    assert ids(queried, "mailbox") == [in_box, in_box_suspended, network]
    assert ids(queried, "status") == [7001, in_box_suspended]
    assert ids(queried, "event") == [network]
    assert ids(queried, "together") == [in_box]
    assert ids(queried, "none") == []
    assert queried.diagnostics == []
    paging = {"pageNo": 1, "recordsPerPage": 500}
    asked = sorted((one.body for one in sandbox.requests if one.body), key=str)
    assert asked == sorted(
        [
            {"mailboxId": 9} | paging,
            {"status": "Suspended"} | paging,
            {"mailboxId": 9, "status": "Active"} | paging,
            paging,  # the API knows no filter by event
            paging,
        ],
        key=str,
    )


def test_filters_that_can_match_nothing_are_refused_without_a_request(terraform: Terraform, sandbox: Sandbox) -> None:
    terraform.write(
        block("status", 'status = "Activ"') + block("event", 'event = "parcel"') + block("box", "mailbox_id = 1.5"),
        FILE,
    )
    queried = terraform.query(expect=1)
    said = {one.address: one.text for one in queried.errors}
    assert "Did you mean `Active`?" in said["list.ecgrid_callback.status"]
    assert "Did you mean `Parcel`?" in said["list.ecgrid_callback.event"]
    assert "whole number from 0 to 2147483647" in said["list.ecgrid_callback.box"]
    assert sandbox.requests == []


@pytest.mark.parametrize(
    ("limit", "listed", "requests"), [("", 100, 1), ("limit = 500", 500, 1), ("limit = 501", 501, 2)]
)
def test_no_page_is_read_that_the_limit_does_not_need(
    terraform: Terraform, sandbox: Sandbox, limit: str, listed: int, requests: int
) -> None:
    fill(sandbox, 1200)
    terraform.write(block("all", more=f"  {limit}"), FILE)
    assert len(ids(terraform.query())) == listed
    assert [body for _, body in pages(sandbox)] == [
        {"pageNo": number, "recordsPerPage": 500} for number in range(1, requests + 1)
    ]


def test_the_resource_that_is_included_is_what_an_import_gives_at_no_further_request(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    sandbox.store.put(url="https://b.example.com/hook", event="Mailbox", mailboxId=9)
    terraform.write(block("all", more="  include_resource = true"), FILE)
    queried = terraform.query()
    assert [call for call, _ in pages(sandbox)] == ["queue-list"]
    terraform.write('resource "ecgrid_callback" "orders" {\n}\n')
    terraform.import_("ecgrid_callback.orders", 7001)
    listed = queried.found[0]["resource_object"]
    assert listed == terraform.state("ecgrid_callback.orders")
    assert (listed["mailbox_id"], listed["on_destroy"]) == (12345, "delete")


def test_a_list_that_fails_on_its_way_is_an_error_that_says_how_many_were_listed(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    fill(sandbox, 700)
    sandbox.faults.add("queue-list", transform=lambda page: page)
    sandbox.faults.add("queue-list", times=None, error_code="AccessDenied")
    terraform.write(block("all", more="  limit = 700"), FILE)
    queried = terraform.query(expect=1)
    assert queried.error.summary == "List of callbacks ended early"
    assert "500 callbacks were listed before the error" in queried.error.detail
    assert "AccessDenied" in queried.error.detail
    assert queried.error.address == "list.ecgrid_callback.all"


def test_a_provider_argument_that_is_not_known_yet_is_an_error_that_names_it(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    terraform.write(
        'resource "terraform_data" "key" {\n  input = "k"\n}\n'
        'provider "ecgrid" {\n  api_key = terraform_data.key.output\n}\n'
    )
    terraform.write(ALL, FILE)
    error = terraform.query(expect=1).error
    assert error.summary == "ECGrid not called"
    assert "The provider argument `api_key` depends on" in error.detail
    assert sandbox.requests == []
