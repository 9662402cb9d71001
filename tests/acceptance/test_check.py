"""`terraform-provider-ecgrid check`, before the first plan, as a new user meets it. The guide shows what is tested."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from terraform_provider_ecgrid import __version__
from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.acceptance.harness import BOTH_MODELS, Result, Terraform
from tests.acceptance.secret_search import SecretSearch
from tests.acceptance.tls_front import tls_front

COMMAND = str(Path(sys.executable).with_name("terraform-provider-ecgrid"))
GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guides" / "before_the_first_plan.md"
HTML = "<html><head><title>Guest network</title></head><body><h1>Please sign in</h1></body></html>"
# The session of `users/me`, a path of a callback, and what a proxy's URL carries: nothing that a run knows by itself.
NEVER_SHOWN = ("sandbox-session", "/webhooks", "proxy-password")
READS = {"version", "me", "queue-list", "event-list", "get-queue-by-id", "get-event-by-id"}


@dataclass
class Checker:
    """Runs the command as a person does; every run is searched for secrets and for writes."""

    terraform: Terraform
    sandbox: Sandbox
    search: SecretSearch

    def __call__(self, *args: str, expect: int, env: Mapping[str, str | None] | None = None) -> str:
        """Give what is printed."""
        environment = self.terraform.environment(env)
        self.search.started(self.terraform, ("check", *args), environment)
        done = subprocess.run(
            [COMMAND, "check", *args], env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True
        )
        result = Result(("check", *args), done.returncode, done.stdout, done.stderr)
        self.terraform.results.append(result)
        assert result.code == expect, result
        assert done.stderr == ""
        assert [one for one in NEVER_SHOWN if one in done.stdout] == []
        assert {request.call for request in self.sandbox.requests} <= READS
        return done.stdout


@pytest.fixture
def check(terraform: Terraform, sandbox: Sandbox, secret_search: SecretSearch) -> Checker:
    """The command, pointed at the sandbox with its key."""
    return Checker(terraform, sandbox, secret_search)


def as_in_the_guide(heading: str, printed: str) -> None:
    """Demand that the guide shows below this heading what is printed, ports aside."""
    sections = re.split(r"^#+ (.+)\n", GUIDE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    section = dict(zip(sections[1::2], sections[2::2], strict=True))[heading]
    shown = re.findall(r"```text\n(.*?)```", section, re.DOTALL)
    assert [_without_ports(one) for one in shown] == [_without_ports(printed)]


def _without_ports(text: str) -> str:
    return re.sub(r"127\.0\.0\.1:[0-9]+", "127.0.0.1:PORT", text)


@BOTH_MODELS
def test_the_check_says_what_the_provider_will_see(check: Checker, lookups: str) -> None:
    printed = check("--callback", "7001", "--callback", "7999", expect=0)
    as_in_the_guide(f'It works: model "{lookups}"', printed)


@BOTH_MODELS
def test_a_machine_gets_an_object_per_line(check: Checker, lookups: str) -> None:
    steps = [json.loads(line) for line in check("--json", "--callback", "7001", expect=0).splitlines()]
    names = ["environment", "connection", "ECGrid", "credential", "lookups", "callback 7001", "conclusion"]
    assert [step["step"] for step in steps] == names
    assert {step["outcome"] for step in steps} == {"ok"}
    user, callback, conclusion = steps[3], steps[5], steps[6]
    assert user["login"] == "sandbox.admin"
    assert (user["network_id"], user["mailbox_id"], user["role"]) == (5050, 12345, "NetworkAdmin")
    assert callback["url"] == "https://app.example.com"
    assert (callback["shown"], callback["status"], callback["mailbox_id"]) == (True, "Suspended", 12345)
    assert (conclusion["works"], conclusion["model"]) == (True, lookups)
    assert conclusion["authentication_type"] is (lookups == "events")
    assert conclusion["scope"] == (["mailbox_id", "network_id"] if lookups == "events" else ["mailbox_id"])


@BOTH_MODELS
def test_a_report_has_shapes_and_no_value(check: Checker, lookups: str) -> None:
    heading, *steps = check("--report", expect=0).splitlines(keepends=True)
    printed = "".join(steps)
    assert heading.startswith(f"terraform-provider-ecgrid {__version__} check --report, Python ")
    as_in_the_guide(f'A report: model "{lookups}"', printed)
    values = ("sandbox.admin", "5050", "12345", "7001", "app.example.com", "NetworkAdmin", "Active", "Suspended")
    assert [value for value in values if value in printed] == []
    # Every lookup of either model, so that the report tells them apart.
    assert {request.call for request in check.sandbox.requests} == READS


@BOTH_MODELS
def test_a_role_that_may_do_nothing_but_update_works_blindly(check: Checker, sandbox: Sandbox) -> None:
    for call in READS:
        sandbox.faults.add(
            call, times=None, error_code="AccessDenied", message="This call needs the role NetworkAdmin."
        )
    as_in_the_guide("ECGrid refuses every read", check("--callback", "7001", expect=0))
    assert "Run `check --callback ID` to find out" in check(expect=0)


def test_without_a_credential_it_says_which_variable_to_set(check: Checker) -> None:
    nothing = {"ECGRID_API_KEY": None, "ECGRID_BASE_URL": None}
    as_in_the_guide("No variable is set", check(expect=1, env=nothing))
    empty = check(expect=1, env={**nothing, "ECGRID_API_KEY": ""})
    assert "an empty value counts as unset" in empty
    assert check.sandbox.requests == []


def test_a_wrong_key(check: Checker) -> None:
    as_in_the_guide("The key is wrong", check(expect=1, env={"ECGRID_API_KEY": "key-of-last-year"}))


def test_an_access_token_counts_only_without_a_key(check: Checker) -> None:
    both = check(expect=0, env={"ECGRID_ACCESS_TOKEN": "sandbox-token"})
    assert "API key from ECGRID_API_KEY" in both
    assert "ECGRID_ACCESS_TOKEN is also set, but ignored" in both
    assert {"x-api-key", "authorization"} & set(check.sandbox.requests[-1].headers) == {"x-api-key"}
    alone = check(expect=0, env={"ECGRID_ACCESS_TOKEN": "sandbox-token", "ECGRID_API_KEY": None})
    assert "access token from ECGRID_ACCESS_TOKEN" in alone


def test_an_address_of_this_machine_that_does_not_answer_is_a_sandbox_that_does_not_run(check: Checker) -> None:
    printed = check(expect=1, env={"ECGRID_BASE_URL": "http://127.0.0.1:9"})
    assert "Is the sandbox running? `terraform-provider-ecgrid sandbox` starts it." in " ".join(printed.split())


def test_a_dead_proxy(check: Checker) -> None:
    proxy = "http://proxy-user:proxy-password@127.0.0.1:9"
    printed = check(expect=1, env={"ECGRID_BASE_URL": None, "HTTPS_PROXY": proxy})
    as_in_the_guide("The proxy does not answer", printed)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("ECGRID_BASE_URL", "http://ecgrid.example.com"),
        ("ECGRID_NETWORK_ID", "acme"),
        ("HTTPS_PROXY", "socks5://proxy-user:proxy-password@127.0.0.1:9"),
        ("SSL_CERT_FILE", "/nowhere.pem"),
    ],
)
def test_a_variable_that_cannot_be_used_is_named(check: Checker, variable: str, value: str) -> None:
    printed = check(expect=1, env={"ECGRID_BASE_URL": "https://ecgrid.invalid", variable: value})
    failed = next(line for line in printed.splitlines() if line.startswith("failed"))
    assert f"environment variable {variable}" in failed
    assert "will not work until the environment variable is corrected" in printed


def test_an_authority_that_is_not_trusted(check: Checker, sandbox: Sandbox, tmp_path: Path) -> None:
    with tls_front(tmp_path, int(sandbox.url.rpartition(":")[2])) as (url, authority):
        as_in_the_guide("A company's certificate is not trusted", check(expect=1, env={"ECGRID_BASE_URL": url}))
        assert sandbox.requests == []
        trusted = check(expect=0, env={"ECGRID_BASE_URL": url, "SSL_CERT_FILE": str(authority)})
        assert "the certificates in SSL_CERT_FILE are trusted too" in trusted
        assert "The provider will work" in trusted
        other_host = {"ECGRID_BASE_URL": url.replace("127.0.0.1", "localhost"), "SSL_CERT_FILE": str(authority)}
        printed = check(expect=1, env=other_host)
        assert "its TLS certificate is for another host. The certificate is for “127.0.0.1”" in printed
        assert "company" not in printed


def test_a_wrong_path(check: Checker, sandbox: Sandbox) -> None:
    as_in_the_guide("The path is wrong", check(expect=1, env={"ECGRID_BASE_URL": f"{sandbox.url}/ecgrid"}))
    refused = check(expect=1, env={"ECGRID_BASE_URL": f"{sandbox.url}/v2"})
    assert "must not end in `/v2`" in refused


def test_a_page_that_is_not_ecgrids(check: Checker, sandbox: Sandbox) -> None:
    sandbox.faults.add("*", times=None, body=HTML, headers={"Content-Type": "text/html"})
    as_in_the_guide("A web page answers", check(expect=1))


@BOTH_MODELS
@pytest.mark.parametrize("call", ["version", "me"])
def test_what_the_provider_does_not_need_may_be_missing(check: Checker, sandbox: Sandbox, call: str) -> None:
    sandbox.faults.add(call, times=None, status=404, body="")
    check(expect=0, env={"ECGRID_NETWORK_ID": "5050"})


def test_an_account_without_callbacks_is_no_failure(check: Checker, sandbox: Sandbox) -> None:
    for call in ("queue-list", "event-list"):
        sandbox.faults.add(
            call, times=None, transform=lambda data: {**data, "totalRecords": 0, "queueEntries": [], "events": []}
        )
    assert "ECGrid shows no callback yet" in check(expect=0)


def test_a_gateway_that_lets_nothing_but_the_version_through_is_a_failure(check: Checker, sandbox: Sandbox) -> None:
    for call in READS - {"version"}:
        sandbox.faults.add(call, times=None, status=403, body=HTML)
    assert "The provider will not work until the base URL leads to ECGrid." in check(expect=1)


def test_a_callback_is_shown_without_the_lists_that_a_plan_does_without(check: Checker, sandbox: Sandbox) -> None:
    for call in ("queue-list", "event-list"):
        sandbox.faults.add(call, times=None, status=404, body=HTML)
    printed = check("--callback", "7001", expect=0)
    assert "Suspended, https://app.example.com (get-queue-by-id: shown" in printed
    assert "An import reads neither mailbox_id nor network_id" in printed


def test_a_blank_variable_does_not_count(check: Checker) -> None:
    printed = check(
        expect=1, env={"ECGRID_BASE_URL": " ", "ECGRID_NETWORK_ID": " ", "HTTPS_PROXY": "http://127.0.0.1:9"}
    )
    assert "API key from ECGRID_API_KEY, default base URL https://rest.ecgrid.io.\n" in printed


@BOTH_MODELS
def test_lists_that_fail_are_a_failure(check: Checker, sandbox: Sandbox) -> None:
    for call in ("queue-list", "event-list"):
        sandbox.faults.add(call, times=None, status=503)
    assert "The provider will not work while ECGrid answers with errors." in check(expect=1)


def test_a_login_cannot_drive_the_terminal(check: Checker, sandbox: Sandbox) -> None:
    sandbox.faults.add(
        "me", transform=lambda data: {**data, "login": "eve\x1b[2J\r\n\u202eok", "authLevel": "\x07Root"}
    )
    printed = check(expect=0)
    assert re.findall(r"[^\x20-\x7e\n]", printed) == []


def test_a_credential_that_no_header_can_carry(check: Checker) -> None:
    printed = check(expect=1, env={"ECGRID_API_KEY": "schlüssel"})
    assert re.search("^failed   environment .* ECGRID_API_KEY", printed, re.MULTILINE)


def test_a_closed_output_changes_no_exit_code(check: Checker) -> None:
    line = ["sh", "-c", f"'{COMMAND}' check >&-"]
    done = subprocess.run(line, env=check.terraform.environment(), stderr=subprocess.PIPE)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("form", [[], ["--json"], ["--report"]])
@pytest.mark.parametrize("call", ["version", "me", "queue-list", "get-queue-by-id"])
def test_an_answer_that_quotes_the_request_tells_no_secret(
    check: Checker, sandbox: Sandbox, call: str, form: list[str]
) -> None:
    """The search for secrets looks through what is printed."""
    sandbox.faults.add(call, times=None, echo=True)
    sandbox.faults.add("me", transform=lambda data: {**data, "login": sandbox.api_key})
    check(*form, "--callback", "7001", expect=0)


@pytest.mark.parametrize(("no_color", "coloured"), [("", True), ("1", False)])
def test_a_terminal_gets_colours_unless_it_wants_none(check: Checker, no_color: str, coloured: bool) -> None:
    ours, theirs = pty.openpty()
    environment = check.terraform.environment({"NO_COLOR": no_color, "TERM": "xterm"})
    with subprocess.Popen([COMMAND, "check"], env=environment, stdin=subprocess.DEVNULL, stdout=theirs):
        os.close(theirs)
        printed = b""
        try:
            while piece := os.read(ours, 65536):
                printed += piece
        except OSError:  # the other end is closed
            pass
    os.close(ours)
    assert b"The provider will work" in printed
    assert (b"\x1b[32m" in printed) is coloured


@pytest.mark.parametrize("line", [["--callback", "0"], ["--callback", "x"], ["--json", "--report"], ["7001"]])
def test_a_senseless_command_line_asks_nothing(check: Checker, line: list[str]) -> None:
    done = subprocess.run([COMMAND, "check", *line], env=check.terraform.environment(), capture_output=True, text=True)
    assert done.returncode == 2
    assert "usage:" in done.stderr
    assert check.sandbox.requests == []


TAKE_OVER = 'resource "ecgrid_callback" "orders" {\n  callback_id = 7999\n  status = "Active"\n}\n'
DATA = 'data "ecgrid_callback" "orders" {\n  callback_id = 7999\n}\n'
IMPORT = TAKE_OVER.replace("  callback_id = 7999\n", "") + "import {\n  to = ecgrid_callback.orders\n  id = 7999\n}\n"
MANAGED = 'resource "ecgrid_callback" "orders" {\n  callback_id = 7001\n}\n'


@pytest.mark.parametrize(
    ("configuration", "environment"),
    [
        pytest.param(DATA, {"ECGRID_API_KEY": "key-of-last-year"}, id="a refused credential"),
        pytest.param(DATA, {"ECGRID_BASE_URL": "{url}/ecgrid"}, id="an answer that is not ECGrid's"),
        pytest.param(DATA, {"ECGRID_BASE_URL": "http://127.0.0.1:9"}, id="no connection"),
        pytest.param(DATA, {}, id="a data source that is not shown"),
        pytest.param(TAKE_OVER, {}, id="a take-over that is not shown"),
        pytest.param(IMPORT, {}, id="an import that is not shown"),
    ],
)
def test_a_plan_that_sees_nothing_names_the_command(
    terraform: Terraform, sandbox: Sandbox, configuration: str, environment: dict[str, str]
) -> None:
    terraform.write('provider "ecgrid" {\n  max_retries = 0\n}\n' + configuration)
    env = {name: value.format(url=sandbox.url) for name, value in environment.items()}
    (one,) = terraform.plan(expect=None, env=env).diagnostics
    assert "`terraform-provider-ecgrid check" in one.detail


def test_an_import_that_is_refused_names_the_command(terraform: Terraform, sandbox: Sandbox) -> None:
    terraform.write(IMPORT)
    for call in READS:
        sandbox.faults.add(call, times=None, error_code="AccessDenied")
    (one,) = terraform.plan(expect=1).diagnostics
    assert "`terraform-provider-ecgrid check --callback 7999`" in one.detail


def test_a_plan_that_speaks_of_the_state_alone_names_the_command(terraform: Terraform, sandbox: Sandbox) -> None:
    terraform.write(MANAGED)
    terraform.apply()
    for call in READS - {"version", "me"}:
        sandbox.faults.add(call, times=None, error_code="AccessDenied")
    (one,) = terraform.plan(expect=0).diagnostics
    assert "`terraform-provider-ecgrid check --callback 7001`" in one.detail
