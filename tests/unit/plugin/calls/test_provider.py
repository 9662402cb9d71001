from __future__ import annotations

from typing import Any

import pytest
from pydantic import SecretStr
from tf.types import Unknown

from terraform_provider_ecgrid.plugin.protocol import plugin6_pb2 as pb
from tests.toy_provider import ToyProvider
from tests.unit.plugin.calls.scripted import ScriptedProvider
from tests.unit.plugin.client import WRITE_ONLY, Client, errors, paths


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


def test_validation_asks_provider_resource_and_data_source(client: Client) -> None:
    assert errors(client.call("ValidateProviderConfig", config={"prefix": ""})) == ["Empty prefix"]
    answer = client.call("ValidateResourceConfig", type_name="toy_counter", config={"name": "", "value": 3})
    assert errors(answer) == ["Read-only attribute", "Empty name"]
    assert paths(answer) == [["value"], ["name"]]
    answer = client.call("ValidateDataResourceConfig", type_name="toy_greeting", config={"name": "x", "text": "y"})
    assert paths(answer) == [["text"]]


def test_provider_is_configured_with_context() -> None:
    seen: list[Any] = []

    def does(ctx: Any, config: Any) -> None:
        seen.append((ctx.capabilities.write_only_attributes_allowed, config))

    client = Client(ScriptedProvider(configure=does))
    client.call("ConfigureProvider", terraform_version="1.15.5", config={"key": "s"}, client_capabilities=WRITE_ONLY)
    client.call("ConfigureProvider", config={"key": Unknown})
    assert seen == [(True, {"key": SecretStr("s")}), (False, {"key": Unknown})]
