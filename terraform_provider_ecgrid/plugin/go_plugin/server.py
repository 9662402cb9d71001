"""A gRPC server for one plugin.

Own code, on `h2`: the server of `grpcio` cannot verify the certificate that Terraform's client shows.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Protocol

from terraform_provider_ecgrid.plugin.go_plugin.connection import Connection
from terraform_provider_ecgrid.plugin.go_plugin.http2 import Request
from terraform_provider_ecgrid.plugin.go_plugin.status import INTERNAL, UNAVAILABLE, StatusError

if TYPE_CHECKING:
    from ssl import SSLContext

    from terraform_provider_ecgrid.plugin.go_plugin.listener import Endpoint

Alive = Callable[[], bool]
"""Tells whether the client still waits for the end of a call."""

# An answer that a client does not take: by then it has hung up, or does not read.
_LAST_ANSWERS_SECONDS = 1.0
_ACCEPT_AGAIN_SECONDS = 0.01

_log = logging.getLogger(__name__)


class Responder(Protocol):
    """What computes the answers to a connection's calls. Threads share it."""

    def respond(self, path: str, message: bytes | None, alive: Alive) -> bytes | Iterator[bytes]:
        """Take a call's path and message (`None`: it has none), and return one message, or many.

        May raise `StatusError`; of anything else the client sees the type.
        """

    def ask_to_finish(self) -> None:
        """Ask the calls that wait for something to finish soon."""


class Server:
    """Answers the calls that arrive at `endpoint`.

    `context` is the server's side of TLS; `None` means without. `new_responder` is called for each connection.
    """

    def __init__(self, endpoint: Endpoint, context: SSLContext | None, new_responder: Callable[[], Responder]) -> None:
        self._endpoint = endpoint
        self._context = context
        self._new_responder = new_responder
        self._connections: list[tuple[Connection, Responder]] = []
        self._changed = threading.Condition()
        self._held = 0
        self._stopped = False

    def start(self) -> None:
        """Begin to take connections. Raises `RuntimeError` if the system has no thread for it."""
        threading.Thread(target=self._accept, name="accept", daemon=True).start()

    def stop(self) -> None:
        """Take no more connections and no more calls, and ask the calls that are held to finish soon."""
        with self._changed:
            self._stopped = True
        self._endpoint.close()
        for _, responder in self._connections:
            responder.ask_to_finish()

    @property
    def held(self) -> int:
        """How many calls are being answered, also those whose client is gone."""
        return self._held

    def wait(self, seconds: float | None) -> bool:
        """Wait until no call is held, at most `seconds` if given, then a second for clients to take the last answers.

        Returns whether no call is held.
        """
        with self._changed:
            finished = self._changed.wait_for(lambda: not self._held, seconds)
        for connection, _ in self._connections:
            connection.wait_until_written(_LAST_ANSWERS_SECONDS)
        return finished

    def _accept(self) -> None:
        while not self._stopped:
            try:
                connected, _ = self._endpoint.socket.accept()
            except OSError:  # closed by `stop`; or there are too many files, which passes
                time.sleep(_ACCEPT_AGAIN_SECONDS)
                continue
            responder = self._new_responder()
            try:
                connection = Connection(connected, self._context, partial(self._respond, responder))
                # Before its first call, which a stop must find.
                open_ones = [pair for pair in self._connections if not pair[0].closed]
                self._connections = [*open_ones, (connection, responder)]
                connection.start()
            except (OSError, RuntimeError):  # the client is gone already; or there are too many threads
                connected.close()

    def _respond(self, responder: Responder, connection: Connection, request: Request) -> None:
        with self._changed:
            if self._stopped:
                connection.end(request, UNAVAILABLE, "The provider is shutting down.")
                return
            self._held += 1
        try:
            answer = responder.respond(request.path, request.message, partial(connection.alive, request))
            if isinstance(answer, bytes):
                connection.answer(request, answer)
                return
            for message in answer:
                if not connection.send(request, message):
                    return
            connection.end(request)
        except StatusError as error:
            connection.end(request, error.code, str(error))
        except BaseException as error:  # noqa: BLE001 - SystemExit and a panic in Rust are none of Exception
            # The exception's text may hold a secret, which only the log can take out.
            name, kind = request.path.rpartition("/")[2], type(error).__name__
            _log.error("%s failed", name, exc_info=error)
            where = "Set TF_LOG_PROVIDER=error to see in the log where it happened."
            connection.end(request, INTERNAL, f"{name} failed with {kind}, which is a bug in the provider. {where}")
        finally:
            with self._changed:
                self._held -= 1
                self._changed.notify_all()
