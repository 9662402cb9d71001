"""A configured value of an attribute that only the provider sets: refused in every kind of configuration."""

from __future__ import annotations

from typing import Any

import pytest
from tf import iface
from tf.schema import Attribute, Schema
from tf.types import List, NormalizedJson, Number, String, Unknown
from tf.utils import Diagnostics

from terraform_provider_ecgrid.plugin.authoring import Action, Config, ListResource, Object, ReadOnly
from tests.toy_provider import Counter, Greeting, ToyProvider
from tests.unit.plugin.client import Client, errors, paths

SCHEMA = Schema(
    attributes=[
        Attribute("name", String(), required=True),
        Attribute("mode", String(), optional=True, computed=True),
        Attribute("id", Number(), computed=True),
        Attribute("parts", List(Object({"size": Number()})), computed=True),
        Attribute("raw", NormalizedJson(), computed=True),
        ReadOnly("state", String(), instead="To change it, set `mode`."),
    ]
)
NOTHING = {"name": "n", "mode": "m"}
KINDS = ("Provider", "Resource", "DataResource", "ListResource", "Action")


class Kinds(ToyProvider):
    """Has the schema in all five places. Its classes validate as `tf` and `plugin` do by themselves."""

    def get_provider_schema(self, diags: Diagnostics) -> Schema:
        return SCHEMA

    def validate_config(self, diags: Diagnostics, config: Config) -> None:
        """Accept all."""

    def get_resources(self) -> list[type[iface.Resource]]:
        return [type("Thing", (Counter,), _FACE | {"validate": iface.Resource.validate})]

    def get_data_sources(self) -> list[type[iface.DataSource]]:
        return [type("Thing", (Greeting,), _FACE)]

    def get_list_resources(self) -> list[type[ListResource]]:
        return [type("Things", (ListResource,), _FACE | {"list": None})]

    def get_actions(self) -> list[type[Action]]:
        return [type("Polish", (Action,), _FACE | {"invoke": None})]


_FACE: dict[str, Any] = {
    "__init__": lambda self, provider: None,
    "get_name": classmethod(lambda cls: "thing"),
    "get_schema": classmethod(lambda cls: SCHEMA),
}


def validated(kind: str, **config: Any) -> Any:
    named = {} if kind == "Provider" else {"type_name": "toy_thing"}
    return Client(Kinds()).call(f"Validate{kind}Config", config=NOTHING | config, **named)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("value", [7, Unknown])
def test_a_read_only_attribute_that_is_set_is_refused_once_and_at_its_path(kind: str, value: Any) -> None:
    answer = validated(kind, id=value)
    assert errors(answer) == ["Read-only attribute"]
    assert paths(answer) == [["id"]]
    [error] = answer.diagnostics
    assert error.detail == "`id` is read-only: the provider sets it. Remove it from the configuration."


@pytest.mark.parametrize("kind", KINDS)
def test_everything_else_is_accepted(kind: str) -> None:
    assert not validated(kind).diagnostics
    assert not validated(kind, mode=Unknown, id=None, parts=None).diagnostics


@pytest.mark.parametrize("kind", KINDS)
def test_objects_and_what_no_type_can_read_are_refused_alike(kind: str) -> None:
    assert paths(validated(kind, parts=[], raw="{")) == [["parts"], ["raw"]]


@pytest.mark.parametrize("kind", KINDS)
def test_an_attribute_may_say_what_to_set_instead(kind: str) -> None:
    [error] = validated(kind, state="s").diagnostics
    assert error.detail == (
        "`state` is read-only: the provider sets it. Remove it from the configuration. To change it, set `mode`."
    )
