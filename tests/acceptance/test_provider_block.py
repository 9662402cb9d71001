"""The provider block: which credential and address count, how long and how often is tried, what goes on the wire."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from terraform_provider_ecgrid import __version__
from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.acceptance.harness import Terraform
from tests.unit.api.support import serving
from tests.unit.sandbox.endpoint import endpoint

# The least that makes a request: a plan reads it.
PROBE = 'data "ecgrid_callback" "seen" {\n  callback_id = 7001\n}\n'

TOKEN = "sandbox-token"


def provider(*arguments: str) -> str:
    """A provider block with these arguments, and one request to make."""
    lines = "\n  ".join(arguments)
    return f'provider "ecgrid" {{\n  {lines}\n}}\n{PROBE}'


def credentials(sandbox: Sandbox) -> set[tuple[str | None, str | None]]:
    """The credentials that arrived: (API key, authorization)."""
    return {(one.headers.get("x-api-key"), one.headers.get("authorization")) for one in sandbox.requests}


@pytest.mark.parametrize(
    ("arguments", "key", "token", "sent"),
    [
        pytest.param([f'access_token = "{TOKEN}"'], "wrong", "wrong", (None, f"Bearer {TOKEN}"), id="configured token"),
        pytest.param([], "sandbox-key", "wrong", ("sandbox-key", None), id="key before token in the environment"),
        pytest.param([], "", TOKEN, (None, f"Bearer {TOKEN}"), id="empty variable is unset"),
    ],
)
def test_the_credential_that_counts_is_the_only_one_sent(
    terraform: Terraform,
    sandbox: Sandbox,
    arguments: list[str],
    key: str | None,
    token: str | None,
    sent: tuple[str | None, str | None],
) -> None:
    terraform.env |= {"ECGRID_API_KEY": key, "ECGRID_ACCESS_TOKEN": token}
    terraform.write(provider(*arguments))
    terraform.plan(expect=0)
    assert credentials(sandbox) == {sent}


def test_both_credentials_in_the_configuration_are_an_error_before_any_request(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    terraform.write(provider('api_key = "sandbox-key"', 'access_token = "sandbox-token"'))
    refused = terraform.validate(expect=1)
    assert (refused.error.summary, refused.error.attribute) == ("Two credentials", "access_token")
    assert "Remove one of them" in refused.error.detail

    terraform.write(
        'variable "token" {\n  sensitive = true\n}\n' + provider('api_key = "sandbox-key"', "access_token = var.token")
    )
    assert terraform.validate().diagnostics == [], "what a variable holds is not known yet"
    # Into no file: a plan file, that of a failed plan too, holds the values of variables.
    said = terraform.run("plan", "-no-color", expect=1, env={"TF_VAR_token": "sandbox-token"}).text
    assert "Error: Two credentials" in said
    assert "access_token = var.token" in said, "it points at the argument"
    assert sandbox.requests == []


def test_a_credential_that_cannot_be_sent_is_an_error_before_any_request(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    terraform.write(provider('api_key = "schlüssel"'))
    said = terraform.run("validate", "-no-color", expect=1).text
    assert "Error: Invalid API key" in said
    assert "schlüssel" not in said, "Terraform would quote the line that a path leads to, and the key with it"
    terraform.write(provider())
    error = terraform.plan(expect=1, env={"ECGRID_API_KEY": None, "ECGRID_ACCESS_TOKEN": "schlüssel"}).error
    assert error.summary == "Invalid access token"
    assert "The environment variable ECGRID_ACCESS_TOKEN contains a character" in error.detail
    assert sandbox.requests == []


def test_no_credential_at_all_is_an_error_that_names_arguments_and_variables(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    terraform.env |= {"ECGRID_API_KEY": None, "ECGRID_ACCESS_TOKEN": ""}
    terraform.write(provider())
    assert terraform.validate().diagnostics == [], "validation needs no credential"
    error = terraform.plan(expect=1).error
    assert error.summary == "No credential"
    for name in ("`api_key`", "`access_token`", "ECGRID_API_KEY", "ECGRID_ACCESS_TOKEN"):
        assert name in error.detail
    assert sandbox.requests == []


def test_a_configured_base_url_beats_the_environment_and_an_empty_variable_is_unset(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    terraform.write(provider(f'base_url = "{sandbox.url}/"'))
    terraform.plan(expect=0, env={"ECGRID_BASE_URL": "https://ecgrid.invalid"})
    assert {one.path for one in sandbox.requests} <= {"/v2/callbacks/get-queue-by-id", "/v2/callbacks/queue-list"}
    assert sandbox.requests


def test_the_default_base_url_is_ecgrids_and_is_reached_through_https_proxy(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    asked: list[str] = []

    def refuse(head: str, connection: socket.socket) -> None:
        asked.append(head)
        connection.sendall(b"HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n")

    terraform.write(provider("max_retries = 0"))
    with serving(refuse) as port:
        terraform.env |= {"HTTPS_PROXY": f"http://proxy-user:proxy-password@127.0.0.1:{port}"}
        for unset in (None, ""):
            refused = terraform.plan(expect=1, env={"ECGRID_BASE_URL": unset})
            assert asked.pop().startswith("CONNECT rest.ecgrid.io:443 ")
            assert asked == []
            assert "proxy" in refused.error.text
            assert "proxy-password" not in str(refused)

        elsewhere = {"ECGRID_BASE_URL": "https://ecgrid.invalid"}
        terraform.plan(expect=1, env=elsewhere | {"NO_PROXY": "ecgrid.invalid"})
        assert asked == [], "NO_PROXY is honoured"
        terraform.plan(expect=1, env=elsewhere | {"NO_PROXY": "other.invalid"})
        assert len(asked) == 1, "and only for the hosts that it names"

        asked.clear()
        everything = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), f"http://127.0.0.1:{port}")
        terraform.plan(expect=0, env=everything)
        assert asked == [], "loopback goes past a proxy"
        assert sandbox.requests


def test_a_certificate_of_ssl_cert_file_is_trusted_and_no_other(terraform: Terraform, tmp_path: Path) -> None:
    terraform.write('provider "ecgrid" {\n  max_retries = 0\n}\ndata "ecgrid_callbacks" "all" {}\n')
    page = {"totalRecords": 0, "pageNo": 1, "recordsPerPage": 500, "queueEntries": []}
    with endpoint(tmp_path) as api:
        api.body = json.dumps({"success": True, "data": page}).encode()
        terraform.env["ECGRID_BASE_URL"] = api.url.removesuffix("/hook")
        refused = terraform.plan(expect=1)
        assert "certificate is not trusted" in refused.error.text
        assert "SSL_CERT_FILE" in refused.error.text
        assert api.received == []
        terraform.plan(expect=0, env={"SSL_CERT_FILE": str(api.certificate)})
        assert len(api.received) == 1


def test_plain_http_to_another_host_is_refused_before_a_request(terraform: Terraform, sandbox: Sandbox) -> None:
    asked: list[str] = []
    with serving(lambda head, _: asked.append(head)) as port:
        terraform.env["HTTP_PROXY"] = f"http://127.0.0.1:{port}"
        terraform.write(provider('base_url = "http://ecgrid.invalid"'))
        configured = terraform.validate(expect=1).error
        terraform.write(provider())
        inherited = terraform.plan(expect=1, env={"ECGRID_BASE_URL": "http://ecgrid.invalid"}).error
    assert asked == []
    assert (configured.summary, configured.attribute) == ("Invalid base URL", "base_url")
    assert inherited.summary == "Invalid base URL"
    assert "ECGRID_BASE_URL" in inherited.detail, "it says where the value comes from"
    for error in (configured, inherited):
        assert "Use `https://`" in error.detail


def test_a_redirect_is_never_followed(terraform: Terraform, sandbox: Sandbox) -> None:
    with Sandbox() as elsewhere:
        location = {"Location": f"{elsewhere.url}/v2/callbacks/get-queue-by-id?callbackId=7001&token=s3cr3t"}
        sandbox.faults.add("*", times=None, status=307, body="", headers=location)
        terraform.write(PROBE)
        error = terraform.plan(expect=1).error
        assert elsewhere.requests == []
    assert [one.call for one in sandbox.requests] == ["get-queue-by-id", "get-event-by-id"], "one lookup of each model"
    assert "redirect" in error.detail
    assert "s3cr3t" not in error.text


def test_an_attempt_ends_after_request_timeout_and_is_repeated_max_retries_times(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    terraform.write(provider("request_timeout = 0.2", "max_retries = 1"))
    sandbox.faults.add("get-queue-by-id", times=None, delay=30)
    error = terraform.plan(expect=1).error
    assert [one.call for one in sandbox.requests] == ["get-queue-by-id"] * 2
    assert "0.2 s" in error.detail

    sandbox.reset()
    sandbox.faults.add("*", times=None, status=503)
    terraform.write(provider("max_retries = 0"))
    terraform.plan(expect=1)
    assert [one.call for one in sandbox.requests] == ["get-queue-by-id", "get-event-by-id"], "each lookup once"


def test_the_user_agent_names_the_provider_and_ends_with_what_the_environment_appends(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    own = f"terraform-provider-ecgrid/{__version__}"
    terraform.write(PROBE)
    terraform.plan(expect=0, env={"TF_APPEND_USER_AGENT": "pipeline/7 (nightly)"})
    assert {one.headers["user-agent"] for one in sandbox.requests} == {f"{own} pipeline/7 (nightly)"}
