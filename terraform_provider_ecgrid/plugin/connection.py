"""One client's connection: gRPC's messages over HTTP/2 over TLS.

`h2` knows HTTP/2 (RFC 9113) and `ssl` knows TLS; both work on bytes alone. Here they meet a socket, and gRPC's messages
are found in what arrives and put into what is sent, as grpc's doc/PROTOCOL-HTTP2.md describes it.
"""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from terraform_provider_ecgrid.deferred import deferred

from .wire import Plain, Tls

with deferred("inspect"):  # `dataclasses` loads it for classes without a docstring alone
    from h2.config import H2Configuration
    from h2.connection import H2Connection
    from h2.errors import ErrorCodes
    from h2.events import DataReceived, Event, RequestReceived, StreamEnded, StreamReset
    from h2.exceptions import ProtocolError
    from h2.settings import SettingCodes, Settings

if TYPE_CHECKING:
    from ssl import SSLContext

OK, UNIMPLEMENTED, INTERNAL, UNAVAILABLE = 0, 12, 13, 14
"""gRPC's status codes, as far as they are used here."""

_CHUNK = 1 << 16
# How much a client may send before it is told to go on: as a rule it never has to be.
_WINDOW = 1 << 20
_MOST_STREAMS = 1024  # far above any -parallelism, and StopProvider must find room among all that wait for an API
_PREFIX = 5  # one byte tells whether a message is compressed, four are its length
_PRINTABLE = " !\"#$&'()*+,-./:;<=>?@[\\]^_`{|}~"

_Headers = tuple[tuple[bytes, bytes], ...]
_ANSWER: _Headers = ((b":status", b"200"), (b"content-type", b"application/grpc"))


class Call(NamedTuple):
    """A call that a client made: its stream's number, its path, and its message (`None` where it ended without)."""

    number: int
    path: str
    message: bytes | None


class _Stream:
    """What has come of a call until now."""

    __slots__ = ("ended", "path", "received", "taken")

    def __init__(self, path: str) -> None:
        self.path = path
        self.received = bytearray()
        self.taken = False
        self.ended = False


class Connection:
    """A connected socket on which a client calls. One thread at a time reads, any thread answers.

    `context` is the server's side of TLS; `None` means without.
    """

    def __init__(self, connected: socket.socket, context: SSLContext | None) -> None:
        self._socket = connected
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
            SettingCodes.MAX_CONCURRENT_STREAMS: _MOST_STREAMS,
            SettingCodes.MAX_HEADER_LIST_SIZE: H2Connection.DEFAULT_MAX_HEADER_LIST_SIZE,
            SettingCodes.INITIAL_WINDOW_SIZE: _WINDOW,
        }
        self._http.local_settings = Settings(client=False, initial_values=limits)
        self._http.initiate_connection()
        self._http.increment_flow_control_window(_WINDOW)
        self._streams: dict[int, _Stream] = {}
        self._closed = False
        # Guards all of the above but the reading of the socket, and keeps what is sent in order. Notified after
        # whatever arrives, for a sender that waits for room.
        self._changed = threading.Condition()

    def read(self) -> list[Call] | None:
        """Wait for something to arrive, and return the calls whose messages it completes.

        `None` means that there will be no more: the client hung up, or broke a protocol.
        """
        calls: list[Call] = []
        try:
            data = self._socket.recv(_CHUNK)
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
            self._closed = True
            self._streams.clear()
            self._changed.notify_all()
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)  # else a thread that reads would wait on
            self._socket.close()

    def waits(self, call: Call) -> bool:
        """Tell whether the client still waits for an answer."""
        return call.number in self._streams

    def answer(self, call: Call, message: bytes) -> None:
        """Answer with one message, and be done with the call."""
        self._send(call, _ANSWER, message, _status(OK))

    def begin(self, call: Call) -> None:
        """Begin to answer with any number of messages."""
        self._send(call, _ANSWER, None, ())

    def message(self, call: Call, message: bytes) -> bool:
        """Send one of many messages; tell whether the client still waits."""
        return self._send(call, (), message, ())

    def end(self, call: Call, code: int = OK, detail: str = "", *, begun: bool = True) -> None:
        """Be done with a call, with a status of gRPC's and a sentence that the client shows."""
        self._send(call, () if begun else _ANSWER, None, _status(code, detail))

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
                    stream.taken = True
                    calls.append(Call(event.stream_id, stream.path, None))
        elif isinstance(event, StreamReset):
            self._streams.pop(event.stream_id, None)

    def _complete(self, number: int, stream: _Stream, calls: list[Call]) -> None:
        received = stream.received
        if len(received) < _PREFIX or len(received) < (end := _PREFIX + int.from_bytes(received[1:_PREFIX], "big")):
            return
        stream.taken = True
        stream.received = bytearray()
        call = Call(number, stream.path, bytes(received[_PREFIX:end]))
        if received[0]:
            self.end(call, UNIMPLEMENTED, "Compressed messages are not understood.", begun=False)
        else:
            calls.append(call)

    def _send(self, call: Call, headers: _Headers, message: bytes | None, trailers: _Headers) -> bool:
        with self._changed:
            stream = self._streams.get(call.number)
            if stream is None:
                return False
            try:
                if headers:
                    self._http.send_headers(call.number, headers)
                if message is not None and not self._send_message(call, message):
                    return False
                if trailers:
                    del self._streams[call.number]
                    self._http.send_headers(call.number, trailers, end_stream=True)
                    if not stream.ended:
                        self._http.reset_stream(call.number, ErrorCodes.NO_ERROR)
                self._flush()
            except (OSError, ProtocolError):  # the client hung up; whoever reads will notice
                self._streams.pop(call.number, None)
                return False
        return True

    def _send_message(self, call: Call, message: bytes) -> bool:
        data = b"\0" + len(message).to_bytes(4, "big") + message
        start = 0
        while start < len(data):
            room = min(self._http.local_flow_control_window(call.number), self._http.max_outbound_frame_size)
            if room > 0:
                self._http.send_data(call.number, data[start : start + room])
                start += room
            else:
                self._flush()
                self._changed.wait()
                if not self.waits(call):
                    return False
        return True

    def _flush(self) -> None:
        if not self._closed and (sealed := self._wire.sealed(self._http)):
            self._socket.sendall(sealed)


def _status(code: int, detail: str = "") -> _Headers:
    if code == OK:
        return ((b"grpc-status", b"0"),)
    from urllib.parse import quote  # late: as a rule nothing is refused

    return ((b"grpc-status", str(code).encode()), (b"grpc-message", quote(detail, safe=_PRINTABLE).encode()))
