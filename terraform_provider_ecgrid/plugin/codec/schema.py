"""`tf`'s schemas as the messages of plugin protocol 6.10.

Descriptions are Markdown unless they say otherwise, as in `tf`. Nested blocks are not served.
"""

from __future__ import annotations

import json
from typing import Any

from tf.schema import Attribute, Schema, TextFormat
from tf.types import TfType

from terraform_provider_ecgrid.plugin.authoring import IdentitySchema, WriteOnly
from terraform_provider_ecgrid.plugin.protocol import plugin6_pb2 as pb


def constraint(type_: TfType) -> Any:
    """Return a type's constraint as `values.numbers` wants it."""
    return json.loads(type_.tf_type())


def schema_message(schema: Schema) -> pb.Schema:
    """Write a schema as a message."""
    block = pb.Schema.Block(
        attributes=[_attribute(attribute) for attribute in schema.attributes],
        description=schema.description or "",
        description_kind=_kind(schema.description_kind),
        deprecated=bool(schema.deprecated),
    )
    return pb.Schema(version=schema.version or 0, block=block)


def identity_schema_message(schema: IdentitySchema) -> pb.ResourceIdentitySchema:
    """Write an identity's schema as a message."""
    return pb.ResourceIdentitySchema(
        version=schema.version,
        identity_attributes=[
            pb.ResourceIdentitySchema.IdentityAttribute(
                name=attribute.name,
                type=attribute.type.tf_type(),
                description=attribute.description,
                required_for_import=True,
            )
            for attribute in schema.attributes
        ],
    )


def _kind(format_: TextFormat | None) -> pb.StringKind:
    return pb.StringKind.PLAIN if format_ is TextFormat.Plain else pb.StringKind.MARKDOWN


def _attribute(attribute: Attribute) -> pb.Schema.Attribute:
    return pb.Schema.Attribute(
        name=attribute.name,
        type=attribute.type.tf_type(),
        description=attribute.description or "",
        description_kind=_kind(attribute.description_kind),
        required=bool(attribute.required),
        optional=bool(attribute.optional),
        computed=bool(attribute.computed),
        sensitive=bool(attribute.sensitive),
        deprecated=bool(attribute.deprecated),
        write_only=isinstance(attribute, WriteOnly),
    )
