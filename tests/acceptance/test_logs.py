"""Logs at the finest level: the provider says what it does, and no secret and no path or query of a callback's URL."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.acceptance.features import needs
from tests.acceptance.harness import Terraform

pytestmark = needs("write-only")

ADDRESS = "ecgrid_callback.orders"
KEY, TOKEN = "key-5e55a0c1d2e3", "sandbox-token"
PASSWORD, WRITE_ONLY = 'pw-"7ä\\+/ 9', "wo-4be1c9d2f7"
# Pieces of the URLs' paths and queries: of the sandbox's seeded one, and of those in these tests.
BEHIND_HOSTS = ("webhooks", "hook-2b7c", "q-9d41ff")

CONFIGURED = """
variable "password" {
  sensitive = true
}
variable "password_wo" {
  sensitive = true
  ephemeral = true
}
resource "ecgrid_callback" "orders" {
  url            = "https://app.example.com/hook-2b7c?token=q-9d41ff"
  event          = "Parcel"
  status         = "Suspended"
  http_auth_type = "Basic"
  username       = "webhook_user"
  password       = var.password
}
resource "ecgrid_callback" "seeded" {
  callback_id         = 7001
  http_auth_type      = "Digest"
  username            = "webhook_user"
  password_wo         = var.password_wo
  password_wo_version = 1
}
data "ecgrid_callbacks" "all" {
  depends_on = [ecgrid_callback.orders]
}
"""


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A sandbox with a key that occurs nowhere by chance."""
    with Sandbox(api_key=KEY) as running:
        yield running


@pytest.fixture
def log(terraform: Terraform) -> Path:
    """The file that gets every line of every run, in the working folder, where `places` finds it."""
    file = terraform.folder / "trace.log"
    variables = {"TF_VAR_password": PASSWORD, "TF_VAR_password_wo": WRITE_ONLY}
    terraform.env |= {"TF_LOG": "TRACE", "TF_LOG_PATH": str(file), **variables}
    return file


def written(secret: str) -> set[str]:
    """The ways in which a secret may be written."""
    encoded = base64.b64encode(secret.encode()).decode().rstrip("=")[:-1]
    return {secret, json.dumps(secret)[1:-1], repr(secret)[1:-1], quote(secret), quote(secret, safe=""), encoded}


def assert_nothing_leaked(terraform: Terraform, log: Path) -> None:
    text = log.read_text(encoding="utf-8")
    own = [line for line in text.splitlines() if "provider.terraform-provider-ecgrid: " in line]
    assert any("ending" in line for line in own), "the provider has logged nothing, so this proves nothing"
    for secret in (KEY, TOKEN, PASSWORD, WRITE_ONLY):
        for form in written(secret):
            assert form not in text, f"{form} is in the log"
    for piece in BEHIND_HOSTS:
        assert [line for line in own if piece in line] == []
    assert "Traceback" not in text
    # Beside the log: anything that was printed, and any file but those where Terraform itself keeps a password.
    for secret in (KEY, TOKEN, WRITE_ONLY):
        assert terraform.places(secret) == []
    kept = {Path(place).name for place in terraform.places(json.dumps(PASSWORD, ensure_ascii=False)[1:-1])}
    assert {name for name in kept if ".tfstate" not in name and not name.endswith(".tfplan")} == set()


@pytest.mark.parametrize("terraform_version", ["path", "1.15"])
def test_a_whole_life_at_trace_leaves_no_secret_and_no_path_in_the_log(
    terraform: Terraform, sandbox: Sandbox, log: Path
) -> None:
    terraform.write(CONFIGURED)
    terraform.apply()
    assert (sandbox.store.get(7002) or {})["password"] == PASSWORD, "the secrets were really sent"
    assert (sandbox.store.get(7001) or {})["password"] == WRITE_ONLY

    terraform.write(CONFIGURED.replace("hook-2b7c?", "hook-2b7c/2?").replace("version = 1", "version = 2"))
    terraform.apply()
    terraform.destroy()
    assert [one.call for one in sandbox.writes()].count("update") == 4
    assert_nothing_leaked(terraform, log)


def test_an_api_that_quotes_what_it_was_sent_does_not_bring_it_into_the_log(
    terraform: Terraform, sandbox: Sandbox, log: Path
) -> None:
    quoting = f"{KEY}: no %s for https://app.example.com/hook-2b7c?token=q-9d41ff"
    sandbox.faults.echo_secrets = True
    sandbox.faults.add("update", status=503, message=quoting % WRITE_ONLY, headers={"Retry-After": "1"})
    sandbox.faults.add("update", times=None, error_code="InvalidParameter", message=quoting % WRITE_ONLY)
    sandbox.faults.add("create", status=500, message=quoting % PASSWORD, carried_out=True)
    terraform.write(CONFIGURED)
    applied = terraform.apply(expect=1)
    assert len(applied.errors) == 2
    for error in applied.errors:
        assert "https://app.example.com" in error.text
        for piece in BEHIND_HOSTS:
            assert piece not in error.text
    text = log.read_text(encoding="utf-8")
    assert "a request to ECGrid is repeated" in text, "that something is sent again is worth a line"
    assert_nothing_leaked(terraform, log)


def requests(log: Path) -> list[dict[str, str]]:
    """The fields of every line about a request that Terraform wrote, its level and its message among them."""
    found = []
    for line in log.read_text(encoding="utf-8").splitlines():
        match = re.search(
            r"\[(\w+)\] +provider\.terraform-provider-ecgrid: ((?:bodies of a )?request to ECGrid): ", line
        )
        if match:
            fields = re.findall(r'([\w@]+)=("(?:[^"\\]|\\.)*"|\S+)', line[match.end() :])
            found.append(
                {name: str(json.loads(value)) if value.startswith('"') else value for name, value in fields}
                | {"level": match[1], "message": match[2]}
            )
    return found


def test_at_debug_every_attempt_of_a_request_is_a_line_with_fields(
    terraform: Terraform, sandbox: Sandbox, log: Path
) -> None:
    terraform.env |= {"TF_LOG": None, "TF_LOG_PROVIDER": "DEBUG"}
    sandbox.faults.add("update", status=503, headers={"Retry-After": "1", "X-Request-Id": "0HN7:0001"})
    terraform.write(CONFIGURED)
    terraform.apply()
    lines = requests(log)
    assert {(one["level"], one["message"]) for one in lines} == {("DEBUG", "request to ECGrid")}
    updates = [one for one in lines if one["path"] == "/v2/callbacks/update" and one["status"] == "503"]
    assert [(one["method"], one["attempt"], one["request_id"]) for one in updates] == [("POST", "1", "0HN7:0001")]
    assert any(one["status"] == "200" and one["attempt"] == "2" for one in lines)
    assert all(one["duration_ms"].isdecimal() for one in lines)
    assert len(lines) == len(sandbox.requests), "no attempt is left out"
    assert "body" not in "".join(field for one in lines for field in one)
    assert_nothing_leaked(terraform, log)


def test_at_debug_a_request_without_an_answer_says_why(terraform: Terraform, sandbox: Sandbox, log: Path) -> None:
    terraform.env |= {"TF_LOG": None, "TF_LOG_PROVIDER": "DEBUG"}
    sandbox.faults.add("get-queue-by-id", drop=True)
    terraform.write('data "ecgrid_callback" "seeded" {\n  callback_id = 7001\n}\n')
    terraform.apply(unsettled="a data source is read by every plan")
    first, second, *_ = requests(log)
    assert (first["method"], first["path"], first["attempt"]) == ("GET", "/v2/callbacks/get-queue-by-id", "1")
    assert first["failure"] == "RemoteProtocolError"
    assert (second["status"], second["attempt"]) == ("200", "2")


def test_at_trace_the_bodies_are_shown_masked(terraform: Terraform, sandbox: Sandbox, log: Path) -> None:
    sandbox.faults.echo_secrets = True
    terraform.write(CONFIGURED)
    terraform.apply()
    bodies = [one for one in requests(log) if one["level"] == "TRACE"]
    (create,) = [one for one in bodies if one["path"] == "/v2/callbacks/create"]
    sent, answered = json.loads(create["request_body"]), json.loads(create["response_body"])
    assert sent == {
        "url": "https://app.example.com",
        "event": "Parcel",
        "httpAuthType": "Basic",
        "username": "webhook_user",
        "password": "(hidden)",
    }
    assert answered["success"] is True
    shown = ("callbackId", "url", "event", "username", "password")
    assert [answered["data"][name] for name in shown] == [7002, "https://app.example.com", "Parcel", *["(hidden)"] * 2]
    assert_nothing_leaked(terraform, log)


def test_an_api_that_quotes_secrets_in_another_encoding_does_not_bring_them_into_a_message(
    terraform: Terraform, sandbox: Sandbox, log: Path
) -> None:
    encoded = base64.b64encode(f"webhook_user:{WRITE_ONLY}".encode()).decode()
    sandbox.faults.add("update", times=None, error_code="InvalidParameter", message=f"Basic {encoded} is refused.")
    in_dotnet = PASSWORD.replace('"', "\\u0022").replace("+", "\\u002B").replace("ä", "\\u00E4")
    sandbox.faults.add("create", error_code="InvalidParameter", message=f"{in_dotnet} is refused.")
    terraform.write(CONFIGURED)
    applied = terraform.apply(expect=1)
    assert len(applied.errors) == 2
    for error in applied.errors:
        assert "is refused" in error.text
        for piece in (encoded, encoded[20:-4], in_dotnet, in_dotnet[4:]):
            assert piece not in error.text
    assert_nothing_leaked(terraform, log)


def test_an_access_token_and_the_lost_answers_of_an_import_and_a_create_leave_nothing_in_the_log(
    terraform: Terraform, sandbox: Sandbox, log: Path
) -> None:
    terraform.env |= {"ECGRID_API_KEY": None, "ECGRID_ACCESS_TOKEN": TOKEN}
    retries = 'provider "ecgrid" {\n  max_retries = 0\n}\n'
    terraform.write(retries + CONFIGURED)
    sandbox.faults.add("get-queue-by-id", drop=True)
    assert "not imported" in terraform.import_("ecgrid_callback.seeded", 7001, expect=1).text
    sandbox.faults.add("create", drop=True, carried_out=True)
    sandbox.faults.add("update", body="<html>no JSON</html>")
    assert len(terraform.apply(expect=1).errors) == 2
    assert_nothing_leaked(terraform, log)


LIFE = """
provider "ecgrid" {
  max_retries = 0
}
resource "ecgrid_callback" "orders" {
  %s
}
"""
REGISTERED = """url        = "https://app.example.com/hook-2b7c/in?sig=q-9d41ff"
  event      = "Parcel"
  on_destroy = "%s"
"""
TAKEN_OVER = """callback_id = 7002
  url         = "https://other.example.com/elsewhere"
"""


def test_an_api_that_quotes_a_url_that_was_only_read_does_not_bring_it_into_a_message(
    terraform: Terraform, sandbox: Sandbox, log: Path
) -> None:
    def fail(call: str) -> None:
        message = "/hook-2b7c/in?sig=q-9d41ff is not available"
        sandbox.faults.add(call, times=None, status=500, error_code="InternalError", message=message)

    def assert_told(error: str) -> None:
        assert "is not available" in error
        assert [piece for piece in BEHIND_HOSTS if piece in error] == []

    terraform.write(LIFE % (REGISTERED % "delete"))
    terraform.apply()
    fail("get-queue-by-id")
    assert_told(terraform.plan(expect=1).error.detail)
    sandbox.faults.reset()
    fail("delete")
    assert_told(terraform.destroy(expect=1).error.detail)
    sandbox.faults.reset()
    terraform.write(LIFE % (REGISTERED % "suspend"))
    terraform.apply()
    fail("update")
    assert_told(terraform.destroy(expect=1).error.detail)
    sandbox.faults.reset()
    terraform.run("state", "rm", ADDRESS)
    terraform.write(LIFE % TAKEN_OVER)
    fail("update")
    assert_told(terraform.apply(expect=1).error.detail)
    assert_nothing_leaked(terraform, log)
