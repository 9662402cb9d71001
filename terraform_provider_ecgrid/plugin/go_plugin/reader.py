"""Which thread reads a connection's calls, and which one answers them."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from terraform_provider_ecgrid.plugin.go_plugin.connection import Call, Connection

# An answer that took so long is worth a thread of its own the next time: it waited for something, or computed a lot.
_LONG_SECONDS = 0.001
# How long a call that is not known to be long may keep the others waiting.
_PATIENCE_SECONDS = 0.005

_log = logging.getLogger(__name__)


class Reader:
    """Reads a connection's calls until the client hangs up, and has `run` answer them. `run` must not raise.

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
        self._long: set[str] = set()  # paths
        self._lock = threading.Lock()
        # The thread whose turn it is reads. What it answers, and since when, the watching thread looks at.
        self._turn = 0
        self._answering: tuple[str, float] | None = None
        self._active = threading.Event()
        self._ended = False

    def start(self) -> None:
        """Begin, in threads of its own. Raises `RuntimeError` where the system has none."""
        threading.Thread(target=self._watch, name="watch", daemon=True).start()
        threading.Thread(target=self._read, args=(self._turn,), name="read", daemon=True).start()

    def _read(self, turn: int) -> None:
        try:
            while (call := self._next()) is not None:
                if call.path in self._long:
                    with suppress(RuntimeError):  # there are no more threads: one that there is will come to it
                        self._pool.submit(self._timed, call)
                    continue
                self._answering = call.path, time.monotonic()
                if not self._active.is_set():
                    self._active.set()
                self._timed(call)
                with self._lock:
                    if turn != self._turn:
                        return
                    self._answering = None
        except Exception as error:  # noqa: BLE001 - a client that waits for what nobody reads would wait for ever
            _log.error("A connection failed with %s", type(error).__name__)
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
                if time.monotonic() - self._answering[1] < _PATIENCE_SECONDS or not self._relieved():
                    self._active.set()

    def _relieved(self) -> bool:
        """Let another thread read on, if the system has one. To be called with the lock."""
        answering, self._answering = self._answering, None
        self._turn += 1
        try:
            threading.Thread(target=self._read, args=(self._turn,), name="read", daemon=True).start()
        except RuntimeError:
            self._turn -= 1
            self._answering = answering
            return False
        if answering is not None:
            self._long.add(answering[0])
        return True
