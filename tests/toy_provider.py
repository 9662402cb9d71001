"""A provider that knows nothing of ECGrid and uses nothing but `tf`: `plugin/` serves it unchanged.

Its objects live in Terraform's state alone, so every process can serve them.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from tf import iface
from tf.schema import Attribute, Schema
from tf.types import NormalizedJson, Number, String, Unknown
from tf.utils import Diagnostics

State: TypeAlias = dict[str, Any]
Config: TypeAlias = dict[str, Any]


class Counter(iface.Resource):
    """Counts its own updates."""

    def __init__(self, provider: ToyProvider) -> None:
        self.provider = provider

    @classmethod
    def get_name(cls) -> str:
        return "counter"

    @classmethod
    def get_schema(cls) -> Schema:
        return Schema(
            version=1,
            attributes=[
                Attribute("id", String(), "The name with a prefix.", computed=True),
                Attribute("name", String(), "Changing it makes a new counter.", required=True, requires_replace=True),
                Attribute("step", Number(), "How much an update adds.", optional=True, computed=True, default=1),
                Attribute("options", NormalizedJson(), "JSON whose keys may stand in any order.", optional=True),
                Attribute("value", Number(), "The present count.", computed=True),
            ],
        )

    def validate(self, diags: Diagnostics, type_name: str, config: Config) -> None:
        super().validate(diags, type_name, config)
        if config.get("name") == "":
            diags.add_error("Empty name", "A counter needs a name.", path=["name"])

    def plan(self, ctx: iface.PlanContext, current: State | None, planned: State) -> State | None:
        if current is not None and ctx.changed_fields:
            planned["value"] = Unknown
        return planned

    def create(self, ctx: iface.CreateContext, planned: State) -> State:
        return {**planned, "id": f"{self.provider.prefix}-{planned['name']}", "value": 0}

    def read(self, ctx: iface.ReadContext, current: State) -> State | None:
        return current

    def update(self, ctx: iface.UpdateContext, current: State, planned: State) -> State:
        return {**planned, "value": current["value"] + planned["step"]}

    def delete(self, ctx: iface.DeleteContext, current: State) -> None:
        if current["name"] == "undeletable":
            ctx.diagnostics.add_error("Cannot delete", "This counter stays.")

    def import_(self, ctx: iface.ImportContext, id: str) -> State | None:  # noqa: A002 - `tf` names it so
        if id == "missing":
            return None
        return {"id": id, "name": id.partition("-")[2], "step": 1, "value": 0}

    def upgrade(self, ctx: iface.UpgradeContext, version: int, old: State) -> State:
        old["name"] = old.pop("title")
        return old


class Greeting(iface.DataSource):
    """Greets."""

    def __init__(self, provider: ToyProvider) -> None:
        self.provider = provider

    @classmethod
    def get_name(cls) -> str:
        return "greeting"

    @classmethod
    def get_schema(cls) -> Schema:
        return Schema(
            attributes=[
                Attribute("name", String(), "Who is greeted.", required=True),
                Attribute("text", String(), "The greeting.", computed=True),
            ]
        )

    def read(self, ctx: iface.ReadDataContext, config: Config) -> State | None:
        if config["name"] == "nobody":
            return None
        return {**config, "text": f"{self.provider.prefix} {config['name']}"}


class ToyProvider(iface.Provider):
    """Counters and greetings."""

    def __init__(self) -> None:
        self.prefix = "toy"

    def get_model_prefix(self) -> str:
        return "toy_"

    def full_name(self) -> str:
        return "registry.terraform.io/example/toy"

    def get_provider_schema(self, diags: Diagnostics) -> Schema:
        return Schema(attributes=[Attribute("prefix", String(), "Stands before every id.", optional=True)])

    def validate_config(self, diags: Diagnostics, config: Config) -> None:
        if config["prefix"] == "":
            diags.add_error("Empty prefix", "Leave it out instead.", path=["prefix"])

    def configure_provider(self, diags: Diagnostics, config: Config) -> None:
        self.prefix = config["prefix"] or self.prefix

    def get_data_sources(self) -> list[type[iface.DataSource]]:
        return [Greeting]

    def get_resources(self) -> list[type[iface.Resource]]:
        return [Counter]
