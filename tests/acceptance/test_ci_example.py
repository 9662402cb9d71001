"""The workflow of examples/ci: its steps are run here as a runner would, and what it may do is looked at."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.acceptance.harness import Terraform

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
WORKFLOW: dict[str, Any] = yaml.safe_load((EXAMPLES / "ci" / "workflow.yml").read_text(encoding="utf-8"))
COMMAND = Path(sys.executable).with_name("terraform-provider-ecgrid")


def step(name: str) -> dict[str, Any]:
    """Return the step of the workflow that has this name."""
    (found,) = [one for job in WORKFLOW["jobs"].values() for one in job["steps"] if one.get("name") == name]
    return dict(found)


def environment(terraform: Terraform, tmp_path: Path) -> dict[str, str]:
    """Return the environment of a runner whose earlier steps have installed Terraform and the provider."""
    tools = tmp_path / "bin"
    tools.mkdir()
    for name, target in (("terraform", terraform.executable), (COMMAND.name, str(COMMAND))):
        (tools / name).symlink_to(target)
    (tmp_path / "report").mkdir()
    runner: dict[str, str | None] = {
        "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
        "RUNNER_TEMP": str(tmp_path),
        "GITHUB_ENV": str(tmp_path / "github_env"),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
        "TF_CLI_CONFIG_FILE": None,
    }
    return terraform.environment(runner)


def run(name: str, env: Mapping[str, str], folder: Path) -> str:
    """Run a step as GitHub's runner does; what it leaves running is ended. Return its output."""
    command = ["bash", "-e", "-c", step(name)["run"]]
    with subprocess.Popen(
        command, env=env, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        output, _ = process.communicate(timeout=180)
    assert process.returncode == 0, output
    return output


def test_the_sandbox_of_the_workflow_serves_the_steps_after_it(terraform: Terraform, tmp_path: Path) -> None:
    env = environment(terraform, tmp_path)
    shutil.rmtree(tmp_path / "report")
    command = ["bash", "-e", "-c", step("Start a sandbox")["run"]]
    process = subprocess.Popen(command, env=env, start_new_session=True)
    try:
        assert process.wait(timeout=60) == 0
        exported = dict(line.split("=", 1) for line in (tmp_path / "github_env").read_text().splitlines())
        assert set(exported) == {"ECGRID_BASE_URL", "ECGRID_API_KEY"}
        with urllib.request.urlopen(exported["ECGRID_BASE_URL"] + "/v2/auth/version", timeout=30) as answer:
            assert answer.status == 200
        assert (tmp_path / "report").is_dir()
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)


def test_a_configuration_with_a_module_beside_it_is_planned_and_applied_on_a_sandbox_of_its_own(
    terraform: Terraform, tmp_path: Path
) -> None:
    env = environment(terraform, tmp_path)
    top = tmp_path / "top"
    folder = top / "callbacks"
    shutil.copytree(EXAMPLES / "ci", folder)
    shutil.copytree(EXAMPLES / "modules" / "several_events", top / "modules" / "several_events")
    (folder / "events.tf").write_text('module "events" {\n  source = "../modules/several_events"\n}\n')
    # A backend that cannot be reached: the script has to replace it.
    (folder / "backend.tf").write_text('terraform {\n  backend "http" {\n    address = "http://127.0.0.1:9"\n  }\n}\n')
    before = sorted(top.rglob("*"))
    subprocess.run([COMMAND.name, "install"], env=env, check=True, capture_output=True)
    output = run("Plan, apply, and check that a second plan is empty", env, top)
    _, writes = output.split("Writes that the sandbox received:\n")
    assert sorted(line.split(" {")[0] for line in writes.splitlines()) == [
        *["POST /v2/callbacks/create"] * 4,
        "POST /v2/callbacks/update",
    ]
    assert "Plan: 5 to add, 0 to change, 0 to destroy." in (tmp_path / "report" / "plan.txt").read_text()
    assert sorted(top.rglob("*")) == before, "the configuration itself is left alone"


def test_a_configuration_outside_of_the_folder_for_its_modules_is_refused(tmp_path: Path) -> None:
    command = ["sh", str(EXAMPLES / "ci" / "try.sh"), str(EXAMPLES / "ci"), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "is not inside" in done.stderr


@pytest.mark.parametrize("plan", ["Plan: 1 to add, 0 to change, 0 to destroy.\n", None])
def test_the_report_holds_the_plan_or_says_that_there_is_none(
    terraform: Terraform, tmp_path: Path, plan: str | None
) -> None:
    env = environment(terraform, tmp_path)
    if plan:
        (tmp_path / "report" / "plan.txt").write_text(plan)
    run("Write the report", env, tmp_path)
    summary = (tmp_path / "summary.md").read_text()
    assert (plan or "The plan failed. See the log.\n") in re.findall(r"^````text\n(.*?)\n````$", summary, re.S | re.M)
    assert summary == (tmp_path / "report" / "report.md").read_text()


def test_a_plan_that_is_too_long_for_a_comment_is_cut(terraform: Terraform, tmp_path: Path) -> None:
    env = environment(terraform, tmp_path)
    (tmp_path / "report" / "plan.txt").write_text("x" * 70000)
    run("Write the report", env, tmp_path)
    assert 60000 < len((tmp_path / "report" / "report.md").read_text()) < 65536


@pytest.mark.parametrize("earlier", ["", "4711\n"])
def test_the_comment_takes_the_place_of_an_earlier_one(terraform: Terraform, tmp_path: Path, earlier: str) -> None:
    env = environment(terraform, tmp_path) | {"COMMENTS": "issues/5/comments", "COMMENT": "issues/comments"}
    gh = tmp_path / "bin" / "gh"
    gh.write_text(f'#!/bin/sh\necho "$*" >>"{tmp_path}/asked"\ncase $* in *--jq*) printf "{earlier}" ;; esac\n')
    gh.chmod(0o755)
    run("Post the plan, or update the earlier comment", env, tmp_path)
    asked = (tmp_path / "asked").read_text().splitlines()
    target = "PATCH issues/comments/4711" if earlier else "POST issues/5/comments"
    assert asked[1:] == [f"api --silent --method {target} --field body=@report/report.md"]
    # What finds the earlier one is the report's first line.
    run("Write the report", env, tmp_path)
    (marker,) = re.findall(r'startswith\("(.*?)"\)', asked[0])
    assert (tmp_path / "report" / "report.md").read_text().startswith(marker)


def test_only_the_comment_may_write_and_it_runs_no_code_of_the_pull_request() -> None:
    permissions = {name: job.get("permissions") for name, job in WORKFLOW["jobs"].items()}
    assert permissions == {"try": None, "comment": {"pull-requests": "write"}}
    comment = WORKFLOW["jobs"]["comment"]
    assert [one["uses"].split("@")[0] for one in comment["steps"] if "uses" in one] == ["actions/download-artifact"]
    assert "head.repo.full_name == github.repository" in comment["if"]


def test_a_pull_request_from_a_fork_has_all_that_the_tests_need() -> None:
    # True is what YAML 1.1 makes of the word `on`.
    assert list(WORKFLOW[True]) == ["pull_request"]  # type: ignore[index]  # yaml's key, not ours
    assert not re.search(r"\b(secrets|vars)\.", yaml.safe_dump(WORKFLOW)), "a fork's run has neither"
