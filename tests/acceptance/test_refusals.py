"""What is refused before any request, with a pointer at the attribute and the way to mend it."""

from __future__ import annotations

from dataclasses import dataclass

from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.acceptance.features import needs
from tests.acceptance.harness import Outcome, Terraform

NEW = '  url = "https://app.example.com/hook"\n  event = "Parcel"\n'


@dataclass(frozen=True)
class Refused:
    """A configuration, the argument that its refusal points at (empty: the block), and words of the sentence."""

    body: str
    attribute: str
    words: tuple[str, ...]


# Refused by what the configuration alone says: `terraform validate` sees it.
BY_CONFIGURATION = {
    "url_http": Refused(
        'url = "http://app.example.com/hook?t=0k3n"\nevent = "Parcel"', "url", ("Start the URL with `https://`",)
    ),
    "url_no_scheme": Refused('url = "app.example.com"\nevent = "Parcel"', "url", ("not an HTTPS URL",)),
    "url_no_host": Refused('url = "https:///hook"\nevent = "Parcel"', "url", ("has no valid host", "Write it like")),
    "url_credentials": Refused(
        'url = "https://user:0k3n@app.example.com/"\nevent = "Parcel"',
        "url",
        ("contains credentials", "set `http_auth_type`, `username` and `password_wo` instead"),
    ),
    "event": Refused(
        'url = "https://app.example.com"\nevent = "parcell"',
        "event",
        ("Did you mean `Parcel`?", "`System`", "`Invoice`"),
    ),
    "status": Refused(
        NEW + 'status = "suspend"', "status", ("Did you mean `Suspended`?", "`Development`", "`Terminated`")
    ),
    "auth": Refused(NEW + 'http_auth_type = "basic"', "http_auth_type", ("Did you mean `Basic`?", "`None`, `Basic`")),
    "on_destroy": Refused(NEW + 'on_destroy = "keep"', "on_destroy", ("`delete`, `suspend`, `terminate`, `retain`",)),
    "id_zero": Refused("callback_id = 0", "callback_id", ("is 0", "whole number from 1 to 2147483647")),
    "id_fraction": Refused("callback_id = 7001.5", "callback_id", ("is 7001.5", "whole number from 1")),
    "id_huge": Refused("callback_id = 2147483648", "callback_id", ("is 2147483648", "to 2147483647")),
    "mailbox_negative": Refused(NEW + "mailbox_id = -1", "mailbox_id", ("is -1", "whole number from 0")),
    "network_fraction": Refused(NEW + "network_id = 0.5", "network_id", ("is 0.5", "whole number from 0")),
    "id_set": Refused(
        NEW + 'id = "7001"', "id", ("`id` is read-only", "To take over an existing callback, set `callback_id`.")
    ),
    "none_with_username": Refused(
        NEW + 'http_auth_type = "None"\nusername = "u"', "username", ("Set `http_auth_type` to `Basic` or `Digest`",)
    ),
    "none_with_password": Refused(
        NEW + 'http_auth_type = "None"\npassword = local.secret', "password", ("or remove `password`",)
    ),
}

# Refused by the plan, which knows whether there is a state.
BY_PLAN = {
    "nothing": Refused('status = "Active"', "", ("set `url` and `event`", "set `callback_id`")),
    "no_event": Refused('url = "https://app.example.com"', "", ("set `event`",)),
    "no_url": Refused('event = "Parcel"', "", ("set `url`",)),
    "scope_taken_over": Refused(
        "callback_id = 7001\nmailbox_id = 12345", "mailbox_id", ("Remove `mailbox_id`, or remove `callback_id`",)
    ),
    "network_taken_over": Refused("callback_id = 7001\nnetwork_id = 0", "network_id", ("Remove `network_id`",)),
    "basic_alone": Refused(
        NEW + 'http_auth_type = "Basic"', "http_auth_type", ("Set `username` and `password_wo` (or `password`)",)
    ),
    "basic_without_password": Refused(
        NEW + 'http_auth_type = "Basic"\nusername = "u"', "http_auth_type", ("Set `password_wo` (or `password`)",)
    ),
    "digest_without_username": Refused(
        'callback_id = 7001\nhttp_auth_type = "Digest"\npassword = local.secret', "http_auth_type", ("Set `username`",)
    ),
    "credentials_without_auth": Refused(
        NEW + 'username = "u"\npassword = local.secret', "username", ("Set `http_auth_type` to `Basic` or `Digest`",)
    ),
    "version_alone": Refused(
        NEW + "password_wo_version = 1", "password_wo_version", ("Set `password_wo`, or remove `password_wo_version`",)
    ),
}


# A diagnostic shows the line that it points at, so the secret stands elsewhere.
SECRET = 'locals {\n  secret = sensitive("p4ssw0rd")\n}\n'


def configuration(cases: dict[str, Refused]) -> str:
    """Return one resource for each case."""
    return SECRET + "".join(
        f'resource "ecgrid_callback" "{name}" {{\n{case.body}\n}}\n' for name, case in cases.items()
    )


def check(outcome: Outcome, cases: dict[str, Refused], sandbox: Sandbox) -> None:
    """Demand one error for each case, where and what it says, and that nothing was asked of the API."""
    found = {one.address: one for one in outcome.errors}
    assert len(outcome.errors) == len(found), outcome
    for name, case in cases.items():
        error = found.pop(f"ecgrid_callback.{name}")
        assert (error.attribute or "") == case.attribute, (name, error)
        for words in case.words:
            assert words in error.text, (name, error)
    assert found == {}
    assert sandbox.requests == []
    assert "0k3n" not in "".join(one.text for one in outcome.diagnostics)
    assert "p4ssw0rd" not in "".join(one.text for one in outcome.diagnostics)


def test_a_value_that_can_never_be_right_is_refused_by_validate(terraform: Terraform, sandbox: Sandbox) -> None:
    terraform.write(configuration(BY_CONFIGURATION))
    check(terraform.validate(expect=1), BY_CONFIGURATION, sandbox)


def test_what_depends_on_the_state_is_refused_by_the_plan(terraform: Terraform, sandbox: Sandbox) -> None:
    terraform.write(configuration(BY_PLAN))
    check(terraform.plan(expect=1), BY_PLAN, sandbox)


@needs("write-only")
def test_a_write_only_password_is_refused_beside_a_password_and_without_its_version(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    basic = NEW + 'http_auth_type = "Basic"\nusername = "u"\n'
    cases = {
        "both": Refused(
            basic + "password = local.secret\npassword_wo = local.secret\npassword_wo_version = 1",
            "password_wo",
            ("only one can be sent", "Remove `password`"),
        ),
        "no_version": Refused(basic + "password_wo = local.secret", "password_wo", ("Add `password_wo_version = 1`",)),
        "none": Refused(
            NEW + 'http_auth_type = "None"\npassword_wo = local.secret\npassword_wo_version = 1',
            "password_wo",
            ("or remove `password_wo`",),
        ),
    }
    terraform.write(configuration(cases))
    check(terraform.validate(expect=1), cases, sandbox)


def test_a_variable_is_checked_with_its_value_by_the_plan(terraform: Terraform, sandbox: Sandbox) -> None:
    cases = {"orders": Refused('url = var.url\nevent = "Parcel"', "url", ("Start the URL with `https://`",))}
    terraform.write('variable "url" {}\n' + configuration(cases))
    terraform.validate()
    check(terraform.plan("-var=url=http://app.example.com", expect=1), cases, sandbox)


# Refused by the apply: `terraform_data.later` is unknown in the plan.
BY_APPLY = {
    "url": Refused(
        'url = terraform_data.later["url"].output\nevent = "User"', "url", ("Start the URL with `https://`",)
    ),
    "refined": Refused(
        'url = "ftp://${terraform_data.later["host"].output}"\nevent = "User"',
        "url",
        ("Start the URL with `https://`",),
    ),
    "credentials": Refused(
        'url = "https://user:0k3n@${terraform_data.later["host"].output}"\nevent = "User"',
        "url",
        ("contains credentials",),
    ),
    "event": Refused(
        'url = "https://app.example.com"\nevent = terraform_data.later["event"].output',
        "event",
        ("Did you mean `Parcel`?",),
    ),
    "status": Refused(NEW + 'status = terraform_data.later["status"].output', "status", ("Did you mean `Suspended`?",)),
    "id": Refused('callback_id = terraform_data.later["id"].output', "callback_id", ("whole number from 1",)),
    "scope": Refused(
        'callback_id = terraform_data.later["existing"].output\nmailbox_id = terraform_data.later["mailbox"].output',
        "mailbox_id",
        ("Remove `mailbox_id`",),
    ),
    "neither": Refused(
        'callback_id = terraform_data.later["nothing"].output == "" ? null : 7001', "", ("set `callback_id`",)
    ),
    "incomplete": Refused(
        NEW + 'http_auth_type = terraform_data.later["auth"].output\nusername = "u"',
        "http_auth_type",
        ("Set `password_wo` (or `password`)",),
    ),
    "unused": Refused(
        NEW + 'http_auth_type = terraform_data.later["none"].output\nusername = "u"',
        "username",
        ("Set `http_auth_type` to `Basic` or `Digest`",),
    ),
}
LATER = """
resource "terraform_data" "later" {
  for_each = {
    url = "http://app.example.com", host = "app.example.com", event = "parcel", status = "suspend", id = "0"
    existing = "7001", mailbox = "12345", nothing = "", auth = "Basic", none = "None"
  }
  input = each.value
}
"""


def test_values_that_are_unknown_at_plan_are_checked_at_apply(terraform: Terraform, sandbox: Sandbox) -> None:
    terraform.write(LATER + configuration(BY_APPLY))
    plan = terraform.plan(expect=2)
    assert plan.diagnostics == []
    check(terraform.apply(expect=1), BY_APPLY, sandbox)
    assert set(terraform.instances()) == {one for one in plan.actions if one.startswith("terraform_data")}


def test_credentials_are_refused_while_the_state_holds_none_as_authentication(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    head = f'resource "ecgrid_callback" "orders" {{\n{NEW}'
    terraform.write(head + '  http_auth_type = "None"\n}\n')
    terraform.apply()
    sandbox.requests.clear()
    terraform.write(SECRET + head + '  username = "u"\n  password = local.secret\n}\n')
    error = terraform.plan(expect=1).error
    assert error.attribute == "username"
    assert "the callback's `http_auth_type` is `None`" in error.text
    assert "Set `http_auth_type` to `Basic` or `Digest`" in error.text
    assert all(one.call == "get-queue-by-id" for one in sandbox.requests)


def test_a_change_that_would_send_half_of_the_credentials_is_refused(terraform: Terraform, sandbox: Sandbox) -> None:
    head = f'resource "ecgrid_callback" "orders" {{\n{NEW}  http_auth_type = "Basic"\n'
    terraform.write(SECRET + head + '  username = "u"\n  password = local.secret\n}\n')
    terraform.apply()
    sandbox.requests.clear()
    terraform.write(SECRET + head + '  username = "other"\n}\n')
    error = terraform.plan(expect=1).error
    assert error.attribute == "http_auth_type"
    assert "Set `password_wo` (or `password`)" in error.text
    assert sandbox.writes() == []


def test_a_take_over_of_a_terminated_callback_is_refused_unless_nothing_is_sent(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    sandbox.store.change(7001, status="Terminated")
    terraform.write('resource "ecgrid_callback" "orders" {\n  callback_id = 7001\n  status = "Active"\n}\n')
    error = terraform.plan(expect=1).error
    assert error.attribute == "status"
    for words in ("7001", "permanent", "remove `callback_id`"):
        assert words in error.text
    terraform.write('resource "ecgrid_callback" "orders" {\n  callback_id = 7001\n}\n')
    terraform.apply()
    assert sandbox.writes() == []
    assert terraform.state("ecgrid_callback.orders")["status"] == "Terminated"
