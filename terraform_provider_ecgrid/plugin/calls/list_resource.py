"""The calls about list resources (`terraform query`, Terraform 1.14 and newer)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tf.utils import Diagnostics

from terraform_provider_ecgrid.plugin.authoring import ListContext, Listed
from terraform_provider_ecgrid.plugin.calls.configuration import read_to_validate
from terraform_provider_ecgrid.plugin.catalog import Catalog, ResourceType
from terraform_provider_ecgrid.plugin.codec import values
from terraform_provider_ecgrid.plugin.diagnostics import MISTAKE, call_error, encode_diagnostics, guarded
from terraform_provider_ecgrid.plugin.logging.redaction import fit_to_show
from terraform_provider_ecgrid.plugin.protocol import plugin6_pb2 as pb


def validate_list_resource_config(
    catalog: Catalog, request: pb.ValidateListResourceConfig.Request
) -> pb.ValidateListResourceConfig.Response:
    """Have a list resource look at its configuration."""
    diagnostics = Diagnostics()
    with guarded(diagnostics, f"ValidateListResourceConfig of {request.type_name}"):
        kind = catalog.list_resource(request.type_name)
        config = read_to_validate(kind.codec, request.config, diagnostics)
        kind.new().validate(diagnostics, request.type_name, config)
    return pb.ValidateListResourceConfig.Response(diagnostics=encode_diagnostics(diagnostics))


def list_resource(
    catalog: Catalog, request: pb.ListResource.Request, alive: Callable[[], bool]
) -> Iterator[pb.ListResource.Event]:
    """List the instances of a resource, each as soon as it is known."""
    diagnostics = Diagnostics()
    with guarded(diagnostics, f"ListResource of {request.type_name}"):
        kind = catalog.resource(request.type_name)
        lists = catalog.list_resource(request.type_name)
        ctx = ListContext(
            diagnostics,
            request.type_name,
            limit=request.limit,
            include_resource=request.include_resource_object,
            alive=alive,
            stop=catalog.stop,
        )
        yield from _events(kind, ctx, lists.new().list(ctx, lists.codec.config(request.config)))
    if diagnostics.diagnostics:
        yield pb.ListResource.Event(diagnostic=encode_diagnostics(diagnostics))


def _events(kind: ResourceType, ctx: ListContext, listed: Iterator[Listed]) -> Iterator[pb.ListResource.Event]:
    for number, one in enumerate(listed, start=1):
        if not ctx.wanted():
            return
        event = pb.ListResource.Event(display_name=fit_to_show(one.display_name))
        identity = kind.identity_codec.encode(one.identity)
        if identity is None:
            detail = f"The provider listed a {kind.name} without its identity. {MISTAKE}"
            raise call_error("Instance without an identity", detail)
        event.identity.CopyFrom(identity)
        if ctx.include_resource and one.state is not None:
            state = kind.codec.encode(one.state, ctx.diagnostics, final=True)
            event.resource_object.CopyFrom(values.encode(state))
        yield event
        if ctx.diagnostics.has_errors() or number == ctx.limit:
            return
