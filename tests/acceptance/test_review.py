"""examples/review: what its policy refuses in plans that the real Terraform made, and when it gives no verdict."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.acceptance.features import needs
from tests.acceptance.harness import Terraform

CHECKOUT = Path(__file__).resolve().parents[2]
REVIEW = CHECKOUT / "examples" / "review"
CLEAN: tuple[int, set[str]] = (0, set())
# Part of every password and of every URL's path below. Whatever the verdict, none of them is printed.
SECRET, PATH = "s3cret", "hush"
LITERAL = "password_wo is a literal in the configuration"
LITERALS = "password_wo comes only from literals"
UNKNOWN_URL = "url is not known before the apply"
OPA = shutil.which("opa", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))

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


pytestmark = needs("write-only")


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


def verdict(
    terraform: Terraform, *plan_arguments: str, domains: tuple[str, ...] = ("example.com",)
) -> tuple[int, set[str]]:
    """Plan, review, and give the exit code and the refusals, each as address and the reason's first clause."""
    terraform.run("get")  # the modules
    plan = terraform.plan(f"-var=secret={SECRET}-ephemeral", *plan_arguments)
    done = run(
        "-", *(part for domain in domains for part in ("--domain", domain)), stdin=json.dumps(plan.json).encode()
    )
    assert done.returncode < 2, done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) == len(set(lines))
    if OPA:
        assert refused_by_opa(plan.json, domains) == lines
    return done.returncode, {line.split(";")[0].split(" (")[0] for line in lines}


def refused_by_opa(plan: object, domains: tuple[str, ...]) -> list[str]:
    """Return what the policy refuses in Open Policy Agent, in which many pipelines run it, as the runner prints it."""
    assert OPA
    command = [OPA, "eval", "--fail", "--strict-builtin-errors", "--format=json", "--stdin-input", "data.ecgrid"]
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "domains.json"
        data.write_text(json.dumps({"domains": [domain.lower() for domain in domains]}), encoding="utf-8")
        command += [f"--data={REVIEW / 'callbacks.rego'}", f"--data={data}"]
        done = subprocess.run(command, input=json.dumps(plan), capture_output=True, text=True, check=False)
    assert done.returncode == 0, "Open Policy Agent cannot evaluate the policy"
    review = json.loads(done.stdout)["result"][0]["expressions"][0]["value"]["callbacks"]["review"]
    return sorted(f"{one['address']}: {one['reason']}" for one in review["refused"])


@pytest.mark.skipif(not OPA, reason="opa is not installed; .ci/run installs it if Go is installed")
def test_open_policy_agent_judges_like_the_runner(terraform: Terraform) -> None:
    terraform.write(EPHEMERAL + callback("near", password_wo("var.secret"), url='"https://evilexample.com/hush"'))
    terraform.run("get")
    plan = terraform.plan(f"-var=secret={SECRET}")
    (refused,) = refused_by_opa(plan.json, ("example.com",))
    assert refused.startswith("ecgrid_callback.near: url's host evilexample.com is not under example.com")


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
        + callback("many", r'for_each = toset(["a\"]b"])', secret, url='"https://example.net/hush"')
        + callback("some", "count = 2", secret, url='["https://example.com/", "https://example.org/hush"][count.index]')
        + callback("later", secret, url="terraform_data.later.output")
        + callback("begun", 'for_each = { k = "" }', secret, url='"https://${terraform_data.later.output}"')
        + 'module "hook" {\n  source = "./hook"\n  for_each = toset(["m"])\n  url = terraform_data.later.id\n}\n'
    )
    assert verdict(terraform) == (
        1,
        {
            "ecgrid_callback.near: url's host evilexample.com is not under example.com",
            r"""ecgrid_callback.many["a\"]b"]: url's host example.net is not under example.com""",
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
            "ecgrid_callback.unknown: password is not known before the apply and is kept in the state",
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
    outer = (
        'variable "given" {\n  type = string\n}\n'
        'module "inner" {\n  source = "../inner"\n  given = var.given\n}\n'
        'output "out" {\n  value = module.inner.out\n}\n'
        'output "fixed" {\n  value = module.inner.fixed\n}\n'
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
        + callback("key", 'for_each = toset(["a"])', password_wo("each.value"))
        + callback("each_default", "for_each = var.hooks", password_wo("each.value.secret"))
        + callback("listed", "count = 2", password_wo(f'["{SECRET}-a", "{SECRET}-b"][count.index]'))
        + callback("output", password_wo('module.hooks["k"].out'))
        + callback("fixed", password_wo("module.fine.fixed"))
        + f'module "function" {{\n  source = "./outer"\n  given = sensitive("{SECRET}-given")\n}}\n'
        + callback("fine", password_wo('var.nothing == null ? var.secret : var.nothing["a"]'))
        + 'module "hooks" {\n  source = "./outer"\n  given = each.value\n'
        + f'  for_each = {{ k = "{SECRET}-module" }}\n}}\n'
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
        f"ecgrid_callback.fixed: {LITERALS}",
        f"module.function.module.inner.ecgrid_callback.direct: {LITERAL}",
        f"module.function.module.inner.ecgrid_callback.given: {LITERALS}",
        f"module.function.module.inner.ecgrid_callback.left: {LITERALS}",
        f"module.hooks.module.inner.ecgrid_callback.direct: {LITERAL}",
        f"module.hooks.module.inner.ecgrid_callback.given: {LITERALS}",
        f"module.hooks.module.inner.ecgrid_callback.left: {LITERALS}",
        f"module.fine.module.inner.ecgrid_callback.direct: {LITERAL}",
        f"module.fine.module.inner.ecgrid_callback.left: {LITERALS}",
    }


def test_terminate_is_refused_when_planned_and_when_destroyed(terraform: Terraform) -> None:
    ending = EPHEMERAL + callback("x", 'for_each = toset(["a"])', password_wo("var.secret"), 'on_destroy = "terminate"')
    address = 'ecgrid_callback.x["a"]'
    planned = f'{address}: on_destroy is "terminate", which cannot be undone'
    destroyed = f'{address}: is destroyed with on_destroy = "terminate", which cannot be undone'
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
        {'ecgrid_callback.x: on_destroy is not known before the apply and may be "terminate"'},
    )


def test_an_unchanged_callback_is_judged_and_several_domains_are_taken(terraform: Terraform) -> None:
    terraform.write(EPHEMERAL + callback("x", password_wo("var.secret")))
    terraform.apply(f"-var=secret={SECRET}")
    assert verdict(terraform, domains=("other.example",)) == (
        1,
        {"ecgrid_callback.x: url's host app.example.com is not under other.example"},
    )
    assert verdict(terraform, domains=("other.example", "Example.COM")) == CLEAN
