"""A provider whose resource does what a test tells it to, and remembers what it was told by Terraform."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tf import iface
from tf.schema import Attribute, Schema
from tf.types import List, Map, NormalizedJson, Number, String
from tf.utils import Diagnostics

from terraform_provider_ecgrid.plugin.authoring import (
    Config,
    ConfigureContext,
    IdentityAttribute,
    IdentitySchema,
    MoveContext,
    Object,
    PlanContext,
    SensitiveString,
    State,
    ValidateContext,
    WriteOnly,
)


def as_proposed(ctx: Any, current: Any, planned: Any) -> Any:
    """Plan what Terraform proposes."""
    return planned


class Thing(iface.Resource):
    """Calls the test's function of the method's name with the method's arguments."""

    def __init__(self, provider: ScriptedProvider) -> None:
        self.does = provider.does

    @classmethod
    def get_name(cls) -> str:
        return "thing"

    @classmethod
    def get_schema(cls) -> Schema:
        return Schema(
            attributes=[
                Attribute("id", Number(), computed=True),
                Attribute("name", String(), optional=True, requires_replace=True),
                Attribute("mode", String(), optional=True, computed=True, default="usual"),
                Attribute("options", NormalizedJson(), optional=True),
                Attribute("password", SensitiveString(), optional=True, sensitive=True),
                WriteOnly("password_wo", SensitiveString(), optional=True, sensitive=True),
                Attribute("parts", List(Object({"size": Number()})), optional=True),
                Attribute("tags", Map(String()), optional=True),
            ]
        )

    @classmethod
    def get_identity_schema(cls) -> IdentitySchema:
        return IdentitySchema((IdentityAttribute("id", Number(), "The id."),), version=1)

    def validate_with_context(self, ctx: ValidateContext, config: Config) -> None:
        self.does["validate"](ctx, config)

    def plan(self, ctx: iface.PlanContext, current: State | None, planned: State) -> Any:
        return self.does["plan"](ctx, current, planned)

    def plan_destroy(self, ctx: PlanContext, current: State) -> None:
        self.does["plan_destroy"](ctx, current)

    def create(self, ctx: iface.CreateContext, planned: State) -> Any:
        return self.does["create"](ctx, planned)

    def read(self, ctx: iface.ReadContext, current: State) -> Any:
        return self.does["read"](ctx, current)

    def update(self, ctx: iface.UpdateContext, current: State, planned: State) -> Any:
        return self.does["update"](ctx, current, planned)

    def delete(self, ctx: iface.DeleteContext, current: State) -> Any:
        return self.does["delete"](ctx, current)

    def import_(self, ctx: iface.ImportContext, id: str) -> Any:  # noqa: A002 - `tf` names it so
        return self.does["import"](ctx, id)

    def move(self, ctx: MoveContext, source: State) -> Any:
        return self.does["move"](ctx, source)


class Source(iface.DataSource):
    """As `Thing`."""

    def __init__(self, provider: ScriptedProvider) -> None:
        self.does = provider.does

    @classmethod
    def get_name(cls) -> str:
        return "source"

    @classmethod
    def get_schema(cls) -> Schema:
        return Schema(
            attributes=[
                Attribute("name", String(), optional=True),
                Attribute("things", List(Object({"id": Number(), "name": String()})), computed=True),
            ]
        )

    def read(self, ctx: iface.ReadDataContext, config: Config) -> Any:
        return self.does["read_data"](ctx, config)


class ScriptedProvider(iface.Provider):
    """Holds the test's functions by the method's name."""

    def __init__(self, **does: Callable[..., Any]) -> None:
        self.does: dict[str, Callable[..., Any]] = {"plan": as_proposed, **does}

    def get_model_prefix(self) -> str:
        return "test_"

    def full_name(self) -> str:
        return "registry.terraform.io/example/test"

    def get_provider_schema(self, diags: Diagnostics) -> Schema:
        return Schema(attributes=[Attribute("key", SensitiveString(), optional=True, sensitive=True)])

    def validate_config(self, diags: Diagnostics, config: Config) -> None:
        self.does["validate_config"](diags, config)

    def configure_provider(self, diags: Diagnostics, config: Config) -> None:
        raise AssertionError("the server knows configure_with_context")

    def configure_with_context(self, ctx: ConfigureContext, config: Config) -> None:
        self.does["configure"](ctx, config)

    def get_data_sources(self) -> list[type[iface.DataSource]]:
        return [Source]

    def get_resources(self) -> list[type[iface.Resource]]:
        return [Thing]


def state(**known: Any) -> dict[str, Any]:
    """A state of `test_thing` as Terraform holds it: everything not named is null."""
    return dict.fromkeys((a.name for a in Thing.get_schema().attributes), None) | known
