"""Terraform is killed: nothing of the provider stays behind, and what nobody could write down is found again."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.acceptance.features import core
from tests.acceptance.harness import Terraform
from tests.acceptance.test_stop import NEW, TAKE_OVER, interrupted, wait_for

# While Terraform waits for the first resource, the provider has been configured and has nothing to do.
IDLE = """
resource "terraform_data" "wait" {
  provisioner "local-exec" {
    command = "touch started; sleep 300"
  }
}
"""
IDLE += NEW % "  depends_on = [terraform_data.wait]\n"
_PATIENCE = 10.0


@pytest.fixture
def sockets(terraform: Terraform, short: Path) -> Path:
    """The folder in which the provider makes its socket."""
    terraform.env["TMPDIR"] = str(short)
    return short


def providers(terraform: int) -> list[int]:
    """The provider processes that a Terraform has started and that run."""
    lines = subprocess.run(
        ["ps", "-A", "-ww", "-o", "pid=,ppid=,args="], capture_output=True, text=True, check=True
    ).stdout
    processes = [line.split(maxsplit=2) for line in lines.splitlines()]
    return [int(one[0]) for one in processes if int(one[1]) == terraform and "terraform-provider-ecgrid" in one[2]]


def runs(process: int) -> bool:
    """Whether a process runs; one that has ended may stay in the list until somebody asks for its exit code."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(process)], capture_output=True, text=True, check=False)
    return state.stdout.strip()[:1] not in ("", "Z")


def check_gone(terraform: int, kill: Callable[[], None], sockets: Path) -> None:
    """Kill Terraform, and demand that its provider ends and takes its socket along."""
    (provider,) = providers(terraform)
    assert list(sockets.glob("plugin-*/s"))
    kill()
    deadline = time.monotonic() + _PATIENCE
    while runs(provider):
        assert time.monotonic() < deadline, "the provider stays"
        time.sleep(0.01)
    assert list(sockets.glob("plugin-*")) == []


def test_an_idle_provider_ends_with_its_killed_terraform(terraform: Terraform, sandbox: Sandbox, sockets: Path) -> None:
    terraform.write(IDLE)
    process = terraform.start("apply", "-auto-approve")
    try:
        wait_for(lambda: (terraform.folder / "started").exists() and len(providers(process.pid)) == 1, process)
        wait_for(lambda: bool(list(sockets.glob("plugin-*/s"))), process)
        check_gone(process.pid, process.kill, sockets)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # the provisioner, which stays
        process.communicate()
    assert sandbox.requests == []


@core
@pytest.mark.parametrize("call", ["create", "update"])
def test_a_provider_with_a_call_under_way_ends_with_its_killed_terraform(
    call: str, terraform: Terraform, sandbox: Sandbox, sockets: Path
) -> None:
    terraform.write(NEW % "" if call == "create" else TAKE_OVER)
    sandbox.faults.add(call, delay=60)
    process = terraform.start("apply", "-auto-approve")
    wait_for(lambda: call in [one.call for one in list(sandbox.requests)], process)
    check_gone(process.pid, process.kill, sockets)
    process.communicate()


def test_a_provider_that_waits_to_send_again_ends_with_its_killed_terraform(
    terraform: Terraform, sandbox: Sandbox, sockets: Path
) -> None:
    terraform.write(TAKE_OVER)
    sandbox.faults.add("update", times=None, status=429, headers={"Retry-After": "60"})
    process = terraform.start("apply", "-auto-approve")
    wait_for(lambda: any(one.status == 429 for one in list(sandbox.requests)), process)
    check_gone(process.pid, process.kill, sockets)
    process.communicate()
    assert [one.call for one in sandbox.writes()] == ["update"]


def test_a_closed_terminal_leaves_nothing_behind(terraform: Terraform, sandbox: Sandbox, sockets: Path) -> None:
    terraform.write(NEW % "")
    sandbox.faults.add("create", delay=60)
    process = terraform.start("apply", "-auto-approve")
    wait_for(lambda: "create" in [one.call for one in list(sandbox.requests)], process)
    check_gone(process.pid, lambda: os.killpg(process.pid, signal.SIGHUP), sockets)
    process.communicate()


def test_a_second_ctrl_c_leaves_no_process_and_no_socket(terraform: Terraform, sandbox: Sandbox, sockets: Path) -> None:
    """Terraform gives its providers two seconds then, and kills them."""
    terraform.write(NEW % "")
    sandbox.faults.add("create", delay=60)
    code, said = interrupted(terraform, sandbox, "create", signals=(signal.SIGINT, signal.SIGINT))
    assert code == 1
    assert "Two interrupts received" in said
    assert list(sockets.iterdir()) == []


def test_a_registration_that_a_killed_terraform_began_is_not_made_twice(terraform: Terraform, sandbox: Sandbox) -> None:
    terraform.write(NEW % "")
    sandbox.faults.add("create", delay=60)
    process = terraform.start("apply", "-auto-approve")
    wait_for(lambda: sandbox.store.get(7002) is not None, process)
    process.kill()
    process.communicate()
    (terraform.folder / "terraform.tfstate").unlink(missing_ok=True)  # empty, as Terraform left it
    error = terraform.apply(expect=1).error
    assert error.summary == "Callback not registered"
    assert "callback 7002" in error.text
    assert "terraform import ADDRESS 7002" in error.text


def test_an_update_that_was_cut_off_is_sent_again(terraform: Terraform, sandbox: Sandbox) -> None:
    terraform.write(TAKE_OVER)
    terraform.apply()
    terraform.write(TAKE_OVER.replace("Active", "Suspended"))
    sandbox.requests.clear()
    sandbox.faults.add("update", status=503, delay=60)
    process = terraform.start("apply", "-auto-approve")
    wait_for(lambda: any(one.call == "update" for one in list(sandbox.requests)), process)
    process.kill()
    process.communicate()
    terraform.apply()
    assert terraform.state("ecgrid_callback.orders")["status"] == "Suspended"
