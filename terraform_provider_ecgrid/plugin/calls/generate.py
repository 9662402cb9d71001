"""The call for configuration that Terraform writes for what it imports (`-generate-config-out`, 1.14 and newer).

Older ones generate from the state by themselves.
"""

from __future__ import annotations

from tf.utils import Diagnostics

from terraform_provider_ecgrid.plugin.authoring import Config, GenerateContext, GeneratesConfig
from terraform_provider_ecgrid.plugin.catalog import Catalog, ResourceType
from terraform_provider_ecgrid.plugin.codec import values
from terraform_provider_ecgrid.plugin.diagnostics import encode_diagnostics, guarded
from terraform_provider_ecgrid.plugin.protocol import plugin6_pb2 as pb


def generate_resource_config(
    catalog: Catalog, request: pb.GenerateResourceConfig.Request
) -> pb.GenerateResourceConfig.Response:
    """Return a valid configuration for a state.

    A resource without `generate_config` gets its state without what only the provider can set.
    """
    answer = pb.GenerateResourceConfig.Response()
    diagnostics = Diagnostics()
    with guarded(diagnostics, f"GenerateResourceConfig of {request.type_name}"):
        kind = catalog.resource(request.type_name)
        raw = kind.codec.raw(request.state)
        state = kind.codec.decode(raw) or {}
        resource = kind.new()
        if isinstance(resource, GeneratesConfig):
            ctx = GenerateContext(diagnostics, request.type_name, stop=catalog.stop)
            config = resource.generate_config(ctx, state)
        else:
            config = state
        encoded = kind.codec.encode(_configurable(kind, config), diagnostics, raw, final=True)
        answer.config.CopyFrom(values.encode(encoded))
    answer.diagnostics.extend(encode_diagnostics(diagnostics))
    return answer


def _configurable(kind: ResourceType, config: Config) -> Config:
    attributes = kind.codec.attributes
    return {
        name: value
        for name, value in config.items()
        if name not in attributes or attributes[name].optional or attributes[name].required
    }
