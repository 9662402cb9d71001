"""What the provider serves: its types by full name, each with its schema and codec, worked out once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Generic, TypeVar

from tf.iface import AbstractResource, DataSource, Provider, Resource
from tf.schema import Schema
from tf.utils import Diagnostics

from terraform_provider_ecgrid.plugin.authoring import (
    Action,
    Capabilities,
    HasActions,
    HasIdentity,
    IdentitySchema,
    ListResource,
    ListsResources,
)
from terraform_provider_ecgrid.plugin.codec.states import IdentityCodec, StateCodec
from terraform_provider_ecgrid.plugin.diagnostics import call_error
from terraform_provider_ecgrid.plugin.protocol import plugin6_pb2 as pb

_T = TypeVar("_T")
_K = TypeVar("_K", bound=AbstractResource)


class ServedType(Generic[_K]):
    """A type that the provider serves: its class, its schema, and the codec for it.

    `make` makes an instance of the class, as the provider wants it.
    """

    def __init__(self, name: str, klass: type[_K], make: Callable[[type[_K]], _K]) -> None:
        self.name = name
        self.klass = klass
        self.schema: Schema = klass.get_schema()
        self.codec = StateCodec(self.schema)
        self._make = make

    def new(self) -> _K:
        """Make an instance; each call gets its own."""
        return self._make(self.klass)


class ResourceType(ServedType[Resource]):
    """A type of resource, which may have an identity."""

    def __init__(self, name: str, klass: type[Resource], make: Callable[[type[Resource]], Resource]) -> None:
        super().__init__(name, klass, make)
        self.identity_schema: IdentitySchema | None = (
            klass.get_identity_schema() if isinstance(klass, HasIdentity) else None
        )
        self.identity_codec = IdentityCodec(self.identity_schema)


class Catalog:
    """A provider and what it serves.

    Threads share it: what is cached is never changed, and working it out twice does no harm.
    `stop` is set once Terraform asks to stop.
    """

    def __init__(self, provider: Provider, stop: threading.Event) -> None:
        self.provider = provider
        self.stop = stop

    @cached_property
    def _provider_schema(self) -> tuple[Schema, Diagnostics]:
        diagnostics = Diagnostics()
        return self.provider.get_provider_schema(diagnostics), diagnostics

    @property
    def provider_schema(self) -> Schema:
        """The schema of the provider block."""
        return self._provider_schema[0]

    @property
    def provider_schema_diagnostics(self) -> Diagnostics:
        """What the provider had to say while it gave its schema."""
        return self._provider_schema[1]

    @cached_property
    def provider_codec(self) -> StateCodec:
        """Reads the provider block."""
        return StateCodec(self.provider_schema)

    @cached_property
    def resources(self) -> dict[str, ResourceType]:
        """The resources by full type name."""
        named = self._by_type_name(self.provider.get_resources())
        return {name: ResourceType(name, klass, self.provider.new_resource) for name, klass in named.items()}

    @cached_property
    def data_sources(self) -> dict[str, ServedType[DataSource]]:
        """The data sources by full type name."""
        named = self._by_type_name(self.provider.get_data_sources())
        return {name: ServedType(name, klass, self.provider.new_data_source) for name, klass in named.items()}

    @cached_property
    def list_resources(self) -> dict[str, ServedType[ListResource]]:
        """The list resources by full type name, which is that of the resource that they list."""
        provider = self.provider
        named = self._by_type_name(provider.get_list_resources()) if isinstance(provider, ListsResources) else {}
        return {name: ServedType(name, klass, self._instance) for name, klass in named.items()}

    @cached_property
    def actions(self) -> dict[str, ServedType[Action]]:
        """The actions by full type name."""
        provider = self.provider
        named = self._by_type_name(provider.get_actions()) if isinstance(provider, HasActions) else {}
        return {name: ServedType(name, klass, self._instance) for name, klass in named.items()}

    def resource(self, type_name: str) -> ResourceType:
        """Find a resource; raises `CallError` if there is none of that type."""
        return _found(self.resources, type_name, "resource")

    def data_source(self, type_name: str) -> ServedType[DataSource]:
        """Find a data source; raises `CallError` if there is none of that type."""
        return _found(self.data_sources, type_name, "data source")

    def list_resource(self, type_name: str) -> ServedType[ListResource]:
        """Find a list resource; raises `CallError` if there is none of that type."""
        return _found(self.list_resources, type_name, "list resource")

    def action(self, type_name: str) -> ServedType[Action]:
        """Find an action; raises `CallError` if there is none of that type."""
        return _found(self.actions, type_name, "action")

    def _by_type_name(self, klasses: Sequence[type[_K]]) -> dict[str, type[_K]]:
        prefix = self.provider.get_model_prefix()
        return {prefix + klass.get_name(): klass for klass in klasses}

    def _instance(self, klass: Callable[[Provider], _T]) -> _T:
        # `tf` has no `new_…` for these: they are made as its own are, with the provider as the only argument.
        return klass(self.provider)


def capabilities(message: pb.ClientCapabilities) -> Capabilities:
    """Read what the Terraform at the other end can do; an absent message says nothing at all."""
    return Capabilities(write_only_attributes_allowed=message.write_only_attributes_allowed)


def _found(types: Mapping[str, _T], name: str, kind: str) -> _T:
    if name in types:
        return types[name]
    raise call_error(f"Unknown {kind}", f"This version of the provider has no {kind} {name}. Upgrade the provider.")
