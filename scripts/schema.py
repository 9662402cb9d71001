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

import generating
from google.protobuf.message import Message

from terraform_provider_ecgrid.__main__ import PREPARED, load_provider
from terraform_provider_ecgrid.plugin.calls.dispatch import CallTable
from terraform_provider_ecgrid.plugin.go_plugin.router import PREPARED_ENDING
from terraform_provider_ecgrid.plugin.protocol import PROVIDER
from terraform_provider_ecgrid.plugin.protocol import plugin6_pb2 as pb

FOLDER = Path(PREPARED)
CALLS: dict[str, type[Message]] = {
    "GetProviderSchema": pb.GetProviderSchema.Response,
    "GetResourceIdentitySchemas": pb.GetResourceIdentitySchemas.Response,
}


def generated() -> dict[str, bytes]:
    """Return what the provider answers now, by file name."""
    calls = CallTable(load_provider(), threading.Event()).unary()
    answers = {name: kind.FromString(calls[PROVIDER + name](b"")) for name, kind in CALLS.items()}
    # Protobuf writes maps in any order: one that is always the same makes no changes where there are none.
    return {name + PREPARED_ENDING: answer.SerializeToString(deterministic=True) for name, answer in answers.items()}


def complaints() -> list[str]:
    """For each file that is missing, superfluous or outdated, say how to mend it."""
    wanted = generated()
    found = {file.name: file.read_bytes() for file in FOLDER.glob("*")}
    differing = sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name))
    return [f"{name} is not what the provider answers; run `make schema`." for name in differing]


def write() -> None:
    """Write the files."""
    FOLDER.mkdir(exist_ok=True)
    for name, answer in generated().items():
        (FOLDER / name).write_bytes(answer)


if __name__ == "__main__":
    sys.exit(generating.main("schema.py", sys.argv[1:], complaints=complaints, write=write))
