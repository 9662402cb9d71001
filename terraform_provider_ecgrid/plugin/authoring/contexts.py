"""What a call tells a provider, resource, data source or action beside its values.

The contexts extend those of `tf` by the raw configuration, private state, the resource's identity, what the Terraform
at the other end can do, and whether it wants to stop.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from tf import iface
from tf.utils import Diagnostics

# `tf.iface` has both as a bare `dict`.
State: TypeAlias = dict[str, Any]
Config: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Capabilities:
    """What the Terraform at the other end says that it can do (`ClientCapabilities`); all false up to 1.10."""

    write_only_attributes_allowed: bool = False


@dataclass(kw_only=True, eq=False, repr=False)
class CallContext:
    """What every call of the protocol can tell.

    `stop` is set once Terraform asks to stop: finish what is in flight, start no new waits.
    """

    capabilities: Capabilities = field(default_factory=Capabilities)
    stop: threading.Event = field(default_factory=threading.Event)


@dataclass(kw_only=True, eq=False, repr=False)
class _InstanceContext(CallContext):
    """What Terraform keeps about one resource instance beside its state.

    Assign to `private` (bytes that only the provider reads) or `identity` to change what is kept.
    """

    private: bytes = b""
    identity: dict[str, Any] | None = None


@dataclass(eq=False, repr=False)
class ConfigureContext(CallContext):
    """For `ConfiguresWithContext.configure_with_context`."""

    diagnostics: Diagnostics


@dataclass(eq=False, repr=False)
class ValidateContext(CallContext):
    """For `ValidatesWithContext.validate_with_context`."""

    diagnostics: Diagnostics
    type_name: str


@dataclass(eq=False, repr=False)
class ReadDataContext(CallContext, iface.ReadDataContext):
    """For `DataSource.read`."""


@dataclass(eq=False, repr=False)
class ReadContext(_InstanceContext, iface.ReadContext):
    """For `Resource.read`."""


@dataclass(eq=False, repr=False)
class PlanContext(_InstanceContext, iface.PlanContext):
    """For `Resource.plan` and `PlansDestroy.plan_destroy`.

    `config` is the configuration as Terraform sends it with the plan, write-only values included; it is empty if a
    destroy is planned. `private` arrives as the prior private state and leaves as the planned one. `identity` arrives
    as the prior identity and leaves as the planned one; the server omits it while a part of it is unknown.
    `requires_replace` holds the names of the attributes whose change asks for a replacement: it arrives filled from
    the schema's `requires_replace` and may be changed.
    """

    config: Config = field(default_factory=dict)
    requires_replace: set[str] = field(default_factory=set)


@dataclass(eq=False, repr=False)
class CreateContext(_InstanceContext, iface.CreateContext):
    """For `Resource.create`. `private` and `identity` arrive as planned; `config` is the configuration at apply."""

    config: Config = field(default_factory=dict)


@dataclass(eq=False, repr=False)
class UpdateContext(_InstanceContext, iface.UpdateContext):
    """For `Resource.update`. `private` and `identity` arrive as planned; `config` is the configuration at apply."""

    config: Config = field(default_factory=dict)


@dataclass(eq=False, repr=False)
class DeleteContext(_InstanceContext, iface.DeleteContext):
    """For `Resource.delete`."""


@dataclass(eq=False, repr=False)
class ImportContext(_InstanceContext, iface.ImportContext):
    """For `Resource.import_`. On an import by identity `identity` is set and the id is an empty string."""


@dataclass(eq=False, repr=False)
class MoveContext(_InstanceContext):
    """For `AcceptsMoves.move`. `source_type` is the full name of the type that the moved state has."""

    diagnostics: Diagnostics
    type_name: str
    source_type: str


@dataclass(eq=False, repr=False)
class UpgradeContext(CallContext, iface.UpgradeContext):
    """For `Resource.upgrade`."""


@dataclass(eq=False, repr=False)
class GenerateContext(CallContext):
    """For `GeneratesConfig.generate_config`. An error in `diagnostics` fails the whole plan of every resource."""

    diagnostics: Diagnostics
    type_name: str


@dataclass(eq=False, repr=False)
class _StreamContext(CallContext):
    """What a call with many answers can tell. `alive()` tells whether Terraform is still there.

    Ask `wanted()` before anything that takes time: it turns false once nobody waits for more.
    """

    diagnostics: Diagnostics
    type_name: str
    alive: Callable[[], bool] = lambda: True

    def wanted(self) -> bool:
        """Tell whether Terraform is still there and has not asked to stop."""
        return self.alive() and not self.stop.is_set()


@dataclass(eq=False, repr=False)
class ListContext(_StreamContext):
    """For `ListResource.list`.

    `limit` is the most instances that Terraform takes (0: no limit), `include_resource` whether it wants their states.
    """

    limit: int = 0
    include_resource: bool = False


@dataclass(eq=False, repr=False)
class ActionContext(_StreamContext):
    """For `Action.plan` and `Action.invoke`."""
