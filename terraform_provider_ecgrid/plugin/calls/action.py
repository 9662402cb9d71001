"""The calls about actions (`action` blocks, Terraform 1.14 and newer)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tf.utils import Diagnostics

from terraform_provider_ecgrid.plugin.authoring import ActionContext
from terraform_provider_ecgrid.plugin.calls.configuration import read_to_validate
from terraform_provider_ecgrid.plugin.catalog import Catalog, capabilities
from terraform_provider_ecgrid.plugin.diagnostics import encode_diagnostics, guarded
from terraform_provider_ecgrid.plugin.logging.redaction import fit_to_show
from terraform_provider_ecgrid.plugin.protocol import plugin6_pb2 as pb


def validate_action_config(
    catalog: Catalog, request: pb.ValidateActionConfig.Request
) -> pb.ValidateActionConfig.Response:
    """Have an action look at its configuration."""
    diagnostics = Diagnostics()
    with guarded(diagnostics, f"ValidateActionConfig of {request.type_name}"):
        kind = catalog.action(request.type_name)
        config = read_to_validate(kind.codec, request.config, diagnostics)
        kind.new().validate(diagnostics, request.type_name, config)
    return pb.ValidateActionConfig.Response(diagnostics=encode_diagnostics(diagnostics))


def plan_action(catalog: Catalog, request: pb.PlanAction.Request) -> pb.PlanAction.Response:
    """Have an action say what it will do."""
    diagnostics = Diagnostics()
    with guarded(diagnostics, f"PlanAction of {request.action_type}"):
        kind = catalog.action(request.action_type)
        ctx = _context(catalog, request, diagnostics)
        kind.new().plan(ctx, kind.codec.config(request.config))
    return pb.PlanAction.Response(diagnostics=encode_diagnostics(diagnostics))


def invoke_action(
    catalog: Catalog, request: pb.InvokeAction.Request, alive: Callable[[], bool]
) -> Iterator[pb.InvokeAction.Event]:
    """Invoke an action.

    Ends with a Completed event whatever happens: Terraform takes a stream without one for success, and an event
    without a type makes it panic.
    """
    diagnostics = Diagnostics()
    with guarded(diagnostics, f"InvokeAction of {request.action_type}"):
        kind = catalog.action(request.action_type)
        ctx = _context(catalog, request, diagnostics)
        ctx.alive = alive
        for line in kind.new().invoke(ctx, kind.codec.config(request.config)):
            if not alive():
                return
            yield pb.InvokeAction.Event(progress=pb.InvokeAction.Event.Progress(message=fit_to_show(line)))
    completed = pb.InvokeAction.Event.Completed(diagnostics=encode_diagnostics(diagnostics))
    yield pb.InvokeAction.Event(completed=completed)


def _context(
    catalog: Catalog, request: pb.PlanAction.Request | pb.InvokeAction.Request, diagnostics: Diagnostics
) -> ActionContext:
    return ActionContext(
        diagnostics,
        request.action_type,
        capabilities=capabilities(request.client_capabilities),
        stop=catalog.stop,
    )
