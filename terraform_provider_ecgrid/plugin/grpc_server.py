"""A gRPC server for one plugin: it takes connections, and decides which thread answers what comes on them.

Own code, on `h2`: the server of `grpcio` costs more per call than a provider's answer to most of them, takes half of
the time until the handshake line, and cannot verify the certificate that Terraform's client shows.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from .connection import INTERNAL, UNAVAILABLE, UNIMPLEMENTED, Call, Connection

if TYPE_CHECKING:
    import socket
    from ssl import SSLContext

Handler = Callable[[bytes, Callable[[], bool]], "bytes | Iterator[bytes]"]
"""Takes a call's message and a function that tells whether the client still waits; gives one message, or many."""

# A thread is made when a call comes and none is idle, so this is no cost but a bound: that of a connection's streams.
_MOST_CALLS = 1024
# An answer that took so long is worth a thread of its own, the next time: it waited for something, or computed a lot.
_LONG_SECONDS = 0.001
# So long a call that is not known to take long may keep all others waiting.
_PATIENCE_SECONDS = 0.005

_log = logging.getLogger(__name__)


class StatusError(Exception):
    """Ends a call with a status of gRPC's that is not OK (`code`); the client shows the text."""

    def __init__(self, code: int, detail: str) -> None:
        super().__init__(detail)
        self.code = code


class Server:
    """Answers calls with what `find` gives for their paths, `None` meaning that there is no such call.

    `context` is the server's side of TLS; `None` means without.
    """

    def __init__(self, find: Callable[[str], Handler | None], context: SSLContext | None) -> None:
        self._find = find
        self._context = context
        self._pool = ThreadPoolExecutor(_MOST_CALLS, "call")
        self._changed = threading.Condition()
        self._running = 0
        self._stopped = False

    def start(self, listening: socket.socket) -> None:
        """Begin to take the connections of a socket that listens, until it is closed."""
        threading.Thread(target=self._accept, args=(listening,), name="accept", daemon=True).start()

    def stop(self) -> None:
        """Take no more calls; those under way go on."""
        with self._changed:
            self._stopped = True

    def wait(self, seconds: float) -> bool:
        """Wait at most `seconds` until every call has ended, whoever waits for it; tell whether that is so."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._running, seconds)

    def _accept(self, listening: socket.socket) -> None:
        while not self._stopped:
            try:
                connected, _ = listening.accept()
            except OSError:  # closed, which follows `stop`; or there are too many open files, which passes
                time.sleep(_PATIENCE_SECONDS)
            else:
                _Reader(Connection(connected, self._context), self._run, self._pool).start()

    def _run(self, connection: Connection, call: Call) -> None:
        with self._changed:
            stopped = self._stopped
            if not stopped:
                self._running += 1
        if stopped:
            connection.end(call, UNAVAILABLE, "The provider is ending.", begun=False)
            return
        try:
            self._answer(connection, call)
        finally:
            with self._changed:
                self._running -= 1
                if not self._running:
                    self._changed.notify_all()

    def _answer(self, connection: Connection, call: Call) -> None:
        begun = False
        try:
            handler = self._find(call.path)
            if handler is None:
                raise StatusError(UNIMPLEMENTED, f"This provider does not know the call {call.path}.")
            # A stream that ends without a message says nothing, and gets nothing for it.
            answer = iter(()) if call.message is None else handler(call.message, lambda: connection.waits(call))
            if isinstance(answer, bytes):
                connection.answer(call, answer)
                return
            connection.begin(call)
            begun = True
            for message in answer:
                if not connection.message(call, message):
                    break
            connection.end(call)
        except StatusError as error:
            connection.end(call, error.code, str(error), begun=begun)
        except Exception as error:  # noqa: BLE001 - its text may hold a secret
            _log.error("%s failed", call.path, exc_info=error)
            connection.end(call, INTERNAL, f"{call.path} failed with {type(error).__name__}.", begun=begun)


class _Reader:
    """Reads a connection's calls, and has `run` answer them.

    The thread that reads a call answers it, because handing it to another one costs more than most answers. Where an
    answer takes long, another thread reads on, and calls of that path get threads of `pool` until they are quick again.
    """

    def __init__(
        self, connection: Connection, run: Callable[[Connection, Call], None], pool: ThreadPoolExecutor
    ) -> None:
        self._connection = connection
        self._run = run
        self._pool = pool
        self._unanswered: deque[Call] = deque()
        self._long: set[str] = set()
        self._lock = threading.Lock()
        # The thread whose turn it is reads; `_answering` is its call, with the time when it began.
        self._turn = 0
        self._answering: tuple[Call, float] | None = None
        self._active = threading.Event()
        self._ended = False

    def start(self) -> None:
        """Read until the client hangs up, in threads of its own."""
        threading.Thread(target=self._read, args=(self._turn,), name="read", daemon=True).start()
        threading.Thread(target=self._watch, name="watch-read", daemon=True).start()

    def _read(self, turn: int) -> None:
        try:
            while (call := self._next()) is not None:
                if call.path in self._long:
                    self._pool.submit(self._timed, call)
                    continue
                self._answering = call, time.monotonic()
                if not self._active.is_set():
                    self._active.set()
                self._timed(call)
                with self._lock:
                    if turn != self._turn:
                        return
                    self._answering = None
        except Exception as error:  # noqa: BLE001 - a client that waits for what nobody reads would wait for ever
            _log.error("A connection failed", exc_info=error)
        self._ended = True
        self._active.set()
        self._connection.close()

    def _next(self) -> Call | None:
        while not self._unanswered:
            calls = self._connection.read()
            if calls is None:
                return None
            self._unanswered.extend(calls)
        return self._unanswered.popleft()

    def _timed(self, call: Call) -> None:
        began = time.monotonic()
        self._run(self._connection, call)
        if time.monotonic() - began < _LONG_SECONDS:
            self._long.discard(call.path)
        else:
            self._long.add(call.path)

    def _watch(self) -> None:
        while not self._ended:
            self._active.wait()
            self._active.clear()
            time.sleep(_PATIENCE_SECONDS)
            with self._lock:
                if self._answering is None:
                    continue
                call, began = self._answering
                if time.monotonic() - began < _PATIENCE_SECONDS:
                    self._active.set()
                    continue
                self._long.add(call.path)
                self._turn += 1
                self._answering = None
                threading.Thread(target=self._read, args=(self._turn,), name="read", daemon=True).start()
