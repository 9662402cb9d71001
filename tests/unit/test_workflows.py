"""The workflows, and the one to copy: that they run only what was chosen, may do little, and cover what is promised."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = [*sorted((ROOT / ".github" / "workflows").glob("*.yml")), ROOT / "examples" / "ci" / "workflow.yml"]
EACH = pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)


def read(file: Path) -> dict[str, Any]:
    workflow: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return workflow


def jobs(name: str) -> dict[str, Any]:
    found: dict[str, Any] = read(ROOT / ".github" / "workflows" / f"{name}.yml")["jobs"]
    return found


def steps(workflow: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for job in workflow["jobs"].values():
        yield from job["steps"]


def test_every_action_is_pinned_to_a_commit_with_its_version_beside_it() -> None:
    chosen: dict[str, set[str]] = {}
    for file in WORKFLOWS:
        for line in re.findall(r"uses:.*", file.read_text(encoding="utf-8")):
            pin = re.fullmatch(r"uses: ([\w.-]+/[\w.-]+)@([0-9a-f]{40} # v\d+\.\d+\.\d+)", line)
            assert pin, f"{file.name}: {line}"
            chosen.setdefault(pin[1], set()).add(pin[2])
    assert {action: pins for action, pins in chosen.items() if len(pins) > 1} == {}


@EACH
def test_a_workflow_as_a_whole_may_only_read(file: Path) -> None:
    assert read(file)["permissions"] == {"contents": "read"}


@EACH
def test_every_job_ends_at_some_time(file: Path) -> None:
    assert [name for name, job in read(file)["jobs"].items() if "timeout-minutes" not in job] == []


@EACH
def test_no_step_leaves_a_token_behind_or_pastes_a_value_into_a_script(file: Path) -> None:
    for step in steps(read(file)):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False
        # A tag's or a branch's name is whatever its author likes; a script gets such values as variables.
        assert "${{" not in step.get("run", ""), step["run"]


def test_the_tests_run_on_every_system_python_and_tool() -> None:
    matrix = jobs("ci")["matrix"]["strategy"]["matrix"]
    assert [name.split("-")[0] for name in matrix["os"]] == ["ubuntu", "macos", "windows"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    supported = [line.rsplit(" ", 1)[1] for line in project["classifiers"] if "Python :: 3." in line]
    assert set(supported) <= set(matrix["python"]) >= {"3.11", "3.12", "3.13", "3.14"}
    assert (matrix["tool"], matrix["release"]) == (["terraform", "tofu"], ["oldest", "newest"])
    asked = {key: value for step in steps({"jobs": jobs("ci")}) for key, value in step.get("with", {}).items()}
    assert "'1.6." in asked["terraform_version"]
    assert "'1.6." in asked["tofu_version"]


def test_a_release_has_an_archive_for_every_platform() -> None:
    entries = jobs("release")["archives"]["strategy"]["matrix"]["include"]
    platforms = ["linux_amd64", "linux_arm64", "darwin_arm64", "windows_amd64"]
    assert [entry["platform"] for entry in entries] == platforms


@pytest.mark.parametrize("job", ["publish", "pypi"])
def test_nothing_is_published_before_everything_is_tested_and_built(job: str) -> None:
    assert set(jobs("release")[job]["needs"]) == {"check", "archives", "package"}
    assert any(step.get("run") == ".ci/run" for step in jobs("release")["check"]["steps"])


def test_pypi_trusts_the_workflow_and_gets_no_password() -> None:
    job = jobs("release")["pypi"]
    assert job["permissions"] == {"id-token": "write"}
    assert "secrets." not in yaml.safe_dump(job)
    assert "run" not in {key for step in job["steps"] for key in step}, "what may publish runs no code of the project"


def test_dependabot_watches_actions_and_packages() -> None:
    updates = read(ROOT / ".github" / "dependabot.yml")["updates"]
    assert {update["package-ecosystem"] for update in updates} == {"github-actions", "pip"}


def test_actionlint_finds_nothing() -> None:
    beside = Path(sys.executable).with_name("actionlint")
    if not (actionlint := str(beside) if beside.is_file() else shutil.which("actionlint")):
        pytest.skip("actionlint is not installed; .ci/run installs it if Go is installed, ci.yml has a job for it")
    done = subprocess.run([actionlint, *WORKFLOWS], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
