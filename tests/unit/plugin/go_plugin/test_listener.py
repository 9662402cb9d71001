from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from terraform_provider_ecgrid.plugin.go_plugin import listener

Address = str | tuple[str, int]


class Ports:
    """Stands for the system: remembers the addresses that it was asked for, and refuses some of them."""

    def __init__(self, *refused: str) -> None:
        self.refused = refused
        self.asked: list[str] = []

    def __call__(self, family: int, address: Address) -> socket.socket:
        shown = address if isinstance(address, str) else f"{address[0]}:{address[1]}"
        self.asked.append(shown)
        if any(part in shown for part in self.refused):
            raise OSError("in use")
        return LISTENING(family, address)


LISTENING = listener._listening


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PLUGIN_UNIX_SOCKET_DIR", "PLUGIN_MIN_PORT", "PLUGIN_MAX_PORT", "TMPDIR"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def tcp_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUGIN_UNIX_SOCKET_DIR", "/nonexistent")


def test_go_plugins_directory_comes_before_the_temporary_one(short: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", "/nonexistent")
    monkeypatch.setenv("PLUGIN_UNIX_SOCKET_DIR", str(short))
    endpoint = listener.listen()
    assert endpoint.network == "unix"
    assert Path(endpoint.address).parent.parent == short


@pytest.mark.parametrize(("spare", "network"), [(0, "unix"), (1, "tcp")])
def test_a_path_of_more_than_a_hundred_bytes_means_tcp(
    spare: int, network: str, short: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = short / ("x" * (100 + spare - len(f"{short}//plugin-{'0' * 16}/s")))
    folder.mkdir()
    monkeypatch.setenv("PLUGIN_UNIX_SOCKET_DIR", str(folder))
    assert listener.listen().network == network


def test_the_limit_is_a_hundred_bytes_and_not_characters(short: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = short / ("ü" * 35)
    folder.mkdir()
    monkeypatch.setenv("PLUGIN_UNIX_SOCKET_DIR", str(folder))
    assert listener.listen().network == "tcp"


@pytest.mark.parametrize("base", ["/" + "x" * 100, "/nonexistent", os.devnull, "a|b", "a\nb"])
def test_a_temporary_directory_that_takes_no_socket_is_replaced_by_the_usual_one(
    base: str, short: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not by TCP, which any user of the machine may connect to."""
    monkeypatch.chdir(short)
    for name in ("a|b", "a\nb"):
        (short / name).mkdir()
    monkeypatch.setenv("TMPDIR", base)
    endpoint = listener.listen()
    assert endpoint.network == "unix"
    assert Path(endpoint.address).parent.parent == Path("/tmp")  # noqa: S108 - as above
    endpoint.close()


def test_a_relative_directory_needs_a_working_directory(short: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = short / "gone"
    folder.mkdir()
    monkeypatch.chdir(folder)
    folder.rmdir()
    monkeypatch.setenv("TMPDIR", "relative")
    endpoint = listener.listen()
    assert endpoint.network == "unix"
    endpoint.close()


def test_windows_means_tcp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("sys.platform", "win32")
    assert listener.listen().network == "tcp"
    assert list(tmp_path.iterdir()) == []


def test_a_socket_that_cannot_be_bound_means_tcp_and_leaves_nothing(
    short: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(short))
    monkeypatch.setattr(listener, "_listening", Ports("/s"))
    assert listener.listen().network == "tcp"
    assert list(short.iterdir()) == []


@pytest.mark.usefixtures("tcp_only")
def test_without_a_range_the_system_chooses_the_port() -> None:
    one, other = listener.listen(), listener.listen()
    assert one.address.startswith("127.0.0.1:")
    assert one.address != other.address
    for endpoint in (one, other):
        with socket.create_connection(("127.0.0.1", int(endpoint.address.rpartition(":")[2]))):
            pass
        endpoint.close()


@pytest.mark.usefixtures("tcp_only")
def test_the_first_free_port_of_go_plugins_range_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    first = listener.listen()
    port = int(first.address.rpartition(":")[2])
    monkeypatch.setenv("PLUGIN_MIN_PORT", str(port))
    monkeypatch.setenv("PLUGIN_MAX_PORT", "65535")
    second = listener.listen()
    assert int(second.address.rpartition(":")[2]) > port
    for endpoint in (first, second):
        endpoint.close()


@pytest.mark.usefixtures("tcp_only")
def test_no_free_port_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    ports = Ports("127")
    monkeypatch.setattr(listener, "_listening", ports)
    monkeypatch.setenv("PLUGIN_MIN_PORT", "10000")
    monkeypatch.setenv("PLUGIN_MAX_PORT", "10001")
    with pytest.raises(OSError, match="cannot listen"):
        listener.listen()
    assert ports.asked == ["127.0.0.1:10000", "127.0.0.1:10001"]


def test_closing_removes_what_was_made_and_may_be_done_twice(short: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUGIN_UNIX_SOCKET_DIR", str(short))
    endpoint = listener.listen()
    assert Path(endpoint.address).is_socket()
    endpoint.close()
    endpoint.close()
    assert list(short.iterdir()) == []
