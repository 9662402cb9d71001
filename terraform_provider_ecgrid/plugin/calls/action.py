"""Actions: what a provider does when it is asked to, without a state (`action` blocks, Terraform 1.14 and newer).

`tf` has no such thing; `Action` is what it could look like there. A provider offers its actions by `get_actions`, as it
offers its resources by `get_resources`.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from tf.iface import AbstractResource
from tf.utils import Diagnostics

from terraform_provider_ecgrid.plugin.authoring import Call, Config
from terraform_provider_ecgrid.plugin.catalog import (
    Service,
    Subject,
    block_config,
    by_type_name,
    capabilities,
    found,
    instance,
)
from terraform_provider_ecgrid.plugin.codec.schema import schema_message
from terraform_provider_ecgrid.plugin.diagnostics import guarded, messages, outgoing
from terraform_provider_ecgrid.plugin.protocol import plugin6_pb2 as pb


@dataclass
class ActionContext(Call):
    """For `Action.plan` and `Action.invoke`. `alive()` tells whether Terraform is still there."""

    diagnostics: Diagnostics
    type_name: str
    alive: Callable[[], bool] = field(default=lambda: True, repr=False)


class Action(AbstractResource, Protocol):
    """Something to do when asked for by name, or when a resource was created or updated."""

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


def describe(service: Service, answer: pb.GetProviderSchema.Response) -> None:
    """Add the actions' schemas."""
    for name, klass in _actions(service).items():
        answer.action_schemas[name].schema.CopyFrom(schema_message(klass.get_schema()))


def validate_action_config(
    service: Service, request: pb.ValidateActionConfig.Request
) -> pb.ValidateActionConfig.Response:
    """Have an action look at its configuration."""
    diagnostics = Diagnostics()
    with guarded(diagnostics, f"ValidateActionConfig of {request.type_name}"):
        klass = _action(service, request.type_name)
        instance(service.provider, klass).validate(diagnostics, request.type_name, block_config(klass, request.config))
    return pb.ValidateActionConfig.Response(diagnostics=messages(diagnostics))


def plan_action(service: Service, request: pb.PlanAction.Request) -> pb.PlanAction.Response:
    """Have an action say what it will do."""
    diagnostics = Diagnostics()
    with guarded(diagnostics, f"PlanAction of {request.action_type}"):
        klass = _action(service, request.action_type)
        ctx = ActionContext(
            diagnostics,
            request.action_type,
            capabilities=capabilities(request.client_capabilities),
            stop=service.stop,
        )
        instance(service.provider, klass).plan(ctx, block_config(klass, request.config))
    return pb.PlanAction.Response(diagnostics=messages(diagnostics))


def invoke_action(
    service: Service, request: pb.InvokeAction.Request, alive: Callable[[], bool]
) -> Iterator[pb.InvokeAction.Event]:
    """Invoke an action.

    Ends with a Completed event whatever happens: Terraform takes a stream without one for success, and an event
    without a type makes it panic.
    """
    diagnostics = Diagnostics()
    with guarded(diagnostics, f"InvokeAction of {request.action_type}"):
        klass = _action(service, request.action_type)
        ctx = ActionContext(
            diagnostics,
            request.action_type,
            capabilities=capabilities(request.client_capabilities),
            stop=service.stop,
            alive=alive,
        )
        for line in instance(service.provider, klass).invoke(ctx, block_config(klass, request.config)):
            if not alive():
                return
            yield pb.InvokeAction.Event(progress=pb.InvokeAction.Event.Progress(message=outgoing(line)))
    completed = pb.InvokeAction.Event.Completed(diagnostics=messages(diagnostics))
    yield pb.InvokeAction.Event(completed=completed)


def _actions(service: Service) -> dict[str, type[Action]]:
    provider = service.provider
    return by_type_name(provider, provider.get_actions()) if isinstance(provider, HasActions) else {}


def _action(service: Service, name: str) -> type[Action]:
    return found(_actions(service), name, "action")


SUBJECT = Subject(
    calls={"ValidateActionConfig": validate_action_config, "PlanAction": plan_action},
    streams={"InvokeAction": invoke_action},
    describe=describe,
)
