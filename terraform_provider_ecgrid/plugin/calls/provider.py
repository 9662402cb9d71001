"""The calls about the provider itself: what there is, and its configuration."""

from __future__ import annotations

from tf.utils import Diagnostics

from terraform_provider_ecgrid.plugin.authoring import Config, ConfigureContext, ConfiguresWithContext
from terraform_provider_ecgrid.plugin.catalog import Service, Subject, capabilities
from terraform_provider_ecgrid.plugin.codec.schema import schema_message
from terraform_provider_ecgrid.plugin.diagnostics import guarded, messages
from terraform_provider_ecgrid.plugin.protocol import plugin6_pb2 as pb


def get_metadata(service: Service, _request: pb.GetMetadata.Request) -> pb.GetMetadata.Response:
    """Name what there is. Terraform itself does not ask; what multiplexes providers does."""
    schema = _provider_schema(service)
    metadata = pb.GetMetadata
    return metadata.Response(
        server_capabilities=schema.server_capabilities,
        diagnostics=schema.diagnostics,
        data_sources=[metadata.DataSourceMetadata(type_name=name) for name in schema.data_source_schemas],
        resources=[metadata.ResourceMetadata(type_name=name) for name in schema.resource_schemas],
        functions=[metadata.FunctionMetadata(name=name) for name in schema.functions],
        list_resources=[metadata.ListResourceMetadata(type_name=name) for name in schema.list_resource_schemas],
        actions=[metadata.ActionMetadata(type_name=name) for name in schema.action_schemas],
    )


def get_provider_schema(service: Service, _request: pb.GetProviderSchema.Request) -> pb.GetProviderSchema.Response:
    """Give every schema, and what Terraform may ask of this server."""
    return _provider_schema(service)


def validate_provider_config(
    service: Service, request: pb.ValidateProviderConfig.Request
) -> pb.ValidateProviderConfig.Response:
    """Have the provider look at its configuration, in which values may be unknown."""
    diagnostics = Diagnostics()
    with guarded(diagnostics, "ValidateProviderConfig"):
        service.provider.validate_config(diagnostics, _config(service, request.config))
    return pb.ValidateProviderConfig.Response(diagnostics=messages(diagnostics))


def configure_provider(service: Service, request: pb.ConfigureProvider.Request) -> pb.ConfigureProvider.Response:
    """Hand the provider its configuration, in which values may be unknown while Terraform plans."""
    diagnostics = Diagnostics()
    with guarded(diagnostics, "ConfigureProvider"):
        config = _config(service, request.config)
        provider = service.provider
        if isinstance(provider, ConfiguresWithContext):
            ctx = ConfigureContext(
                diagnostics,
                request.terraform_version,
                capabilities=capabilities(request.client_capabilities),
                stop=service.stop,
            )
            provider.configure_with_context(ctx, config)
        else:
            provider.configure_provider(diagnostics, config)
    return pb.ConfigureProvider.Response(diagnostics=messages(diagnostics))


def stop_provider(service: Service, _request: pb.StopProvider.Request) -> pb.StopProvider.Response:
    """Tell whoever waits that Terraform wants to stop. Nothing in flight is cut off."""
    service.stop.set()
    return pb.StopProvider.Response()


def _provider_schema(service: Service) -> pb.GetProviderSchema.Response:
    answer = pb.GetProviderSchema.Response(
        provider=schema_message(service.provider_schema),
        diagnostics=messages(service.provider_schema_diagnostics),
        server_capabilities=pb.ServerCapabilities(plan_destroy=True, get_provider_schema_optional=True),
    )
    for subject in service.subjects:
        if subject.describe is not None:
            subject.describe(service, answer)
    return answer


def _config(service: Service, value: pb.DynamicValue) -> Config:
    codec = service.provider_codec
    return codec.decode(codec.raw(value)) or {}


SUBJECT = Subject(
    calls={
        "GetMetadata": get_metadata,
        "GetProviderSchema": get_provider_schema,
        "ValidateProviderConfig": validate_provider_config,
        "ConfigureProvider": configure_provider,
        "StopProvider": stop_provider,
    }
)
