"""Listing resources for `terraform query` (`list` blocks, Terraform 1.14 and newer).

`tf` has no such thing; `ListResource` is what it could look like there. A provider offers its list resources by
`get_list_resources`, as it offers its resources by `get_resources`. A list resource has the name of the resource that
it lists, and that resource needs an identity.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

from tf.iface import AbstractResource
from tf.utils import Diagnostics

from terraform_provider_ecgrid.plugin.authoring import Call, Config, State
from terraform_provider_ecgrid.plugin.catalog import (
    ResourceType,
    Service,
    Subject,
    block_config,
    by_type_name,
    found,
    instance,
)
from terraform_provider_ecgrid.plugin.codec import values
from terraform_provider_ecgrid.plugin.codec.schema import schema_message
from terraform_provider_ecgrid.plugin.diagnostics import guarded, messages, outgoing, refusal
from terraform_provider_ecgrid.plugin.protocol import plugin6_pb2 as pb


@dataclass
class ListContext(Call):
    """For `ListResource.list`.

    `limit` is the most instances that Terraform takes (0: no limit), `include_resource` whether it wants their states.
    `wanted()` turns false once nobody waits for more: ask it before anything that takes time.
    """

    diagnostics: Diagnostics
    type_name: str
    limit: int = 0
    include_resource: bool = False
    alive: Callable[[], bool] = field(default=lambda: True, repr=False)

    def wanted(self) -> bool:
        """Tell whether Terraform is still there and has not asked to stop."""
        return self.alive() and not self.stop.is_set()


@dataclass(frozen=True)
class Listed:
    """One instance: its identity, a name for people, and its state where `include_resource` asks for it."""

    identity: dict[str, Any]
    display_name: str
    state: State | None = field(default=None, repr=False)


class ListResource(AbstractResource, Protocol):
    """Lists the instances of a resource; `get_name` is that resource's, `get_schema` that of the `config` block."""

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


def describe(service: Service, answer: pb.GetProviderSchema.Response) -> None:
    """Add the list resources' schemas."""
    for name, klass in _list_resources(service).items():
        answer.list_resource_schemas[name].CopyFrom(schema_message(klass.get_schema()))


def validate_list_resource_config(
    service: Service, request: pb.ValidateListResourceConfig.Request
) -> pb.ValidateListResourceConfig.Response:
    """Have a list resource look at its configuration."""
    diagnostics = Diagnostics()
    with guarded(diagnostics, f"ValidateListResourceConfig of {request.type_name}"):
        klass = _list_resource(service, request.type_name)
        instance(service.provider, klass).validate(diagnostics, request.type_name, block_config(klass, request.config))
    return pb.ValidateListResourceConfig.Response(diagnostics=messages(diagnostics))


def list_resource(
    service: Service, request: pb.ListResource.Request, alive: Callable[[], bool]
) -> Iterator[pb.ListResource.Event]:
    """List the instances of a resource, each as soon as it is known."""
    diagnostics = Diagnostics()
    with guarded(diagnostics, f"ListResource of {request.type_name}"):
        kind = service.resource(request.type_name)
        klass = _list_resource(service, request.type_name)
        ctx = ListContext(
            diagnostics,
            request.type_name,
            limit=request.limit,
            include_resource=request.include_resource_object,
            alive=alive,
            stop=service.stop,
        )
        yield from _events(kind, ctx, instance(service.provider, klass).list(ctx, block_config(klass, request.config)))
    if diagnostics.diagnostics:
        yield pb.ListResource.Event(diagnostic=messages(diagnostics))


def _events(kind: ResourceType, ctx: ListContext, listed: Iterator[Listed]) -> Iterator[pb.ListResource.Event]:
    for number, one in enumerate(listed, start=1):
        if not ctx.wanted():
            return
        event = pb.ListResource.Event(display_name=outgoing(one.display_name))
        identity = kind.identity.encode(one.identity)
        if identity is None:
            raise refusal(
                "Instance without an identity",
                f"The provider listed a {kind.name} without naming it. This is a mistake in the provider; please "
                "report it to its developers.",
            )
        event.identity.CopyFrom(identity)
        if ctx.include_resource and one.state is not None:
            state = kind.codec.encode(one.state, ctx.diagnostics, final=True)
            event.resource_object.CopyFrom(values.encode(state))
        yield event
        if ctx.diagnostics.has_errors() or number == ctx.limit:
            return


def _list_resources(service: Service) -> dict[str, type[ListResource]]:
    provider = service.provider
    return by_type_name(provider, provider.get_list_resources()) if isinstance(provider, ListsResources) else {}


def _list_resource(service: Service, name: str) -> type[ListResource]:
    return found(_list_resources(service), name, "list resource")


SUBJECT = Subject(
    calls={"ValidateListResourceConfig": validate_list_resource_config},
    streams={"ListResource": list_resource},
    describe=describe,
)
