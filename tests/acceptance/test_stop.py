"""Ctrl-C while ECGrid is still answering: what was begun ends in the state, what is only waited for is given up."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable

import pytest

from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.acceptance.harness import Terraform

ADDRESS = "ecgrid_callback.orders"
NEW = 'resource "ecgrid_callback" "orders" {\n  url = "https://new.example.com/hook"\n  event = "Parcel"\n%s}\n'
TAKE_OVER = 'resource "ecgrid_callback" "orders" {\n  callback_id = 7001\n  status      = "Active"\n}\n'

_PATIENCE = 60.0


def wait_for(condition: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    """Wait until something has happened; fails where the command ends before."""
    deadline = time.monotonic() + _PATIENCE
    while not condition():
        assert process.poll() is None, f"ended too early: {process.communicate()}"
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.01)


def interrupted(terraform: Terraform, sandbox: Sandbox, call: str) -> tuple[int, str]:
    """Apply, and press Ctrl-C once `call` has arrived. Returns the exit code and all that was said."""
    process = terraform.start("apply", "-auto-approve", "-no-color")
    try:
        wait_for(lambda: any(one.call == call for one in list(sandbox.requests)), process)
        os.killpg(process.pid, signal.SIGINT)
        stdout, stderr = process.communicate(timeout=2 * _PATIENCE)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
    return process.returncode, stdout + stderr


@pytest.mark.parametrize("terraform_version", ["path", "1.6", "1.15"])
def test_the_id_of_a_registration_under_way_is_in_the_state_after_a_ctrl_c(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    terraform.write(NEW % "")
    sandbox.faults.add("create", delay=2)
    code, said = interrupted(terraform, sandbox, "create")
    assert "Interrupt received" in said
    assert code == 1, said
    assert terraform.state(ADDRESS)["callback_id"] == 7002, said
    assert not terraform.tainted(ADDRESS)
    assert "Traceback" not in said
    assert terraform.plan().empty, "and it needs nothing more"
    assert [one.call for one in sandbox.writes()] == ["create"]


def test_a_registration_that_is_stopped_before_its_status_was_set_is_in_the_state_and_named(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    """The second call of a registration fails and would be repeated: after a Ctrl-C it is not."""
    terraform.write(NEW % '  status = "Suspended"\n')
    sandbox.faults.add("update", times=None, status=503, headers={"Retry-After": "20"})
    code, said = interrupted(terraform, sandbox, "update")
    assert code == 1
    assert terraform.state(ADDRESS)["callback_id"] == 7002, said
    assert terraform.tainted(ADDRESS)
    words = " ".join(said.replace("│", " ").split())
    assert "Callback 7002 registered, but not Suspended" in words
    assert "terraform untaint" in words
    assert [one.call for one in sandbox.writes()] == ["create", "update"], "nothing is sent again after a stop"


def test_a_wait_before_another_attempt_ends_with_a_ctrl_c(terraform: Terraform, sandbox: Sandbox) -> None:
    terraform.write(TAKE_OVER)
    sandbox.faults.add("update", times=None, status=429, headers={"Retry-After": "20"})
    code, said = interrupted(terraform, sandbox, "update")
    assert code == 1
    assert "Callback 7001 not taken over" in said
    assert [one.call for one in sandbox.writes()] == ["update"], "nothing is sent again after a stop"
    assert terraform.instances() == {}
    assert "Traceback" not in said
