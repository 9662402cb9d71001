"""The plugins that are compared: `tf`'s own server and this project's, each as a command and as Terraform finds it."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests import standalone

ROOT = Path(__file__).parents[2]
STOCK = "tf's server, toy"
STOCK_NOOP = "tf's server, no-op"
OURS_WITH_TOY = "this server, toy"
OURS = "this provider"
ARCHIVE = "this provider, archive"
FLOOR = "in Go, nothing but waits"

_PREPARED = ROOT / "terraform_provider_ecgrid" / "prepared"
_TOY_HCL = 'resource "toy_counter" "one" {\n  name = "a"\n  step = 1\n}\n'
_TOY_CONFIG: dict[str, Any] = {"id": None, "name": "a", "step": 1, "options": None, "value": None, "label": []}
_ECGRID_HCL = (
    'resource "ecgrid_callback" "one" {\n  url   = "https://app.example.com/hooks"\n  event = "Parcel"\n'
    '  status = "Active"\n}\n'
)
_ECGRID_CONFIG = {"url": "https://app.example.com/hooks", "event": "Parcel", "status": "Active"}


@dataclass(frozen=True)
class Plugin:
    """A provider: the command that starts it, its source address, and one resource as Terraform reads and sends it."""

    command: tuple[str, ...]
    address: str
    hcl: str = ""
    config: Mapping[str, Any] = field(default_factory=dict)

    @property
    def type_name(self) -> str:
        """The full name of its resource."""
        return self.hcl.split('"')[1]

    def install(self, folder: Path) -> Path:
        """Put an executable where `dev_overrides` looks for one, and give its folder."""
        folder.mkdir(parents=True)
        name = self.address.rpartition("/")[2]
        file = folder / f"terraform-provider-{name}"
        # `exec`, so that what Terraform starts is the plugin; the shell before it takes a millisecond of each.
        file.write_text(f"#!/bin/sh\nexec {shlex.join(self.command)}\n")
        file.chmod(0o755)
        return folder


def ecgrid(executable: Path) -> Plugin:
    """Return this project's provider as the `executable` that is its console command."""
    return Plugin((str(executable),), "ecgrid/ecgrid", _ECGRID_HCL, _ECGRID_CONFIG)


@contextmanager
def plugins(*, archive: bool) -> Iterator[dict[str, Plugin]]:
    """Give every plugin by name, `tf`'s own server first.

    `archive` includes the standalone one, built if need be. If there is a Go, one is in Go.
    """
    toy = "from tests.toy_provider import ToyProvider as P; "
    noop = "from tests.benchmarks.noop import NoopProvider as P; "
    run = "from tf.runner import run_provider; run_provider(P(), ['x'])"
    served = (
        "from terraform_provider_ecgrid.plugin.go_plugin.serve import serve\n"
        "def load():\n    from tests.toy_provider import ToyProvider\n    return ToyProvider()\n"
        "serve(load)"
    )
    found = {
        STOCK: Plugin((sys.executable, "-c", toy + run), "example/toy", _TOY_HCL, _TOY_CONFIG),
        STOCK_NOOP: Plugin((sys.executable, "-c", noop + run), "example/noop"),
        OURS_WITH_TOY: Plugin((sys.executable, "-c", served), "example/toy", _TOY_HCL, _TOY_CONFIG),
        OURS: ecgrid(Path(sys.executable).parent / "terraform-provider-ecgrid"),
    }
    with tempfile.TemporaryDirectory() as folder:
        if archive:
            found[ARCHIVE] = ecgrid(_unpacked(Path(folder)))
        if go := shutil.which("go"):
            executable = str(Path(folder) / "floor")
            subprocess.run([go, "build", "-o", executable, Path(__file__).with_name("floor.go")], check=True)
            found[FLOOR] = Plugin((executable, str(_PREPARED)), "ecgrid/ecgrid", _ECGRID_HCL, _ECGRID_CONFIG)
        yield found


def environment(home: Path) -> dict[str, str]:
    """What a process sees: nothing of the caller's but where programs and temporary files are."""
    return {name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ} | {"HOME": str(home)}


def _unpacked(folder: Path) -> Path:
    """Unpack the standalone archive and give the path of its executable."""
    with zipfile.ZipFile(standalone.archive()) as archive:
        archive.extractall(folder)
        (name,) = (name for name in archive.namelist() if name.startswith("terraform-provider-ecgrid"))
    (folder / name).chmod(0o755)
    return folder / name
