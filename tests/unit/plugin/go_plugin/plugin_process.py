"""Starts a plugin process and calls it, as Terraform does."""

from __future__ import annotations

import base64
import os
import shutil
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import grpc

from .client_certificate import for_grpcio

ROOT = Path(__file__).parents[4]
COOKIE = {"TF_PLUGIN_MAGIC_COOKIE": "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"}
CLIENT = {"PLUGIN_CLIENT_CERT": for_grpcio().pem.decode()}
SECONDS = 20  # after which a test that waits has failed

_OPTIONS = [
    ("grpc.ssl_target_name_override", "localhost"),
    ("grpc.default_authority", "localhost"),
    ("grpc.max_receive_message_length", -1),  # as go-plugin has it
]


def start(kind: str, environment: Mapping[str, str | None], *, through: str = "") -> subprocess.Popen[bytes]:
    """Start `served` as a process of its own group, for the client that `open_channel` is.

    A variable that is `None` is left out of its environment.

    `through` is a shell script that starts it as `"$@"`; the process is then the shell's.
    """
    variables = {**dict.fromkeys(_NOT_INHERITED), **CLIENT, **environment}
    env = os.environ | COOKIE | {name: value for name, value in variables.items() if value is not None}
    for name, value in variables.items():
        if value is None:
            env.pop(name, None)
    command = [sys.executable, "-m", "tests.unit.plugin.go_plugin.served", kind]
    command = ["sh", "-c", through, "sh", *command] if through else command
    pipe = subprocess.PIPE
    return subprocess.Popen(command, env=env, cwd=ROOT, stdout=pipe, stderr=pipe, start_new_session=True)


_NOT_INHERITED = (
    "PLUGIN_PROTOCOL_VERSIONS",
    "PLUGIN_UNIX_SOCKET_DIR",
    "PLUGIN_MIN_PORT",
    "PLUGIN_MAX_PORT",
    "TF_LOG",
    "TF_LOG_PROVIDER",
)


class Plugin:
    """A running plugin: its handshake's fields and a channel to it."""

    def __init__(self, kind: str = "stand-in", *, through: str = "", **environment: str | None) -> None:
        self.process = start(kind, environment, through=through)
        assert self.process.stdout is not None
        self.line = self.process.stdout.readline().decode()
        self.core, self.protocol, self.network, self.address, self.transport, self.certificate = (
            self.line.strip().split("|")
        )
        self.channel = open_channel(self.network, self.address, self.certificate)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.channel.close()
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate()
        if self.network == "unix":
            shutil.rmtree(os.path.dirname(self.address), ignore_errors=True)

    def call(self, name: str, request: bytes = b"") -> bytes:
        answer: bytes = self.future(name, request).result()
        return answer

    def future(self, name: str, request: bytes = b"") -> Any:
        return self.channel.unary_unary(path(name)).future(request, timeout=SECONDS, wait_for_ready=True)

    def stream(self, name: str, request: bytes = b"") -> Iterator[bytes]:
        answers: Iterator[bytes] = self.channel.unary_stream(path(name))(request, timeout=SECONDS)
        return answers

    def shut_down(self) -> tuple[int, str, str]:
        """Ask it to shut down, and return its exit code and what it wrote to stdout after the line, and to stderr."""
        self.call("/plugin.GRPCController/Shutdown")
        return self.end()

    def end(self) -> tuple[int, str, str]:
        """Wait for its end; as `shut_down`."""
        out, err = self.process.communicate(timeout=SECONDS)
        return self.process.returncode, out.decode(), err.decode()


def path(name: str) -> str:
    return name if name.startswith("/") else f"/tfplugin6.Provider/{name}"


def open_channel(network: str, address: str, certificate: str) -> Any:
    """Connect as Terraform does: over TLS, trusting the handshake line's certificate alone, or in the plain."""
    target = f"unix:{quote(address)}" if network == "unix" else address
    if not certificate:
        return grpc.insecure_channel(target, options=_OPTIONS)
    assert not certificate.endswith("=")
    der = base64.b64decode(certificate + "=" * (-len(certificate) % 4))
    own = for_grpcio()
    return grpc.secure_channel(
        target,
        grpc.ssl_channel_credentials(ssl.DER_cert_to_PEM_cert(der).encode(), own.key, own.pem),
        options=_OPTIONS,
    )


def wait_until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)


def wait_for(path: Path) -> None:
    wait_until(path.exists)


def in_flight(plugin: Plugin, release: Path) -> Any:
    """Start a call that stays in flight until `release` exists."""
    call = plugin.future("ApplyResourceChange", str(release).encode())
    wait_for(release.with_suffix(".started"))
    return call
