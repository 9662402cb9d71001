"""The calls about the provider itself: what it has, and its configuration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tf.utils import Diagnostics

from terraform_provider_ecgrid.plugin.authoring import AcceptsMoves, ConfigureContext, ConfiguresWithContext
from terraform_provider_ecgrid.plugin.calls.configuration import read_to_validate
from terraform_provider_ecgrid.plugin.catalog import Catalog, ServedType, capabilities
from terraform_provider_ecgrid.plugin.codec.schema import schema_message
from terraform_provider_ecgrid.plugin.diagnostics import encode_diagnostics, guarded
from terraform_provider_ecgrid.plugin.protocol import plugin6_pb2 as pb


def get_metadata(catalog: Catalog, _request: pb.GetMetadata.Request) -> pb.GetMetadata.Response:
    """Name what there is. Terraform itself does not ask; what multiplexes providers does."""
    metadata = pb.GetMetadata
    return metadata.Response(
        server_capabilities=_capabilities(catalog),
        diagnostics=encode_diagnostics(catalog.provider_schema_diagnostics),
        data_sources=[metadata.DataSourceMetadata(type_name=name) for name in catalog.data_sources],
        resources=[metadata.ResourceMetadata(type_name=name) for name in catalog.resources],
        list_resources=[metadata.ListResourceMetadata(type_name=name) for name in catalog.list_resources],
        actions=[metadata.ActionMetadata(type_name=name) for name in catalog.actions],
    )


def get_provider_schema(catalog: Catalog, _request: pb.GetProviderSchema.Request) -> pb.GetProviderSchema.Response:
    """Give every schema, and what Terraform may ask of this server."""
    return pb.GetProviderSchema.Response(
        provider=schema_message(catalog.provider_schema),
        diagnostics=encode_diagnostics(catalog.provider_schema_diagnostics),
        server_capabilities=_capabilities(catalog),
        resource_schemas=_schemas(catalog.resources),
        data_source_schemas=_schemas(catalog.data_sources),
        list_resource_schemas=_schemas(catalog.list_resources),
        action_schemas={name: pb.ActionSchema(schema=schema) for name, schema in _schemas(catalog.actions).items()},
    )


def get_functions(_catalog: Catalog, _request: pb.GetFunctions.Request) -> pb.GetFunctions.Response:
    """Say that there are no functions. OpenTofu asks."""
    return pb.GetFunctions.Response()


def validate_provider_config(
    catalog: Catalog, request: pb.ValidateProviderConfig.Request
) -> pb.ValidateProviderConfig.Response:
    """Have the provider look at its configuration, in which values may be unknown."""
    diagnostics = Diagnostics()
    with guarded(diagnostics, "ValidateProviderConfig"):
        config = read_to_validate(catalog.provider_codec, request.config, diagnostics)
        catalog.provider.validate_config(diagnostics, config)
    return pb.ValidateProviderConfig.Response(diagnostics=encode_diagnostics(diagnostics))


def configure_provider(catalog: Catalog, request: pb.ConfigureProvider.Request) -> pb.ConfigureProvider.Response:
    """Hand the provider its configuration, in which values may be unknown while Terraform plans."""
    diagnostics = Diagnostics()
    with guarded(diagnostics, "ConfigureProvider"):
        config = catalog.provider_codec.config(request.config)
        provider = catalog.provider
        if isinstance(provider, ConfiguresWithContext):
            ctx = ConfigureContext(
                diagnostics, capabilities=capabilities(request.client_capabilities), stop=catalog.stop
            )
            provider.configure_with_context(ctx, config)
        else:
            provider.configure_provider(diagnostics, config)
    return pb.ConfigureProvider.Response(diagnostics=encode_diagnostics(diagnostics))


def _capabilities(catalog: Catalog) -> pb.ServerCapabilities:
    return pb.ServerCapabilities(
        plan_destroy=True,
        get_provider_schema_optional=True,
        move_resource_state=any(isinstance(kind.klass, AcceptsMoves) for kind in catalog.resources.values()),
        generate_resource_config=True,
    )


def _schemas(types: Mapping[str, ServedType[Any]]) -> dict[str, pb.Schema]:
    return {name: schema_message(one.schema) for name, one in types.items()}
