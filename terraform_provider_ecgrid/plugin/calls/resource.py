"""The calls about resources, except those that plan and apply a change."""

from __future__ import annotations

import copy
from typing import cast

from tf.iface import is_importable
from tf.utils import Diagnostics

from terraform_provider_ecgrid.plugin.authoring import (
    AcceptsMoves,
    ImportContext,
    MoveContext,
    ReadContext,
    SeesStates,
    State,
    UpgradeContext,
    ValidateContext,
    ValidatesWithContext,
)
from terraform_provider_ecgrid.plugin.calls.configuration import read_to_validate
from terraform_provider_ecgrid.plugin.catalog import Catalog, ResourceType, capabilities
from terraform_provider_ecgrid.plugin.codec import values
from terraform_provider_ecgrid.plugin.codec.states import read_stored
from terraform_provider_ecgrid.plugin.diagnostics import MISTAKE, call_error, encode_diagnostics, guarded
from terraform_provider_ecgrid.plugin.protocol import plugin6_pb2 as pb


def validate_resource_config(
    catalog: Catalog, request: pb.ValidateResourceConfig.Request
) -> pb.ValidateResourceConfig.Response:
    """Have a resource look at its configuration, in which values may be unknown."""
    diagnostics = Diagnostics()
    with guarded(diagnostics, f"ValidateResourceConfig of {request.type_name}"):
        kind = catalog.resource(request.type_name)
        config = read_to_validate(kind.codec, request.config, diagnostics)
        resource = kind.new()
        if isinstance(resource, ValidatesWithContext):
            ctx = ValidateContext(
                diagnostics,
                request.type_name,
                capabilities=capabilities(request.client_capabilities),
                stop=catalog.stop,
            )
            resource.validate_with_context(ctx, config)
        else:
            resource.validate(diagnostics, request.type_name, config)
    return pb.ValidateResourceConfig.Response(diagnostics=encode_diagnostics(diagnostics))


def upgrade_resource_state(
    catalog: Catalog, request: pb.UpgradeResourceState.Request
) -> pb.UpgradeResourceState.Response:
    """Bring a stored state to the present schema. Terraform asks on every run with a state.

    The resource's `upgrade` is called for an older version only, with the state as JSON has it and a copy of its own.
    What the schema does not know is dropped, what the state lacks is null, as is what has become write-only.
    """
    answer = pb.UpgradeResourceState.Response()
    diagnostics = Diagnostics()
    with guarded(diagnostics, f"UpgradeResourceState of {request.type_name}"):
        kind = catalog.resource(request.type_name)
        state = _upgraded(kind, catalog, request, diagnostics)
        if not diagnostics.has_errors():
            raw = kind.codec.stored(state)
            answer.upgraded_state.CopyFrom(values.encode(raw))
            resource, seen = kind.new(), kind.codec.decode(raw)
            if seen is not None and isinstance(resource, SeesStates):
                # Taking note may fail on a state that somebody edited; the upgrade must not fail with it.
                with guarded(Diagnostics(), f"Taking note of a state of {request.type_name}"):
                    resource.state_seen(seen)
    answer.diagnostics.extend(encode_diagnostics(diagnostics))
    return answer


def read_resource(catalog: Catalog, request: pb.ReadResource.Request) -> pb.ReadResource.Response:
    """Refresh a resource. If that fails, everything stays as it was."""
    answer = pb.ReadResource.Response(new_state=request.current_state, private=request.private)
    if request.HasField("current_identity"):
        answer.new_identity.CopyFrom(request.current_identity)
    diagnostics = Diagnostics()
    with guarded(diagnostics, f"ReadResource of {request.type_name}"):
        kind = catalog.resource(request.type_name)
        raw = kind.codec.raw(request.current_state)
        current = kind.codec.decode(raw)
        if current is None:
            raise call_error("Nothing to read", f"Terraform asked to refresh a {request.type_name} without a state.")
        ctx = ReadContext(
            diagnostics,
            request.type_name,
            capabilities=capabilities(request.client_capabilities),
            stop=catalog.stop,
            private=request.private,
            identity=kind.identity_codec.decode(request.current_identity),
        )
        state = kind.new().read(ctx, current)
        # With an error, "nothing" does not mean that it is gone.
        if state is not None or not diagnostics.has_errors():
            new_state = values.encode(kind.codec.encode(state, diagnostics, raw, final=True))
            identity = None if state is None else kind.identity_codec.encode(ctx.identity)
            # Nothing may fail from here on: the parts of an answer belong together.
            answer = pb.ReadResource.Response(new_state=new_state, private=ctx.private, new_identity=identity)
    answer.diagnostics.extend(encode_diagnostics(diagnostics))
    return answer


def import_resource_state(catalog: Catalog, request: pb.ImportResourceState.Request) -> pb.ImportResourceState.Response:
    """Find an existing object, by id or by identity."""
    answer = pb.ImportResourceState.Response()
    diagnostics = Diagnostics()
    with guarded(diagnostics, f"ImportResourceState of {request.type_name}"):
        kind = catalog.resource(request.type_name)
        if not is_importable(kind.klass):
            raise call_error("No import", f"The provider does not support the import of {request.type_name}.")
        ctx = ImportContext(
            diagnostics,
            request.type_name,
            capabilities=capabilities(request.client_capabilities),
            stop=catalog.stop,
            identity=kind.identity_codec.decode(request.identity),
        )
        state = kind.new().import_(ctx, request.id)
        encoded = kind.codec.encode(state, diagnostics, final=True)
        if encoded is None and not diagnostics.has_errors():
            what, wanted = ("id", f"the id {request.id!r}") if request.id else ("identity", "this identity")
            raise call_error(
                "Nothing to import", f"The provider found no {request.type_name} with {wanted}. Correct the {what}."
            )
        if not diagnostics.has_errors():
            answer.imported_resources.add(
                type_name=request.type_name,
                state=values.encode(encoded),
                private=ctx.private,
                identity=kind.identity_codec.encode(ctx.identity),
            )
    answer.diagnostics.extend(encode_diagnostics(diagnostics))
    return answer


def move_resource_state(catalog: Catalog, request: pb.MoveResourceState.Request) -> pb.MoveResourceState.Response:
    """Turn the state of another type into one of this type. What other types mean only the resource knows."""
    answer = pb.MoveResourceState.Response()
    diagnostics = Diagnostics()
    with guarded(diagnostics, f"MoveResourceState to {request.target_type_name}"):
        kind = catalog.resource(request.target_type_name)
        resource = kind.new()
        if not isinstance(resource, AcceptsMoves):
            raise call_error(
                "Move between types not supported",
                f"The provider cannot move a {request.source_type_name} to a {kind.name}. To forget the old resource, "
                "use a `removed` block with `destroy = false`. Then import the new one.",
            )
        source = read_stored("state", request.source_type_name, request.source_state.json)
        ctx = MoveContext(diagnostics, kind.name, request.source_type_name, stop=catalog.stop)
        encoded = kind.codec.encode(resource.move(ctx, source), diagnostics, final=True)
        if encoded is None and not diagnostics.has_errors():
            raise call_error("No moved state", f"The provider returned no state for this {kind.name}. {MISTAKE}")
        if not diagnostics.has_errors():
            answer = pb.MoveResourceState.Response(
                target_state=values.encode(encoded),
                target_private=ctx.private,
                target_identity=kind.identity_codec.encode(ctx.identity),
            )
    answer.diagnostics.extend(encode_diagnostics(diagnostics))
    return answer


def _upgraded(
    kind: ResourceType, catalog: Catalog, request: pb.UpgradeResourceState.Request, diagnostics: Diagnostics
) -> State | None:
    if request.raw_state.flatmap:
        raise call_error(
            "State of Terraform 0.11",
            f"The state of this {kind.name} has the format of Terraform 0.11, which this provider does not support. "
            "Remove the resource from the state, then import it again.",
        )
    state = read_stored("state", kind.name, request.raw_state.json)
    version = kind.schema.version or 0
    if request.version > version:
        raise call_error(
            "State of a newer provider",
            f"The state of this {kind.name} was written by a newer version of this provider (schema {request.version}, "
            f"this one has {version}). Upgrade the provider to the version that wrote the state, or to a later one.",
        )
    if request.version == version or state is None:
        return cast("State | None", state)
    ctx = UpgradeContext(diagnostics, kind.name, stop=catalog.stop)
    upgraded: State | None = kind.new().upgrade(ctx, request.version, copy.deepcopy(state))
    if upgraded is None and not diagnostics.has_errors():
        raise call_error(
            "No upgraded state", f"The provider could not upgrade the state of this {kind.name}. {MISTAKE}"
        )
    return upgraded
