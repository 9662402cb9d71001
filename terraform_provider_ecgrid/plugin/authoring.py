"""What a resource, data source or provider is told beside its values.

`tf`'s contexts carry diagnostics and the type's name. Protocol 6.10 has more to say: the raw configuration, private
state, resource identity, what the Terraform at the other end can do, and whether it wants to stop. The classes here
extend `tf`'s by that, so code written against `tf` runs unchanged and newer code finds the rest.

A provider or resource may also define the methods of `ConfiguresWithContext`, `ValidatesWithContext`, `PlansDestroy`,
`SeesStates` and `HasIdentity`; the server calls them where they exist.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias, runtime_checkable

from tf import iface
from tf.types import TfType
from tf.utils import Diagnostics

# `tf.iface` has both as a bare `dict`.
State: TypeAlias = dict[str, Any]
Config: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Capabilities:
    """What the Terraform at the other end says that it can do (`ClientCapabilities`); all false up to 1.10."""

    deferral_allowed: bool = False
    write_only_attributes_allowed: bool = False


@dataclass(kw_only=True)
class Call:
    """What every call of the protocol can tell.

    `stop` is set once Terraform asked to stop: finish what is in flight, start no new waits.
    """

    capabilities: Capabilities = field(default_factory=Capabilities)
    stop: threading.Event = field(default_factory=threading.Event)


@dataclass(kw_only=True)
class _Instance(Call):
    """What Terraform keeps about one resource instance beside its state.

    Assign to `private` (bytes that only the provider reads) or `identity` to change what is kept.
    """

    private: bytes = field(default=b"", repr=False)
    identity: dict[str, Any] | None = None


@dataclass
class ConfigureContext(Call):
    """For `ConfiguresWithContext.configure_with_context`."""

    diagnostics: Diagnostics
    terraform_version: str = ""


@dataclass
class ValidateContext(Call):
    """For `ValidatesWithContext.validate_with_context`."""

    diagnostics: Diagnostics
    type_name: str


@dataclass
class ReadDataContext(Call, iface.ReadDataContext):
    """For `DataSource.read`."""


@dataclass
class ReadContext(_Instance, iface.ReadContext):
    """For `Resource.read`."""


@dataclass
class PlanContext(_Instance, iface.PlanContext):
    """For `Resource.plan` and `PlansDestroy.plan_destroy`.

    `config` is the configuration as Terraform sends it with the plan, write-only values included; empty where a
    destroy is planned. `private` arrives as the prior private state and leaves as the planned one. `identity` arrives
    as the prior identity and leaves as the planned one; the server leaves it out while a part of it is unknown.
    `requires_replace` holds the names of the attributes whose change asks for a replacement: it arrives filled from
    the schema's `requires_replace` and may be changed.
    """

    config: Config = field(default_factory=dict, repr=False)
    requires_replace: set[str] = field(default_factory=set)


@dataclass
class CreateContext(_Instance, iface.CreateContext):
    """For `Resource.create`. `private` and `identity` arrive as planned; `config` is the configuration at apply."""

    config: Config = field(default_factory=dict, repr=False)


@dataclass
class UpdateContext(_Instance, iface.UpdateContext):
    """For `Resource.update`. `private` and `identity` arrive as planned; `config` is the configuration at apply."""

    config: Config = field(default_factory=dict, repr=False)


@dataclass
class DeleteContext(_Instance, iface.DeleteContext):
    """For `Resource.delete`."""


@dataclass
class ImportContext(_Instance, iface.ImportContext):
    """For `Resource.import_`. On an import by identity `identity` is set and the id is an empty string."""


@dataclass
class UpgradeContext(Call, iface.UpgradeContext):
    """For `Resource.upgrade`."""


@dataclass(frozen=True)
class IdentityAttribute:
    """One attribute of a resource's identity; exactly one of the two import flags is set."""

    name: str
    type: TfType
    description: str = ""
    required_for_import: bool = False
    optional_for_import: bool = False


@dataclass(frozen=True)
class IdentitySchema:
    """A resource's identity (Terraform 1.12 and newer): the smallest set of values that finds it again."""

    attributes: tuple[IdentityAttribute, ...]
    version: int = 0


@runtime_checkable
class ConfiguresWithContext(Protocol):
    """A provider that wants to know who configures it. Called in the place of `configure_provider`."""

    def configure_with_context(self, ctx: ConfigureContext, config: Config) -> None:
        """Configure the provider."""


@runtime_checkable
class ValidatesWithContext(Protocol):
    """A resource or data source whose validation depends on Terraform's capabilities. Called instead of `validate`."""

    def validate_with_context(self, ctx: ValidateContext, config: Config) -> None:
        """Validate the configuration."""


@runtime_checkable
class PlansDestroy(Protocol):
    """A resource that has something to say when its destruction is planned."""

    def plan_destroy(self, ctx: PlanContext, current: State) -> None:
        """Add diagnostics to the plan of a destroy. The planned state stays null."""


@runtime_checkable
class SeesStates(Protocol):
    """A resource that wants to know every state of its type that Terraform holds.

    Terraform plans a tainted object without its state, and refreshes nothing with `-refresh=false`; what it holds it
    shows all the same, when it asks for an upgrade.
    """

    def state_seen(self, state: State) -> None:
        """Take note of a state in the present schema. Nothing can be reported here."""


@runtime_checkable
class HasIdentity(Protocol):
    """A resource with an identity."""

    @classmethod
    def get_identity_schema(cls) -> IdentitySchema:
        """Describe the identity."""
