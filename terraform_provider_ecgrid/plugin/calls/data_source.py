"""The calls about data sources."""

from __future__ import annotations

from tf.utils import Diagnostics

from terraform_provider_ecgrid.plugin.authoring import ReadDataContext, ValidateContext, ValidatesWithContext
from terraform_provider_ecgrid.plugin.catalog import Service, Subject, capabilities
from terraform_provider_ecgrid.plugin.codec import values
from terraform_provider_ecgrid.plugin.codec.schema import schema_message
from terraform_provider_ecgrid.plugin.diagnostics import guarded, messages
from terraform_provider_ecgrid.plugin.protocol import plugin6_pb2 as pb


def describe(service: Service, answer: pb.GetProviderSchema.Response) -> None:
    """Add the data sources' schemas."""
    for name, kind in service.data_sources.items():
        answer.data_source_schemas[name].CopyFrom(schema_message(kind.schema))


def validate_data_resource_config(
    service: Service, request: pb.ValidateDataResourceConfig.Request
) -> pb.ValidateDataResourceConfig.Response:
    """Have a data source look at its configuration, in which values may be unknown."""
    diagnostics = Diagnostics()
    with guarded(diagnostics, f"ValidateDataResourceConfig of {request.type_name}"):
        kind = service.data_source(request.type_name)
        config = kind.codec.decode(kind.codec.raw(request.config)) or {}
        data_source = kind.new()
        if isinstance(data_source, ValidatesWithContext):
            ctx = ValidateContext(diagnostics, request.type_name, stop=service.stop)
            data_source.validate_with_context(ctx, config)
        else:
            data_source.validate(diagnostics, request.type_name, config)
    return pb.ValidateDataResourceConfig.Response(diagnostics=messages(diagnostics))


def read_data_source(service: Service, request: pb.ReadDataSource.Request) -> pb.ReadDataSource.Response:
    """Read a data source. Terraform asks once its configuration is known."""
    answer = pb.ReadDataSource.Response()
    diagnostics = Diagnostics()
    with guarded(diagnostics, f"ReadDataSource of {request.type_name}"):
        kind = service.data_source(request.type_name)
        raw = kind.codec.raw(request.config)
        ctx = ReadDataContext(
            diagnostics,
            request.type_name,
            capabilities=capabilities(request.client_capabilities),
            stop=service.stop,
        )
        state = kind.new().read(ctx, kind.codec.decode(raw) or {})
        if state is None and not diagnostics.has_errors():
            diagnostics.add_error("No data", f"The provider found nothing for {request.type_name} and did not say why.")
        answer.state.CopyFrom(values.encode(kind.codec.encode(state, diagnostics, raw, final=True)))
    answer.diagnostics.extend(messages(diagnostics))
    return answer


SUBJECT = Subject(
    calls={
        "ValidateDataResourceConfig": validate_data_resource_config,
        "ReadDataSource": read_data_source,
    },
    describe=describe,
)
