"""Replacing a callback: what is refused in the plan because it would lose something, and what a terminated one becomes."""

from __future__ import annotations

import pytest

from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.acceptance.harness import BOTH_LOOKUPS, Plan, Terraform

ADDRESS = "ecgrid_callback.orders"
URL = "https://app.example.com/webhooks/new?token=s3cr3t"

FRESH = f"""
resource "ecgrid_callback" "orders" {{
  url   = "{URL}"
  event = "Parcel"
}}
"""


def own_id(callback_id: int, *lines: str) -> str:
    """A configuration that names a callback by its id."""
    return f'resource "ecgrid_callback" "orders" {{\n  callback_id = {callback_id}\n' + "\n".join(lines) + "\n}\n"


def with_lines(*lines: str) -> str:
    """The configuration of a new callback with further lines."""
    return FRESH.replace("}\n", "\n".join(lines) + "\n}\n")


def assert_no_path_shown(*plans: Plan) -> None:
    for plan in plans:
        assert not any("s3cr3t" in one.text or "/webhooks" in one.text for one in plan.diagnostics), str(plan)


@pytest.mark.parametrize("flag", [(), ("-refresh=false",)], ids=["refreshed", "not refreshed"])
def test_replacing_a_tainted_callback_that_its_configuration_names_is_refused_in_the_plan(
    terraform: Terraform, sandbox: Sandbox, flag: tuple[str, ...]
) -> None:
    terraform.write(own_id(7001, '  on_destroy = "delete"'))
    terraform.apply()
    terraform.run("taint", ADDRESS)
    plan = terraform.plan(*flag, expect=1)
    assert plan.error.attribute == "callback_id"
    assert "7001" in plan.error.text
    assert "terraform untaint" in plan.error.detail
    assert "Remove `callback_id` to register a new callback" in plan.error.detail
    assert sandbox.writes() == []
