"""The two calls that change a resource: PlanResourceChange and ApplyResourceChange."""

from __future__ import annotations

import copy
from typing import Any

from tf.utils import Diagnostics

from terraform_provider_ecgrid.plugin.authoring import (
    Config,
    CreateContext,
    DeleteContext,
    PlanContext,
    PlansDestroy,
    State,
    UpdateContext,
)
from terraform_provider_ecgrid.plugin.catalog import Catalog, ResourceType, capabilities
from terraform_provider_ecgrid.plugin.codec import values
from terraform_provider_ecgrid.plugin.diagnostics import (
    MISTAKE,
    attribute_path,
    call_error,
    encode_diagnostics,
    guarded,
)
from terraform_provider_ecgrid.plugin.protocol import plugin6_pb2 as pb


def plan_resource_change(catalog: Catalog, request: pb.PlanResourceChange.Request) -> pb.PlanResourceChange.Response:
    """Plan a creation, an update or a destroy.

    Unlike `tf`'s own server this asks the resource's `plan` about a creation too, after giving computed attributes
    without a configured value their default.
    """
    answer = pb.PlanResourceChange.Response(planned_private=request.prior_private)
    diagnostics = Diagnostics()
    with guarded(diagnostics, f"PlanResourceChange of {request.type_name}"):
        kind = catalog.resource(request.type_name)
        prior_raw = kind.codec.raw(request.prior_state)
        proposed_raw = kind.codec.raw(request.proposed_new_state)
        prior, proposed = kind.codec.decode(prior_raw), kind.codec.decode(proposed_raw)
        ctx = PlanContext(
            diagnostics,
            request.type_name,
            changed_fields=set(),
            capabilities=capabilities(request.client_capabilities),
            stop=catalog.stop,
            private=request.prior_private,
            identity=kind.identity_codec.decode(request.prior_identity),
            config=_config(kind, request.config),
        )
        if proposed is None:
            planned_state = _plan_destroy(kind, ctx, prior)
        else:
            planned = _plan(kind, ctx, prior, proposed)
            planned_state = values.encode(kind.codec.encode(planned, diagnostics, prior_raw, proposed_raw, final=False))
        answer = pb.PlanResourceChange.Response(
            planned_state=planned_state,
            planned_private=ctx.private,
            planned_identity=kind.identity_codec.encode(ctx.identity),
            requires_replace=[attribute_path([name]) for name in sorted(ctx.requires_replace)],
        )
    answer.diagnostics.extend(encode_diagnostics(diagnostics))
    return answer


def apply_resource_change(catalog: Catalog, request: pb.ApplyResourceChange.Request) -> pb.ApplyResourceChange.Response:
    """Create, update or delete.

    If there is an error and no state to report, the answer's state is null: Terraform then keeps the prior object, its
    private state and identity included (only it has those), and records nothing for a creation.
    """
    answer = pb.ApplyResourceChange.Response(new_state=values.encode(None))
    diagnostics = Diagnostics()
    with guarded(diagnostics, f"ApplyResourceChange of {request.type_name}"):
        kind = catalog.resource(request.type_name)
        planned_raw = kind.codec.raw(request.planned_state)
        prior_raw = kind.codec.raw(request.prior_state)
        ctx, state = _apply(
            kind,
            kind.codec.decode(prior_raw),
            kind.codec.decode(planned_raw),
            _config(kind, request.config),
            {
                "diagnostics": diagnostics,
                "type_name": request.type_name,
                "stop": catalog.stop,
                "private": request.planned_private,
                "identity": kind.identity_codec.decode(request.planned_identity),
            },
        )
        if state is not None:
            encoded = kind.codec.encode(state, diagnostics, planned_raw, prior_raw, final=True)
            answer.new_state.CopyFrom(values.encode(encoded))
            answer.private = ctx.private
            identity = kind.identity_codec.encode(ctx.identity)
            if identity is not None:
                answer.new_identity.CopyFrom(identity)
        elif planned_raw is not None and not diagnostics.has_errors():
            raise call_error("No new state", f"The provider returned no new state for this {kind.name}. {MISTAKE}")
    answer.diagnostics.extend(encode_diagnostics(diagnostics))
    return answer


def _plan_destroy(kind: ResourceType, ctx: PlanContext, prior: State | None) -> pb.DynamicValue:
    resource = kind.new()
    if prior is not None and isinstance(resource, PlansDestroy):
        resource.plan_destroy(ctx, prior)
    return values.encode(None)


def _plan(kind: ResourceType, ctx: PlanContext, prior: State | None, proposed: State) -> State | None:
    attributes = kind.codec.attributes
    if prior is None:
        for name, attribute in attributes.items():
            if attribute.computed and ctx.config.get(name) is None and proposed[name] is None:
                # A copy: the default belongs to the schema, which every call shares.
                proposed[name] = copy.deepcopy(attribute.default)
    ctx.changed_fields = kind.codec.changed(prior, proposed)
    if prior is not None:
        ctx.requires_replace = {
            name for name in ctx.changed_fields if name in attributes and attributes[name].requires_replace
        }
    planned: State | None = kind.new().plan(ctx, prior, proposed)
    if planned is None and not ctx.diagnostics.has_errors():
        raise call_error("No planned state", f"The provider returned no plan for this {kind.name}. {MISTAKE}")
    return planned


def _apply(
    kind: ResourceType, prior: State | None, planned: State | None, config: Config, given: dict[str, Any]
) -> tuple[CreateContext | UpdateContext | DeleteContext, State | None]:
    resource = kind.new()
    if planned is None:
        delete = DeleteContext(**given)
        if prior is not None:
            resource.delete(delete, prior)
        return delete, None
    if prior is None:
        create = CreateContext(**given, config=config)
        return create, resource.create(create, planned)
    update = UpdateContext(**given, config=config)
    return update, resource.update(update, prior, planned)


def _config(kind: ResourceType, value: pb.DynamicValue) -> Config:
    return kind.codec.decode(kind.codec.raw(value)) or {}
