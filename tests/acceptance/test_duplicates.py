"""Two resources of one run that manage the same callback: each plan and each apply says so, and nothing else does."""

from __future__ import annotations

from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.acceptance.harness import Terraform
from tests.acceptance.results import Diagnostic, Outcome

TWICE = "the two resources go on to undo what the other configures"
SUMMARY = " managed twice"


def holding(name: str, callback_id: int = 7001, *arguments: str) -> str:
    """A resource that takes over a callback."""
    lines = "\n  ".join((f"callback_id = {callback_id}", *arguments))
    return f'resource "ecgrid_callback" "{name}" {{\n  {lines}\n}}\n'


def of_duplicates(outcome: Outcome) -> list[Diagnostic]:
    """The warnings of duplicates."""
    return [one for one in outcome.warnings if one.summary.endswith(SUMMARY)]


def check_one(outcome: Outcome) -> Diagnostic:
    """Demand the warning once for two resources, with the id and the way out."""
    (warning,) = of_duplicates(outcome)
    assert warning.attribute == "callback_id"
    for words in ("callback 7001", "Two resources", "Keep one", "`terraform state rm ADDRESS`"):
        assert words in warning.text
    assert warning.address in ("ecgrid_callback.a", "ecgrid_callback.b")
    return warning


def test_two_new_resources_of_one_callback_are_a_warning_in_plan_and_apply(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    terraform.write(holding("a") + holding("b") + holding("other", sandbox.store.put(url="https://c.example.com")))
    check_one(terraform.plan(expect=2))
    applied = terraform.apply(unsettled=TWICE)
    assert len(of_duplicates(applied)) == 2, "once in its plan, once in the plan that Terraform makes of it again"
    assert sandbox.writes() == []
    check_one(terraform.plan(expect=0))


def test_a_new_resource_of_a_callback_that_another_one_holds_is_a_warning_whichever_is_planned_first(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    terraform.write(holding("a"))
    terraform.apply()
    for waits_for in ("a", "b"):
        first, second = ("a", "b") if waits_for == "a" else ("b", "a")
        after = f"depends_on = [ecgrid_callback.{first}]"
        terraform.write(holding(first) + holding(second, 7001, after))
        assert check_one(terraform.plan(expect=2)).address == f"ecgrid_callback.{second}"


def test_an_imported_and_a_registered_callback_are_known_to_be_two_resources_of_one(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    registered = 'resource "ecgrid_callback" "a" {\n  url = "https://a.example.com"\n  event = "User"\n}\n'
    terraform.write(registered)
    terraform.apply()
    assert terraform.state("ecgrid_callback.a")["callback_id"] == 7002
    terraform.write(
        registered
        + registered.replace('"a"', '"b"')
        + 'import {\n  to = ecgrid_callback.b\n  id = "7002"\n}\n'
        + holding("other")
    )
    (warning,) = of_duplicates(terraform.plan(expect=2))
    assert "Callback 7002 " in warning.text


def test_the_two_plans_of_a_replacement_and_a_taint_are_no_duplicates(terraform: Terraform, sandbox: Sandbox) -> None:
    second = sandbox.store.put(url="https://b.example.com")
    terraform.write(holding("a") + holding("b", second))
    terraform.apply()
    replaced = terraform.plan("-replace=ecgrid_callback.a", expect=2)
    assert (replaced.actions["ecgrid_callback.a"], of_duplicates(replaced)) == ("replace", [])
    terraform.run("taint", "ecgrid_callback.b")
    tainted = terraform.plan(expect=2)
    assert (tainted.actions, of_duplicates(tainted)) == ({"ecgrid_callback.b": "replace"}, [])
    applied = terraform.apply("-replace=ecgrid_callback.a")
    assert of_duplicates(applied) == []

    third = sandbox.store.put(url="https://c.example.com")
    terraform.write(holding("a", third) + holding("b", second))
    moved = terraform.plan(expect=2)
    assert (moved.actions, of_duplicates(moved)) == ({"ecgrid_callback.a": "replace"}, [])


def test_the_replacement_of_a_duplicate_is_still_one(terraform: Terraform, sandbox: Sandbox) -> None:
    terraform.write(holding("a") + holding("b", sandbox.store.put(url="https://b.example.com")))
    terraform.apply()
    terraform.write(holding("a") + holding("b"))
    plan = terraform.plan(expect=2)
    check_one(plan)
    assert plan.actions == {"ecgrid_callback.b": "replace"}
