from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import grpc
import pytest

from .plugin_process import CLIENT, COOKIE, ROOT, SECONDS, Plugin, start, wait_until


def test_the_line_is_go_plugins_handshake(plugin: Plugin) -> None:
    assert (plugin.core, plugin.protocol, plugin.transport) == ("1", "6", "grpc")
    assert plugin.network == "unix"
    assert plugin.line.count("\n") == 1


def test_a_call_is_answered_over_tls_with_the_lines_certificate(plugin: Plugin) -> None:
    assert plugin.call("GetProviderSchema", b"request") == b"request"


@pytest.mark.parametrize("certificate", [None, ""])
def test_a_client_without_a_certificate_wants_no_tls(certificate: str | None) -> None:
    with Plugin(PLUGIN_CLIENT_CERT=certificate) as plugin:
        assert plugin.line.endswith("|grpc|\n")
        assert plugin.call("GetProviderSchema", b"request") == b"request"


def test_only_the_user_may_enter_the_sockets_directory(plugin: Plugin) -> None:
    mode = os.stat(os.path.dirname(plugin.address)).st_mode
    assert stat.S_IMODE(mode) == 0o700


@pytest.mark.parametrize("name", ["a b", "50%41", "ünï"])
def test_a_socket_may_lie_in_a_directory_of_any_name(name: str, short: Path) -> None:
    folder = short / name
    folder.mkdir()
    with Plugin(TMPDIR=str(folder)) as plugin:
        assert Path(plugin.address).is_socket()
        assert Path(plugin.address).is_relative_to(folder)
        plugin.shut_down()


def test_no_home_is_needed() -> None:
    with Plugin(HOME="/nonexistent") as plugin:
        assert plugin.call("GetProviderSchema", b"request") == b"request"


@pytest.mark.parametrize("closed", ["<&-", "2>&-", "<&- 2>&-"])
def test_standard_input_and_error_may_be_closed(closed: str) -> None:
    with Plugin(through=f'exec "$@" {closed}') as plugin:
        assert plugin.call("GetProviderSchema", b"request") == b"request"
        plugin.call("PlanResourceChange")  # prints
        with pytest.raises(grpc.RpcError) as caught:
            plugin.call("ReadResource")  # logs
        assert "LookupError" in caught.value.details()
        code, out, _ = plugin.shut_down()
    assert (code, out) == (0, "")


def test_a_terraform_of_another_protocol_is_told_so() -> None:
    process = start("stand-in", {"PLUGIN_PROTOCOL_VERSIONS": "4,5"})
    out, err = process.communicate(timeout=SECONDS)
    assert process.returncode == 1
    assert out == b""
    assert b"protocol 6" in err
    assert b"4,5" in err


@pytest.mark.parametrize("started", range(3))
def test_a_system_without_threads_is_told_to_the_user_and_leaves_nothing_behind(started: int, tmp_path: Path) -> None:
    script = (
        "import sys, threading\n"
        "from terraform_provider_ecgrid.plugin.go_plugin import serve\n"
        "class Thread(threading.Thread):\n"
        f"    left = {started}\n"
        "    def start(self):\n"
        "        if not Thread.left:\n"
        "            raise RuntimeError('no thread')\n"
        "        Thread.left -= 1\n"
        "        super().start()\n"
        "threading.Thread = Thread\n"
        "sys.exit(serve.serve(lambda: None))\n"
    )
    env = os.environ | COOKIE | CLIENT | {"TMPDIR": str(tmp_path)}
    command = [sys.executable, "-c", script]
    run = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert (run.returncode, run.stderr) == (1, "The provider cannot start: no thread.\n")
    assert list(tmp_path.iterdir()) == []


def at_the_line(expression: str, tmp_path: Path) -> str:
    """What an expression is in a plugin that is about to print its handshake line."""
    script = (
        "import gc, os, sys\n"
        "from terraform_provider_ecgrid.plugin.go_plugin import handshake, serve\n"
        "def loaded(*_):\n"
        f"    sys.stderr.write(str({expression}))\n"
        "    sys.stderr.flush()\n"
        "    os._exit(0)\n"
        "handshake.line = loaded\n"
        "serve.serve(lambda: None)\n"
    )
    env = os.environ | COOKIE | {"TMPDIR": str(tmp_path)}
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=env, capture_output=True, check=True, text=True)
    return run.stderr


def test_nothing_heavy_is_loaded_before_the_line(tmp_path: Path) -> None:
    heavy = (
        "asyncio concurrent.futures cryptography.x509 google.protobuf grpc h2 hpack httpx json logging msgpack "
        "pydantic pythonjsonlogger ssl tempfile"
    )
    ours = "terraform_provider_ecgrid.provider cryptography.hazmat.primitives.serialization"
    names = {*heavy.split(), *ours.split(), "tf", "truststore"}
    assert at_the_line(f"sorted({names!r} & set(sys.modules))", tmp_path) == "[]"


def test_garbage_is_not_looked_for_before_the_line(tmp_path: Path) -> None:
    assert at_the_line("gc.isenabled()", tmp_path) == "False"


def test_garbage_is_looked_for_again_once_the_provider_is_loaded(plugin: Plugin) -> None:
    plugin.call("GetProviderSchema")
    wait_until(lambda: plugin.call("GetMetadata") == b"collects True, kept True")
