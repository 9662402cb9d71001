"""The module examples/modules/mailbox-callbacks: its own tests pass under `terraform test` and leave nothing behind."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

from terraform_provider_ecgrid.api.enums import Objects, Status
from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.acceptance.features import needs
from tests.acceptance.harness import Terraform
from tests.acceptance.test_ci_example import COMMAND, EXAMPLES, environment, step
from tests.acceptance.test_documented import blocks

MODULE = EXAMPLES / "modules" / "mailbox-callbacks"
README = (MODULE / "README.md").read_text(encoding="utf-8")
VARIABLES = (MODULE / "variables.tf").read_text(encoding="utf-8")
PASSWORD = "only-f0r-the-sandbox"


def runs(file: Path) -> set[str]:
    """Return the names of a test file's runs."""
    return set(re.findall(r'^run "(\w+)"', file.read_text(encoding="utf-8"), re.MULTILINE))


def listed(name: str) -> list[str]:
    """Return the strings of a list among the module's locals."""
    (found,) = re.findall(rf"^  {name} = \[(.*?)\]$", VARIABLES, re.MULTILINE | re.DOTALL)
    return re.findall(r'"(\w+)"', found)


@needs("write-only")
def test_the_refusals_pass_without_a_sandbox(terraform: Terraform) -> None:
    shutil.copytree(MODULE, terraform.folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("versions.tf"))
    for name in ("ECGRID_BASE_URL", "ECGRID_API_KEY"):
        terraform.env[name] = None
    refusals = Path("tests", "refusals.tftest.hcl")
    said = terraform.run("test", "-no-color", f"-filter={refusals}").text
    assert f"{len(runs(MODULE / refusals))} passed, 0 failed" in said


@needs("write-only")
@needs("report of tests")
@needs("earlier runs in assertions")
def test_each_case_passes_and_every_callback_that_was_created_is_deleted(
    terraform: Terraform, sandbox: Sandbox, tmp_path: Path
) -> None:
    env = environment(terraform, tmp_path)
    terraform.env["TF_CLI_CONFIG_FILE"] = None
    subprocess.run([COMMAND, "install"], env=env, check=True, capture_output=True)
    (terraform.folder / "versions.tf").unlink()
    shutil.copytree(MODULE, terraform.folder, dirs_exist_ok=True)
    ci = step("Test the module")
    assert ci["working-directory"] == MODULE.relative_to(EXAMPLES).as_posix()
    for line in ci["run"].splitlines():
        command, *arguments = shlex.split(line.replace("$RUNNER_TEMP", env["RUNNER_TEMP"]))
        assert command == "terraform"
        terraform.run(*arguments)

    report = ElementTree.parse(tmp_path / "report" / "tests.xml").getroot()  # noqa: S314 -- Terraform's own report
    cases = {suite.get("name"): {case.get("name"): [child.tag for child in case] for case in suite} for suite in report}
    files = sorted((MODULE / "tests").glob("*.tftest.hcl"))
    assert cases == {f"tests/{file.name}": {name: [] for name in runs(file)} for file in files}

    writes = sandbox.writes()
    assert {request.status for request in writes} == {200}
    deleted = [int((request.body or {})["callbackId"]) for request in writes if request.call == "delete"]
    created = [request for request in writes if request.call == "create"]
    assert [request.call for request in writes].count("update") == 1, "the changed status"
    assert created
    assert sorted(deleted) == [7001 + number for number in range(1, len(created) + 1)]
    assert [record["callbackId"] for record in sandbox.store.all()] == [7001]
    # Sent, and nowhere but where the tests themselves say it.
    assert [(request.body or {}).get("password") for request in created].count(PASSWORD) == 1
    assert {Path(place).suffix for place in terraform.places(PASSWORD)} == {".hcl"}


def test_the_module_knows_every_event_and_every_status_but_the_one_for_ever() -> None:
    assert sorted(listed("events")) == sorted(Objects)
    assert sorted([*listed("statuses"), "Terminated"]) == sorted(Status)


def test_the_readme_has_a_row_for_every_input_and_output() -> None:
    outputs = (MODULE / "outputs.tf").read_text(encoding="utf-8")
    declared = set(re.findall(r'^(?:variable|output) "(\w+)"', VARIABLES + outputs, re.MULTILINE))
    (attributes,) = re.findall(r"map\(object\(\{\n(.*?)\}\)\)", VARIABLES, re.DOTALL)
    declared |= set(re.findall(r"^ +(\w+) +=", attributes, re.MULTILINE))
    rows = [line.split("|")[1] for line in README.splitlines() if line.startswith("| `")]
    assert {name for row in rows for name in re.findall(r"`(\w+)`", row)} == declared


@needs("write-only")
def test_the_configuration_of_the_readme_is_valid_and_formatted(terraform: Terraform) -> None:
    shutil.copytree(MODULE, terraform.folder / "modules" / MODULE.name)
    for number, text in enumerate(blocks(MODULE / "README.md", "hcl")):
        terraform.write(text, f"block_{number}.tf")
    terraform.run("get")
    assert terraform.validate().diagnostics == []
    terraform.run("fmt", "-check", "-diff")
