"""A provider in a process that a debugger may hold, for one Terraform after another (Terraform's "reattach")."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from terraform_provider_ecgrid.plugin.calls.dispatch import CallTable
from terraform_provider_ecgrid.plugin.go_plugin.ends import Ends
from terraform_provider_ecgrid.plugin.go_plugin.handshake import PROTOCOL
from terraform_provider_ecgrid.plugin.go_plugin.listener import Endpoint, listen
from terraform_provider_ecgrid.plugin.go_plugin.router import Router
from terraform_provider_ecgrid.plugin.go_plugin.server import Server
from terraform_provider_ecgrid.plugin.logging import stderr

if TYPE_CHECKING:
    from tf.iface import Provider

_FINISHED = "finished"
_INTERRUPTED = 130  # a shell's exit code after Ctrl-C
_MOMENT_SECONDS = 0.2  # for a call that is answered, but counted until its thread goes on


def serve_debug(
    load_provider: Callable[[], Provider], addresses: Collection[str], *, quiet: Collection[str] = ()
) -> int:
    """Print the line that makes Terraform connect to this process, then serve until SIGINT or SIGTERM.

    `addresses` are the full source addresses for which it does (`registry.terraform.io/namespace/name`). `quiet` are
    the names of loggers that stay silent below a warning. Each connection has a provider of its own, because Terraform
    opens one for each provider block. Without TLS: Terraform knows no certificate of a process that it did not start.

    The first signal lets held calls finish, a second one ends the process at once. Returns the exit code. Raises
    `OSError` if no address can be bound.
    """
    ends = Ends()
    ends.watch_signals("SIGINT", "SIGTERM")
    stderr.install(quiet=quiet)
    endpoint = listen()

    def new_router() -> Router:
        stop = threading.Event()
        return Router(lambda: CallTable(load_provider(), stop), stop, lambda: None, prepared={}, many_runs=True)

    server = Server(endpoint, None, new_router)
    server.start()
    sys.stdout.write(_command(endpoint, addresses) + "\n")
    sys.stdout.flush()
    ends.wait()
    server.stop()
    if not server.wait(_MOMENT_SECONDS) and (held := server.held):
        calls = "1 call" if held == 1 else f"{held} calls"
        sys.stderr.write(f"Waiting for {calls} to finish; interrupt again to end now.\n")
        sys.stderr.flush()

    def finish() -> None:
        server.wait(None)
        ends.put(_FINISHED)

    threading.Thread(target=finish, daemon=True).start()
    if ends.wait() == _FINISHED:
        return 0
    # The interpreter's own end would wait for the calls.
    os._exit(_INTERRUPTED)


def _command(endpoint: Endpoint, addresses: Collection[str]) -> str:
    """Write the command that sets the variable in which Terraform looks for providers that run already."""
    entry = {
        "Protocol": "grpc",
        "ProtocolVersion": PROTOCOL,
        "Pid": os.getpid(),
        "Test": True,
        "Addr": {"Network": endpoint.network, "String": endpoint.address},
    }
    value = json.dumps(dict.fromkeys(addresses, entry))
    return (
        f"$env:TF_REATTACH_PROVIDERS='{value}'"
        if sys.platform == "win32"
        else f"export TF_REATTACH_PROVIDERS='{value}'"
    )
