"""A gRPC server for one plugin.

Own code, on `h2`: the server of `grpcio` costs more per call than a provider's answer to most of them, takes half of
the time until the handshake line, and cannot verify the certificate that Terraform's client shows.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

from terraform_provider_ecgrid.plugin.go_plugin.connection import MOST_STREAMS, Call, Connection
from terraform_provider_ecgrid.plugin.go_plugin.reader import Reader
from terraform_provider_ecgrid.plugin.go_plugin.status import INTERNAL, UNAVAILABLE, UNIMPLEMENTED, StatusError

if TYPE_CHECKING:
    import socket
    from ssl import SSLContext

Alive = Callable[[], bool]
"""Tells whether the client is still there, and waits for the end of a call."""

Answer = Callable[[str, bytes, Alive], "bytes | Iterator[bytes]"]
"""Takes a call's path and message, and gives one message, or many."""

# An answer that a client does not take: by then it has hung up, or does not read.
_LAST_ANSWERS_SECONDS = 1.0
_ACCEPT_AGAIN_SECONDS = 0.01

_log = logging.getLogger(__name__)


class Server:
    """Answers calls with what `answer` gives. It may raise `StatusError`; of anything else the client sees the type.

    `context` is the server's side of TLS; `None` means without.
    """

    def __init__(self, answer: Answer, context: SSLContext | None) -> None:
        self._answer = answer
        self._context = context
        # Threads are made as they are needed.
        self._pool = ThreadPoolExecutor(MOST_STREAMS, "call")
        self._changed = threading.Condition()
        self._computing = 0
        self._sending = 0
        self._stopped = False

    def start(self, listening: socket.socket) -> None:
        """Begin to take the connections of a socket that listens."""
        threading.Thread(target=self._accept, args=(listening,), name="accept", daemon=True).start()

    def stop(self) -> None:
        """Take no more calls, and no more connections once the listening socket is closed; calls under way go on."""
        with self._changed:
            self._stopped = True

    def wait(self, seconds: float) -> bool:
        """Wait at most `seconds` until every call has an answer, also those whose client is gone; tell whether that is
        so. Then wait a second more for clients to take them.
        """
        with self._changed:
            finished = self._changed.wait_for(lambda: not self._computing, seconds)
            self._changed.wait_for(lambda: not self._sending, _LAST_ANSWERS_SECONDS)
            return finished

    def _accept(self, listening: socket.socket) -> None:
        while not self._stopped:
            try:
                connected, _ = listening.accept()
            except OSError:  # closed, after `stop`; or there are too many files, which passes
                time.sleep(_ACCEPT_AGAIN_SECONDS)
                continue
            try:
                Reader(Connection(connected, self._context), self._run, self._pool).start()
            except (OSError, RuntimeError):  # the client is gone already; or there are too many threads
                connected.close()

    def _run(self, connection: Connection, call: Call) -> None:
        with self._changed:
            stopped = self._stopped
            if not stopped:
                self._computing += 1
        if stopped:
            connection.end(call, UNAVAILABLE, "The provider is ending.")
            return
        send = self._computed(connection, call)
        self._count(computing=-1, sending=1)
        try:
            send()
        except Exception as error:  # noqa: BLE001 - as in `_failed`; too large, or out of memory or threads
            _failed(connection, call, error)()
        finally:
            self._count(sending=-1)

    def _computed(self, connection: Connection, call: Call) -> Callable[[], None]:
        """Compute an answer, and give what sends it; of many messages what ends them."""
        try:
            if call.compressed:
                raise StatusError(UNIMPLEMENTED, "Compressed messages are not understood.")
            if call.message is None:
                return partial(connection.end, call)  # nothing was said
            answer = self._answer(call.path, call.message, lambda: connection.alive(call))
            if isinstance(answer, bytes):
                return partial(connection.answer, call, answer)
            for message in answer:
                if not connection.send(call, message):
                    break
            return partial(connection.end, call)
        except StatusError as error:
            return partial(connection.end, call, error.code, str(error))
        except BaseException as error:  # noqa: BLE001 - SystemExit and a panic in Rust are none of Exception
            return _failed(connection, call, error)

    def _count(self, *, computing: int = 0, sending: int = 0) -> None:
        with self._changed:
            self._computing += computing
            self._sending += sending
            self._changed.notify_all()


def _failed(connection: Connection, call: Call, error: BaseException) -> Callable[[], None]:
    # The exception's text may hold a secret, which only the log can take out.
    name, kind = call.path.rpartition("/")[2], type(error).__name__
    _log.error("%s failed", name, exc_info=error)
    text = f"The provider failed in {name} with {kind}. Set TF_LOG=error to see where; the log holds the traceback."
    return partial(connection.end, call, INTERNAL, text)
