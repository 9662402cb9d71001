from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import SecretStr
from tf.function import FunctionSignature, Parameter, Return
from tf.schema import Attribute, Block, NestedBlock, NestMode, Schema, TextFormat
from tf.types import Bool, List, Map, NormalizedJson, Number, Set, String, Unknown

from terraform_provider_ecgrid.plugin.codec.schema import (
    Object,
    SensitiveString,
    WriteOnly,
    function_message,
    same,
    schema_message,
)
from terraform_provider_ecgrid.plugin.protocol import plugin6_pb2 as pb


class Plain(NestedBlock):
    """A nested block of any mode; `tf` has one for sets alone."""

    encode = decode = semantically_equal = None  # type: ignore[assignment]  # only the schema matters here


def attribute(given: Attribute) -> pb.Schema.Attribute:
    return schema_message(Schema(attributes=[given])).block.attributes[0]


def test_attribute_says_what_it_is() -> None:
    message = attribute(
        Attribute(
            "a", Bool(), "What.", optional=True, computed=True, sensitive=True, deprecated=True,
            description_kind=TextFormat.Plain,
        )
    )  # fmt: skip
    assert message == pb.Schema.Attribute(
        name="a",
        type=b'"bool"',
        description="What.",
        description_kind=pb.PLAIN,
        optional=True,
        computed=True,
        sensitive=True,
        deprecated=True,
    )


def test_attribute_is_markdown_and_nothing_else_unless_told() -> None:
    expected = pb.Schema.Attribute(name="a", type=b'"string"', description_kind=pb.MARKDOWN, required=True)
    assert attribute(Attribute("a", String(), required=True)) == expected


def test_write_only_attribute_says_so_and_cannot_be_computed() -> None:
    message = attribute(WriteOnly("a", String(), "What.", optional=True, sensitive=True))
    assert (message.write_only, message.optional, message.sensitive, message.computed) == (True, True, True, False)
    assert not attribute(Attribute("a", String(), optional=True)).write_only
    with pytest.raises(TypeError):
        WriteOnly("a", String(), computed=True)  # type: ignore[call-arg]  # what the test is about


def test_schema_has_version_blocks_and_description() -> None:
    inner = Plain("inner", NestMode.Single, Block([Attribute("x", Number(), required=True)]))
    outer = Plain("outer", NestMode.Set, Block(block_types=[inner]), min_items=1, max_items=3)
    message = schema_message(Schema(version=4, description="All.", deprecated=True, block_types=[outer]))
    assert (message.version, message.block.description, message.block.deprecated) == (4, "All.", True)
    (block,) = message.block.block_types
    assert (block.type_name, block.nesting, block.min_items, block.max_items) == (
        "outer",
        pb.Schema.NestedBlock.SET,
        1,
        3,
    )
    assert block.block.block_types[0].nesting == pb.Schema.NestedBlock.SINGLE
    assert block.block.block_types[0].block.attributes[0].name == "x"


def test_function_with_everything() -> None:
    message = function_message(
        FunctionSignature(
            [Parameter("a", String(), "A.", allow_null_value=True)],
            Return(List(String())),
            variadic_parameter=Parameter("more", Number(), allow_unknown_values=True),
            summary="S",
            description="D",
            deprecation_message="Gone",
        )
    )
    assert (message.parameters[0].name, message.parameters[0].allow_null_value) == ("a", True)
    assert (message.variadic_parameter.type, message.variadic_parameter.allow_unknown_values) == (b'"number"', True)
    assert (message.summary, message.description, message.deprecation_message) == ("S", "D", "Gone")
    assert getattr(message, "return").type == b'["list","string"]'
    assert not function_message(FunctionSignature([], Return(String()))).HasField("variadic_parameter")


def test_object_type() -> None:
    type_ = Object({"id": Number(), "options": NormalizedJson(), "tags": Map(Set(String()))})
    assert json.loads(List(type_).tf_type()) == [
        "list",
        ["object", {"id": "number", "options": "string", "tags": ["map", ["set", "string"]]}],
    ]
    assert type_.decode({"id": 1, "options": '{"a":1}', "tags": Unknown}) == {
        "id": 1,
        "options": {"a": 1},
        "tags": Unknown,
    }
    assert type_.encode({"id": 1, "options": {"a": 1}}) == {"id": 1, "options": '{"a": 1}', "tags": None}
    for whole in (None, Unknown):
        assert type_.decode(whole) is whole
        assert type_.encode(whole) is whole
    with pytest.raises(ValueError, match="unexpected attributes: name"):
        type_.encode({"name": "x"})
    assert same(type_, {"id": 1, "tags": {"a": ["x", "y"]}}, {"id": 1, "options": None, "tags": {"a": ["x", "y"]}})
    assert not same(type_, {"id": 1}, {"id": 2})


def test_sensitive_string_is_never_plain() -> None:
    type_ = SensitiveString()
    secret = type_.decode("hunter2")
    assert secret == SecretStr("hunter2")
    assert "hunter2" not in repr(secret)
    assert type_.encode(secret) == type_.encode("hunter2") == "hunter2"
    assert (type_.decode(None), type_.decode(Unknown), type_.encode(None)) == (None, Unknown, None)
    assert type_.tf_type() == b'"string"'
    assert same(type_, secret, SecretStr("hunter2"))
    assert not same(type_, secret, SecretStr("other"))


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [(None, None, True), (Unknown, Unknown, True), (None, Unknown, False), (None, [], False), (["x"], Unknown, False)],
)
def test_null_and_unknown_are_the_same_as_themselves_alone(a: Any, b: Any, expected: bool) -> None:
    assert same(Set(String()), a, b) is expected
