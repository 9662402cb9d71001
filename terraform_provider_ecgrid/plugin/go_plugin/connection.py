"""One client's connection: a socket, what its bytes pass, and the threads that take turns to read it.

Whoever has the turn reads a call, answers it, and reads on: most calls take less time than waking another thread does.
If a call takes longer than a moment, a watch gives the turn to another thread. Whoever answers does not wait for the
socket: what does not fit into it at once is written by a thread of its own. So a client may stop reading until its own
calls are read, or for good, and holds up nothing but its own answers.
"""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from h2.exceptions import ProtocolError

from terraform_provider_ecgrid.plugin.go_plugin.http2 import Headers, Http2, Request, framed, trailers
from terraform_provider_ecgrid.plugin.go_plugin.status import OK
from terraform_provider_ecgrid.plugin.go_plugin.tls import CHUNK, Plain, Tls

if TYPE_CHECKING:
    from ssl import SSLContext

_GOODBYE_SECONDS = 1.0  # for a client to take what was still to be said
# A call may keep the turn for one to two of them. Shorter ones would cost the calls more than they give.
_MOMENT_SECONDS = 0.002
_MOMENTS_UNTIL_REST = 5  # without a call; then the watch sleeps until the next one
_AT_ONCE: int | None = getattr(socket, "MSG_DONTWAIT", None)  # Windows has none

_log = logging.getLogger(__name__)


class Connection:
    """A connected socket on which a client calls. Threads may share it.

    `context` is the server's side of TLS; `None` means without. `on_request` is called with each request; it may wait,
    because other requests are then read by other threads. Raises `OSError` if the client is gone already.
    """

    def __init__(
        self,
        connected: socket.socket,
        context: SSLContext | None,
        on_request: Callable[[Connection, Request], None],
    ) -> None:
        self._socket = connected
        self._on_request = on_request
        if connected.family == socket.AF_INET:
            # Else a small piece waits for the acknowledgement of the one before, which the client delays.
            connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._layer: Plain | Tls = Plain() if context is None else Tls(context)
        self._http = Http2()
        self._unwritten = bytearray()
        self._writing = False
        self._closed = False
        self._waiting = 0  # threads that wait for the turn
        # Guards all of the above, but of the socket only what is sent at once.
        self._lock = threading.Lock()
        self._to_write = threading.Condition(self._lock)
        self._changed = threading.Condition(self._lock)
        # The turn to read, which the watch may release; guards the requests that were read and not taken yet.
        self._turn = threading.Lock()
        self._requests: deque[Request] = deque()
        self._answered: Request | None = None  # by the thread that has the turn
        self._awake = threading.Event()  # the watch is

    def start(self) -> None:
        """Begin to read and to write. Raises `RuntimeError` if the system has no thread for it."""
        try:
            threading.Thread(target=self._write, name="write", daemon=True).start()
            threading.Thread(target=self._watch, name="watch", daemon=True).start()
            for _ in range(2):  # even if the system refuses more, one reads while one answers
                threading.Thread(target=self._read, name="call", daemon=True).start()
        except RuntimeError:
            self.close()
            raise

    @property
    def closed(self) -> bool:
        """Whether the client is gone, or was hung up on."""
        return self._closed

    def alive(self, request: Request) -> bool:
        """Tell whether the client still waits for the end of a call."""
        return self._http.alive(request.stream)

    def answer(self, request: Request, message: bytes) -> None:
        """Answer with one message, and end the call. Raises `OverflowError` if the message is too large for gRPC."""
        self._say(request, framed(message), trailers(OK, ""))

    def send(self, request: Request, message: bytes) -> bool:
        """Send one of many messages, wait until the client has room for it, and tell whether it still waits for more.

        Raises `OverflowError` if the message is too large for gRPC.
        """
        self._say(request, framed(message), ())
        with self._lock:
            self._changed.wait_for(lambda: not self._http.waits_for_room(request.stream))
            return self.alive(request)

    def end(self, request: Request, code: int = OK, text: str = "") -> None:
        """End a call with one of `status`'s codes and a text that the client shows."""
        self._say(request, b"", trailers(code, text))

    def wait_until_written(self, seconds: float) -> None:
        """Wait at most `seconds` until all that was said is on its way to the client."""
        with self._lock:
            self._changed.wait_for(lambda: self._is_written() and not self._http.anything_waits_for_room(), seconds)

    def close(self) -> None:
        """Hang up. Whoever waits for room is told that the client is gone. Safe to call more than once."""
        with self._lock:
            self._give_up()
            # A client that broke a protocol is told so.
            self._changed.wait_for(self._is_written, _GOODBYE_SECONDS)
        self._shut()
        self._socket.close()

    def _read(self) -> None:
        try:
            while True:
                with self._lock:
                    self._waiting += 1
                self._turn.acquire()
                with self._lock:
                    self._waiting -= 1
                self._answer_calls()
        except (OSError, ProtocolError):  # the client hung up, or broke a protocol; TLS's errors are OSErrors
            pass
        except Exception as error:  # noqa: BLE001 - a client that waits for what nobody reads would wait without end
            _log.error("A connection failed with %s", type(error).__name__)
        self.close()

    def _answer_calls(self) -> None:
        """Read calls and answer them until the watch has passed the turn on. Raises what `_next` raises."""
        while True:
            try:
                request = self._next()
            except BaseException:
                self._turn.release()  # to threads that will find the same
                raise
            self._answered = request
            if not self._awake.is_set():
                self._awake.set()
            self._on_request(self, request)
            with self._lock:
                if self._answered is not request:
                    return
                self._answered = None

    def _next(self) -> Request:
        """Wait for a request. Raises `OSError` or `ProtocolError` if there will be no more."""
        while not self._requests:
            data = self._socket.recv(CHUNK)
            if not data:
                raise ConnectionError("the client hung up")
            self._requests.extend(self._received(data))
        return self._requests.popleft()

    def _watch(self) -> None:
        """Pass the turn on whenever a call has it for longer than a moment."""
        seen, moments = None, 0
        while not self._closed:
            if moments == _MOMENTS_UNTIL_REST:
                moments = 0
                self._awake.clear()
                if self._answered is None and not self._closed:
                    self._awake.wait()
            time.sleep(_MOMENT_SECONDS)
            answered = self._answered
            moments = moments + 1 if answered is None else 0
            if answered is not None and answered is seen:
                self._pass_the_turn_on(answered)
            seen = answered

    def _pass_the_turn_on(self, request: Request) -> None:
        with self._lock:
            if self._answered is not request:  # it has been answered just now
                return
            self._answered = None
            nobody_waits = not self._waiting
        self._turn.release()
        if nobody_waits:
            with suppress(RuntimeError):  # no thread can be started: the next one to finish its call reads on
                threading.Thread(target=self._read, name="call", daemon=True).start()

    def _received(self, data: bytes) -> list[Request]:
        with self._lock:
            try:
                return self._http.receive(self._layer.opened(data))
            finally:
                self._flush()  # what refuses a handshake, or what is not HTTP/2, too

    def _say(self, request: Request, data: bytes, end: Headers) -> None:
        with self._lock, suppress(OSError):  # TLS failed, which the thread that reads notices too
            self._http.say(request.stream, data, end)
            self._flush()

    def _flush(self) -> None:
        self._unwritten += self._layer.sealed(self._http)
        if self._unwritten and not self._writing and _AT_ONCE is not None:
            with suppress(OSError):  # there is no room; or the client hung up, which who writes notices too
                del self._unwritten[: self._socket.send(self._unwritten, _AT_ONCE)]
        if self._unwritten:
            self._to_write.notify()
        self._changed.notify_all()

    def _write(self) -> None:
        with suppress(OSError):  # the client hung up
            while data := self._to_be_written():
                self._socket.sendall(data)
        with self._lock:
            self._unwritten.clear()
            self._writing = False
            self._give_up()
        self._shut()

    def _to_be_written(self) -> bytes:
        """Wait for what is to be written; nothing means that the connection is closed."""
        with self._lock:
            self._writing = False
            self._changed.notify_all()
            self._to_write.wait_for(lambda: self._unwritten or self._closed)
            data = bytes(self._unwritten)
            self._unwritten.clear()
            self._writing = bool(data)
            return data

    def _is_written(self) -> bool:
        return not self._unwritten and not self._writing

    def _give_up(self) -> None:
        self._closed = True
        self._awake.set()
        self._http.forget_streams()
        self._changed.notify_all()
        self._to_write.notify()

    def _shut(self) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)  # closing alone wakes nobody who reads or writes
