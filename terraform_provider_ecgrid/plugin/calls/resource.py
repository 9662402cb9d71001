"""The calls about resources, but for planning and applying a change."""

from __future__ import annotations

import copy
from typing import cast

from tf.iface import is_importable
from tf.utils import Diagnostics

from terraform_provider_ecgrid.plugin.authoring import (
    ImportContext,
    ReadContext,
    SeesStates,
    State,
    UpgradeContext,
    ValidateContext,
    ValidatesWithContext,
)
from terraform_provider_ecgrid.plugin.catalog import ResourceType, Service, Subject, capabilities
from terraform_provider_ecgrid.plugin.codec import values
from terraform_provider_ecgrid.plugin.codec.schema import schema_message
from terraform_provider_ecgrid.plugin.codec.states import read_stored
from terraform_provider_ecgrid.plugin.diagnostics import guarded, messages, refusal
from terraform_provider_ecgrid.plugin.protocol import plugin6_pb2 as pb


def describe(service: Service, answer: pb.GetProviderSchema.Response) -> None:
    """Add the resources' schemas."""
    for name, kind in service.resources.items():
        answer.resource_schemas[name].CopyFrom(schema_message(kind.schema))


def validate_resource_config(
    service: Service, request: pb.ValidateResourceConfig.Request
) -> pb.ValidateResourceConfig.Response:
    """Have a resource look at its configuration, in which values may be unknown."""
    diagnostics = Diagnostics()
    with guarded(diagnostics, f"ValidateResourceConfig of {request.type_name}"):
        kind = service.resource(request.type_name)
        raw = kind.codec.raw(request.config)
        # Of no block at all every attribute is null.
        config = kind.codec.decode(kind.codec.raw_of({}) if raw is None else raw) or {}
        resource = kind.new()
        if isinstance(resource, ValidatesWithContext):
            ctx = ValidateContext(
                diagnostics,
                request.type_name,
                capabilities=capabilities(request.client_capabilities),
                stop=service.stop,
            )
            resource.validate_with_context(ctx, config)
        else:
            resource.validate(diagnostics, request.type_name, config)
    return pb.ValidateResourceConfig.Response(diagnostics=messages(diagnostics))


def upgrade_resource_state(
    service: Service, request: pb.UpgradeResourceState.Request
) -> pb.UpgradeResourceState.Response:
    """Bring a stored state to the present schema. Terraform asks on every run with a state.

    The resource's `upgrade` is called for an older version only, with the state as JSON has it and a copy of its own.
    What the schema does not know is dropped, what the state lacks is null, as is what has become write-only.
    """
    answer = pb.UpgradeResourceState.Response()
    diagnostics = Diagnostics()
    with guarded(diagnostics, f"UpgradeResourceState of {request.type_name}"):
        kind = service.resource(request.type_name)
        state = _upgraded(kind, service, request, diagnostics)
        if not diagnostics.has_errors():
            raw = kind.codec.stored(state)
            answer.upgraded_state.CopyFrom(values.encode(raw))
            resource, seen = kind.new(), kind.codec.decode(raw)
            if seen is not None and isinstance(resource, SeesStates):
                # Taking note may fail at a state that somebody edited, and must not cost the upgrade.
                with guarded(Diagnostics(), f"Taking note of a state of {request.type_name}"):
                    resource.state_seen(seen)
    answer.diagnostics.extend(messages(diagnostics))
    return answer


def read_resource(service: Service, request: pb.ReadResource.Request) -> pb.ReadResource.Response:
    """Refresh a resource. Where that fails everything stays as it was."""
    answer = pb.ReadResource.Response(new_state=request.current_state, private=request.private)
    if request.HasField("current_identity"):
        answer.new_identity.CopyFrom(request.current_identity)
    diagnostics = Diagnostics()
    with guarded(diagnostics, f"ReadResource of {request.type_name}"):
        kind = service.resource(request.type_name)
        raw = kind.codec.raw(request.current_state)
        current = kind.codec.decode(raw)
        if current is None:
            raise refusal("Nothing to read", f"Terraform asked to refresh a {request.type_name} without a state.")
        ctx = ReadContext(
            diagnostics,
            request.type_name,
            capabilities=capabilities(request.client_capabilities),
            stop=service.stop,
            private=request.private,
            identity=kind.identity.decode(request.current_identity),
        )
        state = kind.new().read(ctx, current)
        # With an error "nothing" is no finding.
        if state is not None or not diagnostics.has_errors():
            new_state = values.encode(kind.codec.encode(state, diagnostics, raw, final=True))
            identity = None if state is None else kind.identity.encode(ctx.identity)
            # Nothing may fail from here on: the parts of an answer belong together.
            answer = pb.ReadResource.Response(new_state=new_state, private=ctx.private, new_identity=identity)
    answer.diagnostics.extend(messages(diagnostics))
    return answer


def import_resource_state(service: Service, request: pb.ImportResourceState.Request) -> pb.ImportResourceState.Response:
    """Find an existing object, by id or by identity."""
    answer = pb.ImportResourceState.Response()
    diagnostics = Diagnostics()
    with guarded(diagnostics, f"ImportResourceState of {request.type_name}"):
        kind = service.resource(request.type_name)
        if not is_importable(kind.klass):
            raise refusal(
                "No import", f"A {request.type_name} cannot be imported: the provider has no way to find one."
            )
        ctx = ImportContext(
            diagnostics,
            request.type_name,
            capabilities=capabilities(request.client_capabilities),
            stop=service.stop,
            identity=kind.identity.decode(request.identity),
        )
        state = kind.new().import_(ctx, request.id)
        encoded = kind.codec.encode(state, diagnostics, final=True)
        if encoded is None and not diagnostics.has_errors():
            wanted = f"the id {request.id!r}" if request.id else "this identity"
            raise refusal("Nothing to import", f"There is no {request.type_name} with {wanted}. Check it.")
        if not diagnostics.has_errors():
            answer.imported_resources.add(
                type_name=request.type_name,
                state=values.encode(encoded),
                private=ctx.private,
                identity=kind.identity.encode(ctx.identity),
            )
    answer.diagnostics.extend(messages(diagnostics))
    return answer


def move_resource_state(_service: Service, request: pb.MoveResourceState.Request) -> pb.MoveResourceState.Response:
    """Refuse: `tf` has no word for a move from another type."""
    diagnostics = Diagnostics()
    diagnostics.add_error(
        "Move between types not supported",
        f"A {request.source_type_name} cannot become a {request.target_type_name}. Remove the old one from the state "
        "with a removed block and import the new one.",
    )
    return pb.MoveResourceState.Response(diagnostics=messages(diagnostics))


def _upgraded(
    kind: ResourceType, service: Service, request: pb.UpgradeResourceState.Request, diagnostics: Diagnostics
) -> State | None:
    if request.raw_state.flatmap:
        raise refusal(
            "State of Terraform 0.11",
            f"The state of this {kind.name} is in the format of Terraform 0.11, which this provider never wrote. "
            "Remove it from the state and import it again.",
        )
    state = read_stored("state", kind.name, request.raw_state.json)
    version = kind.schema.version or 0
    if request.version > version:
        raise refusal(
            "State of a newer provider",
            f"The state of this {kind.name} was written by a newer version of this provider (schema {request.version}, "
            f"this one has {version}). Upgrade the provider to the version that wrote it, or a later one.",
        )
    if request.version == version or state is None:
        return cast("State | None", state)
    ctx = UpgradeContext(diagnostics, kind.name, stop=service.stop)
    upgraded: State | None = kind.new().upgrade(ctx, request.version, copy.deepcopy(state))
    if upgraded is None and not diagnostics.has_errors():
        raise refusal("No upgraded state", f"The provider could not upgrade the state of this {kind.name}.")
    return upgraded


SUBJECT = Subject(
    calls={
        "ValidateResourceConfig": validate_resource_config,
        "UpgradeResourceState": upgrade_resource_state,
        "ReadResource": read_resource,
        "ImportResourceState": import_resource_state,
        "MoveResourceState": move_resource_state,
    },
    describe=describe,
)
