from __future__ import annotations

import logging
import socket
import threading
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest

from terraform_provider_ecgrid.plugin.go_plugin import server as grpc_server
from terraform_provider_ecgrid.plugin.go_plugin.connection import Connection
from terraform_provider_ecgrid.plugin.go_plugin.listener import Endpoint, listen
from terraform_provider_ecgrid.plugin.go_plugin.server import Server
from terraform_provider_ecgrid.plugin.go_plugin.status import UNIMPLEMENTED, StatusError

from .http2_client import Http2Client, framed
from .plugin_process import SECONDS, wait_until

Handler = Callable[[bytes, Callable[[], bool]], bytes | Iterator[bytes]]
SECRET = "s3cret-in-an-exception"


class Served:
    """A server in this process whose handlers a test may add to, and a client of gRPC's. It is its own responder."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self.handlers: dict[str, Handler] = {"/echo": lambda message, _alive: message}
        self.stopped = threading.Event()
        self.server = Server(endpoint, None, lambda: self)
        self.server.start()
        self.channel: Any = grpc.insecure_channel(
            f"unix:{endpoint.address}", options=[("grpc.max_receive_message_length", -1)]
        )

    def respond(self, path: str, message: bytes | None, alive: Callable[[], bool]) -> bytes | Iterator[bytes]:
        return self.handlers[path](message or b"", alive)

    def ask_to_finish(self) -> None:
        self.stopped.set()

    def future(self, path: str, message: bytes = b"", **options: Any) -> Any:
        return self.channel.unary_unary(path).future(message, timeout=SECONDS, wait_for_ready=True, **options)

    def call(self, path: str, message: bytes = b"", **options: Any) -> bytes:
        answer: bytes = self.future(path, message, **options).result()
        return answer

    def refusal(self, path: str, **options: Any) -> Any:
        with pytest.raises(grpc.RpcError) as caught:
            self.call(path, **options)
        return caught.value


class Named:
    """A responder that answers with its number."""

    def __init__(self, number: int) -> None:
        self.number = number

    def respond(self, path: str, message: bytes | None, alive: Callable[[], bool]) -> bytes:
        return str(self.number).encode()

    def ask_to_finish(self) -> None:
        pass


@pytest.fixture
def served(short: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    monkeypatch.setenv("PLUGIN_UNIX_SOCKET_DIR", str(short))
    served = Served(listen())
    yield served
    served.channel.close()
    served.server.stop()


class Held:
    """A handler whose calls are in flight until they are let go."""

    def __init__(self) -> None:
        self.begun = threading.Semaphore(0)
        self.release = threading.Event()

    def __call__(self, message: bytes, alive: Callable[[], bool]) -> bytes:
        self.begun.release()
        assert self.release.wait(SECONDS)
        return b"finished"

    def wait(self, calls: int) -> None:
        for _ in range(calls):
            assert self.begun.acquire(timeout=SECONDS)


def test_a_call_that_takes_long_holds_up_no_other(served: Served) -> None:
    served.handlers["/held"] = held = Held()
    call = served.future("/held")
    held.wait(1)
    assert served.call("/echo", b"x") == b"x"
    held.release.set()
    assert call.result() == b"finished"


def test_after_a_stop_calls_are_refused_and_those_under_way_are_asked_to_finish(served: Served) -> None:
    served.handlers["/held"] = held = Held()
    call = served.future("/held")
    held.wait(1)
    served.server.stop()
    assert served.stopped.is_set()
    assert served.server.held == 1
    assert not served.server.wait(0)
    assert served.refusal("/echo").code() is grpc.StatusCode.UNAVAILABLE
    held.release.set()
    assert call.result() == b"finished"
    assert served.server.wait(SECONDS)
    assert served.server.held == 0


def test_if_the_system_has_no_more_threads_a_call_is_answered_by_one_that_there_is(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    served.handlers["/held"] = held = Held()
    served.call("/echo")  # connects
    start, tried = threading.Thread.start, []

    def none(thread: threading.Thread) -> None:
        if "call" in thread.name:
            tried.append(thread)
            raise RuntimeError("can't start new thread")
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", none)
    calls = [served.future("/held") for _ in range(3)]
    wait_until(lambda: len(tried) >= 1)
    held.release.set()
    assert [call.result() for call in calls] == [b"finished"] * 3


@pytest.mark.parametrize("kind", [LookupError, SystemExit, KeyboardInterrupt])
def test_an_exception_shows_its_type_alone(
    served: Served, caplog: pytest.LogCaptureFixture, kind: type[BaseException]
) -> None:
    def fail(_message: bytes, _alive: Callable[[], bool]) -> bytes:
        raise kind(SECRET)

    served.handlers["/fail"] = fail
    with caplog.at_level(logging.ERROR):
        refusal = served.refusal("/fail")
    assert refusal.code() is grpc.StatusCode.INTERNAL
    assert kind.__name__ in refusal.details()
    assert SECRET not in refusal.details()
    assert [record.getMessage() for record in caplog.records] == ["fail failed"]


@pytest.mark.parametrize("detail", ["plain", '100 % of: ünï – 漢\n\tnext "line" \\ ~', ""])
def test_a_status_arrives_with_its_text(served: Served, detail: str) -> None:
    def refuse(_message: bytes, _alive: Callable[[], bool]) -> bytes:
        raise StatusError(UNIMPLEMENTED, detail)

    served.handlers["/refuse"] = refuse
    refusal = served.refusal("/refuse")
    assert (refusal.code(), refusal.details()) == (grpc.StatusCode.UNIMPLEMENTED, detail)


def test_a_stream_that_fails_shows_what_came_before(served: Served) -> None:
    def two(_message: bytes, _alive: Callable[[], bool]) -> Iterator[bytes]:
        yield b"one"
        raise LookupError(SECRET)

    served.handlers["/two"] = two
    answers = served.channel.unary_stream("/two")(b"", timeout=SECONDS)
    assert next(answers) == b"one"
    with pytest.raises(grpc.RpcError) as caught:
        next(answers)
    assert "LookupError" in caught.value.details()
    assert SECRET not in caught.value.details()


def test_an_answer_that_is_too_large_is_told(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    class Endless(bytes):
        def __len__(self) -> int:
            return 1 << 32

    served.handlers["/large"] = lambda _message, _alive: Endless()
    refusal = served.refusal("/large")
    assert refusal.code() is grpc.StatusCode.INTERNAL
    assert "OverflowError" in refusal.details()


def test_the_end_waits_for_an_answer_to_be_taken_but_not_for_ever(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grpc_server, "_LAST_ANSWERS_SECONDS", 0.01)
    served.handlers["/large"] = lambda _message, _alive: b"x" * 1_000_000
    with socket.socket(socket.AF_UNIX) as connected:
        connected.connect(served.endpoint.address)
        client = Http2Client(connected, window=10)
        number = client.call("/large")
        while len(client.received(number)) < 10:
            client.receive()
        served.server.stop()
        assert served.server.wait(SECONDS)


def test_a_client_that_does_not_read_holds_up_no_other(served: Served) -> None:
    served.handlers["/large"] = lambda _message, _alive: b"x" * 5_000_000
    with socket.socket(socket.AF_UNIX) as connected:
        connected.connect(served.endpoint.address)
        client = Http2Client(connected, window=1 << 28)
        for _ in range(20):
            client.call("/large")
        assert served.call("/echo", b"x") == b"x"


def test_after_a_connection_that_cannot_be_taken_the_next_one_is(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, failing = Connection, [OSError("too many open files"), RuntimeError("can't start new thread")]

    def connection(*arguments: Any) -> Any:
        if failing:
            raise failing.pop()
        return made(*arguments)

    monkeypatch.setattr(grpc_server, "Connection", connection)
    assert served.call("/echo", b"x") == b"x"
    assert failing == []


def test_each_connection_has_a_responder_of_its_own_that_goes_with_it(
    short: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLUGIN_UNIX_SOCKET_DIR", str(short))
    made: list[weakref.ref[Named]] = []

    def new_responder() -> Named:
        responder = Named(len(made))
        made.append(weakref.ref(responder))
        return responder

    endpoint = listen()
    server = Server(endpoint, None, new_responder)
    server.start()

    def call() -> bytes:
        with socket.socket(socket.AF_UNIX) as connected:
            connected.connect(endpoint.address)
            client = Http2Client(connected)
            return client.wait(client.call("/name"))[0]

    assert [call(), call()] == [framed(b"0"), framed(b"1")]
    wait_until(lambda: call() != b"" and made[0]() is None)
    server.stop()


def test_a_compressed_message_is_refused(served: Served) -> None:
    refusal = served.refusal("/echo", message=b"x" * 10_000, compression=grpc.Compression.Gzip)
    assert refusal.code() is grpc.StatusCode.UNIMPLEMENTED
    assert "ompressed" in refusal.details()
    assert served.call("/echo", b"x") == b"x"
