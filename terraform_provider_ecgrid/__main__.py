"""The console command `terraform-provider-ecgrid`: Terraform's plugin, or a person's tool."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tf.iface import Provider


PREPARED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "prepared")
"""The answers that are the same in every process, which `make schema` writes. A debugger's server has none."""


def load_provider() -> Provider:
    """Import and make the provider."""
    from terraform_provider_ecgrid.provider import (
        EcgridProvider,  # late: it loads everything, and the handshake comes first
    )

    return EcgridProvider()


def main(argv: list[str] | None = None) -> int:
    """Run the command and return its exit code.

    `argv` are the arguments without the program's name; `sys.argv`'s unless given.
    """
    arguments = sys.argv[1:] if argv is None else argv

    from terraform_provider_ecgrid.plugin.go_plugin.serve import serve, started_by_terraform

    if not arguments and started_by_terraform():
        return serve(load_provider, prepared=PREPARED)

    from terraform_provider_ecgrid import cli  # late: a plugin needs nothing of it

    return cli.main(arguments)


if __name__ == "__main__":
    sys.exit(main())
