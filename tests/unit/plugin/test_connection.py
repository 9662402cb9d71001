from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from h2.events import ConnectionTerminated, StreamReset
from h2.settings import SettingCodes

from terraform_provider_ecgrid.plugin.go_plugin.connection import Call, Connection
from terraform_provider_ecgrid.plugin.go_plugin.status import INTERNAL

from .http2_client import Http2Client, framed
from .plugin_process import SECONDS


class Pair:
    """Both ends of a connection."""

    def __init__(self, window: int | None) -> None:
        near, far = socket.socketpair()
        self.connection = Connection(near, None)
        self.client = Http2Client(far, window=window)
        self.calls: list[Call] = []

    def next(self) -> Call:
        """Read until there is a call."""
        while not self.calls:
            calls = self.connection.read()
            assert calls is not None, "the client hung up"
            self.calls += calls
        return self.calls.pop(0)


@pytest.fixture(params=[None])
def pair(request: pytest.FixtureRequest) -> Iterator[Pair]:
    pair = Pair(request.param)
    yield pair
    pair.connection.close()
    pair.client.socket.close()


@pytest.fixture
def pool(pair: Pair) -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor() as pool:
        yield pool
        # Or a test that failed would wait for its threads for ever.
        pair.connection.close()
        pair.client.socket.close()


narrow = pytest.mark.parametrize("pair", [10], indirect=True)


def test_a_call_is_known_by_its_path_and_message(pair: Pair) -> None:
    number = pair.client.call("/a/b", b"message")
    assert pair.next() == Call(number, "/a/b", b"message")


def test_a_message_may_come_in_pieces(pair: Pair) -> None:
    number = pair.client.begin("/path")
    for byte in framed(b"message"):
        pair.client.http.send_data(number, bytes([byte]))
        pair.client.send()
    assert pair.next().message == b"message"


def test_only_the_first_message_counts_and_the_rest_is_not_waited_for(pair: Pair) -> None:
    number = pair.client.begin("/path")
    for message in (b"one", b"two"):
        pair.client.http.send_data(number, framed(message))
        pair.client.send()
    call = pair.next()
    assert call.message == b"one"
    pair.connection.answer(call, b"answer")
    data, headers = pair.client.wait(number)
    assert (data, headers["grpc-status"]) == (framed(b"answer"), "0")
    assert [event.error_code for event in pair.client.events if isinstance(event, StreamReset)] == [0]
    after = pair.client.call("/after")
    assert pair.next() == Call(after, "/after", b"")


def test_a_call_may_end_without_a_message(pair: Pair) -> None:
    number = pair.client.begin("/path")
    pair.client.http.end_stream(number)
    pair.client.send()
    call = pair.next()
    assert call.message is None
    pair.connection.end(call)
    data, headers = pair.client.wait(number)
    assert (data, headers["grpc-status"]) == (b"", "0")


def test_a_refusal_is_all_there_is(pair: Pair) -> None:
    number = pair.client.call("/path")
    pair.connection.end(pair.next(), INTERNAL, "ü")
    data, headers = pair.client.wait(number)
    assert data == b""
    assert (headers[":status"], headers["content-type"]) == ("200", "application/grpc")
    assert (headers["grpc-status"], headers["grpc-message"]) == ("13", "%C3%BC")


def test_a_cancelled_call_is_not_waited_for(pair: Pair) -> None:
    number = pair.client.call("/path")
    call = pair.next()
    assert pair.connection.alive(call)
    pair.client.http.reset_stream(number)
    pair.client.send()
    assert pair.connection.read() == []
    assert not pair.connection.alive(call)
    assert not pair.connection.send(call, b"x")


def answering(pair: Pair, pool: ThreadPoolExecutor) -> tuple[int, Future[bool]]:
    """Begin an answer that is longer than what the client takes, and give its stream and what came of it."""
    number = pair.client.call("/long")
    call = pair.next()
    sent = pool.submit(pair.connection.send, call, b"x" * 1000)
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
    reader = threading.Thread(target=pair.connection.read)
    reader.start()
    while len(pair.client.received(number)) < 1005:
        pair.client.receive()
    reader.join(SECONDS)
    assert sent.result(SECONDS)
    assert pair.client.received(number) == framed(b"x" * 1000)


@narrow
@pytest.mark.parametrize("how", ["cancels", "hangs up", "is hung up on"])
def test_an_answer_does_not_wait_for_a_client_that_is_gone(pair: Pair, pool: ThreadPoolExecutor, how: str) -> None:
    number, sent = answering(pair, pool)
    if how == "cancels":
        pair.client.http.reset_stream(number)
        pair.client.send()
        pair.connection.read()
    else:
        if how == "hangs up":
            pair.client.socket.close()
            while pair.connection.read() is not None:
                pass
        pair.connection.close()
    assert not sent.result(SECONDS)


def test_an_answer_to_a_client_that_hung_up_is_no_error(pair: Pair) -> None:
    pair.client.call("/path")
    call = pair.next()
    pair.client.socket.close()
    pair.connection.answer(call, b"x" * 100_000)
    assert not pair.connection.alive(call)


def test_the_end_of_a_client_is_the_end_of_reading(pair: Pair) -> None:
    pair.client.socket.close()
    while (calls := pair.connection.read()) is not None:
        assert calls == []


def test_a_client_may_send_a_lot_before_it_is_told_to_go_on(pair: Pair) -> None:
    pair.client.call("/path")
    pair.next()
    pair.client.receive()
    assert pair.client.http.remote_settings[SettingCodes.INITIAL_WINDOW_SIZE] >= 1 << 20
    assert pair.client.http.outbound_flow_control_window >= 1 << 20
    assert pair.client.http.remote_settings[SettingCodes.MAX_CONCURRENT_STREAMS] >= 1000


def test_a_client_that_breaks_the_protocol_is_told_and_given_up(pair: Pair, pool: ThreadPoolExecutor) -> None:
    pair.client.call("/path")
    call = pair.next()
    pair.client.socket.sendall(bytes(9))  # data of no stream
    assert pair.connection.read() is None
    pair.connection.close()
    while pair.client.receive():
        pass
    assert any(isinstance(event, ConnectionTerminated) for event in pair.client.events)
    assert not pair.connection.send(call, b"x")


def test_a_call_after_which_the_client_said_goodbye_has_no_answer_and_no_error(pair: Pair) -> None:
    pair.client.call("/path")
    call = pair.next()
    pair.client.http.close_connection()
    pair.client.send()
    assert pair.connection.read() == []
    pair.connection.answer(call, b"x")
    assert not pair.connection.alive(call)


def test_a_compressed_message_is_said_to_be_one(pair: Pair) -> None:
    number = pair.client.begin("/path")
    pair.client.http.send_data(number, b"\1" + framed(b"message")[1:], end_stream=True)
    pair.client.send()
    assert pair.next() == Call(number, "/path", None, compressed=True)


def large_answer(pair: Pair, pool: ThreadPoolExecutor) -> tuple[int, int, Future[bool]]:
    """Begin an answer for which there is more room with the client than in any socket, and give its stream, its size
    and what came of it.
    """
    size = 5_000_000
    pair.client.http.increment_flow_control_window(1 << 28)
    pair.client.http.update_settings({SettingCodes.INITIAL_WINDOW_SIZE: 1 << 28})
    number = pair.client.call("/large")
    return number, size, pool.submit(pair.connection.send, pair.next(), b"x" * size)


def test_what_a_client_does_not_take_keeps_nobody_from_reading(pair: Pair, pool: ThreadPoolExecutor) -> None:
    """A client may stop to read until what it sends is read."""
    number, size, sent = large_answer(pair, pool)
    other = pool.submit(pair.next)
    for _ in range(100):  # whose acknowledgements find no room either
        pair.client.http.ping(bytes(8))
        pair.client.send()
    last = pair.client.call("/last")
    assert other.result(SECONDS).stream == last
    assert not sent.done()
    while len(pair.client.received(number)) < size + 5:
        pair.client.receive()
    assert sent.result(SECONDS)


def test_what_is_left_for_a_client_that_hung_up_is_not_waited_for(pair: Pair, pool: ThreadPoolExecutor) -> None:
    number, _, sent = large_answer(pair, pool)
    while not pair.client.received(number):
        pair.client.receive()
    pair.client.socket.close()
    sent.result(SECONDS)


def test_small_pieces_do_not_wait_for_one_another_over_tcp() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        accepted, _ = server.accept()
        connection = Connection(accepted, None)
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        connection.close()
