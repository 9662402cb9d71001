"""A provider with a list resource and an action that do what a test tells them to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from tf.schema import Attribute, Schema
from tf.types import Number, String
from tf.utils import Diagnostics

from terraform_provider_ecgrid.plugin.authoring import Action, ActionContext, Config, ListContext, Listed, ListResource
from tests.unit.plugin.calls.scripted import ScriptedProvider


class Things(ListResource):
    """Lists what the test's function `list` yields."""

    def __init__(self, provider: StreamingProvider) -> None:
        self.does = provider.does

    @classmethod
    def get_name(cls) -> str:
        return "thing"

    @classmethod
    def get_schema(cls) -> Schema:
        return Schema(attributes=[Attribute("colour", String(), "Only this colour.", optional=True)])

    def validate(self, diags: Diagnostics, type_name: str, config: Config) -> None:
        self.does["validate_list"](diags, config)

    def list(self, ctx: ListContext, config: Config) -> Iterator[Listed]:
        listed: Iterator[Listed] = self.does["list"](ctx, config)
        return listed


class Polish(Action):
    """Does what the test's function `invoke` does."""

    def __init__(self, provider: StreamingProvider) -> None:
        self.does = provider.does

    @classmethod
    def get_name(cls) -> str:
        return "polish"

    @classmethod
    def get_schema(cls) -> Schema:
        return Schema(attributes=[Attribute("id", Number(), "The thing to polish.", required=True)])

    def plan(self, ctx: ActionContext, config: Config) -> None:
        self.does["plan_action"](ctx, config)

    def invoke(self, ctx: ActionContext, config: Config) -> Iterator[str]:
        lines: Iterator[str] = self.does["invoke"](ctx, config)
        return lines


class StreamingProvider(ScriptedProvider):
    """`ScriptedProvider` with the two of them."""

    def __init__(self, **does: Callable[..., Any]) -> None:
        super().__init__(**does)

    def get_list_resources(self) -> list[type[ListResource]]:
        return [Things]

    def get_actions(self) -> list[type[Action]]:
        return [Polish]
