"""How soon the plugin is there: `make bench`.

Compares this provider, as pip installs it and as the standalone archive, and a toy provider on this project's server,
with the same toy on `tf`'s own server. Times are
from the start of the process to the handshake line, and to the answer of the first GetProviderSchema; the runs are
interleaved, so that a noisy machine is noisy for all. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from tests import standalone
from tests.unit.plugin.plugin_process import COOKIE, ROOT, open_channel, path

_TOY = "from tests.toy_provider import ToyProvider as P; "
_COMMANDS = {
    "tf's server, toy": [sys.executable, "-c", _TOY + "from tf.runner import run_provider; run_provider(P(), ['x'])"],
    "this server, toy": [
        sys.executable,
        "-c",
        (
            "from terraform_provider_ecgrid.plugin.serve import serve\n"
            "def load():\n    from tests.toy_provider import ToyProvider\n    return ToyProvider()\n"
            "serve(load)"
        ),
    ],
    "this provider": [str(Path(sys.executable).parent / "terraform-provider-ecgrid")],
}
_STOCK = "tf's server, toy"


@dataclass
class _Times:
    line: list[float] = field(default_factory=list)
    schema: list[float] = field(default_factory=list)


def main() -> int:
    """Measure and print medians, and their ratio to `tf`'s server."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=15, help="runs of each, interleaved (default 15)")
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as home:
        commands = {**_COMMANDS, "this provider, archive": [_unpacked(Path(home))]}
        times = {name: _Times() for name in commands}
        for run in range(-1, runs):
            for name, command in commands.items():
                line, schema = _measure(command, home)
                if run >= 0:  # the first one of each compiles, and fills tf's cache of its certificate
                    times[name].line.append(line)
                    times[name].schema.append(schema)
    stock = times[_STOCK]
    print(f"medians of {runs} runs     to the line         to the first schema")
    for name, one in times.items():
        print(
            f"{name:22} {_shown(one.line, stock.line)}   {_shown(one.schema, stock.schema)}",
        )
    return 0


def _unpacked(folder: Path) -> str:
    """Unpack the standalone archive and give the path of its executable."""
    with zipfile.ZipFile(standalone.archive()) as archive:
        archive.extractall(folder)
        (name,) = (name for name in archive.namelist() if name.startswith("terraform-provider-ecgrid"))
    (folder / name).chmod(0o755)
    return str(folder / name)


def _shown(own: list[float], stock: list[float]) -> str:
    median = statistics.median(own)
    return f"{median * 1000:6.0f} ms ({median / statistics.median(stock):4.2f})"


def _measure(command: list[str], home: str) -> tuple[float, float]:
    env = {"PATH": os.environ["PATH"], "HOME": home, "PYTHONPATH": str(ROOT), **COOKIE}
    started = time.perf_counter()
    process = subprocess.Popen(command, env=env, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        if process.stdout is None:
            raise RuntimeError("no pipe to read the handshake from")
        fields = process.stdout.readline().decode().strip().split("|")
        line = time.perf_counter() - started
        with open_channel(fields[2], fields[3], fields[5]) as channel:
            channel.unary_unary(path("GetProviderSchema"))(b"", wait_for_ready=True, timeout=20)
            return line, time.perf_counter() - started
    finally:
        process.kill()
        process.wait()


if __name__ == "__main__":
    sys.exit(main())
