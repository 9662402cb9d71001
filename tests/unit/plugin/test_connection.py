from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from terraform_provider_ecgrid.plugin.connection import INTERNAL, Call, Connection

from .http2_client import Http2Client, framed
from .plugin_process import SECONDS


class Ends:
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
def ends(request: pytest.FixtureRequest) -> Iterator[Ends]:
    ends = Ends(request.param)
    yield ends
    ends.connection.close()
    ends.client.socket.close()


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor() as pool:
        yield pool


narrow = pytest.mark.parametrize("ends", [10], indirect=True)


def test_a_call_is_known_by_its_path_and_message(ends: Ends) -> None:
    number = ends.client.call("/a/b", b"message")
    assert ends.next() == Call(number, "/a/b", b"message")


def test_a_message_may_come_in_pieces(ends: Ends) -> None:
    number = ends.client.begin("/path")
    for byte in framed(b"message"):
        ends.client.http.send_data(number, bytes([byte]))
        ends.client.send()
    assert ends.next().message == b"message"


def test_only_the_first_message_counts_and_the_rest_is_not_waited_for(ends: Ends) -> None:
    number = ends.client.begin("/path")
    ends.client.http.send_data(number, framed(b"one") + framed(b"two"))
    ends.client.send()
    call = ends.next()
    assert call.message == b"one"
    ends.connection.answer(call, b"answer")
    data, headers = ends.client.wait(number)
    assert (data, headers["grpc-status"]) == (framed(b"answer"), "0")
    after = ends.client.call("/after")
    assert ends.next() == Call(after, "/after", b"")


def test_a_call_may_end_without_a_message(ends: Ends) -> None:
    number = ends.client.begin("/path")
    ends.client.http.end_stream(number)
    ends.client.send()
    call = ends.next()
    assert call.message is None
    ends.connection.end(call, begun=False)
    data, headers = ends.client.wait(number)
    assert (data, headers["grpc-status"]) == (b"", "0")


def test_a_refusal_is_all_there_is(ends: Ends) -> None:
    number = ends.client.call("/path")
    ends.connection.end(ends.next(), INTERNAL, "ü", begun=False)
    data, headers = ends.client.wait(number)
    assert data == b""
    assert (headers[":status"], headers["content-type"]) == ("200", "application/grpc")
    assert (headers["grpc-status"], headers["grpc-message"]) == ("13", "%C3%BC")


def test_a_cancelled_call_is_not_waited_for(ends: Ends) -> None:
    number = ends.client.call("/path")
    call = ends.next()
    assert ends.connection.waits(call)
    ends.client.http.reset_stream(number)
    ends.client.send()
    assert ends.connection.read() == []
    assert not ends.connection.waits(call)
    assert not ends.connection.message(call, b"x")


def answering(ends: Ends, pool: ThreadPoolExecutor) -> tuple[int, Future[bool]]:
    """Begin an answer that is longer than what the client takes, and give its stream and what came of it."""
    number = ends.client.call("/long")
    call = ends.next()
    ends.connection.begin(call)
    sent = pool.submit(ends.connection.message, call, b"x" * 1000)
    while len(ends.client.received(number)) < 10:
        ends.client.receive()
    return number, sent


@narrow
def test_an_answer_waits_for_room_and_others_pass_it(ends: Ends, pool: ThreadPoolExecutor) -> None:
    number, sent = answering(ends, pool)
    other = ends.client.call("/short", b"")
    ends.connection.end(ends.next(), begun=False)
    ends.client.wait(other)
    assert not sent.done()
    ends.client.http.increment_flow_control_window(10_000, number)
    ends.client.send()
    reader = threading.Thread(target=ends.connection.read)
    reader.start()
    while len(ends.client.received(number)) < 1005:
        ends.client.receive()
    reader.join(SECONDS)
    assert sent.result(SECONDS)
    assert ends.client.received(number) == framed(b"x" * 1000)


@narrow
@pytest.mark.parametrize("how", ["cancels", "hangs up"])
def test_an_answer_does_not_wait_for_a_client_that_is_gone(ends: Ends, pool: ThreadPoolExecutor, how: str) -> None:
    number, sent = answering(ends, pool)
    if how == "cancels":
        ends.client.http.reset_stream(number)
        ends.client.send()
        ends.connection.read()
    else:
        ends.client.socket.close()
        while ends.connection.read() is not None:
            pass
        ends.connection.close()
    assert not sent.result(SECONDS)


def test_an_answer_to_a_client_that_hung_up_is_no_error(ends: Ends) -> None:
    ends.client.call("/path")
    call = ends.next()
    ends.client.socket.close()
    ends.connection.answer(call, b"x" * 100_000)
    assert not ends.connection.waits(call)


def test_the_end_of_a_client_is_the_end_of_reading(ends: Ends) -> None:
    ends.client.socket.close()
    while (calls := ends.connection.read()) is not None:
        assert calls == []
