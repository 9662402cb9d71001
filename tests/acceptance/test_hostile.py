"""Environments that a provider is not made for: what Terraform gets by in, the provider gets by in too."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.acceptance.harness import Terraform

ADDRESS = "ecgrid_callback.orders"
ONE = 'resource "ecgrid_callback" "orders" {\n  url   = "https://new.example.com/hook"\n  event = "Parcel"\n}\n'
MANY = """
resource "ecgrid_callback" "orders" {
  count = 64
  url   = "https://new.example.com/hook/${count.index}"
  event = "Parcel"
}
"""

WITHOUT_SHARED_MEMORY = """
import os, pathlib, sys
here = pathlib.Path(__file__).parent
(here / "began").touch()
def refuse(event, arguments):
    if event == "open" and str(arguments[0]).startswith("/dev/shm"):
        (here / "asked").touch()
        raise FileNotFoundError(2, "there is no shared memory")
sys.addaudithook(refuse)
sys.modules["_multiprocessing"] = sys.modules["_posixshmem"] = None
"""

# A folder in which nobody, root included, can make anything.
NOBODYS = "/proc"

# A file of this content stands in the place of a module that the provider needs.
IMPOSTOR = "raise RuntimeError('an impostor was imported')\n"
IMPOSTORS = ("json", "httpx", "h2", "ssl", "logging", "queue", "base64")


def works(terraform: Terraform, sandbox: Sandbox) -> None:
    """Plan and apply one registration, and plan once more."""
    terraform.write(ONE)
    planned = terraform.plan(expect=2)
    applied = terraform.apply()
    assert terraform.state(ADDRESS)["callback_id"] == 7002
    assert [one.call for one in sandbox.writes()] == ["create"]
    for result in (planned, applied):
        assert result.diagnostics == []
        assert "Traceback" not in result.text


@pytest.mark.parametrize("home", [None, "/nonexistent", NOBODYS, ""])
def test_no_home_is_needed(home: str | None, terraform: Terraform, sandbox: Sandbox) -> None:
    terraform.env["HOME"] = home
    works(terraform, sandbox)


def test_a_temporary_folder_may_have_a_path_that_is_too_long_for_a_socket(
    terraform: Terraform, sandbox: Sandbox, short: Path
) -> None:
    folder = short / ("x" * (150 - len(str(short)) - 1))
    folder.mkdir()
    terraform.env["TMPDIR"] = str(folder)
    works(terraform, sandbox)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("folder", ["/nonexistent", NOBODYS, os.devnull, "relative", ""])
def test_a_temporary_folder_may_be_of_no_use(folder: str, terraform: Terraform, sandbox: Sandbox) -> None:
    terraform.env["TMPDIR"] = folder
    works(terraform, sandbox)


def test_a_socket_is_removed_with_its_folder(terraform: Terraform, sandbox: Sandbox, short: Path) -> None:
    terraform.env["TMPDIR"] = str(short)
    works(terraform, sandbox)
    assert list(short.iterdir()) == []


def test_sixty_four_resources_at_once_are_each_registered_once(terraform: Terraform, sandbox: Sandbox) -> None:
    terraform.write(MANY)
    terraform.apply("-parallelism=64")
    assert len(terraform.instances()) == 64
    assert sorted(one.body["url"] for one in sandbox.writes() if one.body) == sorted(
        f"https://new.example.com/hook/{number}" for number in range(64)
    )
    assert len({instance["attributes"]["callback_id"] for instance in terraform.instances().values()}) == 64


@pytest.mark.parametrize(
    "variables",
    [
        {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii", "PYTHONHASHSEED": "4294967295"},
        {"LANG": "xx_YY.nonsense", "LC_ALL": "xx_YY.nonsense", "PYTHONCOERCECLOCALE": "0", "PYTHONHASHSEED": "0"},
        {"PYTHONOPTIMIZE": "2", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1", "PYTHONINSPECT": "1"},
        {"PYTHONWARNINGS": "error", "PYTHONDEVMODE": "1"},
        {"PYTHONVERBOSE": "1", "PYTHONPROFILEIMPORTTIME": "1", "PYTHONSTARTUP": "/nonexistent"},
        {"TERM": "", "TZ": "Nowhere/Nothing", "COLUMNS": "0", "PYTHONPATH": "/nonexistent:/proc"},
        {"PLUGIN_MIN_PORT": "none", "PLUGIN_MAX_PORT": "0", "PLUGIN_UNIX_SOCKET_DIR": "/nonexistent"},
    ],
    ids=lambda variables: next(iter(variables)),
)
def test_variables_that_change_python_do_not_matter(
    variables: dict[str, str], terraform: Terraform, sandbox: Sandbox
) -> None:
    terraform.env |= variables
    works(terraform, sandbox)


def test_modules_in_the_working_folder_are_not_imported(terraform: Terraform, sandbox: Sandbox) -> None:
    for name in IMPOSTORS:
        (terraform.folder / f"{name}.py").write_text(IMPOSTOR, encoding="utf-8")
    works(terraform, sandbox)


@pytest.mark.parametrize("value", ["{impostors}", ":/nonexistent"])
def test_modules_of_pythonpath_are_not_imported_by_what_install_made(
    value: str, terraform: Terraform, sandbox: Sandbox, tmp_path: Path
) -> None:
    """An empty entry of PYTHONPATH is the working folder."""
    impostors = tmp_path / "impostors"
    impostors.mkdir()
    for name in IMPOSTORS:
        for folder in (impostors, terraform.folder):
            (folder / f"{name}.py").write_text(IMPOSTOR, encoding="utf-8")
    (terraform.home / "empty.tfrc").touch()
    terraform.env["TF_CLI_CONFIG_FILE"] = str(terraform.home / "empty.tfrc")
    command = Path(sys.executable).with_name("terraform-provider-ecgrid")
    subprocess.run([command, "install"], env=terraform.environment(), check=True, capture_output=True)
    terraform.run("init")
    terraform.env["PYTHONPATH"] = value.format(impostors=impostors)
    works(terraform, sandbox)


def test_shared_memory_is_not_needed(terraform: Terraform, sandbox: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(WITHOUT_SHARED_MEMORY, encoding="utf-8")
    terraform.env["PYTHONPATH"] = str(tmp_path)
    works(terraform, sandbox)
    assert (tmp_path / "began").exists()
    assert not (tmp_path / "asked").exists()


def test_a_working_folder_may_have_a_very_long_path(terraform: Terraform, sandbox: Sandbox) -> None:
    versions = (terraform.folder / "versions.tf").read_text(encoding="utf-8")
    while len(str(terraform.folder)) < 3500:
        terraform.folder /= "d" * 200
    terraform.folder.mkdir(parents=True)
    terraform.write(versions, "versions.tf")
    works(terraform, sandbox)


def prepare(terraform: Terraform, start: str) -> None:
    """Let a shell start Terraform; `start` is its command, with `"$@"` for Terraform's own."""
    launcher = terraform.folder.parent / "terraform"
    launcher.write_text(f'#!/bin/sh\nset -- "{terraform.executable}" "$@"\n{start}\n', encoding="utf-8")
    launcher.chmod(0o755)
    terraform.executable = str(launcher)


@pytest.mark.parametrize("closed", ["<&-", "2>&-", "<&- 2>&-"])
def test_standard_input_and_error_may_be_closed(closed: str, terraform: Terraform, sandbox: Sandbox) -> None:
    prepare(terraform, f'exec "$@" {closed}')
    works(terraform, sandbox)


def test_few_open_files_are_enough_for_one(terraform: Terraform, sandbox: Sandbox) -> None:
    prepare(terraform, 'ulimit -n 64; exec "$@"')
    works(terraform, sandbox)


def test_too_few_open_files_for_many_lose_no_callback(terraform: Terraform, sandbox: Sandbox) -> None:
    prepare(terraform, 'ulimit -n 18; exec "$@"')
    terraform.write(MANY)
    applied = terraform.apply("-parallelism=64", expect=None, unsettled="some may have found no connection")
    held = {instance["attributes"]["callback_id"] for instance in terraform.instances().values()}
    assert held == {record["callbackId"] for record in sandbox.store.all()} - {7001}
    assert "Traceback" not in applied.text
