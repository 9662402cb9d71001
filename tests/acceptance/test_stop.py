"""Ctrl-C while ECGrid is still answering: what was begun ends in the state, what is only waited for is given up."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from signal import SIGINT, SIGTERM

import pytest

from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.acceptance.features import core
from tests.acceptance.harness import Terraform

ADDRESS = "ecgrid_callback.orders"
NEW = 'resource "ecgrid_callback" "orders" {\n  url = "https://new.example.com/hook"\n  event = "Parcel"\n%s}\n'
TAKE_OVER = 'resource "ecgrid_callback" "orders" {\n  callback_id = 7001\n  status      = "Active"\n}\n'

# Less than what ECGrid asks to wait in these tests.
_PATIENCE = 50.0
_MINUTE = {"Retry-After": "60"}
STOPPED = "The request was not repeated, because Terraform was interrupted."


def wait_for(condition: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    """Wait until something has happened; fails where the command ends before."""
    deadline = time.monotonic() + _PATIENCE
    while not condition():
        assert process.poll() is None, f"ended too early: {process.communicate()}"
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.01)


def interrupted(
    terraform: Terraform,
    sandbox: Sandbox,
    call: str,
    *args: str,
    command: tuple[str, ...] = ("apply", "-auto-approve"),
    signals: tuple[int, ...] = (SIGINT,),
) -> tuple[int, str]:
    """Run a command, and press Ctrl-C once `call` has arrived. Returns the exit code and all that was said.

    `signals` go to the whole process group, one after the other, as those of a terminal or of a pipeline do.
    """
    process = terraform.start(*command, "-no-color", *args)
    try:
        wait_for(lambda: any(one.call == call for one in list(sandbox.requests)), process)
        for number in signals:
            os.killpg(process.pid, number)
            time.sleep(0.2)  # two of one signal at once are one
        stdout, stderr = process.communicate(timeout=_PATIENCE)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
    assert "Traceback" not in stdout + stderr
    return process.returncode, " ".join((stdout + stderr).replace("│", " ").split())


@core
@pytest.mark.parametrize("number", [SIGINT, SIGTERM])
def test_the_id_of_a_registration_under_way_is_in_the_state(
    number: int, terraform: Terraform, sandbox: Sandbox
) -> None:
    """Ctrl-C, or a pipeline that is cancelled."""
    terraform.write(NEW % "")
    sandbox.faults.add("create", delay=2)
    code, said = interrupted(terraform, sandbox, "create", signals=(number,))
    assert "Interrupt received" in said
    assert code == 1, said
    assert terraform.state(ADDRESS)["callback_id"] == 7002, said
    assert not terraform.tainted(ADDRESS)
    assert terraform.plan().empty, "and it needs nothing more"
    assert [one.call for one in sandbox.writes()] == ["create"]


def test_an_update_under_way_is_in_the_state(terraform: Terraform, sandbox: Sandbox) -> None:
    terraform.write(TAKE_OVER)
    terraform.apply()
    terraform.write(TAKE_OVER.replace("Active", "Suspended"))
    sandbox.requests.clear()
    sandbox.faults.add("update", delay=2)
    code, said = interrupted(terraform, sandbox, "update")
    assert code == 1, said
    assert terraform.state(ADDRESS)["status"] == "Suspended", said
    assert terraform.plan().empty
    assert [one.call for one in sandbox.writes()] == ["update"]


def test_a_take_over_under_way_is_in_the_state(terraform: Terraform, sandbox: Sandbox) -> None:
    terraform.write(TAKE_OVER.replace("Active", "Suspended"))
    sandbox.faults.add("update", delay=2)
    code, said = interrupted(terraform, sandbox, "update")
    assert code == 1, said
    assert terraform.state(ADDRESS)["status"] == "Suspended", said
    assert terraform.plan().empty


@core
def test_a_deletion_under_way_is_in_the_state(terraform: Terraform, sandbox: Sandbox) -> None:
    terraform.write(NEW % "")
    terraform.apply()
    sandbox.requests.clear()
    sandbox.faults.add("delete", delay=2)
    _, said = interrupted(terraform, sandbox, "delete", "-destroy")
    assert "Destruction complete" in said
    assert terraform.instances() == {}
    assert [one.call for one in sandbox.writes()] == ["delete"]
    assert sandbox.store.get(7002) is None


def test_a_registration_that_is_stopped_before_its_status_was_set_is_in_the_state_and_named(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    """The second call of a registration fails and would be repeated: after a Ctrl-C it is not."""
    terraform.write(NEW % '  status = "Suspended"\n')
    sandbox.faults.add("update", times=None, status=503, headers=_MINUTE)
    code, said = interrupted(terraform, sandbox, "update")
    assert code == 1
    assert terraform.state(ADDRESS)["callback_id"] == 7002, said
    assert terraform.tainted(ADDRESS)
    assert "Callback 7002 registered, but not Suspended" in said
    assert "terraform untaint" in said
    assert [one.call for one in sandbox.writes()] == ["create", "update"], "nothing is sent again after a stop"


def test_a_wait_before_a_take_overs_next_attempt_ends(terraform: Terraform, sandbox: Sandbox) -> None:
    terraform.write(TAKE_OVER)
    sandbox.faults.add("update", times=None, status=429, headers=_MINUTE)
    code, said = interrupted(terraform, sandbox, "update")
    assert code == 1
    assert "Callback 7001 not taken over" in said
    assert STOPPED in said
    assert [one.call for one in sandbox.writes()] == ["update"], "nothing is sent again after a stop"
    assert terraform.instances() == {}


def test_a_wait_before_an_updates_next_attempt_ends(terraform: Terraform, sandbox: Sandbox) -> None:
    terraform.write(TAKE_OVER)
    terraform.apply()
    terraform.write(TAKE_OVER.replace("Active", "Suspended"))
    sandbox.requests.clear()
    sandbox.faults.add("update", times=None, status=429, headers=_MINUTE)
    code, said = interrupted(terraform, sandbox, "update")
    assert code == 1
    assert "Callback 7001 not updated" in said
    assert STOPPED in said
    assert [one.call for one in sandbox.writes()] == ["update"]
    assert terraform.state(ADDRESS)["status"] == "Active"


def test_a_wait_before_a_deletions_next_attempt_ends(terraform: Terraform, sandbox: Sandbox) -> None:
    terraform.write(NEW % "")
    terraform.apply()
    sandbox.requests.clear()
    sandbox.faults.add("delete", times=None, status=429, headers=_MINUTE)
    code, said = interrupted(terraform, sandbox, "delete", "-destroy")
    assert code == 1
    assert "Callback 7002 not destroyed" in said
    assert STOPPED in said
    assert [one.call for one in sandbox.writes()] == ["delete"]
    assert terraform.state(ADDRESS)["callback_id"] == 7002


def test_every_wait_of_many_registrations_ends(terraform: Terraform, sandbox: Sandbox) -> None:
    """Those that wait because others were told to wait have sent nothing yet."""
    terraform.write((NEW % "  count = 8\n").replace("/hook", "/hook/${count.index}"))
    sandbox.faults.add("create", times=None, status=429, headers=_MINUTE)
    code, said = interrupted(terraform, sandbox, "create", "-parallelism=4")
    assert code == 1
    urls = [one.body["url"] for one in sandbox.writes() if one.body]
    assert len(set(urls)) == len(urls), "nothing is sent again after a stop"
    assert said.count("Callback not registered") == said.count("Terraform was interrupted") >= 1
    assert "No callback was registered." in said
    assert terraform.instances() == {}


@pytest.mark.parametrize("command", ["plan", "apply"])
def test_a_wait_of_a_refresh_ends(command: str, terraform: Terraform, sandbox: Sandbox) -> None:
    """While an apply refreshes, Terraform itself does not ask its providers to stop."""
    terraform.write(TAKE_OVER)
    terraform.apply()
    sandbox.requests.clear()
    sandbox.faults.add("*", times=None, status=429, headers=_MINUTE)
    code, said = interrupted(
        terraform, sandbox, "get-queue-by-id", command=(command,) if command == "plan" else (command, "-auto-approve")
    )
    assert code == 1
    assert sandbox.writes() == []
    assert terraform.state(ADDRESS)["status"] == "Active", said
