"""The executable that Terraform starts: that it finds its Python, and what it says when it does not."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TypedDict

import pytest

from terraform_provider_ecgrid import __version__
from terraform_provider_ecgrid.install import install
from terraform_provider_ecgrid.launcher import Pointer, is_launcher, launcher

ROOT = Path(__file__).resolve().parents[2]


class Machine(TypedDict):
    system: str
    machine: str


ON_LINUX: Machine = {"system": "Linux", "machine": "x86_64"}
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="a shell script")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "ho me"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("APPDATA", str(folder))
    return folder


def fake_python(path: Path, script: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


def start(file: Path, *arguments: str, cwd: Path | None = None, **env: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **env}
    return subprocess.run([file, *arguments], cwd=cwd, env=environment, capture_output=True, text=True, check=False)


def test_it_starts_the_real_command_whatever_pythonpath_says(tmp_path: Path) -> None:
    decoy = tmp_path / "decoy" / "terraform_provider_ecgrid"
    decoy.mkdir(parents=True)
    (decoy / "__init__.py").write_text("raise SystemExit('the decoy was imported')\n")
    file = install().files[0]
    for cwd in (tmp_path, decoy.parent):
        done = start(file, "--version", cwd=cwd, PYTHONPATH=str(decoy.parent))
        assert (done.returncode, done.stdout) == (0, f"terraform-provider-ecgrid {__version__}\n"), done.stderr


@POSIX
def test_arguments_and_a_long_path_with_spaces_arrive_as_they_are(tmp_path: Path) -> None:
    python = fake_python(tmp_path / ("long " * 40) / "python", 'printf "%s\\n" "$@"')
    done = start(install(python=python, **ON_LINUX).files[0], "a b", "")
    assert done.stdout.splitlines()[-2:] == ["a b", ""]


@POSIX
def test_it_is_found_through_a_link_and_starts_in_terraforms_folder(tmp_path: Path) -> None:
    python = fake_python(tmp_path / "python", "pwd")
    file = install(python=python, **ON_LINUX).files[0]
    work = tmp_path / "work"
    (work / ".terraform").mkdir(parents=True)
    (work / ".terraform" / "linux_amd64").symlink_to(file.parent)
    assert start(Path(".terraform/linux_amd64") / file.name, cwd=work).stdout.strip() == str(work)


@POSIX
def test_a_copy_of_it_works_anywhere(tmp_path: Path) -> None:
    python = fake_python(tmp_path / "python", "echo started")
    copied = shutil.copy(install(python=python, **ON_LINUX).files[0], tmp_path / "copy")
    assert start(Path(copied)).stdout == "started\n"


@POSIX
@pytest.mark.parametrize("broken", ["pointer", "python", "package"])
@pytest.mark.parametrize("by_terraform", [True, False])
def test_a_broken_pointer_is_one_sentence_where_it_is_read(broken: str, by_terraform: bool, tmp_path: Path) -> None:
    python = fake_python(tmp_path / "python", "echo started")
    installed = install(python=python, **ON_LINUX)
    if broken == "python":
        Path(python).unlink()
    for pointer in installed.pointers:
        if broken == "pointer":
            pointer.unlink()
        elif broken == "package":
            pointer.write_text(Pointer(python, str(tmp_path / "gone")).text())
    file = installed.files[0]
    done = start(file, TF_PLUGIN_MAGIC_COOKIE="a cookie" if by_terraform else "")
    assert done.returncode == 1
    said, silent = (done.stdout, done.stderr) if by_terraform else (done.stderr, done.stdout)
    assert silent == ""
    (line,) = said.splitlines()
    reason = {
        "pointer": f"neither {file.parent}/../{installed.pointers[0].name} nor {installed.pointers[-1]} can be read",
        "python": f"its Python ({python}) does not exist, or this user may not run it",
        "package": f"its Python ({python}) no longer has this version",
    }
    assert line == (
        f"The ECGrid provider {__version__} cannot start: {reason[broken]}. Install the Python package "
        f"terraform-provider-ecgrid {__version__} where this user may run it, then run terraform-provider-ecgrid "
        "install."
    )


@POSIX
def test_the_mirrors_python_is_taken_and_the_users_own_where_that_one_cannot_be_used(tmp_path: Path) -> None:
    mirrors, own = (fake_python(tmp_path / name / "python", f"echo {name}") for name in ("mirror", "own"))
    installed = install(python=mirrors, **ON_LINUX)
    pointer = Pointer.parse(installed.pointers[-1].read_text())
    installed.pointers[-1].write_text(Pointer(own, pointer.package).text())
    assert start(installed.files[0]).stdout == "mirror\n"
    Path(mirrors).unlink()
    assert start(installed.files[0]).stdout == "own\n"


@POSIX
@pytest.mark.parametrize("value", [None, "", "/", "/missing"])
def test_a_mirror_needs_no_home(value: str | None, tmp_path: Path) -> None:
    python = fake_python(tmp_path / "python", "echo started")
    file = install(python=python, directory=tmp_path / "a mirror", **ON_LINUX).files[0]
    environment = {"PATH": os.environ["PATH"]} | ({} if value is None else {"HOME": value})
    done = subprocess.run([file], env=environment, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("started\n", "")


@POSIX
def test_no_variable_makes_python_take_itself_for_another_one(tmp_path: Path) -> None:
    python = fake_python(tmp_path / "python", "env")
    file = install(python=python, **ON_LINUX).files[0]
    done = start(file, __PYVENV_LAUNCHER__="/other/python", PYTHONEXECUTABLE="/other/python", KEPT="yes")
    assert "KEPT=yes" in done.stdout
    assert "/other/python" not in done.stdout


def test_a_launcher_is_known_as_one_and_nothing_else_is() -> None:
    assert all(
        is_launcher(launcher(version, system).content) for version in ("0.1", "9.9") for system in ("linux", "windows")
    )
    others = (b"", b"#!/bin/sh\n", b"MZ\x90", b"\x7fELF", Path(__file__).read_bytes())
    assert not any(is_launcher(content) for content in others)


def test_the_executable_for_windows_was_built_from_its_source() -> None:
    source = (ROOT / "scripts" / "launcher.c").read_bytes().replace(b"\r\n", b"\n")
    wanted = f"launcher.c sha256:{hashlib.sha256(source).hexdigest()}"
    assert wanted.encode() in launcher("0.1", "windows").content, "run `make launcher`"


@pytest.mark.parametrize("text", ["", "/python", "/python\n/package\n", "/python\n/package\n/a\n/b\n"])
def test_a_pointer_of_whatever_length_is_read(text: str) -> None:
    pointer = Pointer.parse(text)
    assert pointer.python == text.split("\n")[0]
    assert pointer.mirrors == tuple(text.split("\n")[2:-1])
