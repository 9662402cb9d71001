"""`tf`'s schema as the messages of plugin protocol 6.10, and what `tf`'s lacks: write-only attributes and two types.

Descriptions are Markdown unless they say otherwise, as in `tf`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tf.schema import Attribute, Block, NestedBlock, NestMode, Schema, TextFormat
from tf.types import String, TfType, Unknown

from terraform_provider_ecgrid.plugin.logging.stderr import conceal
from terraform_provider_ecgrid.plugin.protocol import plugin6_pb2 as pb

if TYPE_CHECKING:
    from tf.function import FunctionSignature, Parameter

    from terraform_provider_ecgrid.plugin.authoring import IdentitySchema


class WriteOnly(Attribute):
    """An attribute that is in the configuration alone and null in every plan and state (Terraform 1.11 and newer).

    Resources find its value in the `config` of their contexts. Arguments are those of `tf.schema.Attribute`; there is
    none that asks for a replacement or for a computed value, because neither can be told from null.
    """

    def __init__(
        self,
        name: str,
        type: TfType,  # noqa: A002 - the name that `Attribute` gives it
        description: str | None = None,
        *,
        required: bool = False,
        optional: bool = False,
        sensitive: bool = False,
        description_kind: TextFormat | None = None,
        deprecated: bool | None = None,
    ) -> None:
        super().__init__(
            name,
            type,
            description,
            required=required,
            optional=optional,
            sensitive=sensitive,
            description_kind=description_kind,
            deprecated=deprecated,
        )


class Object(TfType):
    """An object with the given attributes. Maps to a Python `dict` that has all of them; a missing one is null.

    `attributes` gives the types by name.
    """

    def __init__(self, attributes: dict[str, TfType]) -> None:
        self.attributes = attributes

    def encode(self, value: Any) -> Any:
        """Encode every attribute; null and unknown, in the place of the object or of an attribute, stay so."""
        if value is None or value is Unknown:
            return value
        if unexpected := value.keys() - self.attributes.keys():
            raise ValueError(f"unexpected attributes: {', '.join(sorted(unexpected))}")
        return {name: _known(type_.encode, value.get(name)) for name, type_ in self.attributes.items()}

    def decode(self, value: Any) -> Any:
        """Decode every attribute, as `encode` does."""
        if value is None or value is Unknown:
            return value
        return {name: _known(type_.decode, value.get(name)) for name, type_ in self.attributes.items()}

    def semantically_equal(self, a_decoded: Any, b_decoded: Any) -> bool:
        """Compare attribute by attribute, each in the way of its type."""
        if a_decoded is None or b_decoded is None or a_decoded is Unknown or b_decoded is Unknown:
            return a_decoded is b_decoded
        return all(same(type_, a_decoded.get(name), b_decoded.get(name)) for name, type_ in self.attributes.items())

    def tf_type(self) -> bytes:
        """Return the type constraint, such as `["object",{"id":"number"}]`."""
        attributes = {name: json.loads(type_.tf_type()) for name, type_ in self.attributes.items()}
        return json.dumps(["object", attributes], separators=(",", ":")).encode()


class SensitiveString(String):
    """A string that Python holds as `pydantic.SecretStr`, so that nothing prints it by mistake."""

    def encode(self, value: Any) -> Any:
        """Take the text out of a `SecretStr`; a plain `str` is as good."""
        return value.get_secret_value() if hasattr(value, "get_secret_value") else value

    def decode(self, value: Any) -> Any:
        """Put the text into a `SecretStr`; null and unknown stay so."""
        if value is None or value is Unknown:
            return value
        # Late, because a schema is needed at start-up and pydantic is slow to load.
        from pydantic import SecretStr

        conceal(value)
        return SecretStr(value)


def same(type_: TfType, a: Any, b: Any) -> bool:
    """Tell whether two Python values of a type are the same; null and unknown are the same as themselves alone."""
    if a is b:
        return True
    if a is None or b is None or a is Unknown or b is Unknown:
        return False
    return bool(type_.semantically_equal(a, b))


def constraint(type_: TfType) -> Any:
    """Return a type's constraint as `values.numbers` wants it."""
    return json.loads(type_.tf_type())


def schema_message(schema: Schema) -> pb.Schema:
    """Write a schema as a message."""
    return pb.Schema(version=schema.version or 0, block=_block(schema))


def identity_schema_message(schema: IdentitySchema) -> pb.ResourceIdentitySchema:
    """Write an identity's schema as a message."""
    return pb.ResourceIdentitySchema(
        version=schema.version,
        identity_attributes=[
            pb.ResourceIdentitySchema.IdentityAttribute(
                name=attribute.name,
                type=attribute.type.tf_type(),
                description=attribute.description,
                required_for_import=attribute.required_for_import,
                optional_for_import=attribute.optional_for_import,
            )
            for attribute in schema.attributes
        ],
    )


def function_message(signature: FunctionSignature) -> pb.Function:
    """Write a function's signature as a message."""
    message = pb.Function(
        parameters=[_parameter(parameter) for parameter in signature.parameters],
        summary=signature.summary or "",
        description=signature.description or "",
        description_kind=_kind(signature.description_kind),
        deprecation_message=signature.deprecation_message or "",
    )
    if signature.variadic_parameter is not None:
        message.variadic_parameter.CopyFrom(_parameter(signature.variadic_parameter))
    # `return` is a keyword: the field has no attribute that could be written down.
    getattr(message, "return").type = signature.return_type.type.tf_type()
    return message


def _known(convert: Any, value: Any) -> Any:
    return value if value is None or value is Unknown else convert(value)


def _kind(format_: TextFormat | None) -> pb.StringKind:
    return pb.StringKind.PLAIN if format_ is TextFormat.Plain else pb.StringKind.MARKDOWN


def _block(block: Schema | Block) -> pb.Schema.Block:
    attributes: Sequence[Attribute] = block.attributes
    blocks: Sequence[NestedBlock] = block.block_types
    return pb.Schema.Block(
        attributes=[_attribute(attribute) for attribute in attributes],
        block_types=[_nested(nested) for nested in blocks],
        description=block.description or "",
        description_kind=_kind(block.description_kind),
        deprecated=bool(block.deprecated),
    )


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


_NESTING = {
    NestMode.Set: pb.Schema.NestedBlock.NestingMode.SET,
    NestMode.Single: pb.Schema.NestedBlock.NestingMode.SINGLE,
}


def _nested(nested: NestedBlock) -> pb.Schema.NestedBlock:
    return pb.Schema.NestedBlock(
        type_name=nested.type_name,
        block=_block(nested.block),
        nesting=_NESTING[nested.nesting_mode],
        min_items=nested.min_items or 0,
        max_items=nested.max_items or 0,
    )


def _parameter(parameter: Parameter) -> pb.Function.Parameter:
    return pb.Function.Parameter(
        name=parameter.name,
        type=parameter.type.tf_type(),
        description=parameter.description or "",
        description_kind=_kind(parameter.description_kind),
        allow_null_value=parameter.allow_null_value,
        allow_unknown_values=parameter.allow_unknown_values,
    )
