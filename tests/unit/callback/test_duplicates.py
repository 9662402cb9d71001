"""Which plans of one process are two resources of one callback, and which are the two plans of one resource."""

from __future__ import annotations

from typing import Any

import pytest
from tf.types import Unknown

from terraform_provider_ecgrid.plugin.authoring import PlanContext
from tests.unit.callback.scripted_access import held
from tests.unit.callback.test_replace import Planning

HELD: dict[str, Any] = {"callback_id": 7001, "id": "7001", "status": "Active", "on_destroy": "retain"}
NAMED: dict[str, Any] = {"callback_id": 7001}


def is_duplicate(plan: PlanContext) -> bool:
    assert not plan.diagnostics.has_errors()
    return "Callback managed twice" in [one.summary for one in plan.diagnostics.diagnostics]


def test_two_plans_with_a_state() -> None:
    process = Planning()
    assert not is_duplicate(process.existing(HELD, NAMED))
    assert is_duplicate(process.existing(HELD, NAMED))


@pytest.mark.parametrize("state_first", [True, False])
def test_one_plan_with_a_state_and_one_without(state_first: bool) -> None:
    process = Planning()
    for number, with_state in enumerate((state_first, not state_first)):
        plan = process.existing(HELD, NAMED) if with_state else process.new(NAMED)
        assert is_duplicate(plan) is (number == 1)


def test_two_plans_without_a_state() -> None:
    process = Planning()
    assert not is_duplicate(process.new(NAMED))
    assert is_duplicate(process.new(NAMED))
    assert not is_duplicate(process.new({"callback_id": 7002}))


def test_the_second_plan_of_a_replacement_is_known_by_what_the_first_one_planned_to_keep() -> None:
    process = Planning()
    first = process.existing(HELD, NAMED)
    assert not is_duplicate(process.new(NAMED, first.private))
    assert is_duplicate(process.new(NAMED)), "a third plan is another resource"


def test_a_replacement_counts_for_the_callback_that_it_will_hold() -> None:
    process = Planning()
    first = process.existing(HELD, {"callback_id": 7002})
    assert not is_duplicate(process.new({"callback_id": 7002}, first.private))
    assert not is_duplicate(process.new(NAMED)), "the replaced one is held by nobody"
    assert is_duplicate(process.new({"callback_id": 7002}))


def test_what_names_no_known_callback_is_no_duplicate() -> None:
    process = Planning()
    registered = {"url": "https://app.example.com", "event": "Parcel"}
    for config in (registered, registered, {"callback_id": Unknown}, {"callback_id": Unknown}):
        assert not is_duplicate(process.new(config))


def test_a_refresh_is_no_plan() -> None:
    process = Planning()
    process.resource.state_seen(held(**HELD))
    process.access.ledger.note_state(7001, "retain")
    assert not is_duplicate(process.existing(HELD, NAMED))
