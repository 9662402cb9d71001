from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from terraform_provider_ecgrid import __main__ as command
from terraform_provider_ecgrid.plugin.go_plugin import serve

from .plugin.go_plugin.plugin_process import COOKIE, ROOT


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What the command started, in the place of starting it."""
    calls: list[object] = []
    cli = ModuleType("terraform_provider_ecgrid.cli")

    def cli_main(argv: list[str]) -> int:
        calls.append(argv)
        return 3

    def serve_provider(load: Callable[[], object], prepared: str, quiet: tuple[str, ...]) -> int:
        calls.extend((load, prepared, quiet))
        return 4

    cli.main = cli_main  # type: ignore[attr-defined]  # a module made here
    monkeypatch.setitem(sys.modules, cli.__name__, cli)
    monkeypatch.setattr("terraform_provider_ecgrid.cli", cli, raising=False)
    monkeypatch.setattr(serve, "serve", serve_provider)
    for name in COOKIE:
        monkeypatch.delenv(name, raising=False)
    return calls


def test_terraform_gets_the_plugin(started: list[object], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in COOKIE.items():
        monkeypatch.setenv(name, value)
    assert command.main([]) == 4
    assert started == [command.load_provider, command.PREPARED, command.QUIET]


def test_a_person_gets_the_command_line(started: list[object]) -> None:
    assert command.main([]) == 3
    assert started == [[]]


def test_arguments_mean_a_person_even_below_terraform(started: list[object], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in COOKIE.items():
        monkeypatch.setenv(name, value)
    assert command.main(["sandbox"]) == 3
    assert started == [["sandbox"]]


def test_a_wrong_cookie_is_no_terraform(started: list[object], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in COOKIE:
        monkeypatch.setenv(name, "other")
    assert command.main([]) == 3


def test_a_plugin_loads_neither_the_command_line_nor_the_provider_before_the_line(tmp_path: Path) -> None:
    script = (
        "import os, sys\n"
        "from terraform_provider_ecgrid import __main__\n"
        "from terraform_provider_ecgrid.plugin.go_plugin import handshake\n"
        "def loaded(*_):\n"
        "    names = [n for n in sys.modules if n.startswith('terraform_provider_ecgrid.')]\n"
        "    os.write(2, ' '.join(n.removeprefix('terraform_provider_ecgrid.') for n in names).encode())\n"
        "    os._exit(0)\n"
        "handshake.line = loaded\n"
        "__main__.main([])\n"
    )
    env = os.environ | COOKIE | {"TMPDIR": str(tmp_path)}
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=env, capture_output=True, check=True)
    loaded = set(run.stderr.decode().split())
    assert "plugin.go_plugin.serve" in loaded
    late = {"cli", "provider", "plugin.calls.dispatch", "api", "callback", "resources", "plugin.logging.stderr"}
    assert not loaded & late
