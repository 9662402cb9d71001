"""Where `install` puts the provider, what it writes, and what it takes away again."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypedDict

import pytest

from terraform_provider_ecgrid import __version__
from terraform_provider_ecgrid.install import InstallError, install, uninstall
from terraform_provider_ecgrid.launcher import POINTER_NAME, Pointer


class Machine(TypedDict):
    system: str
    machine: str


ON_LINUX: Machine = {"system": "Linux", "machine": "x86_64"}
ON_WINDOWS: Machine = {"system": "Windows", "machine": "AMD64"}
NAME = "terraform-provider-ecgrid"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "ho me"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("USERPROFILE", str(folder))
    monkeypatch.setenv("APPDATA", str(folder / "roaming"))
    monkeypatch.delenv("TF_CLI_CONFIG_FILE", raising=False)
    return folder


def _refuse_in(folder: Path) -> Callable[..., tuple[int, str]]:
    """Stand in for a file system that is read-only, to root too."""
    real = tempfile.mkstemp

    def mkstemp(*, dir: Path) -> tuple[int, str]:  # noqa: A002 - tempfile's own name
        if dir.is_relative_to(folder):
            raise PermissionError(13, "Permission denied", str(dir))
        return real(dir=dir)

    return mkstemp


def files(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_the_layout_is_that_of_terraforms_local_mirror_for_both_registries(home: Path) -> None:
    installed = install(**ON_LINUX)
    assert installed.mirror == home / ".terraform.d" / "plugins"
    assert [file.relative_to(installed.mirror).as_posix() for file in installed.files] == [
        f"registry.terraform.io/ecgrid/ecgrid/{__version__}/linux_amd64/{NAME}_v{__version__}",
        f"registry.opentofu.org/ecgrid/ecgrid/{__version__}/linux_amd64/{NAME}_v{__version__}",
    ]
    assert installed.written == installed.files


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permission")
def test_the_executables_can_be_executed_by_everybody() -> None:
    assert [file.stat().st_mode & 0o777 for file in install(**ON_LINUX).files] == [0o755, 0o755]


def test_what_terraform_takes_a_checksum_of_is_an_executable_and_nothing_else(tmp_path: Path) -> None:
    for installed in (install(**ON_LINUX), install(directory=tmp_path / "mirror", **ON_LINUX)):
        assert [list(file.parent.iterdir()) for file in installed.files] == [[file] for file in installed.files]
        others = {installed.mirror / name for name in files(installed.mirror)} - {*installed.files}
        assert others == {file.parents[1] / POINTER_NAME for file in installed.files}


def test_further_platforms_are_filled_beside_the_own_and_uninstall_takes_them_along(home: Path) -> None:
    installed = install(platforms=["windows_amd64", "darwin_arm64", "linux_amd64"], **ON_LINUX)
    names = {file.parent.name: file.name for file in installed.files}
    posix = f"{NAME}_v{__version__}"
    assert names == {"linux_amd64": posix, "windows_amd64": f"{posix}.exe", "darwin_arm64": posix}
    assert len(installed.files) == 6
    install(**ON_LINUX)
    assert all(file.is_file() for file in installed.files), "a later installation leaves them"
    uninstall(system="Linux")
    assert list(home.iterdir()) == []


@pytest.mark.parametrize("unusable", ["missing", "not to be written", "unknown"])
def test_a_named_mirror_needs_no_home(
    unusable: str, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    system = "Linux"
    if unusable == "missing":
        monkeypatch.setenv("HOME", str(home / "missing"))
    elif unusable == "not to be written":
        (home / ".terraform.d").touch()
    else:
        system = "Windows"
        monkeypatch.delenv("APPDATA")
    before = [*home.iterdir()]
    mirror = tmp_path / "mirror"
    installed = install(directory=mirror, system=system, machine="x86_64")
    assert [Pointer.parse(file.read_text()).python for file in installed.pointers] == [sys.executable] * 2
    assert {*installed.pointers} == {file.parents[1] / POINTER_NAME for file in installed.files}
    uninstall(directory=mirror, system=system)
    assert list(mirror.iterdir()) == []
    assert [*home.iterdir()] == before


def test_a_shared_mirror_that_is_filled_already_need_not_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = install(directory=tmp_path / "mirror", python="/one/python", **ON_LINUX)
    monkeypatch.setattr("tempfile.mkstemp", _refuse_in(tmp_path / "mirror"))
    second = install(directory=tmp_path / "mirror", python="/two/python", **ON_LINUX)
    assert second.pointers == first.pointers[-1:], "the user's own is enough"
    with pytest.raises(PermissionError):
        install(directory=tmp_path / "mirror", platforms=["darwin_arm64"], **ON_LINUX)


@pytest.mark.parametrize(
    ("system", "machine", "targets"),
    [
        ("Linux", "aarch64", {"linux_arm64"}),
        ("Linux", "armv7l", {"linux_arm"}),
        ("Linux", "i686", {"linux_386"}),
        ("Darwin", "arm64", {"darwin_arm64", "darwin_amd64"}),
        ("FreeBSD", "amd64", {"freebsd_amd64"}),
        ("Windows", "AMD64", {"windows_amd64"}),
    ],
)
def test_the_platform_is_spelled_as_terraform_does(system: str, machine: str, targets: set[str]) -> None:
    assert {file.parent.name for file in install(system=system, machine=machine).files} == targets


@pytest.mark.parametrize("system", ["Linux", "Windows"])
def test_what_terraform_takes_a_checksum_of_is_the_same_for_every_python_and_home(
    system: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[list[bytes]] = []
    for name in ("one", "two"):
        monkeypatch.setenv("HOME", str(tmp_path / name))
        monkeypatch.setenv("APPDATA", str(tmp_path / name))
        installed = install(python=f"/{name}/python", system=system, machine="x86_64")
        assert all(Pointer.parse(file.read_text()).python == f"/{name}/python" for file in installed.pointers)
        found.append([file.read_bytes() for file in installed.files])
    assert found[0] == found[1]
    assert not any(str(Path(sys.prefix)).encode() in content for content in found[0])


def test_on_windows_the_roaming_folder_gets_an_exe(home: Path) -> None:
    installed = install(system="Windows", machine="AMD64")
    assert installed.mirror == home / "roaming" / "terraform.d" / "plugins"
    assert {file.name for file in installed.files} == {f"{NAME}_v{__version__}.exe"}
    assert installed.files[0].read_bytes().startswith(b"MZ")


def test_a_second_installation_changes_nothing(home: Path) -> None:
    first = install(**ON_LINUX)
    before = {file: file.stat().st_mtime_ns for file in home.rglob("*")}
    second = install(**ON_LINUX)
    assert (second.files, second.written) == (first.files, ())
    assert {file: file.stat().st_mtime_ns for file in home.rglob("*")} == before


def test_an_executable_that_is_not_as_it_should_be_is_replaced(home: Path) -> None:
    first, other = install(**ON_LINUX).files
    right = first.read_bytes()
    first.write_text("old")
    assert install(**ON_LINUX).written == (first,)
    assert first.read_bytes() == right
    assert {Path(name).name for name in files(home)} == {first.name, other.name, POINTER_NAME, f"{__version__}.txt"}


def test_another_python_takes_over() -> None:
    install(python="/one/python", **ON_LINUX)
    installed = install(python="/two/python", **ON_LINUX)
    assert installed.written == ()
    assert {Pointer.parse(file.read_text()).python for file in installed.pointers} == {"/two/python"}


def test_the_python_that_runs_the_tests_is_the_default() -> None:
    pointer = Pointer.parse(install(**ON_LINUX).pointers[0].read_text())
    assert pointer.python == sys.executable
    assert Path(pointer.package).is_file()


def test_uninstall_leaves_nothing_of_an_installation(home: Path) -> None:
    installed = install(**ON_LINUX)
    removed = uninstall(system="Linux").removed
    assert sorted(removed) == sorted([*installed.files, *installed.pointers])
    assert list(home.iterdir()) == []
    assert uninstall(system="Linux").removed == ()


@pytest.mark.parametrize("system", ["Linux", "Windows"])
def test_uninstall_takes_every_version_and_nobody_elses_files(system: str) -> None:
    installed = install(system=system, machine="x86_64")
    ecgrid = installed.files[0].parents[2]
    old = ecgrid / "0.0.1" / "linux_amd64" / f"{NAME}_v0.0.1"
    archived = ecgrid / "0.0.2" / "linux_amd64" / f"{NAME}_v0.0.2"
    packed = ecgrid / f"{NAME}_{__version__}_linux_amd64.zip"
    for file, content in ((old, installed.files[0].read_bytes()), (archived, b"\x7fELF"), (packed, b"PK")):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    removed = uninstall(system=system).removed
    assert {*installed.files, old} < set(removed)
    assert set(files(installed.mirror)) == {
        path.relative_to(installed.mirror).as_posix() for path in (archived, packed)
    }


def test_a_pointer_stays_for_as_long_as_a_mirror_needs_it(home: Path, tmp_path: Path) -> None:
    mirror = tmp_path / "mirror"
    pointer = install(**ON_LINUX).pointers[-1]
    install(directory=mirror, **ON_LINUX)
    uninstall(system="Linux")
    assert pointer.is_file(), "the other mirror's executable needs it"
    assert pointer in uninstall(directory=mirror, system="Linux").removed
    assert list(home.iterdir()) == []
    assert list(mirror.iterdir()) == [], "a folder that the user named stays"


def test_a_relative_folder_is_meant_from_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert install(directory=Path("mirror"), **ON_LINUX).mirror == tmp_path / "mirror"
    assert len(uninstall(directory=tmp_path / "mirror", system="Linux").removed) == 5


def test_an_installation_block_that_turns_the_mirror_off_is_found(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert install(**ON_LINUX).overridden_by == ()
    (home / ".terraformrc").write_text("provider_installation {\n  direct {}\n}\n")
    assert install(**ON_LINUX).overridden_by == (home / ".terraformrc",)
    assert install(directory=home / "mirror", **ON_LINUX).overridden_by == (), "that block is how a mirror is named"
    other = home / "other.tfrc"
    other.write_text("# provider_installation is what this file has not\n")
    monkeypatch.setenv("TF_CLI_CONFIG_FILE", str(other))
    assert install(**ON_LINUX).overridden_by == ()


@pytest.mark.parametrize(
    ("machine", "names"),
    [(ON_LINUX, (".terraformrc", ".tofurc")), (ON_WINDOWS, ("roaming/terraform.rc", "roaming/tofu.rc"))],
)
def test_opentofu_has_a_file_of_its_own_for_such_a_block(
    machine: Machine, names: tuple[str, str], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "xdg"))
    (home / "xdg" / "opentofu").mkdir(parents=True)
    (home / "roaming").mkdir()
    block = "provider_installation {\n  direct {}\n}\n"
    fresh = home / "xdg" / "opentofu" / "tofurc"
    fresh.write_text(block)
    assert install(**machine).overridden_by == ((fresh,) if machine is ON_LINUX else ())
    terraforms, opentofus = (home / name for name in names)
    opentofus.write_text(block)
    assert install(**machine).overridden_by == (opentofus,), "OpenTofu looks elsewhere only if there is no such file"
    terraforms.write_text(block)
    assert install(**machine).overridden_by == (terraforms, opentofus)


@pytest.mark.parametrize(("python", "words"), [("", "full path"), ("/a\nb/python", "line break")])
def test_a_python_that_cannot_be_named_is_refused_before_anything_is_written(
    python: str, words: str, home: Path
) -> None:
    with pytest.raises(InstallError, match=words):
        install(python=python, **ON_LINUX)
    assert list(home.iterdir()) == []


def test_a_package_that_pip_has_not_installed_is_refused(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    monkeypatch.setattr(sys, "path", [])
    with pytest.raises(InstallError, match="not installed in this Python"):
        install(**ON_LINUX)
    assert list(home.iterdir()) == []


def test_without_a_folder_for_applications_on_windows_there_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("APPDATA")
    with pytest.raises(InstallError, match="APPDATA is not set"):
        install(system="Windows", machine="AMD64")
