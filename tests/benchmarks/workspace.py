"""A folder in which the real Terraform runs, timed."""

from __future__ import annotations

import json
import os
import subprocess
import threading
import time
from collections.abc import Mapping
from pathlib import Path

from tests.acceptance.harness import find_terraform
from tests.benchmarks.plugins import Plugin, environment

_SAMPLE_SECONDS = 0.02


class Workspace:
    """A working folder with its own HOME and state. `plugin` None leaves the providers to Terraform's built-in one."""

    def __init__(self, root: Path, plugin: Plugin | None, hcl: str, env: Mapping[str, str]) -> None:
        self.folder = root / "work"
        self.folder.mkdir(parents=True)
        self._executable = find_terraform()
        config = root / "cli.tfrc"
        overrides = {} if plugin is None else {plugin.address: str(plugin.install(root / "provider"))}
        lines = "".join(f"    {json.dumps(name)} = {json.dumps(folder)}\n" for name, folder in overrides.items())
        config.write_text(f"provider_installation {{\n  dev_overrides {{\n{lines}  }}\n  direct {{}}\n}}\n")
        if plugin is not None:
            name = plugin.address.rpartition("/")[2]
            source = f"{name} = {{ source = {json.dumps(plugin.address)} }}"
            hcl = f"terraform {{\n  required_providers {{\n    {source}\n  }}\n}}\n{hcl}"
        (self.folder / "main.tf").write_text(hcl)
        self._env = {
            **environment(root),
            "TF_CLI_CONFIG_FILE": str(config),
            "TF_IN_AUTOMATION": "1",
            "CHECKPOINT_DISABLE": "1",
            **env,
        }

    def run(self, *args: str) -> float:
        """Run a command to its end and return its seconds. Raises `RuntimeError` with its output where it fails."""
        started = time.perf_counter()
        process = self._start(*args)
        _, errors = process.communicate()
        seconds = time.perf_counter() - started
        if process.returncode:
            raise RuntimeError(f"terraform {' '.join(args)} failed\n{errors}")
        return seconds

    def peak_of_plugin(self, *args: str) -> int:
        """Run a command and return the most bytes of memory that one of its plugins held (0 where not on Linux).

        Looked at in steps, so a run of it is not to be timed.
        """
        process = self._start(*args)
        peak = _Peak(process.pid)
        peak.start()
        process.communicate()
        return peak.stop()

    def _start(self, *args: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [self._executable, *args],
            cwd=self.folder,
            env=self._env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )


class _Peak(threading.Thread):
    """Reads the kernel's high-water marks of a process's children while it runs."""

    def __init__(self, parent: int) -> None:
        super().__init__(daemon=True)
        self._parent = parent
        self._ended = threading.Event()
        self._peak = 0

    def run(self) -> None:
        while not self._ended.wait(_SAMPLE_SECONDS):
            for file in Path(f"/proc/{self._parent}/task").glob("*/children"):
                try:
                    for child in file.read_text().split():
                        # A child is a copy of its parent until it becomes a plugin.
                        if _program(child) != _program(self._parent):
                            self._peak = max(self._peak, _high_water_mark(child))
                except OSError:  # it ended meanwhile
                    continue

    def stop(self) -> int:
        """Return the peak in bytes."""
        self._ended.set()
        self.join()
        return self._peak


def _program(pid: int | str) -> str:
    return os.readlink(f"/proc/{pid}/exe")


def _high_water_mark(pid: str) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    line = next((line for line in status.splitlines() if line.startswith("VmHWM:")), "VmHWM: 0 kB")
    return int(line.split()[1]) * 1024
