"""A provider written against `tf` alone, through its whole life."""

from __future__ import annotations

from typing import Any

import pytest
from tf.types import Unknown

from terraform_provider_ecgrid.plugin.codec import values
from terraform_provider_ecgrid.plugin.protocol import plugin6_pb2 as pb
from tests.toy_provider import ToyProvider
from tests.unit.plugin.client import Client, errors, paths

CONFIG: dict[str, Any] = {
    "id": None,
    "name": "a",
    "step": None,
    "options": '{"b": 1, "a": 2}',
    "value": None,
}
STATE = {**CONFIG, "id": "toy-a", "step": 1, "value": 0}


@pytest.fixture
def client() -> Client:
    return Client(ToyProvider())


def test_schema_carries_everything_that_tf_can_say(client: Client) -> None:
    schema = client.call("GetProviderSchema")
    assert schema.server_capabilities == pb.ServerCapabilities(
        plan_destroy=True, get_provider_schema_optional=True, generate_resource_config=True
    )
    assert [a.name for a in schema.provider.block.attributes] == ["prefix"]
    counter = schema.resource_schemas["toy_counter"]
    assert counter.version == 1
    step = counter.block.attributes[2]
    assert (step.name, step.type, step.required, step.optional, step.computed) == (
        "step",
        b'"number"',
        False,
        True,
        True,
    )
    assert step.description == "How much an update adds."
    assert step.description_kind == pb.MARKDOWN
    assert list(schema.data_source_schemas) == ["toy_greeting"]


def test_functions_are_not_served(client: Client) -> None:
    assert not client.call("GetProviderSchema").functions
    assert client.call("GetFunctions") == pb.GetFunctions.Response()
    assert "CallFunction not supported" in client.call("CallFunction", name="twice").error.text


def test_metadata_names_what_the_schema_holds(client: Client) -> None:
    metadata = client.call("GetMetadata")
    assert [r.type_name for r in metadata.resources] == ["toy_counter"]
    assert [d.type_name for d in metadata.data_sources] == ["toy_greeting"]
    assert metadata.server_capabilities.plan_destroy


def test_provider_without_identities_has_none(client: Client) -> None:
    assert not client.call("GetResourceIdentitySchemas").identity_schemas
    assert errors(client.call("UpgradeResourceIdentity", type_name="toy_counter", raw_identity={})) == ["No identity"]


def test_validation_asks_provider_resource_and_data_source(client: Client) -> None:
    assert errors(client.call("ValidateProviderConfig", config={"prefix": ""})) == ["Empty prefix"]
    answer = client.call("ValidateResourceConfig", type_name="toy_counter", config={**CONFIG, "name": "", "value": 3})
    assert errors(answer) == ["Field toy_counter.value is read-only and should not be set", "Empty name"]
    assert paths(answer) == [["value"], ["name"]]
    answer = client.call("ValidateDataResourceConfig", type_name="toy_greeting", config={"name": "x", "text": "y"})
    assert paths(answer) == [["text"]]


def test_life_of_a_counter(client: Client) -> None:
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


def test_unchanged_counter_plans_nothing_and_a_respelling_is_unchanged(client: Client) -> None:
    respelled = {**STATE, "options": '{"a":2,"b":1}'}
    plan = client.call("PlanResourceChange", type_name="toy_counter", prior_state=STATE, proposed_new_state=respelled)
    assert values.decode(plan.planned_state) == STATE


def test_changed_name_asks_for_a_replacement(client: Client) -> None:
    changed = {**STATE, "name": "b"}
    plan = client.call("PlanResourceChange", type_name="toy_counter", prior_state=STATE, proposed_new_state=changed)
    assert plan.requires_replace == [pb.AttributePath(steps=[pb.AttributePath.Step(attribute_name="name")])]


def test_import_fills_what_the_provider_leaves_out_with_null(client: Client) -> None:
    answer = client.call("ImportResourceState", type_name="toy_counter", id="toy-a")
    (imported,) = answer.imported_resources
    assert imported.type_name == "toy_counter"
    assert values.decode(imported.state) == {**STATE, "options": None}
    missing = client.call("ImportResourceState", type_name="toy_counter", id="missing")
    assert errors(missing) == ["Nothing to import"]
    assert "'missing'" in missing.diagnostics[0].detail
    assert not missing.imported_resources


def test_state_of_an_older_schema_is_upgraded(client: Client) -> None:
    old = {"id": "toy-a", "title": "a", "step": 1, "options": None, "value": 0, "colour": "red"}
    answer = client.call("UpgradeResourceState", type_name="toy_counter", version=0, raw_state=old)
    assert values.decode(answer.upgraded_state) == {**STATE, "options": None}


def test_data_source(client: Client) -> None:
    answer = client.call("ReadDataSource", type_name="toy_greeting", config={"name": "Ada", "text": None})
    assert values.decode(answer.state) == {"name": "Ada", "text": "toy Ada"}
    answer = client.call("ReadDataSource", type_name="toy_greeting", config={"name": "nobody", "text": None})
    assert errors(answer) == ["No data"]
