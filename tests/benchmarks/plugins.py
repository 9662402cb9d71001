"""The plugins that are compared: `tf`'s own server and this project's, each as a command and as Terraform finds it."""

from __future__ import annotations

import os
import shlex
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests import standalone
from tests.unit.plugin.plugin_process import ROOT

STOCK = "tf's server, toy"
OURS_WITH_TOY = "this server, toy"
OURS = "this provider"
ARCHIVE = "this provider, archive"

_TOY = "from tests.toy_provider import ToyProvider as P; "
_TOY_HCL = 'resource "toy_counter" "one" {\n  name = "a"\n  step = 1\n}\n'
_ECGRID_HCL = (
    'resource "ecgrid_callback" "one" {\n  url   = "https://app.example.com/hooks"\n  event = "Parcel"\n'
    '  status = "Active"\n}\n'
)


@dataclass(frozen=True)
class Plugin:
    """A provider: the command that starts it, its source address, and a configuration of one resource."""

    command: tuple[str, ...]
    address: str
    hcl: str

    def install(self, folder: Path) -> Path:
        """Put an executable where `dev_overrides` looks for one, and give its folder."""
        folder.mkdir(parents=True)
        name = self.address.rpartition("/")[2]
        file = folder / f"terraform-provider-{name}"
        # `exec`, so that what Terraform starts is the plugin; the shell before it takes a millisecond of each.
        file.write_text(f"#!/bin/sh\nPYTHONPATH={shlex.quote(str(ROOT))} exec {shlex.join(self.command)}\n")
        file.chmod(0o755)
        return folder


@contextmanager
def plugins(*, archive: bool = True) -> Iterator[dict[str, Plugin]]:
    """Give every plugin by name, `tf`'s own server first. `archive` includes the standalone one, built if need be."""
    stock = _TOY + "from tf.runner import run_provider; run_provider(P(), ['x'])"
    served = (
        "from terraform_provider_ecgrid.plugin.serve import serve\n"
        "def load():\n    from tests.toy_provider import ToyProvider\n    return ToyProvider()\n"
        "serve(load)"
    )
    found = {
        STOCK: Plugin((sys.executable, "-c", stock), "example/toy", _TOY_HCL),
        OURS_WITH_TOY: Plugin((sys.executable, "-c", served), "example/toy", _TOY_HCL),
        OURS: Plugin((str(Path(sys.executable).parent / "terraform-provider-ecgrid"),), "ecgrid/ecgrid", _ECGRID_HCL),
    }
    with tempfile.TemporaryDirectory() as folder:
        if archive:
            found[ARCHIVE] = Plugin((_unpacked(Path(folder)),), "ecgrid/ecgrid", _ECGRID_HCL)
        yield found


def environment(home: Path) -> dict[str, str]:
    """What a process sees: nothing of the caller's but where programs and temporary files are."""
    return {name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ} | {"HOME": str(home)}


def _unpacked(folder: Path) -> str:
    """Unpack the standalone archive and give the path of its executable."""
    with zipfile.ZipFile(standalone.archive()) as archive:
        archive.extractall(folder)
        (name,) = (name for name in archive.namelist() if name.startswith("terraform-provider-ecgrid"))
    (folder / name).chmod(0o755)
    return str(folder / name)
