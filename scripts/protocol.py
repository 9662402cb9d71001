"""Generate `plugin6_pb2.py` and `plugin6_pb2.pyi` from `plugin6.proto`, or check that they are what it generates.

    python scripts/protocol.py          writes them
    python scripts/protocol.py --check  exits with 1 and names what differs

The generator is pinned to grpcio-tools 1.68.1: what newer ones generate cannot be loaded by protobuf 5.28, the oldest
that the package allows.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import generating

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "terraform_provider_ecgrid" / "plugin" / "protocol"
# The whole path: it is the file's name in the descriptor pool, which every package of a process shares.
SOURCE = "terraform_provider_ecgrid/plugin/protocol/plugin6.proto"
GENERATED = ("plugin6_pb2.py", "plugin6_pb2.pyi")


def generated() -> dict[str, str]:
    """Return what the compiler makes of the source, texts by file name.

    Raises `subprocess.CalledProcessError` if the compiler refuses the source or is not installed.
    """
    with tempfile.TemporaryDirectory() as out:
        # A process of its own: the compiler keeps a registry of what it has seen.
        command = [sys.executable, "-m", "grpc_tools.protoc", f"-I{ROOT}", f"--python_out={out}", f"--pyi_out={out}"]
        subprocess.run([*command, SOURCE], check=True)
        folder = (Path(out) / SOURCE).parent
        return {name: (folder / name).read_text() for name in GENERATED}


def complaints() -> list[str]:
    """For each generated file that is missing or outdated, say how to mend it."""
    return [
        f"{name} is not what plugin6.proto generates; run `make protocol`."
        for name, text in generated().items()
        if not (FOLDER / name).exists() or (FOLDER / name).read_text() != text
    ]


def write() -> None:
    """Write the generated files."""
    for name, text in generated().items():
        (FOLDER / name).write_text(text)


if __name__ == "__main__":
    sys.exit(generating.main("protocol.py", sys.argv[1:], complaints=complaints, write=write))
