"""The action `ecgrid_callback_test`: asked for by name or by a trigger, and failed by anything but 200."""

from __future__ import annotations

import os
import signal
from typing import Any

import pytest

from terraform_provider_ecgrid.sandbox.faults import LOOKUP_CALLS
from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.acceptance.features import core, needs
from tests.acceptance.harness import BOTH_MODELS, Terraform
from tests.acceptance.results import Applied
from tests.acceptance.test_stop import wait_for
from tests.unit.api.support import unused_port
from tests.unit.sandbox.endpoint import Endpoint

pytestmark = [needs("action"), core]

ACTION = "action.ecgrid_callback_test.smoke"
BLOCK = 'action "ecgrid_callback_test" "smoke" {\n  config {\n    callback_id = %s\n  }\n}\n'
HOST = "https://127.0.0.1"


def invoke(terraform: Terraform, callback_id: object = 7001, expect: int = 0) -> Applied:
    """Invoke the action by name."""
    terraform.write(BLOCK % callback_id, "action.tf")
    return terraform.apply(f"-invoke={ACTION}", expect=expect, unsettled="an action leaves no state")


def progress(applied: Applied) -> list[str]:
    """The lines that the action said while it was under way."""
    return [one["hook"]["message"] for one in applied.messages if one.get("type") == "action_progress"]


@BOTH_MODELS
def test_an_endpoint_that_answers_200_is_shown(
    terraform: Terraform, sandbox: Sandbox, https_endpoint: Endpoint
) -> None:
    sandbox.store.change(7001, url=https_endpoint.url + "?token=s3cr3t")
    applied = invoke(terraform)
    where = https_endpoint.url.removesuffix("/hook")
    assert progress(applied) == [
        "Asking ECGrid for a test delivery of callback 7001",
        f"Callback 7001: {where} answered HTTP 200",
    ]
    assert applied.diagnostics == []
    # In model E the test only queues a delivery, which is looked up.
    assert [(one.call, one.body) for one in sandbox.requests if one.call != "get-queue-by-id"] == [
        ("test", {"callbackId": 7001})
    ]
    assert len(https_endpoint.received) == 1
    for words in ("/hook", "s3cr3t"):
        assert words not in applied.text


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (204, "was answered with HTTP 204, but ECGrid counts only 200 as delivered"),
        (500, "was answered with HTTP 500."),
        (302, "was answered with HTTP 302."),
        (None, "no connection"),
    ],
)
def test_an_endpoint_that_answers_anything_else_is_an_error_with_id_host_and_status(
    terraform: Terraform, sandbox: Sandbox, https_endpoint: Endpoint, status: int | None, sentence: str
) -> None:
    https_endpoint.status = status or 200
    origin = https_endpoint.url.removesuffix("/hook") if status else f"{HOST}:{unused_port()}"
    sandbox.store.change(7001, url=f"{origin}/hook?token=s3cr3t")
    applied = invoke(terraform, expect=1)
    error = applied.error
    assert "Test delivery failed" in error.text  # in the detail: Terraform's own summary stands above an action's
    assert f"callback 7001 to {origin} " in error.detail
    assert sentence in error.detail
    assert "invoke the action again" in error.detail
    for words in ("/hook", "s3cr3t"):
        assert words not in applied.text


def test_a_delivery_that_was_only_queued_is_no_connection(terraform: Terraform, sandbox: Sandbox) -> None:
    sandbox.faults.add("test", transform=lambda answer: answer | {"httpStatus": None})
    error = invoke(terraform, expect=1).error
    assert "callback 7001 to https://app.example.com" in error.detail
    assert "no connection" in error.detail


def test_a_callback_that_ecgrid_does_not_know_and_a_refusal_are_errors_that_name_it(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    error = invoke(terraform, 7999, expect=1).error
    assert "Callback 7999 not tested" in error.text
    assert "ObjectNotFound" in error.detail
    sandbox.faults.add("test", times=None, error_code="AccessDenied")
    error = invoke(terraform, expect=1).error
    assert "Callback 7001 not tested" in error.text
    assert "AccessDenied" in error.detail


@pytest.mark.parametrize("callback_id", ["0", "1.5", "2147483648"])
def test_an_id_that_is_none_is_refused_without_a_request(
    terraform: Terraform, sandbox: Sandbox, callback_id: str
) -> None:
    terraform.write(BLOCK % callback_id, "action.tf")
    error = terraform.validate(expect=1).error
    assert error.summary == "Invalid callback_id"
    assert "whole number from 1 to 2147483647" in error.detail
    assert sandbox.requests == []


def test_a_provider_argument_that_is_not_known_yet_is_an_error_that_names_it(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    terraform.write(
        'resource "terraform_data" "key" {\n  input = "k"\n}\n'
        'provider "ecgrid" {\n  access_token = terraform_data.key.output\n}\n'
    )
    applied = invoke(terraform, expect=1)
    assert any("access_token" in one.text for one in applied.errors), applied
    assert sandbox.requests == []


TRIGGER = """
resource "ecgrid_callback" "orders" {
  callback_id = 7001
  url         = "%s"

  lifecycle {
    action_trigger {
      events  = [after_create, after_update]
      actions = [action.ecgrid_callback_test.smoke]
    }
  }
}
"""


def test_a_trigger_tests_after_a_create_and_after_an_update_and_not_in_between(
    terraform: Terraform, sandbox: Sandbox, https_endpoint: Endpoint
) -> None:
    sandbox.store.change(7001, status="Active")
    terraform.write(TRIGGER % https_endpoint.url + BLOCK % "ecgrid_callback.orders.callback_id")
    terraform.apply()  # whose empty second plan asks for no test
    assert calls(sandbox) == ["update", "test"]
    assert len(https_endpoint.received) == 1

    terraform.write(TRIGGER % f"{https_endpoint.url}2" + BLOCK % "ecgrid_callback.orders.callback_id")
    terraform.apply()
    assert calls(sandbox) == ["update", "test", "update", "test"]

    https_endpoint.status = 500
    terraform.write(TRIGGER % https_endpoint.url + BLOCK % "ecgrid_callback.orders.callback_id")
    failed = terraform.apply(expect=1)
    assert "Test delivery failed" in failed.error.text
    assert terraform.state("ecgrid_callback.orders")["url"] == https_endpoint.url, "the update is done all the same"
    assert not terraform.tainted("ecgrid_callback.orders")


def calls(sandbox: Sandbox) -> list[str]:
    """The calls so far that do something."""
    return [one.call for one in sandbox.requests if one.call not in LOOKUP_CALLS]


def test_ctrl_c_abandons_the_answer_at_once_with_an_error(terraform: Terraform, sandbox: Sandbox) -> None:
    # Long enough that only an abandoned wait can end before the harness's own patience does.
    sandbox.faults.add("test", delay=3600)
    terraform.write(BLOCK % 7001)
    process = terraform.start("apply", "-auto-approve", "-no-color", f"-invoke={ACTION}")
    try:
        wait_for(lambda: any(one.call == "test" for one in list(sandbox.requests)), process)
        os.killpg(process.pid, signal.SIGINT)
        stdout, stderr = process.communicate(timeout=60)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
    said: Any = " ".join((stdout + stderr).replace("│", " ").split())
    assert process.returncode == 1, said
    assert "Test delivery interrupted" in said
    assert "waited for the test delivery of callback 7001" in said
    assert "Traceback" not in said
    assert "panic" not in said
