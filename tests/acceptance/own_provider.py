"""Providers of the tests' own making, served by the plugin server and found by Terraform beside this one."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

from tests.acceptance.harness import Terraform

_CHECKOUT = Path(__file__).resolve().parents[2]

_PLUGIN = """
import sys
sys.path.insert(0, {checkout!r})
from terraform_provider_ecgrid.plugin.go_plugin.serve import serve

def load():
    from {module} import {klass}
    return {klass}()

sys.exit(serve(load))
"""


def offer(terraform: Terraform, root: Path, source: str, module: str, klass: str) -> None:
    """Have a Terraform find the provider `klass` of a module of the tests at the address `source`."""
    name = source.rpartition("/")[2]
    folder = root / name
    folder.mkdir()
    plugin = folder / f"terraform-provider-{name}"
    script = folder / "plugin.py"
    script.write_text(_PLUGIN.format(checkout=str(_CHECKOUT), module=module, klass=klass), encoding="utf-8")
    # Not by a line `#!python`, which ends at a space in the path.
    plugin.write_text(f"#!/bin/sh\nexec {shlex.quote(sys.executable)} {shlex.quote(str(script))}\n", encoding="utf-8")
    plugin.chmod(0o755)
    settings = Path(terraform.environment()["TF_CLI_CONFIG_FILE"])
    before = settings.read_text(encoding="utf-8")
    settings.write_text(before.replace("dev_overrides {", f'dev_overrides {{\n"{source}" = "{folder}"\n'))
