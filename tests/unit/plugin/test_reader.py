from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from typing import cast

import pytest

from terraform_provider_ecgrid.plugin.go_plugin import reader
from terraform_provider_ecgrid.plugin.go_plugin.connection import Call, Connection
from terraform_provider_ecgrid.plugin.go_plugin.reader import Reader

from .plugin_process import SECONDS, wait_until

SECRET = "s3cret-in-an-exception"
NEVER = 1000.0  # seconds


class Arrivals:
    """Stands for a connection: what a test puts arrives, an exception is raised, `None` is the end."""

    def __init__(self) -> None:
        self.arriving: SimpleQueue[list[Call] | Exception | None] = SimpleQueue()
        self.reading: list[threading.Thread] = []
        self.closed = threading.Event()

    def put(self, *paths: str) -> None:
        self.arriving.put([Call(1, path, b"") for path in paths])

    def read(self) -> list[Call] | None:
        self.reading.append(threading.current_thread())
        arrived = self.arriving.get()
        self.reading.remove(threading.current_thread())
        if isinstance(arrived, Exception):
            raise arrived
        return arrived

    def close(self) -> None:
        self.closed.set()


class Ran:
    """What was answered, and by whom; calls whose path begins with /held are held until they are let go."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, threading.Thread]] = []
        self.release = threading.Event()

    def __call__(self, _connection: Connection, call: Call) -> None:
        self.calls.append((call.path, threading.current_thread()))
        if call.path.startswith("/held"):
            assert self.release.wait(SECONDS)

    def threads(self, number: int) -> list[threading.Thread]:
        """Wait for so many calls, and give the threads that answered them."""
        wait_until(lambda: len(self.calls) == number)
        return [thread for _, thread in self.calls]


@pytest.fixture
def arrivals() -> Iterator[Arrivals]:
    arrivals = Arrivals()
    yield arrivals
    arrivals.arriving.put(None)
    assert arrivals.closed.wait(SECONDS)


@pytest.fixture
def ran(arrivals: Arrivals) -> Iterator[Ran]:
    ran = Ran()
    with ThreadPoolExecutor(thread_name_prefix="call") as pool:
        Reader(cast("Connection", arrivals), ran, pool).start()
        yield ran
        ran.release.set()


def test_quick_calls_are_answered_by_the_thread_that_reads(arrivals: Arrivals, ran: Ran) -> None:
    arrivals.put("/a", "/b")
    arrivals.put("/a")
    assert len(set(ran.threads(3))) == 1
    wait_until(lambda: arrivals.reading == ran.threads(3)[:1])


def test_where_an_answer_takes_long_another_thread_reads_on_and_the_first_reads_no_more(
    arrivals: Arrivals, ran: Ran
) -> None:
    arrivals.put("/held", "/next")
    first, second = ran.threads(2)
    assert first is not second
    wait_until(lambda: arrivals.reading == [second])
    ran.release.set()
    first.join(SECONDS)
    assert not first.is_alive()
    assert arrivals.reading == [second]


def test_a_path_that_took_long_is_answered_by_other_threads_until_it_is_quick(
    arrivals: Arrivals, ran: Ran, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "_PATIENCE_SECONDS", NEVER)
    monkeypatch.setattr(reader, "_LONG_SECONDS", 0.0)
    arrivals.put("/a")
    ran.threads(1)
    monkeypatch.setattr(reader, "_LONG_SECONDS", NEVER)
    arrivals.put("/a", "/b")
    wait_until(lambda: len(ran.calls) == 3)
    by = {path: thread.name for path, thread in ran.calls[1:]}
    assert by["/b"] == "read"
    assert by["/a"].startswith("call")
    arrivals.put("/a")
    assert ran.threads(4)[3].name == "read"


def test_an_answer_that_does_not_take_long_yet_is_waited_for(
    arrivals: Arrivals, ran: Ran, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[float] = []
    sleep = time.sleep

    def look(seconds: float) -> None:
        looked.append(seconds)
        sleep(0.001)

    monkeypatch.setattr(reader, "_PATIENCE_SECONDS", NEVER)
    monkeypatch.setattr(time, "sleep", look)
    arrivals.put("/held", "/next")
    ran.threads(1)
    wait_until(lambda: looked.count(NEVER) > 3)
    assert len(ran.calls) == 1


def no_threads(monkeypatch: pytest.MonkeyPatch, times: int) -> list[threading.Thread]:
    """Let the system have no thread so many times, and give those that it had not."""
    tried: list[threading.Thread] = []

    class Thread(threading.Thread):
        def start(self) -> None:
            if len(tried) < times:
                tried.append(self)
                raise RuntimeError("can't start new thread")
            super().start()

    monkeypatch.setattr(threading, "Thread", Thread)
    return tried


def test_without_another_thread_the_first_reads_on_when_it_can(
    arrivals: Arrivals, ran: Ran, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = no_threads(monkeypatch, 1_000_000)
    arrivals.put("/held", "/next")
    wait_until(lambda: bool(tried))
    ran.release.set()
    assert len(set(ran.threads(2))) == 1


def test_another_thread_reads_on_as_soon_as_there_is_one(
    arrivals: Arrivals, ran: Ran, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_threads(monkeypatch, 3)
    arrivals.put("/held", "/next")
    first, second = ran.threads(2)
    assert first is not second


def test_a_connection_that_fails_is_closed_and_its_error_told_without_its_text(
    arrivals: Arrivals, ran: Ran, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        arrivals.arriving.put(LookupError(SECRET))
        assert arrivals.closed.wait(SECONDS)
    assert [record.getMessage() for record in caplog.records] == ["A connection failed with LookupError"]
    assert SECRET not in caplog.text
