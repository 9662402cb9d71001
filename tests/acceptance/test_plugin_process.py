"""How Terraform reaches the provider: without TLS if somebody turns it off, and in a process that a debugger holds."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.acceptance.harness import EVERY_LINE, Terraform

COMMAND = Path(sys.executable).with_name("terraform-provider-ecgrid")
_SECONDS = 30.0
ONE = 'resource "ecgrid_callback" "orders" {\n  callback_id = 7001\n  status      = "%s"\n}\n'
TWO = """
provider "ecgrid" {
  base_url = "%s"
  api_key  = "key-of-the-first"
}

provider "ecgrid" {
  alias    = "second"
  base_url = "%s"
  api_key  = "key-of-the-second"
}

resource "ecgrid_callback" "first" {
  url   = "https://first.example.com/STEP"
  event = "Parcel"
}

resource "ecgrid_callback" "second" {
  provider = ecgrid.second
  url      = "https://second.example.com/STEP"
  event    = "Parcel"
}
"""


@EVERY_LINE
def test_without_tls_a_configuration_is_validated_planned_and_applied(terraform: Terraform, sandbox: Sandbox) -> None:
    terraform.env["TF_DISABLE_PLUGIN_TLS"] = "1"
    terraform.write(ONE % "Suspended")
    assert terraform.validate().diagnostics == []
    assert terraform.plan(expect=2).actions == {"ecgrid_callback.orders": "create"}
    terraform.apply()
    assert [write.body for write in sandbox.writes()] == [{"callbackId": 7001, "status": "Suspended"}]


@pytest.fixture
def debugged(terraform: Terraform) -> Iterator[subprocess.Popen[str]]:
    """A provider that was started by a person, and a Terraform that uses it."""
    process = subprocess.Popen(
        [COMMAND, "serve", "--debug"],
        env=terraform.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    value = process.stdout.readline().strip().removeprefix("export TF_REATTACH_PROVIDERS=").strip("'")
    assert set(json.loads(value)) == {"registry.terraform.io/ecgrid/ecgrid", "registry.opentofu.org/ecgrid/ecgrid"}
    terraform.env["TF_REATTACH_PROVIDERS"] = value
    yield process
    process.kill()
    process.communicate()


def test_two_provider_blocks_send_their_own_keys_to_their_own_addresses_through_one_process(
    terraform: Terraform, debugged: subprocess.Popen[str]
) -> None:
    with Sandbox(api_key="key-of-the-first") as first, Sandbox(api_key="key-of-the-second") as second:
        for step in ("created", "updated"):
            terraform.write((TWO % (first.url, second.url)).replace("STEP", step))
            terraform.apply()
        for name, sandbox in (("first", first), ("second", second)):
            assert {request.headers["x-api-key"] for request in sandbox.requests} == {f"key-of-the-{name}"}
            sent = [(write.call, write.body and write.body["url"]) for write in sandbox.writes()]
            assert sent == [
                ("create", f"https://{name}.example.com/created"),
                ("update", f"https://{name}.example.com/updated"),
            ]
    debugged.send_signal(signal.SIGINT)
    _, stderr = debugged.communicate(timeout=_SECONDS)
    assert debugged.returncode == 0, stderr
    assert stderr == ""


def test_a_command_that_was_stopped_leaves_the_next_one_unstopped(
    terraform: Terraform, sandbox: Sandbox, debugged: subprocess.Popen[str]
) -> None:
    terraform.write(ONE % "Suspended")
    sandbox.faults.add("update", status=429, headers={"Retry-After": "60"})
    stopped = terraform.start("apply", "-auto-approve", "-no-color")
    try:
        while not any(request.call == "update" for request in list(sandbox.requests)):
            assert stopped.poll() is None, stopped.communicate()
        os.killpg(stopped.pid, signal.SIGINT)
        stdout, stderr = stopped.communicate(timeout=_SECONDS)
    finally:
        stopped.kill()
    assert "Terraform was interrupted" in " ".join((stdout + stderr).replace("│", " ").split())
    sandbox.faults.add("update", status=429, headers={"Retry-After": "1"})
    terraform.apply()
    assert terraform.state("ecgrid_callback.orders")["status"] == "Suspended"
