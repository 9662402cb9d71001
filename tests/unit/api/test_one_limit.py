"""One limit for all of an attempt. Each of these answers would be whole in the end, so only the limit ends the call."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import httpcore
import pytest

from terraform_provider_ecgrid.api import _connection, errors
from tests.unit.api.support import RECORD, UPDATE, client_of, http, serving

WHOLE = http(RECORD)
FAILED = http(None, status="500 Internal Server Error")


def dripping(answer: bytes, at_once: int) -> Callable[[str, socket.socket], None]:
    """Send so many bytes at once, and the rest one by one, each well within the limit."""

    def drip(head: str, connection: socket.socket) -> None:
        with suppress(OSError):
            connection.sendall(answer[:at_once])
            for byte in answer[at_once:]:
                time.sleep(0.02)
                connection.sendall(bytes((byte,)))

    return drip


@pytest.mark.parametrize(
    ("answer", "at_once"),
    [
        (WHOLE, 0),
        (WHOLE, WHOLE.index(b"\r\n\r\n") + 4),
        (FAILED, FAILED.index(b"\r\n\r\n") + 4 - 40),
    ],
    ids=["from its first byte", "its body", "an error's body"],
)
def test_an_answer_that_drips_ends_with_the_limit(answer: bytes, at_once: int) -> None:
    with serving(dripping(answer, at_once)) as port:
        client = client_of(base_url=f"http://127.0.0.1:{port}", request_timeout=0.5, max_retries=0)
        with pytest.raises(errors.NoAnswer, match=r"no complete answer came within 0.5 seconds\."):
            client.update(UPDATE)
        client.close()


def test_an_answer_without_end_ends_with_the_limit() -> None:
    enough = threading.Event()

    def flood(head: str, connection: socket.socket) -> None:
        piece = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
        with suppress(OSError):
            connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            for _ in range(400):
                connection.sendall(piece)
                enough.wait(0.01)
            connection.sendall(b"0\r\n\r\n")

    with serving(flood) as port:
        client = client_of(base_url=f"http://127.0.0.1:{port}", request_timeout=0.5, max_retries=0)
        with pytest.raises(errors.NoAnswer):
            client.update(UPDATE)
        enough.set()
        client.close()


def test_tls_that_is_never_agreed_on_ends_with_the_limit_and_sends_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(errors.NotConnected, match=r"nothing answered within 0.2 seconds"):
            client_of(base_url=f"https://127.0.0.1:{port}", request_timeout=0.2, max_retries=0).delete(7001)


def test_waiting_for_a_connection_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_connection, "MOST_CONNECTIONS", 1)
    begun = threading.Event()

    def begin(head: str, connection: socket.socket) -> None:
        with suppress(OSError):
            connection.sendall(WHOLE[:-1])
            begun.wait(10)

    with serving(begin) as port, ThreadPoolExecutor(1) as thread:
        client = client_of(base_url=f"http://127.0.0.1:{port}", request_timeout=0.5, max_retries=0)
        with client._http.stream("GET", "/the-only-connection"):
            waiting = thread.submit(client.update, UPDATE)
            try:
                with pytest.raises(errors.NotConnected, match=r"nothing answered within 0.5 seconds"):
                    waiting.result(timeout=10)
            finally:
                begun.set()
        client.close()


def test_an_address_that_does_not_answer_leaves_time_for_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    look_up, connect = socket.getaddrinfo, httpcore.SyncBackend.connect_tcp

    def two_addresses(host: str, port: int, *args: Any, **named: Any) -> list[Any]:
        hosts = ("192.0.2.1", "127.0.0.1") if host == "ecgrid.invalid" else (host,)
        return [found for one in hosts for found in look_up(one, port, *args, **named)]

    def first_is_deaf(self: httpcore.SyncBackend, host: str, port: int, timeout: float, *more: Any) -> Any:
        if host == "192.0.2.1":
            time.sleep(timeout)
            raise httpcore.ConnectTimeout
        return connect(self, host, port, timeout, *more)

    monkeypatch.setattr(socket, "getaddrinfo", two_addresses)
    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", first_is_deaf)
    with serving(lambda _, connection: connection.sendall(WHOLE)) as port:
        client = client_of(base_url=f"http://ecgrid.invalid:{port}", request_timeout=1.0, max_retries=0)
        assert client.update(UPDATE) is not None
        client.close()
