from __future__ import annotations

import pytest
from tf.schema import Attribute, Schema, TextFormat
from tf.types import Bool, String

from terraform_provider_ecgrid.plugin.authoring import WriteOnly
from terraform_provider_ecgrid.plugin.codec.schema import schema_message
from terraform_provider_ecgrid.plugin.protocol import plugin6_pb2 as pb


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


def test_schema_has_version_and_description() -> None:
    message = schema_message(Schema(version=4, description="All.", deprecated=True))
    assert (message.version, message.block.description, message.block.deprecated) == (4, "All.", True)
