"""Write the answers to the calls that are the same in every process, or check that they are the provider's.

    python scripts/schema.py          writes them
    python scripts/schema.py --check  exits with 1 and names what differs

Terraform starts a provider for its schemas alone, in every command. The files hold the answers to those calls (plugin
protocol 6), so that such a process loads nothing else.
"""

from __future__ import annotations

import sys
import threading
from pathlib import Path

from google.protobuf.message import Message

from terraform_provider_ecgrid.__main__ import PREPARED, load_provider
from terraform_provider_ecgrid.plugin.protocol import plugin6_pb2 as pb
from terraform_provider_ecgrid.plugin.provider_server import ProviderServer
from terraform_provider_ecgrid.plugin.rpc import PREPARED as ENDING

FOLDER = Path(PREPARED)
CALLS: dict[str, type[Message]] = {
    "GetProviderSchema": pb.GetProviderSchema.Response,
    "GetResourceIdentitySchemas": pb.GetResourceIdentitySchemas.Response,
}


def generated() -> dict[str, bytes]:
    """Return what the provider answers now, by file name."""
    calls = ProviderServer(load_provider(), threading.Event()).unary()
    answers = {name: kind.FromString(calls[f"/tfplugin6.Provider/{name}"](b"")) for name, kind in CALLS.items()}
    # Protobuf writes maps in any order: one that is always the same makes no changes where there are none.
    return {name + ENDING: answer.SerializeToString(deterministic=True) for name, answer in answers.items()}


def differing() -> list[str]:
    """Name the files that are missing, too many, or not what the provider answers now."""
    wanted = generated()
    found = {file.name: file.read_bytes() for file in FOLDER.glob("*")}
    return sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name))


def main(arguments: list[str]) -> int:
    """Run the command line; returns the exit code."""
    if arguments == ["--check"]:
        names = differing()
        for name in names:
            print(f"{name} is not what the provider answers. Run: make schema", file=sys.stderr)
        return 1 if names else 0
    FOLDER.mkdir(exist_ok=True)
    for name, answer in generated().items():
        (FOLDER / name).write_bytes(answer)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
