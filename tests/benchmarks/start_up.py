"""How soon a plugin is there and gone: handshake line, first schema, a whole plan, what one more call costs, the end.

Every run starts each plugin once, so that a noisy machine is noisy for all.
"""

from __future__ import annotations

import base64
import datetime
import math
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import grpc
import msgpack
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from terraform_provider_ecgrid.plugin.protocol import plugin6_pb2 as pb
from tests.benchmarks.plugins import STOCK, Plugin, environment
from tests.benchmarks.table import markdown, milliseconds
from tests.benchmarks.workspace import Workspace
from tests.unit.plugin.go_plugin.plugin_process import COOKIE

_CALLS = 200
_SECONDS = 20
_OPTIONS = [("grpc.ssl_target_name_override", "localhost"), ("grpc.max_receive_message_length", -1)]
# What a plan of something new calls needs no API: it could not be compared with the toy otherwise.
_OFFLINE = {"ECGRID_API_KEY": "key", "ECGRID_BASE_URL": "http://127.0.0.1:9"}


@dataclass
class Times:
    """Times of starts, in seconds; `call` is the median of many calls of one start."""

    line: list[float] = field(default_factory=list)
    schema: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    call: list[float] = field(default_factory=list)
    end: list[float] = field(default_factory=list)
    plan: list[float] = field(default_factory=list)


def measure(plugins: dict[str, Plugin], runs: int) -> str:
    """Measure, and return a table; of plugins that have a configuration of one resource."""
    plugins = {name: plugin for name, plugin in plugins.items() if plugin.hcl}
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        times = {name: Times() for name in plugins}
        spaces = {
            name: Workspace(home / str(number), plugin, plugin.hcl, _OFFLINE)
            for number, (name, plugin) in enumerate(plugins.items())
        }
        for run in range(-1, runs):
            for name, plugin in plugins.items():
                # The first one of each compiles, and fills tf's cache of its certificate.
                one = times[name] if run >= 0 else Times()
                start(plugin, home, one)
                one.plan.append(spaces[name].run("plan"))
    stock = times[STOCK]
    return markdown(
        ["plugin", "handshake line", "first schema", "CPU until then", "plan of one", "one more call", "to its end"],
        [
            [
                name,
                milliseconds(one.line, stock.line),
                milliseconds(one.schema, stock.schema),
                milliseconds(one.cpu, stock.cpu),
                milliseconds(one.plan, stock.plan),
                f"{statistics.median(one.call) * 1e6:.0f} µs",
                milliseconds(one.end, stock.end),
            ]
            for name, one in times.items()
        ],
    )


def start(plugin: Plugin, home: Path, times: Times) -> None:
    """Start a plugin as Terraform does, ask it for its schema, call it, end it, and add each time to `times`."""
    started = time.perf_counter()
    with _running(plugin, home) as process:
        if process.stdout is None:
            raise RuntimeError("no pipe to read the handshake from")
        fields = process.stdout.readline().decode().strip().split("|")
        times.line.append(time.perf_counter() - started)
        with _channel(*fields[2:]) as channel:
            channel.unary_unary("/tfplugin6.Provider/GetProviderSchema")(b"", wait_for_ready=True, timeout=_SECONDS)
            times.schema.append(time.perf_counter() - started)
            times.cpu.append(_cpu_seconds(process.pid))
            times.call.append(_call(channel, plugin))
            asked = time.perf_counter()
            # Kept, as a call that nobody holds is cancelled, and not awaited, as the end may cut its answer off.
            _ending = channel.unary_unary("/plugin.GRPCController/Shutdown").future(b"")
            process.wait(_SECONDS)
            times.end.append(time.perf_counter() - asked)


@contextmanager
def _running(plugin: Plugin, home: Path) -> Iterator[subprocess.Popen[bytes]]:
    env = {**environment(home), **COOKIE, "PLUGIN_CLIENT_CERT": _own().certificate.decode()}
    process = subprocess.Popen(plugin.command, env=env, cwd=home, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def _channel(network: str, address: str, _protocol: str, certificate: str) -> Any:
    """Connect as Terraform does, each side with a certificate."""
    server = ssl.DER_cert_to_PEM_cert(base64.b64decode(certificate + "=" * (-len(certificate) % 4)))
    credentials = grpc.ssl_channel_credentials(server.encode(), _own().key, _own().certificate)
    target = f"unix:{quote(address)}" if network == "unix" else address
    return grpc.secure_channel(target, credentials, options=_OPTIONS)


class _Own(NamedTuple):
    key: bytes
    certificate: bytes


@cache
def _own() -> _Own:
    """Make a client's key and certificate, in PEM, on the curve of Terraform's: a server's time depends on it."""
    key = ec.generate_private_key(ec.SECP521R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=2))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA512())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return _Own(secret, certificate.public_bytes(serialization.Encoding.PEM))


def _cpu_seconds(pid: int) -> float:
    # Linux's number of the clock that counts what a process and its threads have used (clock_getcpuclockid(3)).
    return time.clock_gettime((~pid << 3) | 2) if sys.platform == "linux" else math.nan


def _call(channel: Any, plugin: Plugin) -> float:
    """Return the median seconds of a ValidateResourceConfig."""
    request = pb.ValidateResourceConfig.Request(
        type_name=plugin.type_name, config=pb.DynamicValue(msgpack=msgpack.packb(plugin.config))
    ).SerializeToString()
    validate = channel.unary_unary("/tfplugin6.Provider/ValidateResourceConfig")
    seconds = []
    for _ in range(_CALLS):
        started = time.perf_counter()
        validate(request, timeout=_SECONDS)
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds)
