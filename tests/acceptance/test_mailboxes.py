"""Around a callback: its mailbox by name, every mailbox of the account, and whose credential it is."""

from __future__ import annotations

from typing import Any

import pytest

from terraform_provider_ecgrid.sandbox.directory import MAILBOXES
from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.acceptance.features import core, needs
from tests.acceptance.harness import BOTH_MODELS, Terraform
from tests.acceptance.test_data_sources import bodies, data, read
from tests.acceptance.test_examples import EXAMPLES, use

# Where the sandbox's calls look for mailboxes.
DIRECTORY = "terraform_provider_ecgrid.sandbox.account.MAILBOXES"
ACME = {
    "mailbox_id": 12345,
    "network_id": 5050,
    "name": "Acme Trading, Orders",
    "unique_id": "ACME-ORDERS",
    "description": None,
    "status": "Active",
}


@core
@BOTH_MODELS
def test_a_callback_is_registered_for_a_mailbox_that_is_known_by_its_name(
    terraform: Terraform, sandbox: Sandbox, lookups: str
) -> None:
    use(terraform, EXAMPLES / "data-sources" / "ecgrid_mailbox" / "data-source.tf")
    plan = terraform.plan()
    assert plan.change("ecgrid_callback.orders")["after"]["mailbox_id"] == 12345, "it is known at plan"
    terraform.apply()
    (created,) = sandbox.writes()
    assert (created.call, (created.body or {})["mailboxId"]) == ("create", 12345)
    assert read(terraform, "mailbox", "acme") == ACME | {"id": "12345", "name": "ACME-ORDERS"}


@BOTH_MODELS
def test_a_mailbox_is_found_by_its_id_and_by_each_of_its_names_without_case(
    terraform: Terraform, sandbox: Sandbox, lookups: str
) -> None:
    other = {"name": "Orders", "description": "All orders", "useType": 1, "managed": True}
    sandbox.faults.add("mailbox", times=None, transform=lambda answer: answer | other)
    sandbox.faults.add("mailbox-list", times=None, transform=_other_spelling)
    terraform.write(
        data("mailbox", "id", "mailbox_id = 12345")
        + data("mailbox", "name", 'name = "orders"', "network_id = 5050")
        + data("mailbox", "unique_id", 'name = "acme-orders"')
        + data("mailbox", "company", 'name = "ACME TRADING, ORDERS"')
    )
    terraform.apply()
    shown = ACME | {"id": "12345", "description": "All orders"}
    assert read(terraform, "mailbox", "id") == shown | {"name": "Orders"}
    assert read(terraform, "mailbox", "name") == shown | {"name": "orders"}, "it stays as it is configured"
    assert read(terraform, "mailbox", "unique_id") == shown | {"name": "acme-orders"}
    assert read(terraform, "mailbox", "company") == shown | {"name": "ACME TRADING, ORDERS"}
    assert sandbox.writes() == []


def _other_spelling(page: dict[str, Any]) -> dict[str, Any]:
    """The list in the vendor's other words: `count`, and `mailboxName` beside the company's."""
    listed = page["mailboxes"]
    others = [
        {"mailboxName": "Orders", "description": "All orders"} if one["mailboxId"] == 12345 else {} for one in listed
    ]
    return {"count": len(listed), "mailboxes": [one | other for one, other in zip(listed, others, strict=True)]}


def test_a_name_that_is_known_only_at_apply_is_looked_for_then(terraform: Terraform, sandbox: Sandbox) -> None:
    terraform.write(
        'resource "terraform_data" "name" {\n  input = "acme-orders"\n}\n'
        + data("mailbox", "acme", "name = terraform_data.name.output")
        + 'resource "ecgrid_callback" "orders" {\n  url = "https://a.example.com/hook"\n  event = "Parcel"\n'
        + "  mailbox_id = data.ecgrid_mailbox.acme.mailbox_id\n}\n"
        + 'resource "terraform_data" "copy" {\n  input = data.ecgrid_mailbox.acme.name\n}\n'
    )
    assert terraform.plan().warnings == []
    assert sandbox.requests == []
    terraform.apply()
    assert (sandbox.writes()[0].body or {})["mailboxId"] == 12345
    assert terraform.state("terraform_data.copy")["output"]["value"] == "acme-orders"


@BOTH_MODELS
def test_what_names_no_single_mailbox_is_an_error_that_says_what_to_do(
    terraform: Terraform, sandbox: Sandbox, lookups: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = MAILBOXES[0] | {"mailboxId": 12500, "networkId": 5051, "status": "Suspended"}
    monkeypatch.setattr(DIRECTORY, (*MAILBOXES, copy))
    terraform.write(
        data("mailbox", "none", 'name = "ACME"')
        + data("mailbox", "none_here", 'name = "PARTNER-DEPOT"', "network_id = 5050")
        + data("mailbox", "several", 'name = "acme-orders"')
        + data("mailbox", "one_here", 'name = "acme-orders"', "network_id = 5051")
        + data("mailbox", "id", "mailbox_id = 999")
        + data("mailbox", "network", "mailbox_id = 12400", "network_id = 5050")
    )
    errors = {one.address.rpartition(".")[2]: one for one in terraform.plan(expect=1).errors if one.address}
    assert {name: (one.summary, one.attribute) for name, one in errors.items()} == {
        "none": ('No mailbox named "ACME"', "name"),
        "none_here": ('No mailbox named "PARTNER-DEPOT"', "name"),
        "several": ('Several mailboxes named "acme-orders"', "name"),
        "id": ("Mailbox 999 not found", "mailbox_id"),
        "network": ("Mailbox 12400 in another network", "network_id"),
    }
    assert "of network 5050" in errors["none_here"].detail
    assert "12345 (network 5050, Active), 12500 (network 5051, Suspended)" in errors["several"].detail
    assert "belongs to network 5051, not 5050" in errors["network"].detail


def test_a_mailbox_is_named_either_by_its_id_or_by_its_name(terraform: Terraform, sandbox: Sandbox) -> None:
    null = 'variable "unset" {\n  type = string\n  default = null\n}\n' + data("mailbox", "null", "name = var.unset")
    terraform.write(
        null
        + data("mailbox", "both", "mailbox_id = 12345", 'name = "ACME-ORDERS"')
        + data("mailbox", "neither", "network_id = 5050")
        + data("mailbox", "empty", 'name = ""')
    )
    errors = {one.address or "": one for one in terraform.validate(expect=1).errors}
    terraform.write(null)
    errors |= {"null": terraform.plan(expect=1).error}
    assert {name.rpartition(".")[2]: error.summary for name, error in errors.items()} == {
        "both": "Both mailbox_id and name",
        "neither": "Neither mailbox_id nor name",
        "null": "Neither mailbox_id nor name",
        "empty": "Invalid name",
    }
    for error in errors.values():
        assert "`mailbox_id`" in error.detail
        assert "`name`" in error.detail
    assert sandbox.requests == []


@core
@BOTH_MODELS
def test_mailboxes_are_listed_over_all_pages_in_id_order_by_network_and_status(
    terraform: Terraform, sandbox: Sandbox, lookups: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = tuple(MAILBOXES[3] | {"mailboxId": 30000 - number} for number in range(1100))
    monkeypatch.setattr(DIRECTORY, (*many, *MAILBOXES))
    terraform.write(
        data("mailboxes", "all")
        + data("mailboxes", "network", "network_id = 5050")
        + data("mailboxes", "suspended", "network_id = 5050", 'status = "Suspended"')
        + data("mailboxes", "none", 'status = "Terminated"')
    )
    terraform.apply()
    found = {
        name: [one["mailbox_id"] for one in read(terraform, "mailboxes", name)["mailboxes"]]
        for name in ("all", "network", "suspended", "none")
    }
    assert found == {
        "all": [12345, 12346, 12347, 12400, *range(30000 - 1099, 30001)],
        "network": [12345, 12346, 12347],
        "suspended": [12347],
        "none": [],
    }
    assert read(terraform, "mailboxes", "network")["mailboxes"][0] == ACME
    page = {"pageNo": 3, "recordsPerPage": 500}
    assert page in bodies(sandbox, "mailbox-list")
    assert sandbox.writes() == []


def test_a_mailbox_that_cannot_be_read_is_left_out_with_a_warning(terraform: Terraform, sandbox: Sandbox) -> None:
    sandbox.faults.add(
        "mailbox-list", times=None, transform=lambda page: page | {"mailboxes": [{}, *page["mailboxes"][1:]]}
    )
    terraform.write(data("mailboxes", "it") + data("mailbox", "lost", 'name = "ACME-ORDERS"'))
    plan = terraform.plan(expect=1)
    assert [one.summary for one in plan.warnings] == ["List of mailboxes incomplete"]
    assert "3 mailboxes were" in plan.warning.detail
    assert "again" not in plan.warning.detail, "the next plan would say the same"
    assert "one of them may be this mailbox" in plan.error.detail


@core
@BOTH_MODELS
@pytest.mark.parametrize(
    ("key", "user_id", "login", "role"),
    [
        ("sandbox-key", 901, "sandbox.admin", "NetworkAdmin"),
        ("sandbox-mailbox-key", 902, "sandbox.mailbox", "MailboxUser"),
    ],
)
def test_whose_credential_it_is_and_no_session(
    terraform: Terraform, sandbox: Sandbox, lookups: str, key: str, user_id: int, login: str, role: str
) -> None:
    sandbox.faults.add("me", times=None, transform=lambda me: {**me, "loginName": me["login"], "login": None})
    terraform.env |= {"ECGRID_API_KEY": key, "TF_LOG": "TRACE"}
    use(terraform, EXAMPLES / "data-sources" / "ecgrid_current_user" / "data-source.tf")
    applied = terraform.apply()
    assert applied.warnings == [], "the check of the example passes"
    assert read(terraform, "current_user", "this") == {
        "id": str(user_id),
        "user_id": user_id,
        "login": login,
        "email": "sandbox@example.com",
        "network_id": 5050,
        "mailbox_id": 12345,
        "auth_level": role,
        "status": "Active",
    }
    assert "sessionId" in "".join(result.stderr for result in terraform.results), "the log has the answer, masked"
    assert terraform.places("sandbox-session") == []


def test_a_user_of_another_network_is_warned_of_by_the_example(terraform: Terraform, sandbox: Sandbox) -> None:
    sandbox.faults.add("me", times=None, transform=lambda me: me | {"networkId": 6060})
    use(terraform, EXAMPLES / "data-sources" / "ecgrid_current_user" / "data-source.tf")
    plan = terraform.plan()
    assert [one.summary for one in plan.warnings] == ["Check block assertion failed"]
    assert "network 6060, not 5050" in plan.warning.detail


def test_an_answer_that_names_no_user_is_an_error(terraform: Terraform, sandbox: Sandbox) -> None:
    sandbox.faults.add("me", times=None, transform=lambda _: {})
    terraform.write(data("current_user", "it"))
    assert terraform.plan(expect=1).error.summary == "Current user not shown by ECGrid"


def test_each_mailbox_of_the_list_gets_a_callback(terraform: Terraform, sandbox: Sandbox) -> None:
    use(terraform, EXAMPLES / "data-sources" / "ecgrid_mailboxes" / "data-source.tf")
    terraform.apply()
    assert sorted((one.body or {})["mailboxId"] for one in sandbox.writes()) == [12345, 12346]


MOCKED = """
mock_provider "ecgrid" {
  mock_data "ecgrid_current_user" {
    defaults = { network_id = 5050 }
  }
}

override_data {
  target = data.ecgrid_mailbox.acme
  values = { mailbox_id = 77 }
}

override_data {
  target = data.ecgrid_mailboxes.all
  values = {
    mailboxes = [
      { mailbox_id = 8, network_id = 5050, name = "A", unique_id = "B", description = null, status = "Active" }
    ]
  }
}

run "a_mocked_account" {
  assert {
    condition     = ecgrid_callback.orders.mailbox_id == 77 && data.ecgrid_mailbox.acme.name == "ACME-ORDERS"
    error_message = "The mailbox is not the one of the override."
  }

  assert {
    condition     = data.ecgrid_mailboxes.all.mailboxes[0].unique_id == "B"
    error_message = "The list is not the one of the override."
  }

  assert {
    condition     = data.ecgrid_current_user.me.network_id == 5050 && data.ecgrid_current_user.me.login != null
    error_message = "The user is not the mocked one."
  }
}
"""


@needs("mocks")
@pytest.mark.parametrize("terraform_version", ["path", "1.8", "1.15"])
def test_the_data_sources_can_be_mocked_and_overridden(terraform: Terraform, sandbox: Sandbox) -> None:
    use(terraform, EXAMPLES / "data-sources" / "ecgrid_mailbox" / "data-source.tf")
    terraform.write(data("mailboxes", "all") + data("current_user", "me"))
    terraform.write(MOCKED, "account.tftest.hcl")
    terraform.run("test", env={"ECGRID_API_KEY": None})
    assert sandbox.requests == []
