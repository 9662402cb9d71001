"""The console command `terraform-provider-ecgrid`: Terraform's plugin, or a person's tool."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from terraform_provider_ecgrid.plugin.go_plugin.handshake import started_by_terraform

if TYPE_CHECKING:
    from tf.iface import Provider


PREPARED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "prepared")
"""The answers that are the same in every process, which `make schema` writes. A debugger's server has none."""

QUIET = ("httpx", "httpcore", "hpack")
"""Loggers that write whole URLs, or every header of a connection; a callback's URL may carry a token."""


def load_provider() -> Provider:
    """Import and make the provider."""
    # Late: it loads everything, and the handshake comes first.
    from terraform_provider_ecgrid.provider import EcgridProvider

    return EcgridProvider()


def main(argv: list[str] | None = None) -> int:
    """Run the command and return its exit code.

    `argv` are the arguments without the program's name, by default those of `sys.argv`.
    """
    arguments = sys.argv[1:] if argv is None else argv
    # A pydantic plugin that another program installed would see every answer. The search for plugins takes 4 ms.
    os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"
    # Late: a process needs one of the two, and the handshake comes first.
    if not arguments and started_by_terraform():
        from terraform_provider_ecgrid.plugin.go_plugin.serve import serve

        return serve(load_provider, prepared=PREPARED, quiet=QUIET)

    from terraform_provider_ecgrid import cli

    return cli.main(arguments)


if __name__ == "__main__":
    sys.exit(main())
