"""One limit for all of an HTTP attempt: waiting for a connection, making it, TLS, sending, and the whole answer.

httpx limits each of these, and each piece of an answer, by itself, so an answer in small pieces could take any time.
"""

import socket
import ssl
import threading
import time
from collections.abc import Iterable
from typing import Any

from terraform_provider_ecgrid.api._http import CERTIFICATES, httpcore, httpx
from terraform_provider_ecgrid.api._left_out import left_out


class OneLimit(httpx.HTTPTransport):
    """httpx's transport, each request of which ends after so many seconds. Threads may share it.

    Args:
        seconds: the limit of one request.
        verify: for the API's certificate.
        limits: of the pool.
        proxy: None to do without one.
    """

    def __init__(self, seconds: float, *, verify: ssl.SSLContext, limits: httpx.Limits, proxy: httpx.Proxy | None):
        with left_out(CERTIFICATES):
            super().__init__(verify=verify, limits=limits, proxy=proxy)
        self._clock = _Clock(seconds)
        # httpcore lets one choose the backend, httpx does not pass that on.
        self._pool._network_backend = _Backend(self._clock)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request. Its time begins here, and goes on while the same thread reads the answer.

        What goes wrong before the request itself is sent, in a proxy's tunnel too, is an error of connecting.
        """
        self._clock.begin()
        sent = False

        def note(event: str, details: dict[str, Any]) -> None:
            nonlocal sent
            if event == "http11.send_request_headers.started" and details["request"].method != b"CONNECT":
                sent = True

        request.extensions = {**request.extensions, "trace": note}
        try:
            return super().handle_request(request)
        except httpx.TimeoutException as error:
            if sent or isinstance(error, httpx.PoolTimeout):
                raise
            raise httpx.ConnectTimeout("", request=request) from error
        except (httpx.NetworkError, httpx.RemoteProtocolError) as error:
            if sent:
                raise
            raise httpx.ConnectError("", request=request) from error


class _Clock(threading.local):
    """The time of the attempt that this thread makes."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._end = 0.0

    def begin(self) -> None:
        self._end = time.monotonic() + self._seconds

    def left(self, too_late: type[Exception]) -> float:
        """Return the seconds that are left. Raises `too_late` if there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise too_late
        return left


class _Backend(httpcore.NetworkBackend):
    def __init__(self, clock: _Clock) -> None:
        self._backend = httpcore.SyncBackend()
        self._clock = clock

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the clock counts
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        try:
            addresses = [found[4][0] for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        except OSError as error:
            raise httpcore.ConnectError from error
        except UnicodeError as error:  # an empty or overlong label
            raise httpcore.UnsupportedProtocol from error
        # As Go does it: one address that does not answer leaves time for the others.
        for number, address in enumerate(addresses, 1):
            seconds = self._clock.left(httpcore.ConnectTimeout) / (len(addresses) - number + 1)
            try:
                stream = self._backend.connect_tcp(str(address), port, seconds, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if number == len(addresses):
                    raise
            else:
                return _Stream(stream, self._clock)
        raise httpcore.ConnectError


class _Stream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream, clock: _Clock) -> None:
        self._stream = stream
        self._clock = clock

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - the clock counts
        return self._stream.read(max_bytes, self._clock.left(httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002 - the clock counts
        self._stream.write(buffer, self._clock.left(httpcore.WriteTimeout))

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002 - the clock counts
    ) -> httpcore.NetworkStream:
        seconds = self._clock.left(httpcore.ConnectTimeout)
        # No certificate names the dot at the end of a full name.
        name = server_hostname.rstrip(".") if server_hostname else None
        return _Stream(self._stream.start_tls(ssl_context, name, seconds), self._clock)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

    def close(self) -> None:
        self._stream.close()
