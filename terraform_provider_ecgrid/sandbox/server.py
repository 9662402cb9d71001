"""Run the sandbox: in the background of a test, or in the foreground of a terminal."""

import asyncio
import contextlib
import os
import shlex
import signal
import socket
import sqlite3
import struct
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

import uvicorn
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import Scope

from terraform_provider_ecgrid.sandbox import request_log
from terraform_provider_ecgrid.sandbox.app import build
from terraform_provider_ecgrid.sandbox.faults import Fault, Faults
from terraform_provider_ecgrid.sandbox.gate import Ending, Gate, Recorded
from terraform_provider_ecgrid.sandbox.page import exports
from terraform_provider_ecgrid.sandbox.store import Store
from terraform_provider_ecgrid.sandbox.world import Lookups, World

_HOST = "127.0.0.1"
_PATIENCE = 30.0  # seconds; a machine that needs longer to start or stop a thread is broken
_WRITES = frozenset({"create", "update", "delete"})


class Sandbox:
    """A local ECGrid on 127.0.0.1, a context manager: inside it the API accepts connections.

    `port` 0 takes a free one. `db` is a file that keeps the registrations, None keeps them in memory until the end.
    `lookups` chooses the model that the lookups follow. `api_key` is the key that is accepted. `log` gets one
    line for each request, without secrets. Entering raises `OSError` if the port is taken; making one raises
    `sqlite3.Error` if `db` is not a usable database.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        db: Path | None = None,
        lookups: Lookups = "registrations",
        api_key: str = "sandbox-key",
        log: TextIO | None = None,
    ) -> None:
        self.api_key = api_key
        self.store = Store(db)
        self.faults = Faults()
        self.requests: list[Recorded] = []
        self._world = World(self.store, self.faults, lookups, api_key)
        self._port = port
        self._log = log
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        """Start to serve."""
        # With the protocol named, asyncio sets TCP_NODELAY; without it each answer waits 40 ms for the client's kernel.
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        try:
            if os.name == "posix":
                # On Windows the option would let two sandboxes share the port.
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((_HOST, self._port))
        except OSError:
            listener.close()
            self.store.close()
            raise
        self._port = int(listener.getsockname()[1])
        # Host names are checked so that no web page can reach the sandbox through a name of its own (DNS rebinding).
        app = TrustedHostMiddleware(
            Gate(build(self._world, self.requests), self._world, self.requests.append, self._answered, self._hang_up),
            allowed_hosts=[_HOST, "localhost"],
        )
        server = _Server(
            uvicorn.Config(
                app, log_config=None, access_log=False, lifespan="off", http="h11", ws="none", loop="asyncio",
                timeout_keep_alive=300, server_header=False, date_header=False,
            )
        )  # fmt: skip
        self._server = server
        self._thread = thread = threading.Thread(
            target=server.run, args=([listener],), name="ecgrid-sandbox", daemon=True
        )
        thread.start()
        deadline = time.monotonic() + _PATIENCE
        while not server.started:
            if not thread.is_alive() or time.monotonic() > deadline:
                raise RuntimeError("the sandbox's server did not start")
            time.sleep(0.001)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop at once: open connections are closed, and calls under way get no answer."""
        if self._server and self._thread:
            self._server.should_exit = True
            self._thread.join(_PATIENCE)
        self.store.close()

    @property
    def url(self) -> str:
        """The base URL, without a slash at the end."""
        return f"http://{_HOST}:{self._port}"

    @property
    def lookups(self) -> Lookups:
        """The model that the lookups follow; it may be changed between two requests."""
        return self._world.lookups

    @lookups.setter
    def lookups(self, lookups: Lookups) -> None:
        self._world.lookups = lookups

    def writes(self) -> list[Recorded]:
        """Return the requests so far that create, update or delete, whatever their answer."""
        return [request for request in list(self.requests) if request.call in _WRITES]

    def reset(self) -> None:
        """Go back to the start: callback 7001 alone, no requests, no faults."""
        self.store.reset()
        self.faults.reset()
        self.requests.clear()

    def _answered(self, request: Recorded) -> None:
        if self._log:
            by_rule = f" by --fault {request.fault}" if request.fault else ""
            print(request_log.line(request) + by_rule, file=self._log, flush=True)

    def _hang_up(self, scope: Scope, ending: Ending) -> None:
        connections = self._server.server_state.connections if self._server else ()
        for connection in list(connections):
            if getattr(connection, "client", None) == tuple(scope["client"]):
                if ending == "reset":
                    # Without this the kernel closes the connection in an orderly way, which is another failure.
                    linger = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)
                    connection.transport.get_extra_info("socket").setsockopt(
                        socket.SOL_SOCKET, socket.SO_LINGER, linger
                    )
                # Not aborted: what was sent of a cut-off answer is to arrive.
                connection.transport.close()


class _Server(uvicorn.Server):
    """uvicorn, but it stops at once: its own waits, for a tick and for its clients, are too long for a test each."""

    async def main_loop(self) -> None:
        while not self.should_exit:
            await asyncio.sleep(0.01)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:  # noqa: ARG002 -- the base class's signature
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.transport.abort()


def run(port: int, db: Path | None, lookups: Lookups, faults: Sequence[Fault] = ()) -> int:
    """Serve in the foreground until SIGINT or SIGTERM, log to standard output, and return the exit code.

    `faults` apply from the first request on; if several match a request, the first is used.
    """
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    try:
        sandbox = Sandbox(port=port, db=db, lookups=lookups, log=sys.stdout)
    except (OSError, sqlite3.Error) as problem:
        return _cannot_start(f"the database {db} cannot be used ({problem}). Choose another file for --db.")
    try:
        for fault in faults:
            sandbox.faults.put(fault)
        with sandbox:
            for fault in faults:
                _say(f"Fault rule: --fault {shlex.quote(fault.rule)}")
            _say(
                f"ECGrid sandbox, a local stand-in for ECGrid's callbacks API. To watch it, open {sandbox.url}/."
                " To stop it, press Ctrl-C, or run `kill %1` if it runs in the background."
                " To use it, run these lines in another shell:"
            )
            for line in exports(sandbox.url, sandbox.api_key):
                _say(line)
            # Wakes up now and then, because Windows delivers no signal to a thread that waits without a limit.
            while not stop.wait(0.5):
                pass
    except OSError as problem:
        why = f"it cannot listen on {_HOST}:{port} ({problem.strerror or problem}). Choose another --port."
        return _cannot_start(why)
    return 0


def _cannot_start(why: str) -> int:
    with contextlib.suppress(OSError):
        print(f"The sandbox cannot start: {why}", file=sys.stderr)  # noqa: T201 -- a command's error
    return 1


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 -- a command's answer to the person who started it
