from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from queue import Empty, SimpleQueue

import pytest
from h2.events import ConnectionTerminated, StreamReset
from h2.settings import SettingCodes

from terraform_provider_ecgrid.plugin.go_plugin import connection as module
from terraform_provider_ecgrid.plugin.go_plugin.connection import Connection
from terraform_provider_ecgrid.plugin.go_plugin.http2 import Request
from terraform_provider_ecgrid.plugin.go_plugin.status import INTERNAL

from .http2_client import Http2Client, framed
from .plugin_process import SECONDS, wait_until

SECRET = "s3cret-in-an-exception"


class Pair:
    """Both ends of a connection."""

    def __init__(self, window: int | None) -> None:
        near, far = socket.socketpair()
        self.requests: SimpleQueue[Request] = SimpleQueue()
        self.connection = Connection(near, None, lambda _connection, request: self.requests.put(request))
        self.connection.start()
        self.client = Http2Client(far, window=window)

    def next(self) -> Request:
        """Wait for a request."""
        return self.requests.get(timeout=SECONDS)

    def read_to_the_end(self) -> None:
        """Let the client read until it is hung up on."""
        with suppress(ConnectionResetError):  # something that it said was not read any more
            while self.client.receive():
                pass

    def ended(self) -> None:
        """Wait until the connection is."""
        wait_until(lambda: self.connection.closed)


@pytest.fixture(params=[None])
def pair(request: pytest.FixtureRequest) -> Iterator[Pair]:
    pair = Pair(request.param)
    yield pair
    pair.client.socket.close()
    pair.connection.close()


@pytest.fixture
def pool(pair: Pair) -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor() as pool:
        yield pool
        # Or a test that failed would wait for its threads for ever.
        pair.client.socket.close()
        pair.connection.close()


narrow = pytest.mark.parametrize("pair", [10], indirect=True)


def test_a_request_is_known_by_its_path_and_message(pair: Pair) -> None:
    number = pair.client.call("/a/b", b"message")
    assert pair.next() == Request(number, "/a/b", b"message")


def test_a_message_may_come_in_pieces(pair: Pair) -> None:
    number = pair.client.begin("/path")
    for byte in (b"", *(bytes([byte]) for byte in framed(b"message"))):
        pair.client.http.send_data(number, byte)
        pair.client.send()
    assert pair.next().message == b"message"


def test_only_the_first_message_counts_and_the_rest_is_not_waited_for(pair: Pair) -> None:
    number = pair.client.begin("/path")
    for message in (b"one", b"two"):
        pair.client.http.send_data(number, framed(message))
        pair.client.send()
    request = pair.next()
    assert request.message == b"one"
    pair.connection.answer(request, b"answer")
    data, headers = pair.client.wait(number)
    assert (data, headers["grpc-status"]) == (framed(b"answer"), "0")
    assert [event.error_code for event in pair.client.events if isinstance(event, StreamReset)] == [0]
    after = pair.client.call("/after")
    assert pair.next() == Request(after, "/after", b"")


def test_a_call_may_end_without_a_message(pair: Pair) -> None:
    number = pair.client.begin("/path")
    pair.client.http.end_stream(number)
    pair.client.send()
    request = pair.next()
    assert request.message is None
    pair.connection.end(request)
    data, headers = pair.client.wait(number)
    assert (data, headers["grpc-status"]) == (b"", "0")


@pytest.mark.parametrize("half", [b"\0", framed(b"message")[:-1]], ids=["prefix", "message"])
def test_half_a_message_is_refused(pair: Pair, half: bytes) -> None:
    number = pair.client.begin("/path")
    pair.client.http.send_data(number, half, end_stream=True)
    pair.client.send()
    data, headers = pair.client.wait(number)
    assert (data, headers["grpc-status"]) == (b"", "13")
    with pytest.raises(Empty):
        pair.requests.get_nowait()


def test_a_refusal_is_all_there_is(pair: Pair) -> None:
    number = pair.client.call("/path")
    pair.connection.end(pair.next(), INTERNAL, "ü")
    data, headers = pair.client.wait(number)
    assert data == b""
    assert (headers[":status"], headers["content-type"]) == ("200", "application/grpc")
    assert (headers["grpc-status"], headers["grpc-message"]) == ("13", "%C3%BC")


def test_a_cancelled_call_is_not_waited_for(pair: Pair) -> None:
    number = pair.client.call("/path")
    request = pair.next()
    assert pair.connection.alive(request)
    pair.client.http.reset_stream(number)
    pair.client.send()
    wait_until(lambda: not pair.connection.alive(request))
    assert not pair.connection.send(request, b"x")


def answering(pair: Pair, pool: ThreadPoolExecutor) -> tuple[int, Future[bool]]:
    """Begin an answer that is longer than what the client takes, and give its stream and what came of it."""
    number = pair.client.call("/long")
    sent = pool.submit(pair.connection.send, pair.next(), b"x" * 1000)
    while len(pair.client.received(number)) < 10:
        pair.client.receive()
    return number, sent


@narrow
def test_an_answer_waits_for_room_and_others_pass_it(pair: Pair, pool: ThreadPoolExecutor) -> None:
    number, sent = answering(pair, pool)
    other = pair.client.call("/short")
    pair.connection.end(pair.next())
    pair.client.wait(other)
    assert not sent.done()
    pair.client.http.increment_flow_control_window(10_000, number)
    pair.client.send()
    while len(pair.client.received(number)) < 1005:
        pair.client.receive()
    assert sent.result(SECONDS)
    assert pair.client.received(number) == framed(b"x" * 1000)


@narrow
def test_who_gives_the_only_answer_of_a_call_does_not_wait_for_room(pair: Pair) -> None:
    number = pair.client.call("/long")
    request = pair.next()
    pair.connection.answer(request, b"x" * 1000)
    assert pair.connection.alive(request)
    pair.client.http.increment_flow_control_window(10_000, number)
    pair.client.send()
    data, headers = pair.client.wait(number)
    assert (data, headers["grpc-status"]) == (framed(b"x" * 1000), "0")


@narrow
@pytest.mark.parametrize("how", ["cancels", "hangs up", "is hung up on"])
def test_an_answer_does_not_wait_for_a_client_that_is_gone(pair: Pair, pool: ThreadPoolExecutor, how: str) -> None:
    number, sent = answering(pair, pool)
    if how == "cancels":
        pair.client.http.reset_stream(number)
        pair.client.send()
    elif how == "hangs up":
        pair.client.socket.close()
    else:
        pair.connection.close()
    assert not sent.result(SECONDS)


def test_an_answer_to_a_client_that_hung_up_is_no_error(pair: Pair) -> None:
    pair.client.call("/path")
    request = pair.next()
    pair.client.socket.close()
    pair.connection.answer(request, b"x" * 100_000)
    pair.ended()
    assert not pair.connection.alive(request)


def test_a_client_may_send_a_lot_before_it_is_told_to_go_on(pair: Pair) -> None:
    pair.client.call("/path")
    pair.next()
    pair.client.receive()
    assert pair.client.http.remote_settings[SettingCodes.INITIAL_WINDOW_SIZE] >= 1 << 20
    assert pair.client.http.outbound_flow_control_window >= 1 << 20
    assert pair.client.http.remote_settings[SettingCodes.MAX_CONCURRENT_STREAMS] >= 1000


def test_a_client_that_breaks_the_protocol_is_told_and_given_up(pair: Pair, caplog: pytest.LogCaptureFixture) -> None:
    pair.client.call("/path")
    request = pair.next()
    pair.client.socket.sendall(bytes(9))  # data of no stream
    pair.read_to_the_end()
    assert any(isinstance(event, ConnectionTerminated) for event in pair.client.events)
    assert caplog.records == [], "it is not this process that failed"
    assert not pair.connection.send(request, b"x")


def test_a_call_after_which_the_client_said_goodbye_has_no_answer_and_no_error(pair: Pair) -> None:
    pair.client.call("/path")
    request = pair.next()
    pair.client.http.close_connection()
    pair.client.send()
    wait_until(lambda: not pair.connection.send(request, b"x"))
    assert not pair.connection.alive(request)


def test_a_connection_that_fails_is_closed_and_its_error_told_without_its_text(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(_connection: Connection, _request: Request) -> None:
        raise LookupError(SECRET)

    near, far = socket.socketpair()
    with caplog.at_level(logging.ERROR), far:
        connection = Connection(near, None, fail)
        connection.start()
        Http2Client(far).call("/path")
        wait_until(lambda: connection.closed)
    assert [record.getMessage() for record in caplog.records] == ["A connection failed with LookupError"]
    assert SECRET not in caplog.text


def test_without_a_thread_a_connection_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    class Thread(threading.Thread):
        def start(self) -> None:
            raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading, "Thread", Thread)
    near, far = socket.socketpair()
    with far, pytest.raises(RuntimeError):
        Connection(near, None, lambda _connection, _request: None).start()
    assert near.fileno() == -1


def large_answer(pair: Pair) -> tuple[int, int]:
    """Give an answer for which there is more room with the client than in any socket; its stream and its size."""
    size = 5_000_000
    pair.client.http.increment_flow_control_window(1 << 28)
    pair.client.http.update_settings({SettingCodes.INITIAL_WINDOW_SIZE: 1 << 28})
    number = pair.client.call("/large")
    pair.connection.answer(pair.next(), b"x" * size)
    return number, size


def test_what_a_client_does_not_take_keeps_nobody_from_reading(pair: Pair) -> None:
    """A client may stop to read until what it sends is read."""
    number, size = large_answer(pair)
    for _ in range(100):  # whose acknowledgements find no room either
        pair.client.http.ping(bytes(8))
        pair.client.send()
    last = pair.client.call("/last")
    assert pair.next().stream == last
    assert len(pair.client.wait(number)[0]) == size + 5


def test_what_is_left_for_a_client_that_hung_up_is_not_waited_for(pair: Pair) -> None:
    number, _ = large_answer(pair)
    while not pair.client.received(number):
        pair.client.receive()
    pair.client.socket.close()
    pair.connection.wait_until_written(SECONDS)
    pair.ended()


def test_a_client_that_does_not_read_keeps_no_connection_open(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_GOODBYE_SECONDS", 0.01)
    large_answer(pair)
    pair.connection.close()
    pair.read_to_the_end()


def test_small_pieces_do_not_wait_for_one_another_over_tcp() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        accepted, _ = server.accept()
        connection = Connection(accepted, None, lambda _connection, _request: None)
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        connection.close()
