"""The calls about resource identity (Terraform 1.12 and newer)."""

from __future__ import annotations

from tf.utils import Diagnostics

from terraform_provider_ecgrid.plugin.catalog import Catalog
from terraform_provider_ecgrid.plugin.codec.schema import identity_schema_message
from terraform_provider_ecgrid.plugin.codec.states import read_stored
from terraform_provider_ecgrid.plugin.diagnostics import call_error, encode_diagnostics, guarded
from terraform_provider_ecgrid.plugin.protocol import plugin6_pb2 as pb


def get_resource_identity_schemas(
    catalog: Catalog, _request: pb.GetResourceIdentitySchemas.Request
) -> pb.GetResourceIdentitySchemas.Response:
    """Give the identity's schema of every resource that has one."""
    diagnostics = Diagnostics()
    answer = pb.GetResourceIdentitySchemas.Response()
    with guarded(diagnostics, "GetResourceIdentitySchemas"):
        for name, kind in catalog.resources.items():
            if kind.identity_schema is not None:
                answer.identity_schemas[name].CopyFrom(identity_schema_message(kind.identity_schema))
    answer.diagnostics.extend(encode_diagnostics(diagnostics))
    return answer


def upgrade_resource_identity(
    catalog: Catalog, request: pb.UpgradeResourceIdentity.Request
) -> pb.UpgradeResourceIdentity.Response:
    """Bring a stored identity to the present schema: what that does not know is dropped.

    An identity that lacks a part is omitted, and the next refresh gives it anew.
    """
    diagnostics = Diagnostics()
    answer = pb.UpgradeResourceIdentity.Response()
    with guarded(diagnostics, f"UpgradeResourceIdentity of {request.type_name}"):
        kind = catalog.resource(request.type_name)
        if kind.identity_schema is None:
            raise call_error("No identity", f"{request.type_name} has no identity in this version of the provider.")
        if request.version > kind.identity_schema.version:
            raise call_error(
                "Identity of a newer provider",
                f"The identity of this {request.type_name} was written by a newer version of this provider (identity "
                f"schema {request.version}, this one has {kind.identity_schema.version}). Upgrade the provider.",
            )
        raw = read_stored("identity", request.type_name, request.raw_identity.json)
        identity = kind.identity_codec.encode(kind.identity_codec.decode_raw(raw))
        if identity is not None:
            answer.upgraded_identity.CopyFrom(identity)
    answer.diagnostics.extend(encode_diagnostics(diagnostics))
    return answer
