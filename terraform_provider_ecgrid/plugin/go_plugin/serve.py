"""A plugin process from its start to its end, as HashiCorp's go-plugin runs one (core protocol 1, plugin protocol 6).

Terraform starts the process, reads one line from its stdout, connects, calls, and asks it to shut down. Every Terraform
command pays for the start of several such processes, so this module imports only what the line needs.
"""

from __future__ import annotations

import gc
import os
import sys
import threading
from collections.abc import Callable, Collection
from contextlib import suppress
from typing import TYPE_CHECKING

from terraform_provider_ecgrid.plugin.go_plugin import certificate, handshake
from terraform_provider_ecgrid.plugin.go_plugin.ends import Ends
from terraform_provider_ecgrid.plugin.go_plugin.listener import listen

if TYPE_CHECKING:
    from tf.iface import Provider

# A call in flight may be about to create something whose id only this process will learn: cut off, nobody ever would.
# The bound is for a call that hangs. (After Shutdown go-plugin itself allows two seconds, then kills.)
_LAST_CALLS_SECONDS = 120.0


def serve(load_provider: Callable[[], Provider], *, prepared: str | None = None, quiet: Collection[str] = ()) -> int:
    """Be a plugin: print the handshake line, answer calls, and end the process when Terraform has finished with it.

    `load_provider` imports and makes the provider. It is called once, in another thread, after the handshake line:
    what it loads costs nothing before. `prepared` is a folder of answers for which it is not called at all
    (`router.prepared_answers`): every Terraform command starts a process that is asked for nothing but schemas.
    `quiet` are the names of loggers that stay silent below a warning.

    The process ends, exit code 0, on GRPCController's Shutdown, on SIGTERM or SIGHUP; calls in flight finish first.
    When its parent is gone they are given up after a second. SIGINT, which a Ctrl-C sends to the whole process group,
    means what StopProvider means: finish, and start no new waits. (Terraform does not send that while an apply still
    refreshes.) Returns (1) only if serving is impossible; the reason is on stderr.
    """
    _open_standard_streams()
    if offered := handshake.offered_protocols():
        offer = f"this Terraform only supports {offered}"
        sys.stderr.write(f"This provider needs plugin protocol {handshake.PROTOCOL}, but {offer}. Upgrade Terraform.\n")
        return 1

    parent = os.getppid()
    ends = Ends()
    stop = threading.Event()
    ends.watch_signals("SIGTERM", "SIGHUP", heard={"SIGINT": stop.set})
    # The objects made until the provider is loaded live until the end; looking for garbage among them is lost time.
    gc.disable()
    output = _take_stdout()
    client = handshake.client_certificate()
    own = None if client is None else certificate.fresh()
    try:
        endpoint = listen()
    except OSError as error:
        return _cannot(error)
    try:
        os.write(output, handshake.line(endpoint.network, endpoint.address, None if own is None else own.der))
    except OSError:
        # Whoever started us was gone before we knew whose child we are, so the watch below would wait for another.
        ends.put("nobody reads the line")
    os.close(output)

    # Late, the layer's one door: Terraform reads the line and connects meanwhile.
    from terraform_provider_ecgrid.plugin.go_plugin import after_line

    try:
        context = None if own is None or client is None else after_line.server_context(own, client)
        server = after_line.start(
            endpoint, context, load_provider, stop, lambda: ends.put("Shutdown"), prepared=prepared, quiet=quiet
        )
        ends.watch_parent(parent)
    except (OSError, RuntimeError) as error:  # no key, no certificate; no thread
        endpoint.close()
        return _cannot(error)
    after_line.log_end(ends.wait())
    server.stop()  # first closes the endpoint, because Terraform may kill us while we wait
    finished = server.wait(_LAST_CALLS_SECONDS)
    # Nothing is left to do, and the interpreter's own farewell would take ten times as long as all of the above.
    with suppress(OSError, ValueError):
        sys.stderr.flush()
    os._exit(0 if finished else 1)


def _cannot(error: Exception) -> int:
    sys.stderr.write(f"The provider cannot start: {error}.\n")
    return 1


def _open_standard_streams() -> None:
    """Open those of stdin, stdout and stderr that are closed."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            # Else the next file to be opened gets the number: a connection into which somebody writes a warning.
            os.open(os.devnull, os.O_RDWR)
    if sys.stderr is None:  # as Python leaves it if it found none
        sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115 - as above, for good


def _take_stdout() -> int:
    """Keep stdout for the handshake line: whatever else writes to it, in Python or below, goes to stderr."""
    output = os.dup(1)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return output
