"""Data sources: one callback, every callback that matches, and what was delivered; all pages, in a fixed order."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.acceptance.features import core, needs
from tests.acceptance.harness import BOTH_MODELS, Terraform

URL = "https://app.example.com/webhooks/ecgrid"
AT = datetime(2026, 5, 7, 9, 0, 0, tzinfo=UTC)


def data(type_: str, name: str, *arguments: str) -> str:
    lines = "".join(f"  {one}\n" for one in arguments)
    return f'data "ecgrid_{type_}" "{name}" {{\n{lines}}}\n'


def read(terraform: Terraform, type_: str, name: str = "it") -> dict[str, Any]:
    """What the state holds of a data source."""
    return terraform.state(f"data.ecgrid_{type_}.{name}")


def bodies(sandbox: Sandbox, call: str) -> list[Any]:
    return [one.body for one in sandbox.requests if one.call == call]


@core
@BOTH_MODELS
def test_one_callback_has_all_that_the_lookups_show(terraform: Terraform, sandbox: Sandbox, lookups: str) -> None:
    sandbox.store.fire(7001, delivered=False, http_status=500, at=AT)
    terraform.write(data("callback", "it", "callback_id = 7001"))
    terraform.apply()
    queued = sandbox.store.get(7001)
    assert queued is not None
    of_model_q = {
        "queued_at": queued["created"],
        "last_attempt": "2026-05-07T09:00:00Z",
        "attempts": 1,
        "last_http_status": 500,
    }
    of_model_e = {"network_id": 5050, "http_auth_type": "None", "direction": "NoDir"}
    shown, hidden = (of_model_q, of_model_e) if lookups == "registrations" else (of_model_e, of_model_q)
    common = {
        "callback_id": 7001,
        "id": "7001",
        "url": URL,
        "event": "Parcel",
        "status": "Suspended",
        "mailbox_id": 12345,
    }
    assert read(terraform, "callback") == common | shown | dict.fromkeys(hidden)
    assert sandbox.writes() == []


def test_a_callback_that_no_lookup_shows_is_an_error_that_names_it(terraform: Terraform, sandbox: Sandbox) -> None:
    terraform.write(data("callback", "it", "callback_id = 7999"))
    error = terraform.plan(expect=1).error
    assert (error.summary, error.attribute) == ("Callback not shown by ECGrid", "callback_id")
    assert "No ECGrid lookup shows callback 7999" in error.detail
    assert "Check the id and the credential" in error.detail
    assert error.address == "data.ecgrid_callback.it"


@core
def test_callbacks_are_listed_over_all_pages_one_object_an_id_in_id_order(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    for number in range(1100):
        sandbox.store.put(callbackId=9000 - number, url=f"https://app{number}.example.com/hook", mailboxId=number % 3)
    sandbox.faults.add("queue-list", times=None, transform=_backwards)
    terraform.write(data("callbacks", "it"))
    terraform.apply()
    listed = read(terraform, "callbacks")["callbacks"]
    assert [one["callback_id"] for one in listed] == [7001, *range(9000 - 1099, 9001)]
    assert bodies(sandbox, "queue-list")[:3] == [{"pageNo": n, "recordsPerPage": 500} for n in (1, 2, 3)]
    assert {one.call for one in sandbox.requests} == {"queue-list"}
    assert listed[0] == {
        "callback_id": 7001,
        "url": URL,
        "event": "Parcel",
        "status": "Suspended",
        "mailbox_id": 12345,
        "queued_at": sandbox.store.all()[0]["created"],
        "last_attempt": None,
        "attempts": 0,
        **dict.fromkeys(("last_http_status", "network_id", "http_auth_type", "direction")),
    }


def _backwards(page: dict[str, Any]) -> dict[str, Any]:
    return page | {"queueEntries": page["queueEntries"][::-1]}


def test_callbacks_are_chosen_by_mailbox_status_and_event(terraform: Terraform, sandbox: Sandbox) -> None:
    put = sandbox.store.put
    first = put(url="https://a.example.com/a", mailboxId=9)
    second = put(url="https://a.example.com/b", mailboxId=9, status="Suspended")
    third = put(url="https://a.example.com/c", mailboxId=9, event="Network")
    terraform.write(
        data("callbacks", "box", "mailbox_id = 9")
        + data("callbacks", "status", 'status = "Suspended"')
        + data("callbacks", "event", 'event = "Network"')
        + data("callbacks", "all", "mailbox_id = 9", 'status = "Active"', 'event = "Parcel"')
        + data("callbacks", "none", 'event = "Invoice"')
    )
    terraform.apply()
    found = {
        name: [one["callback_id"] for one in read(terraform, "callbacks", name)["callbacks"]]
        for name in ("box", "status", "event", "all", "none")
    }
    assert found == {
        "box": [first, second, third],
        "status": [7001, second],
        "event": [third],
        "all": [first],
        "none": [],
    }
    assert {"mailboxId": 9, "status": "Active", "pageNo": 1, "recordsPerPage": 500} in bodies(sandbox, "queue-list")


def test_an_entry_that_cannot_be_read_is_left_out_with_a_warning(terraform: Terraform, sandbox: Sandbox) -> None:
    for call, name in (("queue-list", "queueEntries"), ("event-list", "events")):
        sandbox.faults.add(call, times=None, transform=partial(_with_an_unreadable_entry, name))
    sandbox.store.fire(7001)
    terraform.write(data("callbacks", "it") + data("callback_events", "it"))
    said = {one.summary: one.detail for one in terraform.plan().warnings}
    assert set(said) == {"List of callbacks incomplete", "List of events incomplete"}
    assert "1 callbacks were" in said["List of callbacks incomplete"]
    assert "1 events were" in said["List of events incomplete"]
    assert not any("again" in detail for detail in said.values()), "it would be the same again"


def _with_an_unreadable_entry(name: str, page: dict[str, Any]) -> dict[str, Any]:
    return page | {name: [{}, *page[name]]}


@core
def test_events_are_newest_first_with_everything_that_is_known_of_them(terraform: Terraform, sandbox: Sandbox) -> None:
    other = sandbox.store.put(url="https://b.example.com/hook", event="Mailbox", mailboxId=9)
    first = sandbox.store.fire(7001, at=AT)
    latest = sandbox.store.fire(other, delivered=False, http_status=500, at=AT + timedelta(hours=2))
    between = sandbox.store.fire(7001, delivered=False, at=AT + timedelta(hours=1))
    sandbox.faults.add("event-list", times=None, transform=lambda page: page | {"events": page["events"][::-1]})
    terraform.write(data("callback_events", "it"))
    terraform.apply()
    events = read(terraform, "callback_events")["events"]
    assert [one["callback_event_id"] for one in events] == [latest, between, first]
    assert events[2] == {
        "callback_event_id": first,
        "callback_id": 7001,
        "event": "Parcel",
        "mailbox_id": 12345,
        "object_id": 9000000001,  # more than 32 bits
        "status": "Delivered",
        "created": "2026-05-07T09:00:00Z",
        "delivered": "2026-05-07T09:00:00Z",
        "http_status": 200,
    }
    assert (events[0]["http_status"], events[0]["delivered"]) == (500, None)
    assert (events[1]["status"], events[1]["http_status"]) == ("Pending", None)


def test_events_are_chosen_by_mailbox_callback_event_and_dates(terraform: Terraform, sandbox: Sandbox) -> None:
    other = sandbox.store.put(url="https://b.example.com/hook", event="Mailbox", mailboxId=9)
    early, late = (sandbox.store.fire(7001, at=AT + timedelta(hours=hours)) for hours in (0, 4))
    mailbox = sandbox.store.fire(other, at=AT + timedelta(hours=2))
    terraform.write(
        data("callback_events", "box", "mailbox_id = 9")
        + data("callback_events", "callback", "callback_id = 7001")
        + data("callback_events", "event", 'event = "Mailbox"')
        # Both are 10:00 in UTC and later: an offset is not lost on the way.
        + data("callback_events", "since", 'begin_date = "2026-05-07T12:00:00+02:00"')
        + data("callback_events", "until", 'end_date = "2026-05-07T06:00:00-04:00"')
        + data("callback_events", "none", "callback_id = 7999")
    )
    terraform.apply()
    found = {
        name: [one["callback_event_id"] for one in read(terraform, "callback_events", name)["events"]]
        for name in ("box", "callback", "event", "since", "until", "none")
    }
    assert found == {
        "box": [mailbox],
        "callback": [late, early],
        "event": [mailbox],
        "since": [late, mailbox],
        "until": [early],
        "none": [],
    }
    page = {"pageNo": 1, "recordsPerPage": 500}
    assert {"beginDate": "2026-05-07T10:00:00Z"} | page in bodies(sandbox, "event-list")
    assert read(terraform, "callback_events", "since")["begin_date"] == "2026-05-07T12:00:00+02:00"


def test_more_events_than_the_limit_are_a_warning_and_the_newest_are_returned(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    events = [sandbox.store.fire(7001, at=AT + timedelta(minutes=number)) for number in range(1001)]
    terraform.write(
        data("callback_events", "usual")
        + data("callback_events", "few", "limit = 2")
        + data("callback_events", "enough", "limit = 1001")
    )
    applied = terraform.apply(unsettled="warned of, so the harness would not look either")
    usual, few, enough = (
        [one["callback_event_id"] for one in read(terraform, "callback_events", name)["events"]]
        for name in ("usual", "few", "enough")
    )
    assert usual == events[:0:-1]
    assert few == [events[-1], events[-2]]
    assert enough == events[::-1]
    said = {one.address: one for one in applied.warnings}
    assert set(said) == {"data.ecgrid_callback_events.usual"}, "a limit that was set is what was asked for"
    assert "newest 1000 are returned" in said["data.ecgrid_callback_events.usual"].detail


REFUSED = {
    ("callback", "callback_id = 0"): "whole number from 1 to 2147483647",
    ("callbacks", "mailbox_id = -1"): "whole number from 0 to 2147483647",
    ("callbacks", 'status = "active"'): "Did you mean `Active`?",
    ("callbacks", 'event = "Parcels"'): "Did you mean `Parcel`?",
    ("callback_events", "callback_id = 2147483648"): "whole number from 1 to 2147483647",
    ("callback_events", "limit = 0"): "whole number from 1 to",
    ("callback_events", 'event = "Nothing"'): "Allowed values are `System`, `User`",
    ("callback_events", 'begin_date = "2026-05-07T09:00:00"'): "with an offset (RFC 3339)",
    ("callback_events", 'begin_date = "2026-05-07"'): "with an offset (RFC 3339)",
    ("callback_events", 'end_date = "yesterday"'): "with an offset (RFC 3339)",
    ("mailbox", "mailbox_id = 0"): "whole number from 1 to 2147483647",
    ("mailboxes", "network_id = 0.5"): "whole number from 1 to 2147483647",
    ("mailboxes", 'status = "active"'): "Did you mean `Active`?",
}


def test_arguments_that_can_match_nothing_are_refused_without_a_request(terraform: Terraform, sandbox: Sandbox) -> None:
    terraform.write("".join(data(type_, f"n{n}", line) for n, (type_, line) in enumerate(REFUSED)))
    by_line = {one.line: one for one in terraform.validate(expect=1).errors}
    assert len(by_line) == len(REFUSED)
    for number, ((_, line), sentence) in enumerate(REFUSED.items()):
        error = by_line[3 * number + 2]  # the second of each block's three lines
        assert error.attribute == line.split()[0]
        assert sentence in error.detail
    assert sandbox.requests == []


def test_a_read_only_attribute_that_is_set_is_refused_without_a_request(terraform: Terraform, sandbox: Sandbox) -> None:
    terraform.write(
        data("callback", "it", 'callback_id = 7001\n  url = "https://app.example.com"')
        + data("mailbox", "it", 'name = "ACME-ORDERS"\n  status = terraform_data.later.output')
        + data("current_user", "it", 'login = "someone"')
        + 'resource "terraform_data" "later" {\n  input = "Active"\n}\n'
    )
    for errors in (terraform.validate(expect=1).errors, terraform.plan(expect=1).errors):
        assert {(one.summary, one.attribute) for one in errors} == {
            ("Read-only attribute", name) for name in ("url", "status", "login")
        }
    assert sandbox.requests == []


def test_a_refusal_of_ecgrid_is_an_error_that_says_what_was_asked_and_why(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    sandbox.faults.add("*", times=None, error_code="AccessDenied")
    terraform.write(
        data("callback", "it", "callback_id = 7001")
        + data("callbacks", "it")
        + data("callback_events", "it")
        + data("mailbox", "it", "mailbox_id = 12345")
        + data("mailbox", "named", 'name = "ACME-ORDERS"')
        + data("mailboxes", "it")
        + data("current_user", "it")
    )
    errors = {one.address: one for one in terraform.plan(expect=1).errors}
    assert {address.removeprefix("data.ecgrid_"): one.summary for address, one in errors.items() if address} == {
        "callback.it": "Callback 7001 not read",
        "callbacks.it": "The list of callbacks not read",
        "callback_events.it": "The list of events not read",
        "mailbox.it": "Mailbox 12345 not read",
        "mailbox.named": 'Mailbox "ACME-ORDERS" not read',
        "mailboxes.it": "The list of mailboxes not read",
        "current_user.it": "The current user not read",
    }
    assert all("AccessDenied" in one.detail for one in errors.values())


def test_a_network_is_an_error_where_ecgrid_does_not_list_by_it(terraform: Terraform, sandbox: Sandbox) -> None:
    terraform.write(data("callbacks", "it", "network_id = 5050"))
    error = terraform.plan(expect=1).error
    assert error.attribute == "network_id"
    assert "Remove `network_id`" in error.detail
    assert sandbox.writes() == []


@needs("import for_each")
def test_every_callback_of_a_mailbox_is_adopted_by_an_import_for_each(terraform: Terraform, sandbox: Sandbox) -> None:
    for number in range(3):
        sandbox.store.put(url=f"https://app{number}.example.com/hook", mailboxId=9)
    before = sandbox.store.all()
    terraform.write(
        data("callbacks", "box", "mailbox_id = 9")
        + "locals {\n  adopted = { for one in data.ecgrid_callbacks.box.callbacks : one.callback_id => one }\n}\n"
        + "import {\n  for_each = local.adopted\n  to = ecgrid_callback.box[each.key]\n  id = each.key\n}\n"
        + 'resource "ecgrid_callback" "box" {\n  for_each = local.adopted\n'
        + "  url = each.value.url\n  event = each.value.event\n}\n"
    )
    assert set(terraform.plan().actions.values()) == {"import"}
    terraform.apply()
    assert len(terraform.instances()) == 3 + 1
    assert sandbox.writes() == []
    assert json.dumps(sandbox.store.all()) == json.dumps(before)
