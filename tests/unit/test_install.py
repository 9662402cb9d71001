"""The installation into Terraform's implied local mirror."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from terraform_provider_ecgrid import __version__
from terraform_provider_ecgrid.install import InstallError, install

ON_LINUX = {"system": "Linux", "machine": "x86_64"}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "ho me"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.delenv("TF_CLI_CONFIG_FILE", raising=False)
    return folder


def test_the_layout_is_that_of_terraforms_local_mirror_for_both_registries(home: Path) -> None:
    installed = install(**ON_LINUX)
    name = f"terraform-provider-ecgrid_v{__version__}"
    assert installed.mirror == home / ".terraform.d" / "plugins"
    assert [file.relative_to(installed.mirror).as_posix() for file in installed.files] == [
        f"registry.terraform.io/ecgrid/ecgrid/{__version__}/linux_amd64/{name}",
        f"registry.opentofu.org/ecgrid/ecgrid/{__version__}/linux_amd64/{name}",
    ]
    assert all(os.access(file, os.X_OK) for file in installed.files)


@pytest.mark.parametrize(
    ("system", "machine", "targets"),
    [
        ("Linux", "aarch64", {"linux_arm64"}),
        ("Linux", "armv7l", {"linux_arm"}),
        ("Linux", "i686", {"linux_386"}),
        ("Darwin", "arm64", {"darwin_arm64", "darwin_amd64"}),
        ("FreeBSD", "amd64", {"freebsd_amd64"}),
    ],
)
def test_the_platform_is_spelled_as_terraform_does(system: str, machine: str, targets: set[str]) -> None:
    assert {file.parent.name for file in install(system=system, machine=machine).files} == targets


def test_the_launcher_runs_the_noted_python_isolated_and_passes_arguments(tmp_path: Path) -> None:
    python = tmp_path / ("long " * 40) / "python"
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    python.chmod(0o755)
    launcher = install(python=str(python), **ON_LINUX).files[0]
    out = subprocess.run([launcher, "a b", ""], capture_output=True, text=True, check=True).stdout.splitlines()
    assert out[:2] == ["-I", "-c"]
    assert out[-2:] == ["a b", ""]


def test_the_launcher_is_found_through_a_link_and_a_relative_path_whatever_cdpath_says(tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\npwd\n")
    python.chmod(0o755)
    launcher = install(python=str(python), **ON_LINUX).files[0]
    work = tmp_path / "work"
    (work / ".terraform").mkdir(parents=True)
    (work / ".terraform" / "linux_amd64").symlink_to(launcher.parent)
    (tmp_path / "elsewhere" / ".terraform" / "linux_amd64").mkdir(parents=True)
    done = subprocess.run(
        [f".terraform/linux_amd64/{launcher.name}"],
        cwd=work,
        env={**os.environ, "CDPATH": str(tmp_path / "elsewhere")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == str(work), "the provider must start in Terraform's own folder"


def test_the_launcher_says_so_when_its_python_is_gone(tmp_path: Path) -> None:
    launcher = install(python=str(tmp_path / "gone"), **ON_LINUX).files[0]
    done = subprocess.run([launcher], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stdout == ""
    assert str(tmp_path / "gone") in done.stderr
    assert "install again" in done.stderr


def test_the_launcher_starts_the_real_command_whatever_pythonpath_says(tmp_path: Path) -> None:
    decoy = tmp_path / "decoy" / "terraform_provider_ecgrid"
    decoy.mkdir(parents=True)
    (decoy / "__init__.py").write_text("raise SystemExit('the decoy was imported')\n")
    launcher = install(**ON_LINUX).files[0]
    env = {**os.environ, "PYTHONPATH": str(decoy.parent)}
    done = subprocess.run([launcher, "--version"], env=env, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, f"terraform-provider-ecgrid {__version__}\n"), done.stderr


def test_what_terraform_takes_a_checksum_of_is_the_same_for_every_python(tmp_path: Path) -> None:
    first = {
        file.name: file.read_bytes() for file in install(python="/one/python", **ON_LINUX).files[0].parent.iterdir()
    }
    second = {
        file.name: file.read_bytes() for file in install(python="/two/python", **ON_LINUX).files[0].parent.iterdir()
    }
    assert first == second


def test_a_second_installation_replaces_the_first_and_leaves_nothing_else(home: Path) -> None:
    launcher = install(**ON_LINUX).files[0]
    launcher.write_text("old")
    install(**ON_LINUX)
    assert launcher.read_text() != "old"
    assert {file.name for file in (home / ".terraform.d").rglob("*") if file.is_file()} == {launcher.name, "python.txt"}


def test_on_windows_the_exe_of_pip_is_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APPDATA", str(tmp_path / "roaming"))
    scripts = tmp_path / "Scripts"
    scripts.mkdir()
    with pytest.raises(InstallError, match=r"terraform-provider-ecgrid\.exe does not exist"):
        install(python=str(scripts / "python.exe"), system="Windows", machine="AMD64")
    (scripts / "terraform-provider-ecgrid.exe").write_bytes(b"MZ")
    file = install(python=str(scripts / "python.exe"), system="Windows", machine="AMD64").files[0]
    assert file.read_bytes() == b"MZ"
    assert file.parent.name == "windows_amd64"
    assert file.is_relative_to(tmp_path / "roaming" / "terraform.d" / "plugins")


def test_an_installation_block_that_turns_the_mirror_off_is_found(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert install(**ON_LINUX).overridden_by is None
    (home / ".terraformrc").write_text("provider_installation {\n  direct {}\n}\n")
    assert install(**ON_LINUX).overridden_by == home / ".terraformrc"
    other = home / "other.tfrc"
    other.write_text("# provider_installation is what this file has not\n")
    monkeypatch.setenv("TF_CLI_CONFIG_FILE", str(other))
    assert install(**ON_LINUX).overridden_by is None


def test_without_a_path_of_python_there_is_a_sentence() -> None:
    with pytest.raises(InstallError, match="full path"):
        install(python="", **ON_LINUX)


def test_the_python_that_runs_the_tests_is_the_default() -> None:
    launcher = install(**ON_LINUX).files[0]
    assert (launcher.parent.parent / "python.txt").read_text() == f"{sys.executable}\n"
