"""A provider written against `tf` alone, through its whole life."""

from __future__ import annotations

from typing import Any

from tf.types import Unknown

from terraform_provider_ecgrid.plugin.codec import values
from tests.toy_provider import ToyProvider
from tests.unit.plugin.client import Client

CONFIG: dict[str, Any] = {
    "id": None,
    "name": "a",
    "step": None,
    "options": '{"b": 1, "a": 2}',
    "value": None,
}


def test_life_of_a_counter() -> None:
    client = Client(ToyProvider())
    assert not client.call("ConfigureProvider", terraform_version="1.15.5", config={"prefix": "my"}).diagnostics

    plan = client.call("PlanResourceChange", type_name="toy_counter", proposed_new_state=CONFIG, config=CONFIG)
    planned = values.decode(plan.planned_state)
    assert planned == {**CONFIG, "id": Unknown, "step": 1, "value": Unknown}

    created = client.call("ApplyResourceChange", type_name="toy_counter", planned_state=planned, config=CONFIG)
    state = values.decode(created.new_state)
    assert state == {**CONFIG, "id": "my-a", "step": 1, "value": 0}
    assert values.decode(client.call("ReadResource", type_name="toy_counter", current_state=state).new_state) == state

    changed = {**state, "step": 5}
    plan = client.call(
        "PlanResourceChange", type_name="toy_counter", prior_state=state, proposed_new_state=changed, config=changed
    )
    planned = values.decode(plan.planned_state)
    assert planned == {**changed, "value": Unknown}
    assert not plan.requires_replace
    updated = client.call("ApplyResourceChange", type_name="toy_counter", prior_state=state, planned_state=planned)
    assert values.decode(updated.new_state) == {**changed, "value": 5}

    plan = client.call("PlanResourceChange", type_name="toy_counter", prior_state=state, proposed_new_state=None)
    assert plan.planned_state.msgpack == b"\xc0"
    deleted = client.call("ApplyResourceChange", type_name="toy_counter", prior_state=state, planned_state=None)
    assert deleted.new_state.msgpack == b"\xc0"
    assert not deleted.diagnostics
