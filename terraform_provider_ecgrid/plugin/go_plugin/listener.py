"""Where the server listens: a unix socket in a private directory, or TCP on the loopback address.

The directory keeps other users out before TLS does. TCP has no such door, so it is used only if a unix socket is not
possible: on Windows, or if no folder for temporary files takes a socket.
"""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterable
from contextlib import suppress

_LOOPBACK = "127.0.0.1"
_LONGEST_PATH = 100  # bytes; the kernels' limit is 104 on macOS and 108 on Linux, its closing zero included


class Endpoint:
    """A socket that listens, and its address in go-plugin's words: `network` is `unix` or `tcp`."""

    def __init__(self, listening: socket.socket, network: str, address: str) -> None:
        self.socket = listening
        self.network = network
        self.address = address

    def close(self) -> None:
        """Stop listening, and remove the socket and its directory from the file system. Safe to call more than once."""
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)  # on Linux a thread that waits for a connection would wait on
        self.socket.close()
        if self.network == "unix":
            _remove(self.address)


def listen() -> Endpoint:
    """Find an address and listen on it.

    go-plugin's `PLUGIN_UNIX_SOCKET_DIR`, `PLUGIN_MIN_PORT` and `PLUGIN_MAX_PORT` choose it. Without them it is in
    `TMPDIR` or `/tmp`, or any free port. Raises `OSError` if no address can be bound.
    """
    for folder in _folders():
        path = _socket_path(folder)
        if path is None:
            continue
        with suppress(OSError):
            return Endpoint(_listening(socket.AF_UNIX, path), "unix", path)
        _remove(path)
    for port in _ports():
        with suppress(OSError):
            listening = _listening(socket.AF_INET, (_LOOPBACK, port))
            return Endpoint(listening, "tcp", f"{_LOOPBACK}:{listening.getsockname()[1]}")
    raise OSError("it cannot listen on a Unix socket or on a port of 127.0.0.1")


def _listening(family: int, address: str | tuple[str, int]) -> socket.socket:
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.bind(address)
        listening.listen()
    except OSError:
        listening.close()
        raise
    return listening


def _remove(path: str) -> None:
    with suppress(OSError):
        os.unlink(path)
    with suppress(OSError):
        os.rmdir(os.path.dirname(path))


def _folders() -> Iterable[str]:
    if sys.platform == "win32":
        return ()
    if named := os.environ.get("PLUGIN_UNIX_SOCKET_DIR"):
        return (named,)
    # `tempfile` knows more of them, for the price of `random`, `shutil` and what they load.
    return dict.fromkeys((os.environ.get("TMPDIR") or "/tmp", "/tmp"))  # noqa: S108 - see mkdir


def _socket_path(folder: str) -> str | None:
    """Make a directory for a socket in `folder`; `None` if that, or a socket in it, is not possible."""
    try:
        directory = os.path.join(os.path.abspath(folder), f"plugin-{os.urandom(8).hex()}")
        path = os.path.join(directory, "s")
        # A bar or a line break would end the field of the handshake line.
        if len(os.fsencode(path)) > _LONGEST_PATH or "|" in path or not path.isprintable():
            return None
        os.mkdir(directory, 0o700)  # fails if something of that name exists, so it is ours alone
    except OSError:  # the working directory, which a relative `folder` needs, may be gone too
        return None
    return path


def _ports() -> Iterable[int]:
    try:
        first = int(os.environ.get("PLUGIN_MIN_PORT") or 0)
        last = int(os.environ.get("PLUGIN_MAX_PORT") or 0)
    except ValueError:
        return (0,)
    return range(first, last + 1) if 0 < first <= last else (0,)
