"""One client's connection: gRPC's messages over HTTP/2 over TLS.

`h2` knows HTTP/2 (RFC 9113) and `ssl` knows TLS; both work on bytes alone. Here they meet a socket, and gRPC's messages
are found in what arrives and put into what is sent (grpc's doc/PROTOCOL-HTTP2.md, without compression, and without its
checks of content types: the one client there is was let in by its certificate).
"""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.events import DataReceived, Event, RequestReceived, StreamEnded, StreamReset
from h2.exceptions import ProtocolError
from h2.settings import SettingCodes, Settings

from terraform_provider_ecgrid.plugin.go_plugin.status import OK
from terraform_provider_ecgrid.plugin.go_plugin.tls import CHUNK, Plain, Tls

if TYPE_CHECKING:
    from ssl import SSLContext

MOST_STREAMS = 1024
"""Calls at a time; far above any -parallelism, and StopProvider must find room among all that wait for an API."""

_WINDOW = 1 << 20  # bytes that a client may send before it is told to go on: as a rule it never has to be
_PREFIX = 5  # bytes before a message: one tells whether it is compressed, four are its length
_AT_ONCE = getattr(socket, "MSG_DONTWAIT", 0)  # Windows has none

_Headers = tuple[tuple[bytes, bytes], ...]
_HEADERS: _Headers = ((b":status", b"200"), (b"content-type", b"application/grpc"))


class Call(NamedTuple):
    """A call that a client made: its stream's identifier, its path, and its message.

    `message` is `None` where the call ended without one, or `compressed` tells that it cannot be read.
    """

    stream: int
    path: str
    message: bytes | None
    compressed: bool = False


class _Stream:
    """What has come and gone of a call."""

    __slots__ = ("begun", "ended", "path", "received", "taken")

    def __init__(self, path: str) -> None:
        self.path = path
        self.received = bytearray()
        self.taken = False  # by `read`
        self.ended = False  # by the client
        self.begun = False  # by an answer


class Connection:
    """A connected socket on which a client calls. One thread at a time reads, any thread answers.

    `context` is the server's side of TLS; `None` means without. Raises `OSError` where the client is gone already.
    """

    def __init__(self, connected: socket.socket, context: SSLContext | None) -> None:
        self._socket = connected
        if connected.family == socket.AF_INET:
            # Else a small piece waits for the acknowledgement of the one before, which the client delays.
            connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._wire: Plain | Tls = Plain() if context is None else Tls(context)
        # What is sent is written here, and of what arrives only the path is read.
        config = H2Configuration(
            client_side=False,
            validate_outbound_headers=False,
            normalize_outbound_headers=False,
            validate_inbound_headers=False,
            normalize_inbound_headers=False,
        )
        self._http = H2Connection(config)
        limits = {
            SettingCodes.MAX_CONCURRENT_STREAMS: MOST_STREAMS,
            SettingCodes.MAX_HEADER_LIST_SIZE: H2Connection.DEFAULT_MAX_HEADER_LIST_SIZE,
            SettingCodes.INITIAL_WINDOW_SIZE: _WINDOW,
        }
        self._http.local_settings = Settings(client=False, initial_values=limits)
        self._http.initiate_connection()
        self._http.increment_flow_control_window(_WINDOW)
        self._streams: dict[int, _Stream] = {}
        # What the socket did not take at once is sent by a thread of its own: while somebody waited here for the client
        # to read, nobody could read what it sends, and it may be waiting for just that.
        self._unsent = bytearray()
        self._draining = False
        # Guards all of the above but the socket, and keeps what is sent in order. Notified after whatever arrives, for
        # an answer that waits for room, and when there is nothing unsent any more.
        self._changed = threading.Condition()

    def read(self) -> list[Call] | None:
        """Wait for something to arrive, and return the calls whose messages it completes.

        `None` means that there will be no more: the client hung up, or broke a protocol.
        """
        calls: list[Call] = []
        try:
            data = self._socket.recv(CHUNK)
            if not data:
                return None
            with self._changed:
                try:
                    for event in self._http.receive_data(self._wire.opened(data)):
                        self._take(event, calls)
                finally:
                    self._flush()  # what refuses a handshake, or what is not HTTP/2, too
                    self._changed.notify_all()
        except (OSError, ProtocolError):  # TLS's are OSErrors
            return None
        return calls

    def close(self) -> None:
        """Hang up. Whoever waits for room to send is told that the client is gone."""
        with self._changed:
            self._streams.clear()
            self._changed.notify_all()
        self._hang_up()
        self._socket.close()

    def alive(self, call: Call) -> bool:
        """Tell whether the client still waits for the end of a call."""
        return call.stream in self._streams

    def answer(self, call: Call, message: bytes) -> None:
        """Answer with one message, and end the call."""
        self._send(call, message, _trailers(OK, ""))

    def send(self, call: Call, message: bytes) -> bool:
        """Send one of many messages; tell whether the client still waits."""
        return self._send(call, message, ())

    def end(self, call: Call, code: int = OK, text: str = "") -> None:
        """End a call with one of `status`'s codes and a text that the client shows."""
        self._send(call, None, _trailers(code, text))

    def _take(self, event: Event, calls: list[Call]) -> None:
        if isinstance(event, DataReceived):
            if event.flow_controlled_length:
                self._http.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
            stream = self._streams.get(event.stream_id)
            if stream is not None and not stream.taken:
                stream.received += event.data
                self._complete(event.stream_id, stream, calls)
        elif isinstance(event, RequestReceived):
            path = next((value for name, value in event.headers if name == b":path"), b"")
            self._streams[event.stream_id] = _Stream(path.decode("latin-1"))
        elif isinstance(event, StreamEnded):
            stream = self._streams.get(event.stream_id)
            if stream is not None:
                stream.ended = True
                if not stream.taken:
                    calls.append(Call(event.stream_id, stream.path, None))
        elif isinstance(event, StreamReset):
            self._streams.pop(event.stream_id, None)

    def _complete(self, number: int, stream: _Stream, calls: list[Call]) -> None:
        received = stream.received
        if len(received) < _PREFIX or len(received) < (end := _PREFIX + int.from_bytes(received[1:_PREFIX], "big")):
            return
        compressed = bool(received[0])
        calls.append(Call(number, stream.path, None if compressed else bytes(received[_PREFIX:end]), compressed))
        stream.taken = True
        stream.received = bytearray()

    def _send(self, call: Call, message: bytes | None, trailers: _Headers) -> bool:
        data = b"" if message is None else b"\0" + len(message).to_bytes(4, "big") + message
        with self._changed:
            stream = self._streams.get(call.stream)
            if stream is None:
                return False
            try:
                if not stream.begun:
                    stream.begun = True
                    self._http.send_headers(call.stream, _HEADERS)
                if not self._send_data(call, data):
                    return False
                if trailers:
                    del self._streams[call.stream]
                    self._http.send_headers(call.stream, trailers, end_stream=True)
                    if not stream.ended:
                        self._http.reset_stream(call.stream, ErrorCodes.NO_ERROR)
                self._flush()
                while self._draining:
                    self._changed.wait()
            except (OSError, ProtocolError):  # the client hung up; whoever reads will notice
                self._streams.pop(call.stream, None)
                return False
        return True

    def _send_data(self, call: Call, data: bytes) -> bool:
        start = 0
        while start < len(data):
            room = min(self._http.local_flow_control_window(call.stream), self._http.max_outbound_frame_size)
            if room > 0:
                self._http.send_data(call.stream, data[start : start + room])
                start += room
            else:
                self._flush()
                self._changed.wait()
                if not self.alive(call):
                    return False
        return True

    def _flush(self) -> None:
        self._unsent += self._wire.sealed(self._http)
        if self._unsent and not self._draining:
            with suppress(BlockingIOError):
                del self._unsent[: self._socket.send(self._unsent, _AT_ONCE)]
            if self._unsent:
                threading.Thread(target=self._drain, name="drain", daemon=True).start()
                self._draining = True

    def _drain(self) -> None:
        while True:
            with self._changed:
                data, self._unsent = self._unsent, bytearray()
                if not data:
                    self._draining = False
                    self._changed.notify_all()
                    return
            try:
                self._socket.sendall(data)
            except OSError:
                self._hang_up()

    def _hang_up(self) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)  # closing alone wakes nobody who reads or writes


def _trailers(code: int, text: str) -> _Headers:
    if code == OK:
        return ((b"grpc-status", b"0"),)
    from urllib.parse import quote  # late: as a rule nothing is refused

    return ((b"grpc-status", str(code).encode()), (b"grpc-message", quote(text, errors="replace").encode()))
