from __future__ import annotations

from typing import Any

from tf.iface import Resource

from terraform_provider_ecgrid.plugin.authoring import Config, GenerateContext, State
from terraform_provider_ecgrid.plugin.codec import values
from tests.toy_provider import ToyProvider
from tests.unit.plugin.calls.scripted import ScriptedProvider, Thing, state
from tests.unit.plugin.client import Client


class SpokenThing(Thing):
    """Says by itself what belongs into its configuration."""

    def generate_config(self, ctx: GenerateContext, state: State) -> Config:
        config: Config = self.does["generate"](ctx, state)
        return config


class SpokenProvider(ScriptedProvider):
    def get_resources(self) -> list[type[Resource]]:
        return [SpokenThing]


def generated(provider: Any, held: dict[str, Any], type_name: str = "test_thing") -> Any:
    return Client(provider).call("GenerateResourceConfig", type_name=type_name, state=held)


def test_a_resource_that_says_nothing_gets_its_state_without_what_only_the_provider_sets() -> None:
    held = {"id": "toy-a", "name": "a", "step": 1, "options": None, "value": 3}
    answer = generated(ToyProvider(), held, "toy_counter")
    assert not answer.diagnostics
    assert values.decode(answer.config) == {**held, "id": None, "value": None}


def test_what_a_resource_says_is_its_configuration_and_the_rest_is_null() -> None:
    def generate(ctx: GenerateContext, held: State) -> Config:
        assert (ctx.type_name, held["id"]) == ("test_thing", 7)
        return {"name": held["name"]}

    answer = generated(SpokenProvider(generate=generate), state(id=7, name="n", mode="usual", tags={"a": "b"}))
    assert values.decode(answer.config) == state(name="n")


def test_a_write_only_value_or_one_that_only_the_provider_sets_is_never_written() -> None:
    provider = SpokenProvider(generate=lambda ctx, held: {**held, "password_wo": "s3cr3t", "name": "n"})
    answer = generated(provider, state(id=7))
    assert values.decode(answer.config) == state(name="n")
    assert b"s3cr3t" not in answer.SerializeToString()
