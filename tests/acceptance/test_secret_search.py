"""The search that runs after every acceptance test does find a secret, wherever one can be."""

from __future__ import annotations

import base64
import json
import zipfile
from pathlib import Path

import pytest

from terraform_provider_ecgrid.sandbox.gate import Recorded
from terraform_provider_ecgrid.sandbox.server import Sandbox
from terraform_provider_ecgrid.sandbox.world import SESSION_ID
from tests.acceptance.harness import Terraform
from tests.acceptance.results import Result
from tests.acceptance.secret_search import SecretSearch

KEPT, WRITE_ONLY, KEY = 'kept-"1<ä', "wo-2&77aa", "key-3f9d11"
SECRETS = [KEPT, WRITE_ONLY, KEY, SESSION_ID]
CONFIGURATION = """
variable "given" {
  ephemeral = true
}
resource "ecgrid_callback" "orders" {
  password = "kept-\\"1<ä"
}
resource "ecgrid_callback" "parcels" {
  password_wo = var.given
}
"""


@pytest.fixture
def tested(tmp_path: Path) -> Terraform:
    """A Terraform of a test, none of whose commands is really run."""
    return Terraform(tmp_path / "tested", "terraform", {})


@pytest.fixture
def search(tested: Terraform) -> SecretSearch:
    """A search that has seen one command and one request."""
    tested.write(CONFIGURATION)
    made = SecretSearch()
    made.started(tested, ("apply", f"-var=given={WRITE_ONLY}"), {})
    made.recorded("POST", "/v2/callbacks/update", {}, {"password": WRITE_ONLY}, {"x-api-key": KEY})
    return made


def in_state(attributes: str = "", private: str = "") -> str:
    """A state file of one callback."""
    encoded = base64.b64encode(json.dumps({"url_sent": private}, ensure_ascii=False).encode()).decode()
    instance = {"attributes": {"password": attributes}, "private": encoded}
    return json.dumps({"resources": [{"instances": [instance]}]})


def test_the_configuration_itself_is_no_finding(search: SecretSearch) -> None:
    assert search.secrets().keys() == set(SECRETS)
    assert search.findings() == []


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("file", ["trace.log", "crash.log", "sub/notes.txt"])
def test_a_secret_in_a_file_is_found_however_it_is_written(
    tested: Terraform, search: SecretSearch, secret: str, file: str
) -> None:
    path = tested.home / file
    path.parent.mkdir(exist_ok=True)
    go = json.dumps(secret)[1:-1].replace("&", r"\u0026").replace("<", r"\u003c")
    for form in (secret, repr(secret), json.dumps(secret), go, base64.b64encode(secret.encode()).decode()):
        path.write_text(f"before {form} after", encoding="utf-8")
        assert search.findings() == [f"`{secret}` is in {path}"]


@pytest.mark.parametrize("secret", SECRETS)
def test_only_a_password_may_be_in_state_plan_file_and_show(
    tested: Terraform, search: SecretSearch, secret: str
) -> None:
    (tested.folder / "terraform.tfstate").write_text(in_state(secret), encoding="utf-8")
    (tested.folder / "terraform.tfstate.backup").write_text(in_state(secret), encoding="utf-8")
    with zipfile.ZipFile(tested.folder / "1.tfplan", "w") as plan:
        for member in ("tfplan", "tfstate", "tfconfig/m-/main.tf", ".terraform.lock.hcl"):
            plan.writestr(member, secret)
    shown = {"planned_values": secret, "configuration": secret}
    tested.results.append(Result(("show", "-json", "1.tfplan"), 0, json.dumps(shown), ""))
    allowed = {"show -json", "terraform.tfstate", "terraform.tfstate.backup", "1.tfplan:tfplan", "1.tfplan:tfstate"}
    places = {"1.tfplan:.terraform.lock.hcl"} | (set() if secret == KEPT else allowed)
    found = search.findings()
    assert len(found) == len(places)
    for place in places:
        assert any(place in one for one in found)


@pytest.mark.parametrize("secret", SECRETS)
def test_private_state_may_hold_no_secret(tested: Terraform, search: SecretSearch, secret: str) -> None:
    file = tested.folder / "terraform.tfstate"
    file.write_text(in_state(private=secret), encoding="utf-8")
    assert search.findings() == [f"`{secret}` is in private state in {file}"]


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_in_an_output_is_found_unless_a_line_of_configuration_holds_it(
    tested: Terraform, search: SecretSearch, secret: str
) -> None:
    line = {"code": secret}
    silent = {"type": "diagnostic", "diagnostic": {"detail": "", "snippet": line}}
    validated = {"diagnostics": [{"detail": "", "snippet": line}]}
    printed = f"  on main.tf line 4:\n│   4:   x = {secret}\n"
    for stdout in (json.dumps(silent), json.dumps(validated, indent=2), printed):
        tested.results = [Result(("plan",), 1, stdout, "")]
        assert search.findings() == []
    loud = {"type": "diagnostic", "diagnostic": {"detail": secret, "snippet": line}}
    for stdout, stderr in ((json.dumps(loud), ""), (f"Error: {secret}", ""), ("", f"│ {secret}")):
        tested.results = [Result(("plan",), 1, stdout, stderr)]
        assert [one.partition(" is in ")[0] for one in search.findings()] == [f"`{secret}`"]


def test_a_variable_that_is_not_ephemeral_may_be_in_a_plan_and_nowhere_else(tested: Terraform) -> None:
    search = SecretSearch()
    tested.write('variable "given" {}\n' + CONFIGURATION.partition("}\n")[2])
    search.started(tested, ("plan",), {"TF_VAR_given": WRITE_ONLY})
    for member, allowed in (("tfplan", True), ("tfstate", False)):
        with zipfile.ZipFile(tested.folder / "1.tfplan", "w") as plan:
            plan.writestr(member, WRITE_ONLY)
        assert (search.findings() == []) is allowed


def test_generated_configuration_is_no_configuration_of_the_tests(tested: Terraform, search: SecretSearch) -> None:
    search.started(tested, ("plan", "-generate-config-out=generated.tf"), {})
    (tested.folder / "generated.tf").write_text(f'password = "{WRITE_ONLY}"', encoding="utf-8")
    search.started(tested, ("apply",), {})
    assert search.findings() == [f"`{WRITE_ONLY}` is in {tested.folder / 'generated.tf'}"]


def test_a_plain_word_is_found_where_a_value_stands_and_not_in_prose(tested: Terraform) -> None:
    search = SecretSearch()
    tested.write('password_wo = "applied"')
    search.started(tested, ("apply",), {})
    for text, found in (("it was applied.", 0), ('{"password": "applied"}', 1), ("password=applied, status", 1)):
        tested.results = [Result(("apply",), 0, text, "")]
        assert len(search.findings()) == found


def test_what_a_test_does_is_noted_without_a_word_of_it(
    terraform: Terraform, sandbox: Sandbox, secret_search: SecretSearch
) -> None:
    terraform.write('resource "ecgrid_callback" "orders" {\n  callback_id = 7001\n  password = local.p\n}\n')
    terraform.write('locals {\n  p = "only-ecgrid-saw-it"\n}\n', "locals.tf")
    terraform.apply(unsettled="credentials with an http_auth_type of None are refused at plan")
    sandbox.requests.clear()
    assert secret_search.terraforms == [terraform]
    assert isinstance(secret_search.requests[0], Recorded)
    assert secret_search.secrets().keys() == {"only-ecgrid-saw-it", sandbox.api_key, SESSION_ID}
