from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from terraform_provider_ecgrid.plugin.protocol import plugin6_pb2 as pb

ROOT = Path(__file__).parents[3]


def test_generated_code_is_what_the_source_generates() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "protocol.py", "--check"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_protocol_lives_beside_that_of_tf() -> None:
    from tf.gen import tfplugin_pb2

    assert tfplugin_pb2.DESCRIPTOR.package == "tfplugin6"
    assert pb.DESCRIPTOR.package != "tfplugin6"


def test_generated_code_loads_with_the_oldest_protobuf_allowed() -> None:
    text = Path(pb.__file__).read_text()
    assert "# Protobuf Python Version: 5.28." in text


def test_messages_of_tf_have_the_same_fields_here() -> None:
    # `tf` carries an older minor of protocol 6: what both have must agree, number and type.
    from tf.gen import tfplugin_pb2

    compared = 0
    for name, theirs in tfplugin_pb2.DESCRIPTOR.message_types_by_name.items():
        ours = pb.DESCRIPTOR.message_types_by_name[name]
        for nested in ("", "Request", "Response", "Block", "Attribute", "NestedBlock", "Object", "Step", "Parameter"):
            their_part = theirs.nested_types_by_name.get(nested) if nested else theirs
            if their_part is None:
                continue
            our_part = ours.nested_types_by_name[nested] if nested else ours
            for field in their_part.fields:
                mine = our_part.fields_by_name[field.name]
                assert (mine.number, mine.type) == (field.number, field.type), field.full_name
                compared += 1
    assert compared > 100
