"""A plugin process from its start to its end, as HashiCorp's go-plugin runs one (core protocol 1, plugin protocol 6).

Terraform starts the process, reads one line from its stdout, connects, calls, and asks it to shut down. Start-up time
is paid by every Terraform command several times over, so each import here says why it is where it is.
"""

from __future__ import annotations

import gc
import os
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from terraform_provider_ecgrid.plugin.go_plugin.ends import Ends

if TYPE_CHECKING:
    from tf.iface import Provider

    from terraform_provider_ecgrid.plugin.go_plugin.listener import Endpoint
    from terraform_provider_ecgrid.plugin.go_plugin.router import CallsFor
    from terraform_provider_ecgrid.plugin.go_plugin.server import Server

_COOKIE = "TF_PLUGIN_MAGIC_COOKIE"
_COOKIE_VALUE = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"
_PROTOCOL = 6

# A call in flight may be about to create something whose id only this process will learn: cut off, nobody ever would.
# The bound is for a call that hangs. (After Shutdown go-plugin itself allows two seconds, then kills.)
_LAST_CALLS_SECONDS = 120.0


def started_by_terraform() -> bool:
    """Tell whether Terraform (or OpenTofu) started this process, and not a person."""
    return os.environ.get(_COOKIE) == _COOKIE_VALUE


def serve(
    load_provider: Callable[[], Provider], *, prepared: str | None = None, calls_for: CallsFor | None = None
) -> int:
    """Be a plugin: print the handshake line, answer calls, and end the process when Terraform has finished with it.

    `load_provider` imports and makes the provider. It is called once, in another thread, after the handshake line:
    what it loads costs nothing before. `prepared` is a folder of answers for which it is not called at all
    (`rpc.prepared_answers`): every Terraform command starts a process that is asked for nothing but schemas.
    `calls_for` makes the answering side, `ProviderServer` unless given.

    The process ends, exit code 0, on GRPCController's Shutdown, on SIGTERM or SIGHUP; calls in flight finish first.
    When its parent is gone they are given up after a second. SIGINT, which a Ctrl-C sends to the whole process group,
    means what StopProvider means: finish, and start no new waits. (Terraform does not send that while an apply still
    refreshes.) Returns (1) only where serving was impossible; the reason is on stderr.
    """
    _open_standard_streams()
    versions = os.environ.get("PLUGIN_PROTOCOL_VERSIONS", "")
    if versions and str(_PROTOCOL) not in (version.strip() for version in versions.split(",")):
        sys.stderr.write(f"This provider speaks plugin protocol {_PROTOCOL}; this Terraform offers only {versions}.\n")
        return 1

    parent = os.getppid()
    ends = Ends()
    stop = threading.Event()
    ends.watch_signals("SIGTERM", "SIGHUP", heard={"SIGINT": stop.set})
    # The objects made until the provider is loaded live until the end; looking for garbage among them is lost time.
    gc.disable()
    line = _take_stdout()

    from terraform_provider_ecgrid.plugin.go_plugin import certificate  # the line carries it

    own = certificate.fresh()

    from terraform_provider_ecgrid.plugin.go_plugin.listener import listen  # the line says where

    try:
        endpoint = listen()
    except OSError as error:
        return _cannot(error)
    try:
        os.write(line, _handshake(endpoint, own.der))
    except OSError:
        # Whoever started us was gone before we knew whose child we are, so the watch below would wait for another.
        ends.put("nobody reads the line")
    os.close(line)

    # Late: Terraform reads the line and connects meanwhile.
    from terraform_provider_ecgrid.plugin.go_plugin.router import Loader, PluginCalls, prepared_answers, provider_calls
    from terraform_provider_ecgrid.plugin.go_plugin.server import Server
    from terraform_provider_ecgrid.plugin.go_plugin.tls import server_context

    answers = {} if prepared is None else prepared_answers(prepared)
    loader = Loader(_with_logs(load_provider), calls_for or provider_calls, stop)
    calls = PluginCalls(loader, stop, lambda: ends.put("Shutdown"), prepared=answers)
    try:
        server = Server(calls.answer, server_context(own, os.environ.get("PLUGIN_CLIENT_CERT") or None))
    except OSError as error:
        endpoint.close()
        return _cannot(error)
    server.start(endpoint.socket)
    if not answers:
        # Terraform is connecting meanwhile; its first call waits for whatever is not loaded by then. Where answers are
        # prepared the first call tells whether anything has to be loaded, and to have begun earlier costs more than
        # it saves.
        threading.Thread(target=loader.load, name="load-provider", daemon=True).start()
    ends.watch_parent(parent)

    reason = ends.wait()
    import logging  # loaded already

    logging.getLogger(__name__).debug("ending", extra={"reason": reason})
    finished = _finish(server, stop, endpoint)
    # Nothing is left to do, and the interpreter's own farewell would take ten times as long as all of the above.
    with suppress(OSError, ValueError):
        sys.stderr.flush()
    os._exit(0 if finished else 1)


def serve_debug(load_provider: Callable[[], Provider], address: str, *, calls_for: CallsFor | None = None) -> int:
    """Serve one Terraform after another from a process that a debugger may hold.

    Prints the line that makes Terraform connect to this process for the provider `address` (its full source address,
    `registry.terraform.io/namespace/name`), then serves until SIGINT or SIGTERM. Without TLS: Terraform knows no
    certificate of a process that it did not start.

    Returns the exit code. Raises whatever `load_provider` raises, `OSError` where no address could be bound.
    """
    import json

    from terraform_provider_ecgrid.plugin.go_plugin.listener import listen
    from terraform_provider_ecgrid.plugin.go_plugin.router import Loader, PluginCalls, provider_calls
    from terraform_provider_ecgrid.plugin.go_plugin.server import Server
    from terraform_provider_ecgrid.plugin.logging import stderr as logs

    ends = Ends()
    ends.watch_signals("SIGINT", "SIGTERM")
    logs.install(quiet=("httpx", "httpx_retries", "httpcore", "hpack"))
    stop = threading.Event()
    loader = Loader(load_provider, calls_for or provider_calls, stop)
    loader.get()
    server = Server(PluginCalls(loader, stop, lambda: None, prepared={}, many_runs=True).answer, None)
    endpoint = listen()
    server.start(endpoint.socket)
    reattach = {
        address: {
            "Protocol": "grpc",
            "ProtocolVersion": _PROTOCOL,
            "Pid": os.getpid(),
            "Test": True,
            "Addr": {"Network": endpoint.network, "String": endpoint.address},
        }
    }
    text = json.dumps(reattach)
    command = (
        f"$env:TF_REATTACH_PROVIDERS='{text}'" if sys.platform == "win32" else f"export TF_REATTACH_PROVIDERS='{text}'"
    )
    sys.stdout.write(command + "\n")
    sys.stdout.flush()
    ends.wait()
    return 0 if _finish(server, stop, endpoint) else 1


def _cannot(error: OSError) -> int:
    sys.stderr.write(f"The provider cannot be served: {error}.\n")
    return 1


def _finish(server: Server, stop: threading.Event, endpoint: Endpoint) -> bool:
    """Take no more calls, let those in flight finish; tell whether they did within the bound."""
    stop.set()
    server.stop()
    endpoint.close()  # first, because Terraform may kill us while we wait; open connections stay
    return server.wait(_LAST_CALLS_SECONDS)


def _with_logs(load_provider: Callable[[], Provider]) -> Callable[[], Provider]:
    """Let logs be installed before anything of the provider can fail: what `logging` does by itself would show an
    exception's text.
    """

    def load() -> Provider:
        from terraform_provider_ecgrid.plugin.logging import stderr as logs  # late: the handshake line does not need it

        logs.install(quiet=("httpx", "httpx_retries", "httpcore", "hpack"))
        return load_provider()

    return load


def _handshake(endpoint: Endpoint, der: bytes) -> bytes:
    import base64  # the certificate needed it already

    # go-plugin reads base64 without padding.
    certificate = base64.b64encode(der).decode().rstrip("=")
    return f"1|{_PROTOCOL}|{endpoint.network}|{endpoint.address}|grpc|{certificate}\n".encode()


def _open_standard_streams() -> None:
    """Open those of stdin, stdout and stderr that are closed."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            # Else the next file to be opened gets the number: a connection into which somebody writes a warning.
            os.open(os.devnull, os.O_RDWR)
    if sys.stderr is None:  # as Python leaves it where it found none
        sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115 - as above, for good


def _take_stdout() -> int:
    """Keep stdout for the handshake line: whatever else writes to it, in Python or below, goes to stderr."""
    line = os.dup(1)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return line
