"""Configuration that Terraform writes for what it imports (`-generate-config-out`, Terraform 1.14 and newer).

Older ones generate from the state by themselves. A resource may say by `generate_config` what belongs into it; without
that it is the state without what only the provider can set.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from tf.utils import Diagnostics

from terraform_provider_ecgrid.plugin.authoring import Call, Config, State
from terraform_provider_ecgrid.plugin.catalog import ResourceType, Service, Subject
from terraform_provider_ecgrid.plugin.codec import values
from terraform_provider_ecgrid.plugin.diagnostics import guarded, messages
from terraform_provider_ecgrid.plugin.protocol import plugin6_pb2 as pb


@dataclass
class GenerateContext(Call):
    """For `GeneratesConfig.generate_config`. An error in `diagnostics` fails the whole plan of every resource."""

    diagnostics: Diagnostics
    type_name: str


@runtime_checkable
class GeneratesConfig(Protocol):
    """A resource that knows what a configuration of it should hold."""

    def generate_config(self, ctx: GenerateContext, state: State) -> Config:
        """Return the configuration for a state; what is left out is null."""


def describe(_service: Service, answer: pb.GetProviderSchema.Response) -> None:
    """Tell Terraform that it may ask."""
    answer.server_capabilities.generate_resource_config = True


def generate_resource_config(
    service: Service, request: pb.GenerateResourceConfig.Request
) -> pb.GenerateResourceConfig.Response:
    """Return a valid configuration for a state."""
    answer = pb.GenerateResourceConfig.Response()
    diagnostics = Diagnostics()
    with guarded(diagnostics, f"GenerateResourceConfig of {request.type_name}"):
        kind = service.resource(request.type_name)
        raw = kind.codec.raw(request.state)
        state = kind.codec.decode(raw) or {}
        resource = kind.new()
        if isinstance(resource, GeneratesConfig):
            ctx = GenerateContext(diagnostics, request.type_name, stop=service.stop)
            config = resource.generate_config(ctx, state)
        else:
            config = state
        encoded = kind.codec.encode(_configurable(kind, config), diagnostics, raw, final=True)
        answer.config.CopyFrom(values.encode(encoded))
    answer.diagnostics.extend(messages(diagnostics))
    return answer


def _configurable(kind: ResourceType, config: Config) -> Config:
    attributes = kind.codec.attributes
    return {
        name: value
        for name, value in config.items()
        if name not in attributes or attributes[name].optional or attributes[name].required
    }


SUBJECT = Subject(calls={"GenerateResourceConfig": generate_resource_config}, describe=describe)
