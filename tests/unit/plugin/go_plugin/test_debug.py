from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc
import pytest

from .plugin_process import SECONDS, path, start, wait_for, wait_until


class Debugged:
    """A process of `serve_debug`, and how to call it."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] = start("debug", {})
        assert self.process.stdout is not None
        name, _, value = self.process.stdout.readline().decode().strip().partition("=")
        assert name == "export TF_REATTACH_PROVIDERS"
        self.entries: dict[str, Any] = json.loads(value.strip("'"))
        self.address: str = next(iter(self.entries.values()))["Addr"]["String"]

    def connect(self) -> Any:
        """Open a connection; gRPC would share one."""
        return grpc.insecure_channel(f"unix:{self.address}", options=[("grpc.use_local_subchannel_pool", 1)])

    def hold(self, release: Path) -> Any:
        """Make a call that is held until `release` exists. Returns the channel, which is to be kept, and the call."""
        channel = self.connect()
        call = channel.unary_unary(path("ApplyResourceChange")).future(str(release).encode(), timeout=SECONDS)
        wait_for(release.with_suffix(".started"))
        return channel, call


@pytest.fixture
def debugged() -> Iterator[Debugged]:
    debugged = Debugged()
    yield debugged
    debugged.process.kill()
    debugged.process.communicate()


@contextmanager
def calling(debugged: Debugged) -> Iterator[Any]:
    with debugged.connect() as channel:
        yield lambda name: channel.unary_unary(path(name))(b"", timeout=SECONDS)


def test_it_prints_how_each_address_is_reached(debugged: Debugged) -> None:
    assert list(debugged.entries) == ["registry.example.com/name/space", "registry.example.org/name/space"]
    for entry in debugged.entries.values():
        assert (entry["Protocol"], entry["ProtocolVersion"], entry["Test"]) == ("grpc", 6, True)
        assert entry["Pid"] == debugged.process.pid
        assert entry["Addr"] == {"Network": "unix", "String": debugged.address}


def test_it_serves_many_runs_and_ends_when_it_is_interrupted(debugged: Debugged) -> None:
    with calling(debugged) as call:
        call("StopProvider")
        call("/plugin.GRPCController/Shutdown")
        assert call("ConfigureProvider") == b"False"
    debugged.process.send_signal(signal.SIGINT)
    _, err = debugged.process.communicate(timeout=SECONDS)
    assert (debugged.process.returncode, err) == (0, b"")
    assert not os.path.exists(os.path.dirname(debugged.address))


def test_a_stop_reaches_the_calls_of_its_own_connection_alone(debugged: Debugged, tmp_path: Path) -> None:
    _channel, held = debugged.hold(tmp_path / "release")
    with calling(debugged) as call:
        call("StopProvider")
        (tmp_path / "release").touch()
        assert held.result() == b"finished"


def interrupted(debugged: Debugged) -> str:
    """Interrupt it, and return what it says."""
    debugged.process.send_signal(signal.SIGINT)
    assert debugged.process.stderr is not None
    return debugged.process.stderr.readline().decode()


def test_an_interrupt_says_what_is_waited_for_and_asks_it_to_finish(debugged: Debugged, tmp_path: Path) -> None:
    _channel, one = debugged.hold(tmp_path / "one")
    _other_channel, two = debugged.hold(tmp_path / "two")
    assert interrupted(debugged) == "Waiting for 2 calls to finish; interrupt again to end now.\n"
    for release in ("one", "two"):
        (tmp_path / release).touch()
    assert (one.result(), two.result()) == (b"stopping", b"stopping")
    _, err = debugged.process.communicate(timeout=SECONDS)
    assert (debugged.process.returncode, err) == (0, b"")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_second_signal_ends_it_at_once(debugged: Debugged, number: int, tmp_path: Path) -> None:
    _channel, _call = debugged.hold(tmp_path / "release")
    assert interrupted(debugged) == "Waiting for 1 call to finish; interrupt again to end now.\n"
    debugged.process.send_signal(number)
    wait_until(lambda: debugged.process.poll() is not None)
    assert debugged.process.returncode == 130
    assert not (tmp_path / "release.done").exists()
