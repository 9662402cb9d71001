"""`terraform-provider-ecgrid install`, as a team uses it: two people, two Pythons, one lock file."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from terraform_provider_ecgrid import __version__
from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.acceptance.features import core
from tests.acceptance.harness import Terraform, find_terraform

CHECKOUT = Path(__file__).resolve().parents[2]
COMMAND = Path(sys.executable).with_name("terraform-provider-ecgrid")
ADDRESS = "ecgrid_callback.orders"
READ_ONLY = 'resource "ecgrid_callback" "orders" {\n  callback_id = 7001\n}\n'

Person = Callable[[str], Terraform]


@pytest.fixture
def person(tmp_path: Path, sandbox: Sandbox, terraform_version: str) -> Person:
    """Make a person by name: a Terraform with a HOME of its own, whose CLI configuration says nothing."""

    def made(name: str) -> Terraform:
        env = {"ECGRID_BASE_URL": sandbox.url, "ECGRID_API_KEY": sandbox.api_key}
        terraform = Terraform(tmp_path / name, find_terraform(terraform_version), env)
        empty = tmp_path / name / "empty.tfrc"
        empty.touch()
        terraform.env["TF_CLI_CONFIG_FILE"] = str(empty)
        terraform.write(READ_ONLY)
        return terraform

    return made


def run(terraform: Terraform, *command: str | Path) -> str:
    done = subprocess.run(command, env=terraform.environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def block(output: str, name: str) -> str:
    """Give a block of configuration that a command printed."""
    (found,) = re.findall(rf"^{name} \{{\n.*?^\}}\n", output, re.MULTILINE | re.DOTALL)
    return str(found)


def installed_files(terraform: Terraform) -> dict[str, bytes]:
    """What Terraform takes checksums of: all that lies in the folder of a platform."""
    plugins = terraform.home / ".terraform.d" / "plugins"
    return {path.relative_to(plugins).as_posix(): path.read_bytes() for path in plugins.glob("*/*/*/*/*/*")}


def test_one_committed_lock_file_serves_two_environments_in_two_homes(person: Person, tmp_path: Path) -> None:
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    wheels = tmp_path / "wheels"
    subprocess.run([*pip, "wheel", "--no-deps", "--wheel-dir", wheels, CHECKOUT], check=True)
    (wheel,) = wheels.glob("*.whl")
    assert "terraform_provider_ecgrid/launcher.exe" in zipfile.ZipFile(wheel).namelist(), "what Windows needs"
    (site,) = {path for path in sys.path if path.endswith("site-packages") and Path(path).is_relative_to(sys.prefix)}
    people = []
    for name in ("ann", "bob"):
        environment = tmp_path / f"{name}'s venv"
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
        python = environment / "bin" / "python"
        subprocess.run([*pip, "--python", python, "install", "--no-index", "--no-deps", wheel], check=True)
        # What the package needs comes from this environment; the package itself, its command and Python do not.
        (own,) = environment.glob("lib/python*/site-packages")
        (own / "needed.pth").write_text(f"{site}\n", encoding="utf-8")
        terraform = person(name)
        output = run(terraform, environment / "bin" / COMMAND.name, "install")
        terraform.write(block(output, "terraform"), "versions.tf")
        people.append(terraform)
    ann, bob = people
    ann.run("init")
    lock = (ann.folder / ".terraform.lock.hcl").read_text(encoding="utf-8")
    bob.write(lock, ".terraform.lock.hcl")
    bob.run("init", "-lockfile=readonly")
    for terraform in people:
        terraform.apply()
        assert terraform.state(ADDRESS)["event"] == "Parcel"
    assert installed_files(ann) == installed_files(bob)
    assert len(installed_files(ann)) == 2, "one executable for Terraform, one for OpenTofu, and nothing else"
    assert b"venv" not in b"".join(installed_files(ann).values())
    pointers = [(one.home / ".terraform.d" / COMMAND.name / f"{__version__}.txt").read_text() for one in people]
    assert ["ann's venv" in pointers[0], "bob's venv" in pointers[1]] == [True, True]


@core
def test_terraform_shows_in_one_sentence_that_the_python_is_gone(person: Person) -> None:
    terraform = person("ann")
    run(terraform, COMMAND, "install")
    terraform.run("init")
    for pointer in terraform.home.rglob("*.txt"):
        pointer.write_text(pointer.read_text().replace(str(Path(sys.executable).parent), "/gone/bin"))
    shown = terraform.run("plan", "-no-color", expect=1).text
    assert f"The ECGrid provider {__version__} cannot start: its Python (/gone/bin/python" in shown
    assert (
        ") does not exist, or this user may not run it. Install the Python package terraform-provider-ecgrid "
        f"{__version__} where this user may run it, then run terraform-provider-ecgrid install."
    ) in shown
    run(terraform, COMMAND, "install")
    terraform.plan(expect=2)


def test_the_printed_blocks_are_all_that_a_filesystem_mirror_needs(person: Person, tmp_path: Path) -> None:
    terraform = person("ann")
    mirror = tmp_path / "a mirror"
    output = run(terraform, COMMAND, "install", "--dir", mirror)
    assert installed_files(terraform) == {}, "the folder that is named takes the place of the user's own"
    terraform.write(block(output, "terraform"), "versions.tf")
    Path(terraform.environment()["TF_CLI_CONFIG_FILE"]).write_text(block(output, "provider_installation"))
    terraform.run("init")
    terraform.apply()
    assert terraform.state(ADDRESS)["event"] == "Parcel"
    run(terraform, COMMAND, "install", "--dir", mirror, "--uninstall")
    assert list(mirror.iterdir()) == []


@pytest.mark.parametrize("home", ["/", None, "missing", "read-only"])
def test_a_mirror_works_for_a_user_without_a_usable_home(home: str | None, person: Person, tmp_path: Path) -> None:
    builder, user = person("builder"), person("user")
    output = run(builder, COMMAND, "install", "--dir", tmp_path / "a mirror")
    Path(user.environment()["TF_CLI_CONFIG_FILE"]).write_text(block(output, "provider_installation"))
    user.home.chmod(0o555)
    user.env["HOME"] = {"missing": str(tmp_path / "missing"), "read-only": str(user.home)}.get(home or "", home)
    user.run("init")
    user.apply()
    assert user.state(ADDRESS)["event"] == "Parcel"
    assert not (tmp_path / "missing").exists()


def test_a_mirror_of_several_platforms_fills_the_lock_file_for_all_of_them(person: Person, tmp_path: Path) -> None:
    terraform = person("ann")
    mirror = tmp_path / "a mirror"
    platforms = ("darwin_arm64", "linux_amd64", "windows_amd64")
    output = run(terraform, COMMAND, "install", "--dir", mirror, *(f"--platform={name}" for name in platforms))
    terraform.run("providers", "lock", f"-fs-mirror={mirror}", *(f"-platform={name}" for name in platforms))
    lock = (terraform.folder / ".terraform.lock.hcl").read_text(encoding="utf-8")
    assert lock.count('"h1:') == 2, "one for Windows, one for all others"
    Path(terraform.environment()["TF_CLI_CONFIG_FILE"]).write_text(block(output, "provider_installation"))
    terraform.run("init", "-lockfile=readonly")
    terraform.plan(expect=2)
    run(terraform, COMMAND, "install", "--dir", mirror, "--uninstall")
    assert list(mirror.iterdir()) == []
