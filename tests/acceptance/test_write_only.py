"""The write-only password: sent from ephemeral values, found nowhere, and refused where Terraform cannot carry it."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.acceptance.features import needs
from tests.acceptance.harness import Terraform

ADDRESS = "ecgrid_callback.orders"
SECRET = "wo-5e4d&c2<1b"
AUTHENTICATED = '  http_auth_type = "Basic"\n  username = "webhook_user"\n'
EPHEMERAL = 'variable "secret" {\n  type = string\n  ephemeral = true\n  default = null\n}\n'
OLDER = pytest.mark.parametrize("terraform_version", ["1.6", "1.10"])


def configuration(value: str, version: object = 1, *, callback_id: str = "  callback_id = 7001\n") -> str:
    """A callback whose write-only password is this expression."""
    password = f"  password_wo = {value}\n  password_wo_version = {version}\n"
    return f'resource "ecgrid_callback" "orders" {{\n{callback_id}{AUTHENTICATED}{password}}}\n'


def passwords(sandbox: Sandbox) -> list[object]:
    """The password of each write so far."""
    return [(one.body or {}).get("password") for one in sandbox.writes()]


def log_everything(terraform: Terraform) -> None:
    """Let every run add to one log at the finest level, in the working folder."""
    terraform.env |= {"TF_LOG": "TRACE", "TF_LOG_PATH": str(terraform.folder / "trace.log")}


@needs("write-only")
@pytest.mark.parametrize(
    "callback_id", ["  callback_id = 7001\n", '  url = "https://a.example.com"\n  event = "User"\n']
)
def test_a_write_only_password_reaches_ecgrid_and_is_in_no_plan_state_log_or_output(
    terraform: Terraform, sandbox: Sandbox, callback_id: str
) -> None:
    log_everything(terraform)
    terraform.env["TF_VAR_secret"] = SECRET
    terraform.write(EPHEMERAL + configuration("var.secret", callback_id=callback_id))
    plan = terraform.plan(expect=2)
    assert plan.change(ADDRESS)["after"]["password_wo"] is None
    terraform.run("apply", "-input=false", plan.file)
    terraform.write(EPHEMERAL + configuration("var.secret", 2, callback_id=callback_id))
    terraform.apply()
    terraform.show()
    assert passwords(sandbox) == [SECRET, SECRET]
    assert terraform.state(ADDRESS)["password_wo"] is None
    left = {path.name for path in terraform.folder.iterdir()}
    assert {"terraform.tfstate", "terraform.tfstate.backup", "trace.log", plan.file} <= left, (
        "there is what is searched"
    )
    for form in (SECRET, json.dumps(SECRET)[1:-1], SECRET.replace("&", r"\u0026").replace("<", r"\u003c")):
        assert terraform.places(form) == []


@needs("write-only")
def test_a_write_only_password_may_come_from_an_ephemeral_output_of_a_module(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    module = terraform.folder / "vault"
    module.mkdir()
    output = 'output "password" {\n  value = var.secret\n  ephemeral = true\n}\n'
    terraform.write(EPHEMERAL + output, "vault/main.tf")
    called = 'module "vault" {\n  source = "./vault"\n  secret = var.secret\n}\n'
    terraform.write(EPHEMERAL + called + configuration("module.vault.password"))
    terraform.run("get")
    terraform.apply(f"-var=secret={SECRET}")
    assert passwords(sandbox) == [SECRET]


@needs("write-only")
def test_an_ephemeral_value_that_is_null_is_no_password(terraform: Terraform, sandbox: Sandbox) -> None:
    """The very configuration that gets its secret in one pipeline plans without it in another."""
    terraform.write(EPHEMERAL + configuration("var.secret"))
    error = terraform.plan(expect=1).error
    assert (error.summary, error.attribute) == ("password_wo_version without password_wo", "password_wo_version")
    assert "Set `password_wo`" in error.detail

    terraform.apply(f"-var=secret={SECRET}", unsettled="a plan without the secret follows")
    assert terraform.plan(expect=0).diagnostics == [], "the version is as it was, so nothing is to be sent"
    terraform.write(EPHEMERAL + configuration("var.secret", 2))
    assert terraform.plan(expect=1).error.attribute == "password_wo_version"
    assert passwords(sandbox) == [SECRET]


@needs("write-only")
@pytest.mark.parametrize("version", ["1.1", "0.5", "1e400", "1e-400", "1180591620717411303424"])
def test_any_number_is_a_version_and_stays_exactly_that_number(
    terraform: Terraform, sandbox: Sandbox, version: str
) -> None:
    """Terraform demands every digit back, and `apply` here demands an empty second plan."""
    terraform.write(configuration(f'"{SECRET}"', version))
    terraform.apply()
    assert passwords(sandbox) == [SECRET]


@needs("write-only")
def test_versions_that_differ_in_the_last_of_many_digits_are_two_versions(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    for version in ("1.1", "1.1000000000000000000000001", "1.1"):
        terraform.write(configuration(f'"{SECRET}"', version))
        terraform.apply()
    assert passwords(sandbox) == [SECRET] * 3


@needs("write-only")
def test_a_password_kept_in_the_state_can_give_way_to_a_write_only_one(terraform: Terraform, sandbox: Sandbox) -> None:
    kept = f'resource "ecgrid_callback" "orders" {{\n  callback_id = 7001\n{AUTHENTICATED}  password = "kept-77"\n}}\n'
    terraform.write(kept)
    terraform.apply()
    terraform.write(EPHEMERAL + configuration("var.secret"))
    plan = terraform.plan(f"-var=secret={SECRET}", expect=2)
    assert plan.diagnostics == [], "the management of a password goes on"
    terraform.apply(f"-var=secret={SECRET}")
    assert passwords(sandbox) == ["kept-77", SECRET]
    state = terraform.state(ADDRESS)
    assert (state["password"], state["password_wo"], state["password_wo_version"]) == (None, None, 1)


@OLDER
def test_an_older_terraform_is_refused_at_validate_and_never_gets_the_secret_into_a_file(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    terraform.write('locals {\n  secret = sensitive("wo-5e4d-c21b")\n}\n' + configuration("local.secret"))
    for outcome in (terraform.validate(expect=1), terraform.apply(expect=1)):
        error = outcome.error
        assert (error.summary, error.attribute) == ("Write-only values not supported", "password_wo")
        assert "Use version 1.11 or newer of either, or use `password`" in error.detail
    assert sandbox.requests == []
    assert terraform.places("wo-5e4d-c21b") == [str(terraform.folder / "main.tf")]


@OLDER
def test_an_older_terraform_is_refused_at_plan_for_a_value_that_validate_does_not_know(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    later = 'resource "terraform_data" "later" {\n  input = "wo-later-9"\n}\n'
    for given, value in (("", "var.secret"), (later, "terraform_data.later.output")):
        terraform.write('variable "secret" {\n  default = null\n}\n' + given + configuration(value))
        terraform.validate()
        error = terraform.plan(f"-var=secret={SECRET}", expect=1).error
        assert (error.summary, error.attribute) == ("Write-only values not supported", "password_wo")
    assert sandbox.requests == []
    assert terraform.instances() == {}


@pytest.mark.parametrize("terraform_version", ["1.10"])
def test_a_module_that_leaves_the_write_only_password_null_works_with_an_older_terraform(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    arguments = '  callback_id = 7001\n  status = "Active"\n  password_wo = var.secret\n'
    optional = 'variable "secret" {\n  default = null\n}\n'
    terraform.write(f'{optional}resource "ecgrid_callback" "orders" {{\n{arguments}}}\n')
    terraform.validate()
    terraform.apply()
    assert passwords(sandbox) == [None]


@needs("write-only")
@pytest.mark.parametrize("literal", [True, False], ids=["literal", "variable that is not ephemeral"])
def test_terraform_itself_copies_what_is_not_ephemeral_into_a_saved_plan(
    terraform: Terraform, sandbox: Sandbox, literal: bool
) -> None:
    """What the documentation warns of, and no provider can help: remove the warning when this fails."""
    copied = "wo-copied-3f"
    variable = 'variable "secret" {\n  sensitive = true\n}\n'
    terraform.write(configuration(f'"{copied}"') if literal else variable + configuration("var.secret"))
    plan = terraform.plan(expect=2, env={} if literal else {"TF_VAR_secret": copied})
    assert members_with(copied, terraform.folder / plan.file) == (["tfconfig/m-/main.tf"] if literal else ["tfplan"])
    assert plan.change(ADDRESS)["after"]["password_wo"] is None, "a copy of what was given, and not in the change"


def members_with(text: str, plan: Path) -> list[str]:
    """The members of a plan file that hold a text."""
    with zipfile.ZipFile(plan) as archive:
        return [name for name in archive.namelist() if text.encode() in archive.read(name)]
