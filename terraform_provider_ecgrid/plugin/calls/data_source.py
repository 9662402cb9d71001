"""The calls about data sources."""

from __future__ import annotations

from tf.utils import Diagnostics

from terraform_provider_ecgrid.plugin.authoring import ReadDataContext
from terraform_provider_ecgrid.plugin.calls.configuration import read_to_validate
from terraform_provider_ecgrid.plugin.catalog import Catalog, capabilities
from terraform_provider_ecgrid.plugin.codec import values
from terraform_provider_ecgrid.plugin.diagnostics import MISTAKE, encode_diagnostics, guarded
from terraform_provider_ecgrid.plugin.protocol import plugin6_pb2 as pb


def validate_data_resource_config(
    catalog: Catalog, request: pb.ValidateDataResourceConfig.Request
) -> pb.ValidateDataResourceConfig.Response:
    """Have a data source look at its configuration, in which values may be unknown."""
    diagnostics = Diagnostics()
    with guarded(diagnostics, f"ValidateDataResourceConfig of {request.type_name}"):
        kind = catalog.data_source(request.type_name)
        config = read_to_validate(kind.codec, request.config, diagnostics)
        kind.new().validate(diagnostics, request.type_name, config)
    return pb.ValidateDataResourceConfig.Response(diagnostics=encode_diagnostics(diagnostics))


def read_data_source(catalog: Catalog, request: pb.ReadDataSource.Request) -> pb.ReadDataSource.Response:
    """Read a data source. Terraform asks once its configuration is known."""
    answer = pb.ReadDataSource.Response()
    diagnostics = Diagnostics()
    with guarded(diagnostics, f"ReadDataSource of {request.type_name}"):
        kind = catalog.data_source(request.type_name)
        raw = kind.codec.raw(request.config)
        ctx = ReadDataContext(
            diagnostics,
            request.type_name,
            capabilities=capabilities(request.client_capabilities),
            stop=catalog.stop,
        )
        state = kind.new().read(ctx, kind.codec.decode(raw) or {})
        if state is None and not diagnostics.has_errors():
            diagnostics.add_error(
                "No data", f"The provider returned no data for {request.type_name} and gave no reason. {MISTAKE}"
            )
        answer.state.CopyFrom(values.encode(kind.codec.encode(state, diagnostics, raw, final=True)))
    answer.diagnostics.extend(encode_diagnostics(diagnostics))
    return answer
