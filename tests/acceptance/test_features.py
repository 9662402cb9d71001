"""What the Terraform at hand has and what it refuses, feature by feature: the table of `features.py` is true."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.acceptance.features import FEATURES, core, has
from tests.acceptance.harness import EVERY_LINE, Terraform

pytestmark = core

URL = "https://app.example.com/webhooks/ecgrid"
CONFIGURED = f'resource "ecgrid_callback" "orders" {{\n  url   = "{URL}"\n  event = "Parcel"\n%s}}\n'


def plan_of(terraform: Terraform, configuration: str, expect: int | None, *args: str) -> str:
    """What a plan of the configuration says."""
    terraform.write(configuration)
    return terraform.run("plan", "-no-color", *args, expect=expect).text


def import_for_each(terraform: Terraform, available: bool) -> None:
    said = plan_of(
        terraform,
        'import {\n  for_each = toset(["7001"])\n  to = ecgrid_callback.orders[each.key]\n  id = each.key\n}\n'
        + CONFIGURED % '  for_each = toset(["7001"])\n',
        0 if available else 1,
    )
    assert ("1 to import" if available else 'argument named "for_each" is not expected here') in said


def removed(terraform: Terraform, available: bool) -> None:
    configuration = "removed {\n  from = ecgrid_callback.orders\n  lifecycle {\n    destroy = false\n  }\n}\n"
    said = plan_of(terraform, configuration, 0 if available else 1)
    assert ("No changes" if available else 'Blocks of type "removed" are not expected here') in said


def mocks(terraform: Terraform, available: bool) -> None:
    terraform.write('data "ecgrid_current_user" "me" {}\n')
    terraform.write('mock_provider "ecgrid" {}\n\nrun "mocked" {}\n', "mocks.tftest.hcl")
    said = terraform.run("test", "-no-color", expect=0 if available else 1).text
    assert ("1 passed" if available else 'type "mock_provider" are not expected here') in said


def functions(terraform: Terraform, available: bool) -> None:
    said = plan_of(terraform, 'output "twice" {\n  value = provider::ecgrid::twice(21)\n}\n', 1)
    assert ("Missing newline after argument" in said) is not available, "an older one reads no such name"


def moved_types(terraform: Terraform, available: bool) -> None:
    terraform.write('resource "terraform_data" "orders" {\n  input = { callback_id = 7001 }\n}\n')
    terraform.apply()
    configuration = "moved {\n  from = terraform_data.orders\n  to   = ecgrid_callback.orders\n}\n" + CONFIGURED % ""
    said = plan_of(terraform, configuration, 0 if available else 1)
    assert ("has moved to" if available else "Resource type mismatch") in said


def write_only(terraform: Terraform, available: bool) -> None:
    said = plan_of(
        terraform,
        CONFIGURED % ('http_auth_type = "Basic"\nusername = "u"\npassword_wo = "p"\npassword_wo_version = 1\n'),
        0 if available else 1,
    )
    assert ("1 to add" if available else "Use version 1.11 or newer of either") in said


def report_of_tests(terraform: Terraform, available: bool) -> None:
    said = terraform.run("test", "-no-color", "-junit-xml=tests.xml", expect=0 if available else 1).text
    assert (("0 passed" in said), ("-junit-xml" in said)) == (available, not available)


def earlier_runs_in_assertions(terraform: Terraform, available: bool) -> None:
    terraform.write('output "number" {\n  value = 1\n}\n')
    compared = 'assert {\n    condition     = run.one.number == output.number\n    error_message = "differs"\n  }\n'
    terraform.write('run "one" {}\n\nrun "two" {\n  ' + compared + "}\n", "runs.tftest.hcl")
    said = terraform.run("test", "-no-color", expect=0 if available else 1).text
    assert ("2 passed" if available else 'no variable named "run"') in said


def identity(terraform: Terraform, available: bool) -> None:
    said = plan_of(
        terraform,
        "import {\n  to = ecgrid_callback.orders\n  identity = { callback_id = 7001 }\n}\n" + CONFIGURED % "",
        0 if available else 1,
    )
    assert ("1 to import" if available else 'argument named "identity" is not expected here') in said


def action_syntax(terraform: Terraform, available: bool) -> None:
    said = plan_of(terraform, 'action "ecgrid_callback_test" "smoke" {}\n', None)
    assert ('Blocks of type "action" are not expected here' in said) is not available


def query(terraform: Terraform, available: bool) -> None:
    terraform.write('list "ecgrid_callback" "all" {\n  provider = ecgrid\n}\n', "all.tfquery.hcl")
    said = terraform.run("query", "-no-color", expect=0 if available else 1).text
    assert ("callback_id=7001" if available else 'no command named "query"') in said


def action(terraform: Terraform, available: bool) -> None:
    said = plan_of(
        terraform,
        'action "ecgrid_callback_test" "smoke" {\n  config {\n    callback_id = 7001\n  }\n}\n',
        0 if available else 1,
        "-invoke=action.ecgrid_callback_test.smoke",
    )
    assert ("1 to invoke" if available else "not defined: -invoke") in said


def generation(terraform: Terraform, available: bool) -> None:
    plan_of(terraform, 'import {\n  to = ecgrid_callback.orders\n  id = "7001"\n}\n', 0, "-generate-config-out=new.tf")
    generated = (terraform.folder / "new.tf").read_text(encoding="utf-8")
    assert f'url                 = "{URL}"' in generated
    assert ("callback_id" in generated) is not available, "an older Terraform writes what it sees in the state"


ATTEMPTS: dict[str, Callable[[Terraform, bool], None]] = {
    "import for_each": import_for_each,
    "removed": removed,
    "mocks": mocks,
    "functions": functions,
    "moved types": moved_types,
    "write-only": write_only,
    "report of tests": report_of_tests,
    "earlier runs in assertions": earlier_runs_in_assertions,
    "identity": identity,
    "action syntax": action_syntax,
    "query": query,
    "action": action,
    "generation": generation,
}


@EVERY_LINE
@pytest.mark.parametrize("feature", FEATURES)
def test_a_feature_is_there_or_refused_by_name(terraform: Terraform, sandbox: Sandbox, feature: str) -> None:
    ATTEMPTS[feature](terraform, has(terraform.release, feature))
    assert sandbox.writes() == []
