"""examples/review: what its policy refuses in plans that the real Terraform made, and when it gives no verdict."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.harness import Terraform

CHECKOUT = Path(__file__).resolve().parents[2]
REVIEW = CHECKOUT / "examples" / "review"
CLEAN: tuple[int, set[str]] = (0, set())
# Part of every password and of every URL's path below. Whatever the verdict, none of them is printed.
SECRET, PATH = "s3cret", "hush"
LITERAL = "password_wo is a literal in the configuration"
LITERALS = "password_wo comes from literals alone"
UNKNOWN_URL = "url is not known before apply"

BLOCK = """
resource "ecgrid_callback" "{name}" {{
  event               = "Parcel"
  http_auth_type      = "Basic"
  username            = "webhook_user"
  {arguments}
}}
"""
EPHEMERAL = """
variable "secret" {
  type      = string
  ephemeral = true
}
"""
SOURCE = """
terraform {
  required_providers {
    ecgrid = {
      source = "ecgrid/ecgrid"
    }
  }
}
"""
UNKNOWN = """
resource "terraform_data" "later" {
  input = "app.example.com/hush"
}
"""


@pytest.fixture
def terraform_version() -> str:
    """Write-only values need 1.11, so these tests do not depend on the Terraform at hand."""
    return "1.15"


def callback(name: str, *arguments: str, url: str | None = '"https://app.example.com/hush"') -> str:
    lines = (*arguments, *([f"url = {url}"] if url else []))
    return BLOCK.format(name=name, arguments="\n  ".join(lines))


def password_wo(value: str) -> str:
    return f"password_wo = {value}\n  password_wo_version = 1"


def run(plan: Path | str, *arguments: str, stdin: bytes = b"", **env: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(REVIEW / "review.py"), *(arguments or ("--domain", "example.com")), str(plan)]
    raw = subprocess.run(command, input=stdin, capture_output=True, check=False, env=os.environ | env)
    done = subprocess.CompletedProcess(command, raw.returncode, raw.stdout.decode(), raw.stderr.decode())
    assert SECRET not in done.stdout + done.stderr
    assert PATH not in done.stdout + done.stderr
    return done


def verdict(terraform: Terraform, *plan_arguments: str, domain: str = "example.com") -> tuple[int, set[str]]:
    """Plan, review, and give the exit code and the refusals, each as address and the reason's first clause."""
    terraform.run("get")  # the modules
    plan = terraform.plan(f"-var=secret={SECRET}-ephemeral", *plan_arguments)
    file = terraform.folder / "plan.json"
    file.write_text(json.dumps(plan.json), encoding="utf-8")
    done = run(file, "--domain", domain)
    assert done.returncode < 2, done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) == len(set(lines))
    return done.returncode, {line.split(";")[0].split(" (")[0] for line in lines}


def module(terraform: Terraform, hcl: str, name: str = "hook") -> None:
    folder = terraform.folder / name
    folder.mkdir(exist_ok=True)
    (folder / "main.tf").write_text(SOURCE + hcl, encoding="utf-8")


def test_a_clean_plan_is_not_refused(terraform: Terraform) -> None:
    passed_on = 'variable "given" {\n  type      = string\n  ephemeral = true\n  default   = "s3cret-unused"\n}\n'
    module(terraform, passed_on + callback("this", password_wo("var.given"), 'on_destroy = "retain"'))
    terraform.write(
        EPHEMERAL
        + callback("one", password_wo("var.secret"), url='"https://APP.Example.com:8443/hush?x"')
        + callback("apex", password_wo("sensitive(var.secret)"), url='"https://example.com"')
        + callback("each", 'for_each = toset(["a", "b"])', password_wo('"${each.key}${var.secret}"'))
        + 'resource "ecgrid_callback" "open" {\n  event = "Parcel"\n  url = "https://a.b.example.com/hush"\n'
        '  http_auth_type = "None"\n  password_wo = null\n}\n'
        + 'module "hook" {\n  source = "./hook"\n  for_each = { x = 1 }\n  given = var.secret\n}\n'
    )
    assert verdict(terraform) == CLEAN


def test_a_url_lies_under_the_domain_and_is_known(terraform: Terraform) -> None:
    variable = 'variable "url" {\n  type = string\n}\n'
    module(terraform, variable + callback("this", password_wo('"${var.url}"'), url="var.url"))
    secret = password_wo("var.secret")
    terraform.write(
        EPHEMERAL
        + UNKNOWN
        + callback("near", secret, url='"https://evilexample.com/hush"')
        + callback("many", 'for_each = toset(["a\\nb", "example.com"])', secret, url='"https://${each.key}.net/hush"')
        + callback("some", "count = 2", secret, url='["https://example.com/", "https://example.org/hush"][count.index]')
        + callback("later", secret, url="terraform_data.later.output")
        + callback("begun", 'for_each = { k = "" }', secret, url='"https://${terraform_data.later.output}"')
        + 'module "hook" {\n  source = "./hook"\n  for_each = toset(["m"])\n  url = terraform_data.later.id\n}\n'
    )
    assert verdict(terraform) == (
        1,
        {
            "ecgrid_callback.near: url's host evilexample.com is not under example.com",
            'ecgrid_callback.many["a\\nb"]: url is not https:// with a plain host name, so it cannot be reviewed',
            'ecgrid_callback.many["example.com"]: url\'s host example.com.net is not under example.com',
            "ecgrid_callback.some[1]: url's host example.org is not under example.com",
            f"ecgrid_callback.later: {UNKNOWN_URL}, so it cannot be reviewed",
            f'ecgrid_callback.begun["k"]: {UNKNOWN_URL}, so it cannot be reviewed',
            f'module.hook["m"].ecgrid_callback.this: {UNKNOWN_URL}, so it cannot be reviewed',
        },
    )


def test_a_password_is_refused_known_or_not(terraform: Terraform) -> None:
    module(terraform, callback("this", f'password = "{SECRET}-in-module"'))
    terraform.write(
        EPHEMERAL
        + UNKNOWN
        + callback("known", 'for_each = toset(["a"])', f'password = "{SECRET}-${{each.key}}"')
        + callback("unknown", "password = terraform_data.later.output")
        + 'module "hook" {\n  source = "./hook"\n}\n'
    )
    assert verdict(terraform) == (
        1,
        {
            'ecgrid_callback.known["a"]: password is kept in the state',
            "ecgrid_callback.unknown: password is not known before apply and would be kept in the state",
            "module.hook.ecgrid_callback.this: password is kept in the state",
        },
    )


def test_a_literal_password_wo_is_refused_wherever_it_is_written(terraform: Terraform) -> None:
    inner = (
        'variable "given" {\n  type = string\n}\n'
        f'variable "left" {{\n  type    = string\n  default = "{SECRET}-left"\n}}\n'
        'output "out" {\n  value = var.given\n}\n'
        f'output "fixed" {{\n  value = "{SECRET}-out"\n}}\n'
        + callback("direct", password_wo(f'"{SECRET}-inner"'))
        + callback("given", password_wo("var.given"))
        + callback("left", password_wo("var.left"))
    )
    module(terraform, 'variable "given" {\n  type = string\n}\n' + inner.split("\n", 3)[3], "unused")
    outer = (
        'variable "given" {\n  type = string\n}\n'
        'module "inner" {\n  source = "../inner"\n  given = var.given\n}\n'
        'output "out" {\n  value = module.inner.out\n}\n'
    )
    module(terraform, inner, "inner")
    module(terraform, outer, "outer")
    terraform.write(
        EPHEMERAL
        + f'variable "hooks" {{\n  default = {{ a = {{ secret = "{SECRET}-map" }} }}\n}}\n'
        + 'variable "nothing" {\n  type    = map(string)\n  default = null\n}\n'
        + callback("direct", password_wo(f'"{SECRET}-direct"'))
        + callback("absent", "count = 0", password_wo(f'"{SECRET}-absent"'))
        + callback("function", password_wo(f'sensitive("{SECRET}-function")'))
        + callback("default", password_wo('var.hooks["a"].secret'))
        + callback("each", f'for_each = {{ a = {{ s = "{SECRET}-each" }} }}', password_wo("each.value.s"))
        + callback("key", f'for_each = toset(["{SECRET}-key"])', password_wo("each.value"), "count_me_not = 0")
        .replace("count_me_not = 0", "")
        .replace(f'"{SECRET}-key"', '"plain"')
        + callback("each_default", "for_each = var.hooks", password_wo("each.value.secret"))
        + callback("listed", "count = 2", password_wo(f'["{SECRET}-a", "{SECRET}-b"][count.index]'))
        + callback("output", password_wo('module.hooks["k"].out'))
        + callback("fine", password_wo('var.nothing == null ? var.secret : var.nothing["a"]'))
        + f'module "hooks" {{\n  source = "./outer"\n  for_each = {{ k = "{SECRET}-module" }}\n  given = each.value\n}}\n'
        + 'module "fine" {\n  source = "./outer"\n  given = terraform_data.later.output\n}\n'
        + UNKNOWN
    )
    code, refused = verdict(terraform)
    assert code == 1
    assert refused == {
        f"ecgrid_callback.direct: {LITERAL}",
        f"ecgrid_callback.absent: {LITERAL}",
        f"ecgrid_callback.function: {LITERALS}",
        f"ecgrid_callback.default: {LITERALS}",
        f"ecgrid_callback.each: {LITERALS}",
        f"ecgrid_callback.key: {LITERALS}",
        f"ecgrid_callback.each_default: {LITERALS}",
        f"ecgrid_callback.listed: {LITERALS}",
        f"ecgrid_callback.output: {LITERALS}",
        f"module.hooks.module.inner.ecgrid_callback.direct: {LITERAL}",
        f"module.hooks.module.inner.ecgrid_callback.given: {LITERALS}",
        f"module.hooks.module.inner.ecgrid_callback.left: {LITERALS}",
        f"module.fine.module.inner.ecgrid_callback.direct: {LITERAL}",
        f"module.fine.module.inner.ecgrid_callback.left: {LITERALS}",
    }


def test_terminate_is_refused_when_planned_and_when_destroyed(terraform: Terraform) -> None:
    plain = 'variable "secret" {\n  default = null\n}\n'
    ending = plain + callback("x", 'for_each = toset(["a"])', password_wo("var.secret"), 'on_destroy = "terminate"')
    ending = EPHEMERAL + ending.removeprefix(plain)
    address = 'ecgrid_callback.x["a"]'
    planned = f'{address}: on_destroy is "terminate", which ends a callback for ever'
    destroyed = f'{address}: is destroyed with on_destroy = "terminate", which ends it for ever'
    terraform.write(ending)
    assert verdict(terraform) == (1, {planned})

    terraform.apply(f"-var=secret={SECRET}")
    assert verdict(terraform) == (1, {planned}), "nothing changes, and it still stands"
    assert verdict(terraform, "-destroy") == (1, {destroyed})
    assert verdict(terraform, f"-replace={address}") == (1, {planned, destroyed})

    terraform.write(ending.replace('"terminate"', '"delete"'))
    assert verdict(terraform) == CLEAN, "this is how one gets rid of it"
    terraform.write(EPHEMERAL)
    assert verdict(terraform) == (1, {destroyed})
    terraform.write(EPHEMERAL + "removed {\n  from = ecgrid_callback.x\n  lifecycle {\n    destroy = false\n  }\n}\n")
    assert verdict(terraform) == CLEAN, "what is forgotten is not destroyed"


def test_an_unknown_on_destroy_is_refused(terraform: Terraform) -> None:
    terraform.write(
        EPHEMERAL + UNKNOWN + callback("x", password_wo("var.secret"), "on_destroy = terraform_data.later.id")
    )
    assert verdict(terraform) == (
        1,
        {'ecgrid_callback.x: on_destroy is not known before apply and may be "terminate"'},
    )


def test_an_unchanged_callback_is_judged_and_several_domains_are_taken(terraform: Terraform) -> None:
    terraform.write(EPHEMERAL + callback("x", password_wo("var.secret")))
    terraform.apply(f"-var=secret={SECRET}")
    assert verdict(terraform, domain="other.example") == (
        1,
        {"ecgrid_callback.x: url's host app.example.com is not under other.example"},
    )
    several = run(terraform.folder / "plan.json", "--domain", "other.example", "--domain", "Example.COM")
    assert several.returncode == 0


def test_a_deferred_callback_is_refused(tmp_path: Path) -> None:
    change = planned()["resource_changes"][0]
    deferred = {"deferred_changes": [{"reason": "provider_config_unknown", "resource_change": change}]}
    done = run(written(tmp_path, planned(resource_changes=[]) | deferred))
    assert (done.returncode, done.stdout) == (
        1,
        "ecgrid_callback.x: is deferred to a later plan, so it cannot be reviewed\n",
    )


def planned(**other: Any) -> dict[str, Any]:
    """A plan of one callback, with nothing to refuse."""
    after = {"url": "https://app.example.com/hush", "password": None, "on_destroy": "delete"}
    change = {"actions": ["create"], "before": None, "after": after, "after_unknown": {}}
    resource = {"address": "ecgrid_callback.x", "mode": "managed", "type": "ecgrid_callback", "change": change}
    configuration: dict[str, Any] = {"root_module": {}}
    shown = {"format_version": "1.2", "planned_values": {}, "configuration": configuration}
    return shown | {"resource_changes": [resource]} | other


def written(folder: Path, content: Any) -> Path:
    file = folder / "given.json"
    if isinstance(content, bytes):
        file.write_bytes(content)
    else:
        file.write_text(json.dumps(content), encoding="utf-8")
    return file


def test_what_terraform_prints_or_keeps_besides_is_no_plan(terraform: Terraform, tmp_path: Path) -> None:
    terraform.write(EPHEMERAL + callback("x", password_wo("var.secret")))
    terraform.apply(f"-var=secret={SECRET}")
    plan = terraform.plan(f"-var=secret={SECRET}")
    shown = json.dumps(plan.json)
    state = json.dumps(terraform.show())
    for what in (plan.stdout.encode(), state.encode(), shown.encode()[:-1], (shown + "\n" + shown).encode()):
        assert run(written(tmp_path, what)).returncode == 2
    assert "terraform show -json PLAN" in run(terraform.folder / plan.file).stderr
    assert run("-", stdin=shown.encode("utf-16")).returncode == 0, "what PowerShell writes"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"s3cret",
        b'"s3cret"',
        b"null",
        b"[]",
        b"{}",
        b"\xff\xfe\xff",
        b"[" * 100_000,
        json.dumps(planned()).replace("null", "NaN").encode(),
        planned(format_version="2.0"),
        planned(errored=True),
        planned(configuration=None),
        planned(resource_changes={"s3cret": "s3cret"}),
        planned(resource_changes=[{"mode": "managed", "type": "ecgrid_callback", "s3cret": "s3cret"}]),
        planned(resource_changes=["s3cret"]),
    ],
    ids=repr,
)
def test_a_file_that_is_no_plan_is_not_reviewed(content: Any, tmp_path: Path) -> None:
    assert run(written(tmp_path, planned())).returncode == 0
    done = run(written(tmp_path, content))
    assert (done.returncode, done.stdout) == (2, "")
    assert "not reviewed" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_file_or_a_domain_that_cannot_be_used_is_not_reviewed(tmp_path: Path) -> None:
    plan = written(tmp_path, planned())
    assert run(tmp_path / "missing.json").returncode == 2
    assert run(tmp_path).returncode == 2
    assert run(plan, "--policy", str(tmp_path / "missing.rego"), "--domain", "example.com").returncode == 2
    for domain in ("", ".example.com", "com", "*.example.com", "https://example.com", "example.com."):
        assert run(plan, "--domain", domain).returncode == 2, domain


@pytest.mark.parametrize(
    "policy",
    [
        "package ecgrid.callbacks\nreview := {",
        "package elsewhere\nreview := {}",
        'package ecgrid.callbacks\nreview := {"reviewed": 0, "refused": set()}',
        'package ecgrid.callbacks\nreview := {"reviewed": count(input.resource_changes), "refused": 1 / 0}',
        "package ecgrid.callbacks\nreview := input.resource_changes[0].change",
        'package ecgrid.callbacks\nreview := {"reviewed": 1, "refused": input.resource_changes}',
        "",
    ],
)
def test_a_policy_that_gives_no_answer_is_no_approval(policy: str, tmp_path: Path) -> None:
    file = tmp_path / "policy.rego"
    file.write_text(policy, encoding="utf-8")
    done = run(written(tmp_path, planned()), "--policy", str(file), "--domain", "example.com")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1


def test_without_regopy_nothing_is_reviewed(tmp_path: Path) -> None:
    (tmp_path / "regopy.py").write_text("raise ImportError", encoding="utf-8")
    done = run(written(tmp_path, planned()), PYTHONPATH=str(tmp_path))
    assert done.returncode == 2
    assert "pip install -r requirements.txt" in done.stderr


def test_the_tests_run_on_the_pinned_regopy() -> None:
    pin = (REVIEW / "requirements.txt").read_text(encoding="utf-8").strip()
    extras = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"][
        "optional-dependencies"
    ]
    assert pin in extras["dev"]
