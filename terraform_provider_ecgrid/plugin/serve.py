"""A plugin process from its start to its end, as HashiCorp's go-plugin runs one (core protocol 1, plugin protocol 6).

Terraform starts the process, reads one line from its stdout, connects, calls, and asks it to shut down. Start-up time
is paid by every Terraform command several times over, so each import here says why it is where it is.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tf.iface import Provider

    from .listener import Endpoint
    from .rpc import CallsFor

_COOKIE = "TF_PLUGIN_MAGIC_COOKIE"
_COOKIE_VALUE = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"
_PROTOCOL = 6

# A thread is made when a call comes and none is idle, so this is no cost but a bound far above any -parallelism:
# Stop and Shutdown must find a thread while every other one is waiting for an API.
_MOST_CALLS = 1024

# A call in flight may be about to create something whose id only this process will learn: cut off, nobody ever would.
# The bound is for a call that hangs. (After Shutdown go-plugin itself allows two seconds, then kills.)
_LAST_CALLS_SECONDS = 120.0
_PARENT_SECONDS = 1.0


def started_by_terraform() -> bool:
    """Tell whether Terraform (or OpenTofu) started this process, and not a person."""
    return os.environ.get(_COOKIE) == _COOKIE_VALUE


def serve(load_provider: Callable[[], Provider], *, calls_for: CallsFor | None = None) -> int:
    """Be a plugin: print the handshake line, answer calls, and end the process when Terraform has finished with it.

    `load_provider` imports and makes the provider. It is called once, in another thread, after the handshake line:
    what it loads costs nothing before. `calls_for` makes the answering side, `ProviderServer` unless given.

    The process ends, exit code 0, on GRPCController's Shutdown, on SIGTERM or SIGHUP, or when its parent is gone;
    calls in flight finish first. SIGINT is ignored: a Ctrl-C reaches the whole process group, and Terraform then says
    by StopProvider what it wants. Returns (1) only where serving was impossible; the reason is on stderr.
    """
    versions = os.environ.get("PLUGIN_PROTOCOL_VERSIONS", "")
    if versions and str(_PROTOCOL) not in (version.strip() for version in versions.split(",")):
        sys.stderr.write(f"This provider speaks plugin protocol {_PROTOCOL}; this Terraform offers only {versions}.\n")
        return 1

    parent = os.getppid()
    ends: SimpleQueue[str] = SimpleQueue()  # the one queue that a signal handler may write to
    _watch_signals(ends, ignored=("SIGINT",), ending=("SIGTERM", "SIGHUP"))
    # The objects made until the provider is loaded live until the end; looking for garbage among them is lost time.
    gc.disable()
    line = _take_stdout()

    from . import certificate  # the line carries it

    own = certificate.fresh()

    from .rpc import grpc  # the line says where it listens; the largest cost there is

    stop = threading.Event()
    server = _Server(load_provider, calls_for, stop, shutdown=lambda: ends.put("Shutdown"))
    # Terraform's client shows a P-521 certificate, which gRPC's TLS library refuses: it cannot be asked for.
    credentials = grpc.ssl_server_credentials([(own.key_pem, own.pem)], require_client_auth=False)
    try:
        endpoint = server.start(credentials)
    except OSError as error:
        sys.stderr.write(f"The provider cannot be served: {error}.\n")
        return 1

    with suppress(OSError):  # a Terraform that is gone already does not read it; the watch below notices
        os.write(line, _handshake(endpoint, own.der))
    os.close(line)

    import logging  # gRPC has loaded it

    from . import logs  # late: until now there was nothing to log, and no secret to keep out of it

    logs.install()
    # Terraform is connecting meanwhile; its first call waits for whatever is not loaded by then.
    threading.Thread(target=server.load, name="load-provider", daemon=True).start()
    if sys.platform != "win32":  # there a process keeps the number of a parent that is gone
        threading.Thread(target=_watch_parent, args=(ends, parent), name="watch-parent", daemon=True).start()

    reason = ends.get()
    logging.getLogger(__name__).debug("ending", extra={"reason": reason})
    finished = server.finish()
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

    from . import logs

    ends: SimpleQueue[str] = SimpleQueue()
    _watch_signals(ends, ignored=(), ending=("SIGINT", "SIGTERM"))
    logs.install()
    server = _Server(load_provider, calls_for, threading.Event(), shutdown=lambda: None, many_runs=True)
    server.load()
    server.loader.get()
    endpoint = server.start(None)
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
    ends.get()
    return 0 if server.finish() else 1


class _Server:
    """gRPC's server with our calls, from its first listening to the last answer."""

    def __init__(
        self,
        load_provider: Callable[[], Provider],
        calls_for: CallsFor | None,
        stop: threading.Event,
        *,
        shutdown: Callable[[], None],
        many_runs: bool = False,
    ) -> None:
        from concurrent.futures import ThreadPoolExecutor  # gRPC loads it anyway

        from .rpc import Loader, PluginHandler, Running, grpc, provider_calls

        self._stop = stop
        self._running = Running()
        self.loader = Loader(load_provider, calls_for or provider_calls, stop)
        handler = PluginHandler(self.loader, self._running, stop, shutdown, many_runs=many_runs)
        options = (
            ("grpc.max_send_message_length", -1),
            ("grpc.max_receive_message_length", -1),
            # Else two plugins could listen on one TCP port, and Terraform would talk to either.
            ("grpc.so_reuseport", 0),
        )
        self._server = grpc.server(ThreadPoolExecutor(_MOST_CALLS, "call"), handlers=(handler,), options=options)
        self._endpoint: Endpoint | None = None

    def start(self, credentials: Any) -> Endpoint:
        """Listen, with TLS where there are credentials. Raises `OSError` where no address could be bound."""
        from .listener import listen

        if credentials is None:
            endpoint = listen(self._server.add_insecure_port)
        else:
            endpoint = listen(lambda target: int(self._server.add_secure_port(target, credentials)))
        self._endpoint = endpoint
        self._server.start()
        return endpoint

    def load(self) -> None:
        """Load the provider ahead of the first call, which says so if that fails; then let the collector work again."""
        with suppress(Exception):
            self.loader.get()
        gc.freeze()
        gc.enable()

    def finish(self) -> bool:
        """Take no more calls, let those in flight finish; tell whether they did within the bound."""
        self._stop.set()
        answered = self._server.stop(_LAST_CALLS_SECONDS)
        finished = self._running.wait(_LAST_CALLS_SECONDS)
        answered.wait(1.0)  # the last answers, Shutdown's among them, are on their way out
        if self._endpoint is not None:
            self._endpoint.remove()
        return finished


def _handshake(endpoint: Endpoint, der: bytes) -> bytes:
    import base64  # the certificate needed it already

    # go-plugin reads base64 without padding.
    certificate = base64.b64encode(der).decode().rstrip("=")
    return f"1|{_PROTOCOL}|{endpoint.network}|{endpoint.address}|grpc|{certificate}\n".encode()


def _take_stdout() -> int:
    """Keep stdout for the handshake line: whatever else writes to it, in Python or below, goes to stderr."""
    line = os.dup(1)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return line


def _watch_signals(ends: SimpleQueue[str], *, ignored: tuple[str, ...], ending: tuple[str, ...]) -> None:
    for name in ignored:
        signal.signal(getattr(signal, name), signal.SIG_IGN)
    for name in ending:
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        # Ignored already means nohup: somebody wants the run to survive.
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, lambda number, _frame: ends.put(signal.Signals(number).name))


def _watch_parent(ends: SimpleQueue[str], parent: int) -> None:
    # A killed Terraform says no goodbye. Linux could signal its death, but that of the *thread* which started us,
    # and Go's threads come and go.
    wait = threading.Event().wait
    while os.getppid() == parent:
        wait(_PARENT_SECONDS)
    ends.put("parent gone")
