"""What every call needs: the provider, what it serves, and the schemas of it, worked out once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from tf.iface import AbstractResource, DataSource, Provider, Resource
from tf.schema import Schema
from tf.utils import Diagnostics

from terraform_provider_ecgrid.plugin.authoring import Capabilities, Config, HasIdentity, IdentitySchema
from terraform_provider_ecgrid.plugin.codec.states import IdentityCodec, StateCodec
from terraform_provider_ecgrid.plugin.diagnostics import refusal
from terraform_provider_ecgrid.plugin.protocol import plugin6_pb2 as pb

if TYPE_CHECKING:
    from google.protobuf.message import Message
    from tf.function import Function

# The request is of the call's own type, as is the answer.
Answer = Callable[["Service", Any], "Message"]
# The third argument tells whether the client is still there.
Stream = Callable[["Service", Any, Callable[[], bool]], "Iterator[Message]"]


@dataclass(frozen=True)
class Subject:
    """What one module adds to the server.

    `calls` and `streams` answer calls of the protocol by name; `describe` adds to the answer to GetProviderSchema.
    """

    calls: Mapping[str, Answer] = field(default_factory=dict)
    streams: Mapping[str, Stream] = field(default_factory=dict)
    describe: Callable[[Service, pb.GetProviderSchema.Response], None] | None = None


class ResourceType:
    """A type of resource: its class, its schemas, and the codecs for them."""

    def __init__(self, provider: Provider, name: str, klass: type[Resource]) -> None:
        self.name = name
        self.klass = klass
        self.schema: Schema = klass.get_schema()
        self.codec = StateCodec(self.schema)
        self.identity_schema: IdentitySchema | None = (
            klass.get_identity_schema() if isinstance(klass, HasIdentity) else None
        )
        self.identity = IdentityCodec(self.identity_schema)
        self._provider = provider

    def new(self) -> Resource:
        """Make an instance, as the provider wants it; one per call."""
        return self._provider.new_resource(self.klass)


class DataSourceType:
    """A type of data source: its class, its schema, and the codec for it."""

    def __init__(self, provider: Provider, name: str, klass: type[DataSource]) -> None:
        self.name = name
        self.klass = klass
        self.schema: Schema = klass.get_schema()
        self.codec = StateCodec(self.schema)
        self._provider = provider

    def new(self) -> DataSource:
        """Make an instance, as the provider wants it; one per call."""
        return self._provider.new_data_source(self.klass)


class Service:
    """A provider and what it serves.

    Threads share it: what is cached is never changed, and working it out twice does no harm.
    `stop` is set once Terraform asks to stop; `subjects` are the modules that answer.
    """

    def __init__(self, provider: Provider, stop: threading.Event, subjects: tuple[Subject, ...]) -> None:
        self.provider = provider
        self.stop = stop
        self.subjects = subjects

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
        names = by_type_name(self.provider, self.provider.get_resources())
        return {name: ResourceType(self.provider, name, klass) for name, klass in names.items()}

    @cached_property
    def data_sources(self) -> dict[str, DataSourceType]:
        """The data sources by full type name."""
        names = by_type_name(self.provider, self.provider.get_data_sources())
        return {name: DataSourceType(self.provider, name, klass) for name, klass in names.items()}

    @cached_property
    def functions(self) -> dict[str, type[Function]]:
        """The functions by name."""
        return {klass.get_name(): klass for klass in self.provider.get_functions()}

    def resource(self, type_name: str) -> ResourceType:
        """Find a resource; raises `Refusal` where there is none of that type."""
        return found(self.resources, type_name, "resource")

    def data_source(self, type_name: str) -> DataSourceType:
        """Find a data source; raises `Refusal` where there is none of that type."""
        return found(self.data_sources, type_name, "data source")


def capabilities(message: pb.ClientCapabilities) -> Capabilities:
    """Read what the Terraform at the other end can do; an absent message says nothing at all."""
    return Capabilities(
        deferral_allowed=message.deferral_allowed,
        write_only_attributes_allowed=message.write_only_attributes_allowed,
    )


_T = TypeVar("_T")
_Kind = TypeVar("_Kind", bound=AbstractResource)


def found(kinds: Mapping[str, _T], name: str, kind: str) -> _T:
    """Find a type by its full name; raises `Refusal` where there is none. `kind` is the word for what it is."""
    if name in kinds:
        return kinds[name]
    raise refusal(f"Unknown {kind}", f"This version of the provider has no {kind} {name}. Upgrade the provider.")


def by_type_name(provider: Provider, klasses: Sequence[type[_Kind]]) -> dict[str, type[_Kind]]:
    """Name classes as Terraform does: the provider's prefix and their own name."""
    prefix = provider.get_model_prefix()
    return {prefix + klass.get_name(): klass for klass in klasses}


def instance(provider: Provider, klass: type[_T]) -> _T:
    """Make an instance of what `tf` has no `new_…` for, as its own are made: with the provider as the only argument."""
    make: Callable[[Provider], _T] = klass
    return make(provider)


def block_config(klass: type[AbstractResource], value: pb.DynamicValue) -> Config:
    """Read the configuration of a block that may be left out, which is no object at all."""
    codec = StateCodec(klass.get_schema())
    raw = codec.raw(value)
    return codec.decode(codec.raw_of({}) if raw is None else raw) or {}
