"""Where the server listens: a unix socket in a private directory, or TCP on the loopback address.

gRPC cannot verify the certificate that Terraform's client shows (a P-521 key), so what keeps others out is the
directory, which only the user may enter. TCP has no such door and is used only where a unix socket cannot be:
on Windows, or where no folder for temporary files takes a socket.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress

_LONGEST_PATH = 100  # bytes; the kernels' limit is 104 on macOS and 108 on Linux, its closing zero included
_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/._-~")


class Endpoint:
    """An address that is being listened on, in go-plugin's words: `network` is `unix` or `tcp`."""

    def __init__(self, network: str, address: str) -> None:
        self.network = network
        self.address = address

    def remove(self) -> None:
        """Remove the socket and its directory from the file system. Safe to call more than once."""
        if self.network == "unix":
            # The server removes its socket itself when it has stopped in time.
            with suppress(OSError):
                os.unlink(self.address)
            with suppress(OSError):
                os.rmdir(os.path.dirname(self.address))


def listen(add_port: Callable[[str], int]) -> Endpoint:
    """Find an address and listen on it.

    `add_port` is gRPC's `add_secure_port` or `add_insecure_port` without its credentials: it takes a target and
    answers with the port, 0 or `RuntimeError` meaning that it could not be bound. `PLUGIN_UNIX_SOCKET_DIR`,
    `PLUGIN_MIN_PORT` and `PLUGIN_MAX_PORT` are go-plugin's; else `TMPDIR`, `/tmp` and any free port.

    Raises `OSError` where no address could be bound.
    """
    for folder in _folders():
        path = _socket_path(folder)
        if path is None:
            continue
        with suppress(RuntimeError):
            add_port("unix:" + _quoted(path))
            return Endpoint("unix", path)
        Endpoint("unix", path).remove()
    for port in _ports():
        with suppress(RuntimeError):
            bound = add_port(f"127.0.0.1:{port}")
            if bound:
                return Endpoint("tcp", f"127.0.0.1:{bound}")
    raise OSError("no address to listen on: neither a unix socket nor a port of 127.0.0.1 could be bound")


def _folders() -> Iterable[str]:
    if sys.platform == "win32":
        return ()
    if named := os.environ.get("PLUGIN_UNIX_SOCKET_DIR"):
        return (named,)
    # `tempfile` knows more of them, for the price of `random`, `shutil` and what they load.
    return dict.fromkeys((os.environ.get("TMPDIR") or "/tmp", "/tmp"))  # noqa: S108 - see mkdir


def _socket_path(folder: str) -> str | None:
    """Make a directory for a socket in `folder`; None where that, or a socket in it, cannot be."""
    try:
        directory = os.path.join(os.path.abspath(folder), f"plugin-{os.urandom(8).hex()}")
        path = os.path.join(directory, "s")
        # A bar or a line break would end the field of the handshake line.
        if len(os.fsencode(path)) > _LONGEST_PATH or "|" in path or not path.isprintable():
            return None
        os.mkdir(directory, 0o700)  # fails where something of that name exists, so it is ours alone
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


def _quoted(path: str) -> str:
    """Write a path as gRPC reads it, which is as part of a URI."""
    return "".join(chr(byte) if byte in _PLAIN else f"%{byte:02X}" for byte in os.fsencode(path))
