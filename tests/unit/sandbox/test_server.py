"""The sandbox as a person starts it."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from terraform_provider_ecgrid.sandbox import server
from terraform_provider_ecgrid.sandbox.server import Sandbox

START = "import sys; from terraform_provider_ecgrid.sandbox.server import run; sys.exit(run({port}, None, 'events'))"


@pytest.mark.skipif(os.name != "posix", reason="Windows has no SIGTERM to send")
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_it_prints_what_a_shell_needs_logs_and_ends_cleanly(end: signal.Signals) -> None:
    process = subprocess.Popen([sys.executable, "-c", START.format(port=0)], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        exported = dict(
            line.removeprefix("export ").strip().split("=", 1)
            for line in (process.stdout.readline() for _ in range(3))
            if line.startswith("export ")
        )
        answer = httpx.get(
            exported["ECGRID_BASE_URL"] + "/v2/callbacks/get-queue-by-id?callbackId=7001",
            headers={"X-API-Key": exported["ECGRID_API_KEY"]},
        )
        assert answer.status_code == 400
        assert process.stdout.readline() == "GET /v2/callbacks/get-queue-by-id?callbackId=7001 -> 400\n"
        process.send_signal(end)
        assert process.wait(60) == 0
    finally:
        # Popen's own exit would wait for a process that nobody told to end.
        process.kill()
        process.communicate()


def test_a_taken_port_is_said_in_one_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = subprocess.run(
            [sys.executable, "-c", START.format(port=port)], capture_output=True, text=True, timeout=60, check=False
        )
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert ended.stderr.startswith(f"The sandbox cannot start: it cannot listen on 127.0.0.1:{port} (")
    assert ended.stderr.endswith("Choose another --port.\n")
    assert ended.stderr.count("\n") == 1


@pytest.mark.parametrize("kind", ["no database", "a folder", "in no folder"])
def test_a_database_file_that_cannot_be_used_is_named_and_blamed(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("signal.signal", lambda *_: None)
    (tmp_path / "text").write_text("no database " * 1000)
    db = {"no database": tmp_path / "text", "a folder": tmp_path, "in no folder": tmp_path / "none" / "db"}[kind]
    assert server.run(0, db, "registrations") == 1
    said = capsys.readouterr().err
    assert said.startswith(f"The sandbox cannot start: the database {db} cannot be used (")
    assert said.endswith("Choose another file for --db.\n")


def test_it_listens_on_loopback_alone(sandbox: Sandbox) -> None:
    assert sandbox.url.startswith("http://127.0.0.1:")
    port = int(sandbox.url.rpartition(":")[2])
    with socket.socket() as other:
        # Another loopback address is as far away as any other interface to a socket that is bound to one.
        assert other.connect_ex(("127.0.0.2", port)) != 0


def test_two_sandboxes_share_nothing() -> None:
    with Sandbox() as one, Sandbox(api_key="other") as two:
        assert one.url != two.url
        one.store.remove(7001)
        assert two.store.get(7001) is not None
        for key, status in (("other", 200), ("sandbox-key", 401)):
            answer = httpx.post(two.url + "/v2/callbacks/queue-list", json={}, headers={"X-API-Key": key})
            assert answer.status_code == status


def test_a_database_outlives_its_sandbox(tmp_path: Path) -> None:
    for _ in range(2):
        with Sandbox(db=tmp_path / "kept.db") as sandbox:
            sandbox.store.put()
    with Sandbox(db=tmp_path / "kept.db") as sandbox:
        assert [one["callbackId"] for one in sandbox.store.all()] == [7001, 7002, 7003]
