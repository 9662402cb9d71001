"""A client that can do what gRPC's own never does, to see what the plugin's server makes of it."""

from __future__ import annotations

import socket
from contextlib import suppress

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import DataReceived, Event, ResponseReceived, StreamEnded, StreamReset, TrailersReceived
from h2.settings import SettingCodes

from .plugin_process import SECONDS


def framed(message: bytes) -> bytes:
    """A message as gRPC puts it into a stream."""
    return b"\0" + len(message).to_bytes(4, "big") + message


class Http2Client:
    """Speaks HTTP/2 on a connected socket. `window` is how much it takes of a stream before it is asked again."""

    def __init__(self, connected: socket.socket, *, window: int | None = None) -> None:
        connected.settimeout(SECONDS)
        self.socket = connected
        self.http = H2Connection(H2Configuration(client_side=True, header_encoding="utf-8"))
        self.events: list[Event] = []
        self.http.initiate_connection()
        if window is not None:
            self.http.update_settings({SettingCodes.INITIAL_WINDOW_SIZE: window})
        self.send()

    def send(self) -> None:
        self.socket.sendall(self.http.data_to_send())

    def begin(self, path: str) -> int:
        """Begin a call and give its stream's number."""
        number = self.http.get_next_available_stream_id()
        headers = [(":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "localhost")]
        self.http.send_headers(number, [*headers, ("te", "trailers"), ("content-type", "application/grpc")])
        self.send()
        return number

    def call(self, path: str, message: bytes = b"") -> int:
        """Make a call and give its stream's number."""
        number = self.begin(path)
        self.http.send_data(number, framed(message), end_stream=True)
        self.send()
        return number

    def receive(self) -> bool:
        """Wait for something to arrive; tell whether the server is still there."""
        data = self.socket.recv(65536)
        self.events += self.http.receive_data(data)
        with suppress(ConnectionError):  # nobody needs the answer of somebody who hung up
            self.send()
        return bool(data)

    def received(self, number: int) -> bytes:
        """What has arrived as data of a stream."""
        return b"".join(
            event.data or b"" for event in self.events if isinstance(event, DataReceived) and event.stream_id == number
        )

    def wait(self, number: int) -> tuple[bytes, dict[str, str]]:
        """Wait for the end of an answer, and give its data and trailers; those of a reset stream are empty."""
        while not any(isinstance(e, StreamEnded | StreamReset) and e.stream_id == number for e in self.events):
            assert self.receive(), "the server hung up"
        headers: dict[str, str] = {}
        for event in self.events:
            if isinstance(event, ResponseReceived | TrailersReceived) and event.stream_id == number:
                headers |= {str(name): str(value) for name, value in event.headers or ()}
        return self.received(number), headers
