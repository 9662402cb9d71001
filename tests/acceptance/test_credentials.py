"""The credentials of an endpoint: when they travel, when they are cleared, and when Terraform lets go of them."""

from __future__ import annotations

from typing import Any

from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.acceptance.features import needs
from tests.acceptance.harness import Terraform

ADDRESS = "ecgrid_callback.orders"
BASIC = ('http_auth_type = "Basic"', 'username = "webhook_user"', 'password = "n3wP@ssword!"')
SENT = {"callbackId": 7001, "httpAuthType": "Basic", "username": "webhook_user", "password": "n3wP@ssword!"}
NONE = 'http_auth_type = "None"'
CLEARING = {"callbackId": 7001, "httpAuthType": "None", "username": "", "password": ""}
# Write-only values need Terraform 1.11, so these tests do not depend on the one at hand.
WRITE_ONLY = needs("write-only")
EPHEMERAL = 'variable "secret" {\n  type      = string\n  ephemeral = true\n}\n'


def taken_over(*arguments: str) -> str:
    lines = "\n  ".join(("callback_id = 7001", *arguments))
    return f'resource "ecgrid_callback" "orders" {{\n  {lines}\n}}\n'


def write_only(version: int, username: str = "webhook_user") -> str:
    name = f'username = "{username}"'
    secret = ("password_wo = var.secret", f"password_wo_version = {version}")
    return EPHEMERAL + taken_over(BASIC[0], name, *secret)


def bodies(sandbox: Sandbox) -> list[Any]:
    """The bodies of the writes since this was asked last, each of them an update."""
    writes = sandbox.writes()
    sandbox.requests.clear()
    assert all(write.call == "update" for write in writes)
    return [write.body for write in writes]


def held(sandbox: Sandbox) -> tuple[Any, Any, Any]:
    """What ECGrid holds of callback 7001's credentials."""
    record = sandbox.store.get(7001) or {}
    return record["httpAuthType"], record["username"], record["password"]


def test_a_change_of_one_credential_sends_all_configured_ones_with_their_planned_values(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    terraform.write(taken_over(*BASIC, 'status = "Active"'))
    terraform.apply()
    bodies(sandbox)

    terraform.write(taken_over(BASIC[0], 'username = "other_user"', BASIC[2], 'status = "Active"'))
    assert set(terraform.plan(expect=2).changed(ADDRESS)) == {"username"}
    terraform.apply()
    assert bodies(sandbox) == [SENT | {"username": "other_user"}]

    digest = ('http_auth_type = "Digest"', 'username = "other_user"', 'password = "ignored"')
    ignoring = "lifecycle {\n    ignore_changes = [password]\n  }"
    terraform.write(taken_over(*digest, 'status = "Active"', ignoring))
    terraform.apply()
    assert bodies(sandbox) == [SENT | {"httpAuthType": "Digest", "username": "other_user"}]
    assert terraform.state(ADDRESS)["password"] == "n3wP@ssword!"


@WRITE_ONLY
def test_the_version_of_a_write_only_password_says_when_it_is_sent(terraform: Terraform, sandbox: Sandbox) -> None:
    terraform.write(write_only(2))
    terraform.apply("-var=secret=first")
    assert bodies(sandbox) == [SENT | {"password": "first"}]
    assert terraform.state(ADDRESS)["password_wo"] is None

    assert terraform.plan("-var=secret=second", expect=0).warnings == []

    terraform.write(write_only(1))
    before = terraform.state(ADDRESS)
    sandbox.faults.add("update", error_code="InvalidParameter")
    assert terraform.apply("-var=secret=second", expect=1).error.summary == "Callback 7001 not updated"
    assert terraform.state(ADDRESS) == before, "the version is the prior one, so that the password is sent again"
    assert held(sandbox) == ("Basic", "webhook_user", "first")
    bodies(sandbox)
    terraform.apply("-var=secret=second")
    assert bodies(sandbox) == [SENT | {"password": "second"}], "any other version sends, a lower one too"
    assert terraform.state(ADDRESS)["password_wo_version"] == 1


@WRITE_ONLY
def test_a_write_only_password_is_read_from_the_configuration_of_the_apply(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    terraform.write(write_only(1))
    terraform.apply("-var=secret=first")
    bodies(sandbox)

    terraform.write(write_only(1, username="other_user"))
    plan = terraform.plan("-var=secret=planned", expect=2)
    terraform.run("apply", "-input=false", "-var=secret=applied", plan.file)
    assert bodies(sandbox) == [SENT | {"username": "other_user", "password": "applied"}], "it travels with the others"


def test_a_removal_of_credentials_sends_nothing_and_warns_that_ecgrid_keeps_them(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    terraform.write(taken_over(*BASIC))
    terraform.apply()
    bodies(sandbox)

    terraform.write(taken_over(*BASIC[1:]))
    assert terraform.plan(expect=0).diagnostics == [], "the state keeps the type"

    terraform.write(taken_over(BASIC[0], BASIC[2]))
    assert "omit `username`, `password` and `password_wo`" in terraform.plan(expect=2).warning.detail
    terraform.apply()
    assert bodies(sandbox) == []
    assert terraform.plan(expect=0).diagnostics == [], "a removal is told by the plan that removes"

    terraform.write(taken_over(*BASIC))
    terraform.apply()
    bodies(sandbox)
    terraform.write(taken_over('status = "Active"'))
    plan = terraform.plan(expect=2)
    assert "`username`, `password` of callback 7001" in plan.warning.text
    assert "Nothing is sent" in plan.warning.text
    terraform.apply()
    assert bodies(sandbox) == [{"callbackId": 7001, "status": "Active"}], "the status alone"
    assert held(sandbox) == ("Basic", "webhook_user", "n3wP@ssword!")
    state = terraform.state(ADDRESS)
    assert (state["username"], state["password"]) == (None, None)
    assert terraform.plan(expect=0).warnings == [], "their management has ended"


def test_empty_credentials_beside_none_count_as_not_configured(terraform: Terraform, sandbox: Sandbox) -> None:
    empty = ('username = ""', 'password = ""')
    new = 'resource "ecgrid_callback" "new" {\n  url = "https://n.example.com"\n  event = "User"\n  %s\n}\n'
    terraform.write(new % "\n  ".join((NONE, *empty)))
    terraform.apply()
    (create,) = sandbox.writes()
    assert create.body == {"url": "https://n.example.com", "event": "User", "httpAuthType": "None"}
    # The type alone is removed, which changes nothing, and a later module has no default any more.
    for lines in (empty, (), (NONE, *empty)):
        terraform.write(new % "\n  ".join(lines))
        assert terraform.apply().diagnostics == []
    assert len(sandbox.writes()) == 1

    sandbox.requests.clear()
    kept = new % "\n  ".join((NONE, *empty))
    terraform.write(kept + taken_over(*BASIC))
    terraform.apply()
    bodies(sandbox)
    terraform.write(kept + taken_over(NONE, *empty))
    assert terraform.apply().diagnostics == []
    assert bodies(sandbox) == [CLEARING]


@WRITE_ONLY
def test_what_is_set_but_ignored_after_an_import_is_not_merely_asked_for(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    def write(*ignored: str) -> None:
        secret = ("password_wo = var.secret", "password_wo_version = 1")
        ignoring = f"lifecycle {{\n    ignore_changes = [{', '.join(ignored)}]\n  }}"
        lines = "\n  ".join((*BASIC[:2], *secret, ignoring))
        terraform.write(f'{EPHEMERAL}resource "ecgrid_callback" "orders" {{\n  {lines}\n}}\n')

    write("username")
    terraform.run("import", "-var=secret=s", ADDRESS, "7001")
    for ignored in (("username",), ("password_wo",), ("username", "password_wo")):
        write(*ignored)
        errors = terraform.plan("-var=secret=s", expect=1).errors
        assert errors != []
        assert all("`ignore_changes`" in error.detail for error in errors)
    assert bodies(sandbox) == []
    write("password")
    terraform.apply("-var=secret=s")
    assert bodies(sandbox) == [SENT | {"password": "s"}]


@WRITE_ONLY
def test_a_removal_of_a_write_only_password_with_its_version_sends_nothing_and_warns(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    terraform.write(write_only(1))
    terraform.apply("-var=secret=first")
    bodies(sandbox)

    terraform.write(taken_over(*BASIC[:2]))
    plan = terraform.plan(expect=2)
    assert plan.changed(ADDRESS) == {"password_wo_version": (1, None)}
    assert plan.warning.text.startswith(
        "ECGrid keeps the credentials of callback 7001: Terraform will stop managing `password_wo` of callback 7001. "
    )
    terraform.apply()
    assert bodies(sandbox) == []
    assert held(sandbox) == ("Basic", "webhook_user", "first")


def test_a_change_to_none_clears_the_credentials_that_ecgrid_holds(terraform: Terraform, sandbox: Sandbox) -> None:
    terraform.write(taken_over(*BASIC))
    terraform.apply()
    bodies(sandbox)

    terraform.write(taken_over(NONE))
    applied = terraform.apply()
    assert applied.diagnostics == [], "what is cleared is not kept"
    assert bodies(sandbox) == [CLEARING]
    assert held(sandbox) == ("None", None, None)


def test_a_take_over_with_none_clears_the_credentials_and_says_so_in_the_plan(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    sandbox.store.change(7001, httpAuthType="Digest", username="old", password="old")
    terraform.write(taken_over(NONE))
    assert terraform.plan(expect=2).warning.detail.splitlines()[1:] == [
        "- http_auth_type: a value that ECGrid does not show becomes `None`",
        "- `username`, `password`: cleared (ECGrid does not show the current ones)",
    ]
    terraform.apply()
    assert bodies(sandbox) == [CLEARING]
    assert held(sandbox) == ("None", None, None)


def test_a_change_to_none_after_an_import_clears_the_credentials(terraform: Terraform, sandbox: Sandbox) -> None:
    sandbox.store.change(7001, httpAuthType="Basic", username="old", password="old")
    terraform.write(f'resource "ecgrid_callback" "orders" {{\n  {NONE}\n}}\n')
    terraform.import_(ADDRESS, 7001)
    terraform.apply()
    assert bodies(sandbox) == [CLEARING]
    assert held(sandbox) == ("None", None, None)


def test_a_clearing_that_ecgrid_refuses_is_repeated_once_without_the_empty_credentials(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    without = {"callbackId": 7001, "httpAuthType": "None"}
    terraform.write(taken_over(*BASIC))
    terraform.apply()
    bodies(sandbox)
    before = terraform.state(ADDRESS)
    terraform.write(taken_over(NONE))

    sandbox.faults.add("update", times=2, error_code="InvalidParameter")
    failed = terraform.apply(expect=1)
    assert failed.error.summary == "Callback 7001 not updated"
    assert failed.warnings == []
    assert bodies(sandbox) == [CLEARING, without], "once, and no more"
    assert terraform.state(ADDRESS) == before

    sandbox.faults.add("update", error_code="InvalidParameter")
    warning = terraform.apply().warning
    assert (warning.summary, warning.attribute) == (
        "ECGrid may keep the credentials of callback 7001",
        "http_auth_type",
    )
    assert "They may remain" in warning.text
    assert bodies(sandbox) == [CLEARING, without]
    assert terraform.state(ADDRESS)["http_auth_type"] == "None"


def test_a_take_over_whose_credentials_ecgrid_will_never_use_warns(terraform: Terraform, sandbox: Sandbox) -> None:
    terraform.write(taken_over(*BASIC[1:]))
    applied = terraform.apply(unsettled="credentials with an http_auth_type of None are refused at plan")
    (warning,) = [one for one in applied.warnings if one.summary == "Unused credentials of callback 7001"]
    assert warning.attribute == "username"
    assert "callback 7001" in warning.text
    assert "Set `http_auth_type` to `Basic` or `Digest`" in warning.text
    assert terraform.plan(expect=1).error.attribute == "username"
