"""A plan says all that will happen: the default of `on_destroy`, and that a status `Terminated` is permanent."""

from __future__ import annotations

from typing import Any

import pytest

from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.acceptance.harness import Terraform
from tests.acceptance.results import Plan

NEW = '  url = "https://app.example.com/hook"\n  event = "Parcel"\n'
LATER = 'resource "terraform_data" "later" {\n  input = "7001"\n}\n'
PERMANENT = "Termination of {} is permanent"


def callback(name: str, body: str) -> str:
    return f'resource "ecgrid_callback" "{name}" {{\n{body}}}\n'


def planned(plan: Plan, name: str) -> Any:
    """The `on_destroy` that a plan shows, "(unknown)" where it is known after the apply."""
    change = plan.change(f"ecgrid_callback.{name}")
    return "(unknown)" if change["after_unknown"].get("on_destroy") else change["after"]["on_destroy"]


def held(terraform: Terraform, name: str) -> Any:
    return terraform.state(f"ecgrid_callback.{name}")["on_destroy"]


def test_the_default_of_on_destroy_shows_in_the_plan_and_is_what_the_apply_leaves(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    second, third = (sandbox.store.put(url=f"https://app.example.com/{number}") for number in (2, 3))
    bodies = {
        "registered": NEW,
        "taken_over": f"  callback_id = {second}\n",
        "imported": NEW.replace("/hook", "/3"),
        "later": "  callback_id = terraform_data.later.output\n",
    }
    imports = f'import {{\n  to = ecgrid_callback.imported\n  id = "{third}"\n}}\n'
    written = LATER + imports + "".join(callback(name, body) for name, body in bodies.items())
    terraform.write(written)
    plan = terraform.plan(expect=2)
    defaults = {"registered": "delete", "taken_over": "retain", "imported": "delete"}
    assert {name: planned(plan, name) for name in bodies} == defaults | {"later": "(unknown)"}
    terraform.apply()
    assert {name: held(terraform, name) for name in bodies} == defaults | {"later": "retain"}
    before = len(sandbox.writes())

    explicit = {name: body + '  on_destroy = "suspend"\n' for name, body in bodies.items()}
    terraform.write(LATER + imports + "".join(callback(name, body) for name, body in explicit.items()))
    terraform.apply()
    terraform.write(written)
    plan = terraform.plan(expect=2)
    for name in bodies:
        default = defaults.get(name, "retain")
        assert plan.changed(f"ecgrid_callback.{name}") == {"on_destroy": ("suspend", default)}, "removed: the default"
    assert plan.diagnostics == []
    terraform.apply()
    assert {name: held(terraform, name) for name in bodies} == defaults | {"later": "retain"}
    assert len(sandbox.writes()) == before, "none of this is ECGrid's matter"


@pytest.mark.parametrize(
    ("first", "second", "named"),
    [
        ("", NEW, "the callback"),
        ("", "  callback_id = 7001\n", "callback 7001"),
        ("  callback_id = 7001\n", "  callback_id = 7001\n", "callback 7001"),
    ],
    ids=["register", "take over", "change"],
)
def test_a_plan_that_ends_in_terminated_warns_that_this_is_permanent(
    terraform: Terraform, sandbox: Sandbox, first: str, second: str, named: str
) -> None:
    if first:
        terraform.write(callback("orders", first))
        terraform.apply()
    terraform.write(callback("orders", second + '  status = "Terminated"\n'))
    plan = terraform.plan(expect=2)
    (warning,) = [one for one in plan.warnings if one.summary == PERMANENT.format(named)]
    assert warning.attribute == "status"
    assert f"ends {named} permanently" in warning.text
    assert "To pause delivery, use `Suspended`" in warning.text
    terraform.run("apply", "-input=false", plan.file)
    again = terraform.plan(expect=0)
    assert again.diagnostics == [], "it is terminated, and nothing is going to end"
    assert {one["status"] for one in sandbox.store.all()} <= {"Terminated", "Suspended"}


def test_a_status_that_becomes_terminated_only_at_apply_is_said_there(terraform: Terraform, sandbox: Sandbox) -> None:
    status = '  status = terraform_data.later.output == "7001" ? "Terminated" : "Active"\n'
    terraform.write(LATER + callback("orders", NEW + status))
    assert terraform.plan(expect=2).warnings == [], "it is not known yet"
    applied = terraform.apply()
    assert applied.warning.summary == PERMANENT.format("the callback")
    assert [one.call for one in sandbox.writes()] == ["create", "update"]


def test_warnings_of_one_kind_name_each_callback(terraform: Terraform, sandbox: Sandbox) -> None:
    sandbox.store.put(url="https://app.example.com/2")
    each = '  for_each = { a = 7001, b = 7002 }\n  callback_id = each.value\n  http_auth_type = "Basic"\n'
    credentials = '  username = "u"\n  password = "p-7b31c"\n'
    terraform.write(callback("all", each + credentials))
    plan = terraform.plan(expect=2)
    assert {one.summary for one in plan.warnings} == {f"Take-over overwrites callback {one}" for one in (7001, 7002)}
    assert [number for number in (7001, 7002) for one in plan.warnings if f"callback {number} " in one.text] == [
        7001,
        7002,
    ]
    terraform.apply()
    terraform.write(callback("all", each.replace('  http_auth_type = "Basic"\n', "")))
    plan = terraform.plan(expect=2)
    assert {one.summary for one in plan.warnings} == {
        f"ECGrid keeps the credentials of callback {one}" for one in (7001, 7002)
    }
    assert sorted(one.address or "" for one in plan.warnings) == [f'ecgrid_callback.all["{key}"]' for key in "ab"]
    for one in plan.warnings:
        assert "`username`, `password` of callback" in one.text
        assert 'set `http_auth_type = "None"`' in one.text
