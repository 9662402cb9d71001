"""One client's connection: gRPC's messages over HTTP/2 over TLS.

`h2` knows HTTP/2 (RFC 9113) and `ssl` knows TLS; both work on bytes alone. Here they meet a socket, and gRPC's messages
are found in what arrives and put into what is sent (grpc's doc/PROTOCOL-HTTP2.md, without compression, and without its
checks of content types: the one client there is was let in by its certificate).

One thread reads and one thread writes. Neither of them computes an answer, and nobody who answers waits for the socket.
So a client may stop reading until its own calls are read, or for good, and holds up nothing but its own answers.
"""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.events import DataReceived, Event, RequestReceived, StreamEnded, StreamReset
from h2.exceptions import ProtocolError
from h2.settings import SettingCodes, Settings

from terraform_provider_ecgrid.plugin.go_plugin.status import INTERNAL, OK, UNIMPLEMENTED
from terraform_provider_ecgrid.plugin.go_plugin.tls import CHUNK, Plain, Tls

if TYPE_CHECKING:
    from ssl import SSLContext

MOST_STREAMS = 1024
"""Calls at a time; far above any -parallelism, and StopProvider must find room among all that wait for an API."""

_WINDOW = 1 << 20  # bytes that a client may send before it is told to go on: as a rule it never has to be
_PREFIX = 5  # bytes before a message: one tells whether it is compressed, four are its length
_GOODBYE_SECONDS = 1.0  # for a client to take what was still to be said

_Headers = tuple[tuple[bytes, bytes], ...]
_HEADERS: _Headers = ((b":status", b"200"), (b"content-type", b"application/grpc"))

_log = logging.getLogger(__name__)


class Request(NamedTuple):
    """What a client asks for: the number of its stream, the path of the call, and the first message.

    `message` is `None` if the client ended the call without one.
    """

    stream: int
    path: str
    message: bytes | None


class _Stream:
    """What has come and gone of a call."""

    __slots__ = ("begun", "ended", "path", "received", "taken", "trailers", "unsent")

    def __init__(self, path: str) -> None:
        self.path = path
        self.received = bytearray()
        self.taken = False  # the request was passed on, or refused
        self.ended = False  # by the client
        self.begun = False  # the answer's headers are sent
        self.unsent = bytearray()  # what the client has no room for yet
        self.trailers: _Headers = ()  # to be sent after it


class Connection:
    """A connected socket on which a client calls. Threads may share it.

    `context` is the server's side of TLS; `None` means without. `on_request` is called with each request, by the thread
    that reads, so it must not wait. Raises `OSError` if the client is gone already.
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
        self._http = _http()
        self._streams: dict[int, _Stream] = {}
        self._unwritten = bytearray()
        self._writing = False
        self._closed = False
        # Guards all of the above but the socket.
        self._lock = threading.Lock()
        self._to_write = threading.Condition(self._lock)
        self._changed = threading.Condition(self._lock)

    def start(self) -> None:
        """Begin to read and to write. Raises `RuntimeError` if the system has no thread for it."""
        try:
            for work in (self._write, self._read):
                threading.Thread(target=work, name=f"connection{work.__name__}", daemon=True).start()
        except RuntimeError:
            self.close()
            raise

    @property
    def closed(self) -> bool:
        """Whether the client is gone, or was hung up on."""
        return self._closed

    def alive(self, request: Request) -> bool:
        """Tell whether the client still waits for the end of a call."""
        return request.stream in self._streams

    def answer(self, request: Request, message: bytes) -> None:
        """Answer with one message, and end the call. Raises `OverflowError` if the message is too large for gRPC."""
        self._say(request.stream, _framed(message), _trailers(OK, ""))

    def send(self, request: Request, message: bytes) -> bool:
        """Send one of many messages, wait until the client has room for it, and tell whether it still waits for more.

        Raises `OverflowError` if the message is too large for gRPC.
        """
        data = _framed(message)
        self._say(request.stream, data, ())
        with self._lock:
            while (stream := self._streams.get(request.stream)) is not None and stream.unsent:
                self._changed.wait()
            return stream is not None

    def end(self, request: Request, code: int = OK, text: str = "") -> None:
        """End a call with one of `status`'s codes and a text that the client shows."""
        self._say(request.stream, b"", _trailers(code, text))

    def wait_until_written(self, seconds: float) -> None:
        """Wait at most `seconds` until all that was said is on its way to the client."""
        with self._lock:
            self._changed.wait_for(
                lambda: self._is_written() and not any(stream.unsent for stream in self._streams.values()), seconds
            )

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
            while data := self._socket.recv(CHUNK):
                for request in self._arrived(data):
                    self._on_request(self, request)
        except (OSError, ProtocolError):  # the client hung up, or broke a protocol; TLS's errors are OSErrors
            pass
        except Exception as error:  # noqa: BLE001 - a client that waits for what nobody reads would wait for ever
            _log.error("A connection failed with %s", type(error).__name__)
        self.close()

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

    def _arrived(self, data: bytes) -> list[Request]:
        """Take what arrived, and return the requests that it completes."""
        requests: list[Request] = []
        with self._lock:
            try:
                for event in self._http.receive_data(self._layer.opened(data)):
                    self._take(event, requests)
                for number in [number for number, stream in self._streams.items() if stream.unsent]:
                    self._advance(number)
            finally:
                self._flush()  # what refuses a handshake, or what is not HTTP/2, too
        return requests

    def _take(self, event: Event, requests: list[Request]) -> None:
        if isinstance(event, DataReceived):
            if event.flow_controlled_length:
                self._http.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
            stream = self._streams.get(event.stream_id)
            if stream is not None and not stream.taken:
                stream.received += event.data
                self._complete(event.stream_id, stream, requests)
        elif isinstance(event, RequestReceived):
            path = next((value for name, value in event.headers if name == b":path"), b"")
            self._streams[event.stream_id] = _Stream(path.decode("latin-1"))
        elif isinstance(event, StreamEnded):
            stream = self._streams.get(event.stream_id)
            if stream is not None:
                stream.ended = True
                if stream.received:
                    self._refuse(event.stream_id, stream, INTERNAL, "The call ended within its message.")
                elif not stream.taken:
                    stream.taken = True
                    requests.append(Request(event.stream_id, stream.path, None))
        elif isinstance(event, StreamReset):
            self._streams.pop(event.stream_id, None)

    def _complete(self, number: int, stream: _Stream, requests: list[Request]) -> None:
        received = stream.received
        if received[:1] > b"\0":
            self._refuse(number, stream, UNIMPLEMENTED, "Compressed messages are not understood.")
        elif len(received) >= _PREFIX and len(received) >= (end := _PREFIX + int.from_bytes(received[1:_PREFIX])):
            requests.append(Request(number, stream.path, bytes(received[_PREFIX:end])))
            stream.taken = True
            stream.received = bytearray()

    def _refuse(self, number: int, stream: _Stream, code: int, text: str) -> None:
        stream.taken = True
        stream.trailers = _trailers(code, text)
        self._advance(number)

    def _say(self, number: int, data: bytes, trailers: _Headers) -> None:
        with self._lock:
            stream = self._streams.get(number)
            if stream is not None:
                stream.unsent += data
                stream.trailers = trailers
                self._advance(number)
                self._flush()

    def _advance(self, number: int) -> None:
        """Put as much of an answer into frames as the client has room for, and what ends the call after the last."""
        stream = self._streams[number]
        try:
            if not stream.begun:
                stream.begun = True
                self._http.send_headers(number, _HEADERS)
            while stream.unsent and (room := self._room(number)) > 0:
                self._http.send_data(number, bytes(stream.unsent[:room]))
                del stream.unsent[:room]
            if stream.trailers and not stream.unsent:
                del self._streams[number]
                self._http.send_headers(number, stream.trailers, end_stream=True)
                if not stream.ended:
                    self._http.reset_stream(number, ErrorCodes.NO_ERROR)
        except ProtocolError:  # the client said goodbye
            self._streams.pop(number, None)

    def _room(self, number: int) -> int:
        return min(self._http.local_flow_control_window(number), self._http.max_outbound_frame_size)

    def _flush(self) -> None:
        self._unwritten += self._layer.sealed(self._http)
        if self._unwritten:
            self._to_write.notify()
        self._changed.notify_all()

    def _is_written(self) -> bool:
        return not self._unwritten and not self._writing

    def _give_up(self) -> None:
        self._closed = True
        self._streams.clear()
        self._changed.notify_all()
        self._to_write.notify()

    def _shut(self) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)  # closing alone wakes nobody who reads or writes


def _http() -> H2Connection:
    """Make HTTP/2's side of a server, with its first words."""
    # What is sent is written here, and of what arrives only the path is read.
    config = H2Configuration(
        client_side=False,
        validate_outbound_headers=False,
        normalize_outbound_headers=False,
        validate_inbound_headers=False,
        normalize_inbound_headers=False,
    )
    http = H2Connection(config)
    limits = {
        SettingCodes.MAX_CONCURRENT_STREAMS: MOST_STREAMS,
        SettingCodes.MAX_HEADER_LIST_SIZE: H2Connection.DEFAULT_MAX_HEADER_LIST_SIZE,
        SettingCodes.INITIAL_WINDOW_SIZE: _WINDOW,
    }
    http.local_settings = Settings(client=False, initial_values=limits)
    http.initiate_connection()
    http.increment_flow_control_window(_WINDOW)
    return http


def _framed(message: bytes) -> bytes:
    return b"\0" + len(message).to_bytes(4, "big") + message


def _trailers(code: int, text: str) -> _Headers:
    if code == OK:
        return ((b"grpc-status", b"0"),)
    quoted = "".join(chr(b) if b" " <= bytes((b,)) <= b"~" and b != ord("%") else f"%{b:02X}" for b in text.encode())
    return ((b"grpc-status", str(code).encode()), (b"grpc-message", quoted.encode()))
