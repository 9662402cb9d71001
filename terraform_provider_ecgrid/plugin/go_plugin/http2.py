"""gRPC's messages over HTTP/2, without a socket: bytes in, requests out; answers in, bytes out.

`h2` knows HTTP/2 (RFC 9113). Here gRPC's messages are found in what arrives and put into what is sent (grpc's
doc/PROTOCOL-HTTP2.md, without compression, and without its checks of content types: the one client there is was let in
by its certificate).
"""

from __future__ import annotations

from typing import NamedTuple

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.events import DataReceived, Event, RequestReceived, StreamEnded, StreamReset
from h2.exceptions import ProtocolError
from h2.settings import SettingCodes, Settings

from terraform_provider_ecgrid.plugin.go_plugin.status import INTERNAL, OK, UNIMPLEMENTED

MOST_STREAMS = 1024
"""Calls at a time; far above any -parallelism, and StopProvider must find room among all that wait for an API."""

_WINDOW = 1 << 20  # bytes that a client may send before it is told to go on: as a rule it never has to be
_PREFIX = 5  # bytes before a message: one tells whether it is compressed, four are its length

Headers = tuple[tuple[bytes, bytes], ...]
"""Names and values, as they are sent."""

_HEADERS: Headers = ((b":status", b"200"), (b"content-type", b"application/grpc"))


class Request(NamedTuple):
    """What a client asks for: the number of its stream, the path of the call, and the first message.

    `message` is `None` if the client ended the call without one.
    """

    stream: int
    path: str
    message: bytes | None


class _Stream:
    """What has come and gone of a call."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.received = bytearray()
        self.taken = False  # the request was passed on, or rejected
        self.ended = False  # by the client
        self.begun = False  # the answer's headers are sent
        self.unsent = bytearray()  # what the client has no room for yet
        self.trailers: Headers = ()  # to be sent after it


class Http2:
    """The server's side of one connection. Not for more than one thread at a time."""

    def __init__(self) -> None:
        # What is sent is written here, and of what arrives only the path is read.
        config = H2Configuration(
            client_side=False,
            validate_outbound_headers=False,
            normalize_outbound_headers=False,
            validate_inbound_headers=False,
            normalize_inbound_headers=False,
        )
        self._h2 = H2Connection(config)
        limits = {
            SettingCodes.MAX_CONCURRENT_STREAMS: MOST_STREAMS,
            SettingCodes.MAX_HEADER_LIST_SIZE: H2Connection.DEFAULT_MAX_HEADER_LIST_SIZE,
            SettingCodes.INITIAL_WINDOW_SIZE: _WINDOW,
        }
        self._h2.local_settings = Settings(client=False, initial_values=limits)
        self._h2.initiate_connection()
        self._h2.increment_flow_control_window(_WINDOW)
        self._streams: dict[int, _Stream] = {}

    def receive(self, data: bytes) -> list[Request]:
        """Take what arrived, and return the requests that it completes.

        Raises `h2`'s `ProtocolError` if it is not HTTP/2; `data_to_send` then returns what tells the client so.
        """
        requests: list[Request] = []
        for event in self._h2.receive_data(data):
            self._take(event, requests)
        for number in [number for number, stream in self._streams.items() if stream.unsent]:
            self._advance(number)  # there may be room now
        return requests

    def say(self, number: int, data: bytes, trailers: Headers) -> None:
        """Send framed messages in a stream, and `trailers` to end it, as soon as the client has room for them.

        Does nothing if the stream is gone.
        """
        stream = self._streams.get(number)
        if stream is not None:
            stream.unsent += data
            stream.trailers = trailers
            self._advance(number)

    def data_to_send(self) -> bytes:
        """Return the bytes for the client that were not returned yet."""
        return self._h2.data_to_send()

    def alive(self, number: int) -> bool:
        """Tell whether the client still waits for the end of a stream."""
        return number in self._streams

    def waits_for_room(self, number: int) -> bool:
        """Tell whether the client has no room for all that was said in a stream."""
        stream = self._streams.get(number)
        return stream is not None and bool(stream.unsent)

    def anything_waits_for_room(self) -> bool:
        """Tell whether `waits_for_room` is true of any stream."""
        return any(stream.unsent for stream in self._streams.values())

    def forget_streams(self) -> None:
        """Take every call for given up by the client."""
        self._streams.clear()

    def _take(self, event: Event, requests: list[Request]) -> None:
        if isinstance(event, DataReceived):
            if event.flow_controlled_length:
                self._h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
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
                    self._reject(event.stream_id, stream, INTERNAL, "The call ended before its message was complete.")
                elif not stream.taken:
                    stream.taken = True
                    requests.append(Request(event.stream_id, stream.path, None))
        elif isinstance(event, StreamReset):
            self._streams.pop(event.stream_id, None)

    def _complete(self, number: int, stream: _Stream, requests: list[Request]) -> None:
        received = stream.received
        if received[:1] > b"\0":
            self._reject(number, stream, UNIMPLEMENTED, "Compressed messages are not supported.")
        elif len(received) >= _PREFIX and len(received) >= (end := _PREFIX + int.from_bytes(received[1:_PREFIX])):
            requests.append(Request(number, stream.path, bytes(received[_PREFIX:end])))
            stream.taken = True
            stream.received = bytearray()

    def _reject(self, number: int, stream: _Stream, code: int, text: str) -> None:
        stream.taken = True
        self.say(number, b"", trailers(code, text))

    def _advance(self, number: int) -> None:
        """Put as much of an answer into frames as the client has room for, and what ends the call after the last."""
        stream = self._streams[number]
        try:
            if not stream.begun:
                stream.begun = True
                self._h2.send_headers(number, _HEADERS)
            while stream.unsent and (room := self._room(number)) > 0:
                self._h2.send_data(number, bytes(stream.unsent[:room]))
                del stream.unsent[:room]
            if stream.trailers and not stream.unsent:
                del self._streams[number]
                self._h2.send_headers(number, stream.trailers, end_stream=True)
                if not stream.ended:
                    self._h2.reset_stream(number, ErrorCodes.NO_ERROR)
        except ProtocolError:  # the client said goodbye
            self._streams.pop(number, None)

    def _room(self, number: int) -> int:
        return min(self._h2.local_flow_control_window(number), self._h2.max_outbound_frame_size)


def framed(message: bytes) -> bytes:
    """Put a message into gRPC's form. Raises `OverflowError` if that has no room for it (4 GiB)."""
    return b"\0" + len(message).to_bytes(4) + message


def trailers(code: int, text: str) -> Headers:
    """Write what ends a call: one of `status`'s codes, and a text that the client shows."""
    if code == OK:
        return ((b"grpc-status", b"0"),)
    quoted = "".join(chr(b) if 0x20 <= b <= 0x7E and b != ord("%") else f"%{b:02X}" for b in text.encode())
    return ((b"grpc-status", str(code).encode()), (b"grpc-message", quoted.encode()))
