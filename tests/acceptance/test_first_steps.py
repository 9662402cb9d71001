"""What the README tells a newcomer to do: install, init, the demo, the examples."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.acceptance.harness import Terraform, find_terraform

CHECKOUT = Path(__file__).resolve().parents[2]
COMMAND = Path(sys.executable).with_name("terraform-provider-ecgrid")


@pytest.fixture
def installed(terraform: Terraform) -> Terraform:
    """A Terraform whose CLI configuration says nothing and whose HOME holds an installed provider."""
    empty = terraform.home / "empty.tfrc"
    empty.touch()
    terraform.env["TF_CLI_CONFIG_FILE"] = str(empty)
    subprocess.run([COMMAND, "install"], env=terraform.environment(), check=True, capture_output=True)
    return terraform


def test_init_finds_the_installed_provider_without_further_configuration(
    installed: Terraform, sandbox: Sandbox
) -> None:
    installed.write('resource "ecgrid_callback" "orders" {\n  callback_id = 7001\n}\n')
    installed.run("init")
    installed.apply()
    assert installed.state("ecgrid_callback.orders")["event"] == "Parcel"
    assert sandbox.writes() == []


def test_a_lock_file_made_with_one_python_serves_a_colleague_with_another(installed: Terraform) -> None:
    installed.run("init")
    lock = installed.folder / ".terraform.lock.hcl"
    before = lock.read_text()
    code = "from terraform_provider_ecgrid.install import install; install(python='/elsewhere/bin/python')"
    subprocess.run([sys.executable, "-c", code], env=installed.environment(), check=True)
    installed.run("init", "-lockfile=readonly")
    assert lock.read_text() == before


def test_the_demo_succeeds_and_shows_no_password(tmp_path: Path) -> None:
    script = str(CHECKOUT / "scripts" / "demo.py")
    done = subprocess.run(
        [sys.executable, script],
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "TMPDIR": str(tmp_path)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.index("The provider will work") < done.stdout.index("terraform init")
    # make prints up to three lines before, one for each long step.
    assert len((done.stdout + done.stderr).splitlines()) <= 77
    boxes = re.findall(
        r"┌─ ECGrid received one write: POST /v2/callbacks/update ─+\n(.*?) +└─ answered 200", done.stdout, re.DOTALL
    )
    assert len(boxes) == 2
    assert "No changes." in done.stdout
    assert '{"callbackId": 7001, "url": "https://app.example.com/webhooks/ecgrid-v3"}' in done.stdout
    assert "n3wP@ssword!" not in done.stdout + done.stderr
    assert 'continue with "Install" in README.md' in done.stdout
    tools = ("terraform", "tofu")
    assert ("export PATH=" in done.stdout) is not any(map(shutil.which, tools)), "the copy from PyPI is not on PATH"
    assert list(tmp_path.iterdir()) == [], "the demo must leave nothing behind"


def test_the_first_configuration_of_the_readme_sends_the_request_that_it_shows(
    terraform: Terraform, sandbox: Sandbox
) -> None:
    readme = (CHECKOUT / "README.md").read_text(encoding="utf-8")
    [block] = re.findall(r"```hcl\n(.*?)```", readme, re.DOTALL)
    path, body = re.findall(r"POST (/v2/callbacks/create)\n(\{.*?\})\n```", readme, re.DOTALL)[0]
    (terraform.folder / "versions.tf").unlink()
    terraform.write(block, "main.tf")
    terraform.apply()
    assert [(write.path, write.body) for write in sandbox.writes()] == [(path, json.loads(body))]


def examples() -> list[tuple[Path, ...]]:
    """Every example: a file or, where a folder has a `main.tf`, all files of the folder."""
    files = sorted((CHECKOUT / "examples").rglob("*.tf"))
    whole = {file.parent for file in files if file.name == "main.tf"}
    return [(file,) for file in files if file.parent not in whole] + [
        tuple(file for file in files if file.parent == folder) for folder in sorted(whole)
    ]


@pytest.mark.parametrize("terraform_version", ["1.15"])
@pytest.mark.parametrize("example", examples(), ids=lambda files: files[0].parent.name)
def test_an_example_is_valid(example: tuple[Path, ...], terraform: Terraform) -> None:
    texts = {file.name: file.read_text(encoding="utf-8") for file in example}
    if any("required_providers" in text for text in texts.values()):
        (terraform.folder / "versions.tf").unlink()
    for name, text in texts.items():
        terraform.write(text, name)
    assert terraform.validate().diagnostics == []


def test_the_examples_are_formatted(tmp_path: Path) -> None:
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "TF_CLI_CONFIG_FILE": os.devnull}
    command = [find_terraform(), "fmt", "-check", "-recursive", str(CHECKOUT / "examples")]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
