"""What a provider or resource may have beyond `tf`'s interfaces; the server uses what is there.

`tf` has no list resources and no actions: `ListResource` and `Action` are what they could look like there. A provider
offers them by `get_list_resources` and `get_actions`, as it offers its resources by `get_resources`.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

from tf.iface import AbstractResource
from tf.utils import Diagnostics

from terraform_provider_ecgrid.plugin.authoring.contexts import (
    ActionContext,
    Config,
    ConfigureContext,
    GenerateContext,
    ListContext,
    MoveContext,
    PlanContext,
    State,
    ValidateContext,
)
from terraform_provider_ecgrid.plugin.authoring.schema import IdentitySchema


@runtime_checkable
class ConfiguresWithContext(Protocol):
    """A provider that wants to know who configures it."""

    def configure_with_context(self, ctx: ConfigureContext, config: Config) -> None:
        """Configure the provider. Called instead of `configure_provider`."""


@runtime_checkable
class ValidatesWithContext(Protocol):
    """A resource whose validation depends on Terraform's capabilities."""

    def validate_with_context(self, ctx: ValidateContext, config: Config) -> None:
        """Validate the configuration. Called instead of `validate`."""


@runtime_checkable
class PlansDestroy(Protocol):
    """A resource that has something to say when its destruction is planned."""

    def plan_destroy(self, ctx: PlanContext, current: State) -> None:
        """Add diagnostics to the plan of a destroy. The planned state stays null."""


@runtime_checkable
class SeesStates(Protocol):
    """A resource that wants to know every state of its type that Terraform holds.

    Terraform plans a tainted object without its state, and refreshes nothing with `-refresh=false`. It still asks for
    an upgrade of every state that it holds, and so shows it.
    """

    def state_seen(self, state: State) -> None:
        """Take note of a state in the present schema. Nothing can be reported here."""


@runtime_checkable
class AcceptsMoves(Protocol):
    """A resource that can take over the state of another type (`moved` blocks, Terraform 1.8 and newer)."""

    def move(self, ctx: MoveContext, source: State) -> State | None:
        """Return the state of this type for a state of another type, which is as JSON has it.

        The provider is not configured. `source` may hold secrets of another provider in any attribute.
        """


@runtime_checkable
class HasIdentity(Protocol):
    """A resource with an identity (Terraform 1.12 and newer)."""

    @classmethod
    def get_identity_schema(cls) -> IdentitySchema:
        """Describe the identity."""


@runtime_checkable
class GeneratesConfig(Protocol):
    """A resource that knows what a configuration of it should hold (`-generate-config-out`, Terraform 1.14)."""

    def generate_config(self, ctx: GenerateContext, state: State) -> Config:
        """Return the configuration for a state; what it omits is null."""


@dataclass(frozen=True)
class Listed:
    """One instance: its identity, a name for people, and its state if `include_resource` asks for it."""

    identity: dict[str, Any]
    display_name: str
    state: State | None = field(default=None, repr=False)


class ListResource(AbstractResource, Protocol):
    """Lists the instances of a resource for `terraform query` (`list` blocks, Terraform 1.14 and newer).

    `get_name` is the name of that resource, which needs an identity; `get_schema` is the schema of the `config` block.
    """

    def validate(self, diags: Diagnostics, type_name: str, config: Config) -> None:
        """Look at the configuration, in which values may be unknown."""
        return

    @abstractmethod
    def list(self, ctx: ListContext, config: Config) -> Iterator[Listed]:
        """Yield the instances one after the other, so that Terraform has the first before the last is known.

        The server stops at the limit and when Terraform goes away, by closing this iterator. An error in
        `ctx.diagnostics` ends the list.
        """


@runtime_checkable
class ListsResources(Protocol):
    """A provider that has list resources."""

    def get_list_resources(self) -> list[type[ListResource]]:
        """Get all the list resources that this provider supports."""


class Action(AbstractResource, Protocol):
    """Something to do when asked for by name, or when a resource was created or updated.

    Actions have no state (`action` blocks, Terraform 1.14 and newer).
    """

    def validate(self, diags: Diagnostics, type_name: str, config: Config) -> None:
        """Look at the configuration, in which values may be unknown."""
        return

    def plan(self, ctx: ActionContext, config: Config) -> None:
        """Say what the action will do, as warnings, or that it cannot. Values may be unknown; nothing is done."""
        return

    @abstractmethod
    def invoke(self, ctx: ActionContext, config: Config) -> Iterator[str]:
        """Do it, and yield a line of progress whenever there is one. An error in `ctx.diagnostics` is the failure.

        `ctx.stop` is set when Terraform asks to stop: what has no state to lose ends at once, with an error.
        """


@runtime_checkable
class HasActions(Protocol):
    """A provider that has actions."""

    def get_actions(self) -> list[type[Action]]:
        """Get all the actions that this provider supports."""
