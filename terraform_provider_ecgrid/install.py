"""Puts the provider where `terraform init` looks before it asks a registry, and takes it away again.

Layout: Terraform CLI documentation, "Implied Local Mirror Directories" and "Filesystem mirror" (unpacked). A mirror
gets an executable and nothing else; what that needs to know of this machine stands in a pointer file outside
(see `launcher`).
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from terraform_provider_ecgrid import __version__
from terraform_provider_ecgrid.launcher import Pointer, is_launcher, launcher

_NAME = "terraform-provider-ecgrid"
_REGISTRIES = ("registry.terraform.io", "registry.opentofu.org")
_ARCHITECTURES = {
    "x86_64": "amd64",
    "amd64": "amd64",
    "aarch64": "arm64",
    "arm64": "arm64",
    "i386": "386",
    "i686": "386",
}


class InstallError(Exception):
    """The provider cannot be installed; the message says why and what to do."""


@dataclass(frozen=True)
class Installed:
    """What `install` did: the mirror's folder, the executables in it, and which of them were not there as they are.

    `pointer` names the Python that runs them. `overridden_by` is the CLI configuration whose `provider_installation`
    block turns the implied mirrors off.
    """

    mirror: Path
    files: tuple[Path, ...]
    written: tuple[Path, ...]
    pointer: Path
    overridden_by: Path | None


@dataclass(frozen=True)
class Uninstalled:
    """What `uninstall` did: the mirror's folder, and the files that are gone (executables, pointer files)."""

    mirror: Path
    removed: tuple[Path, ...]


def install(
    *, directory: Path | None = None, python: str = sys.executable, system: str = "", machine: str = ""
) -> Installed:
    """Install this version of the provider for Terraform and OpenTofu; a second time changes nothing.

    `directory` is the root of a filesystem mirror, the implied local mirror unless given. `python` is the interpreter
    that will run the provider, `system` and `machine` are as in `platform` (this machine's unless given). Each file is
    replaced in one step: a Terraform that runs meanwhile sees the old one or the new one. Raises `InstallError`, and
    `OSError` if a file cannot be written.
    """
    if getattr(sys, "frozen", False):
        raise InstallError(
            f"This {_NAME} is the standalone one, which needs no Python and no installation: put its .zip into a "
            "filesystem mirror (MIRROR/registry.terraform.io/ecgrid/ecgrid/) and run `terraform init`."
        )
    if not python:
        raise InstallError(
            "Python does not know the path of its own executable. Start it by its full path and try again."
        )
    system = (system or platform.system()).lower()
    home = _home(system)
    mirror = _mirror(directory, home)
    pointer = _pointers(home) / f"{__version__}.txt"
    known = _read(pointer)
    mirrors = known.mirrors if known else ()
    if str(mirror) not in mirrors:
        mirrors = (*mirrors, str(mirror))
    # The pointer first: an executable without one would be a provider that cannot start.
    _replace(pointer, _encoded(Pointer(python, _package(), mirrors)), 0o644)
    wanted = launcher(__version__, system)
    files, written = [], []
    for registry in _REGISTRIES:
        version = mirror / registry / "ecgrid" / "ecgrid" / __version__
        for target in _targets(system, machine or platform.machine()):
            file = version / target / wanted.file_name
            if _replace(file, wanted.content, 0o755, scratch=version):
                written.append(file)
            files.append(file)
    overridden_by = None if directory else _overriding_configuration(system, home)
    return Installed(mirror, tuple(files), tuple(written), pointer, overridden_by)


def uninstall(*, directory: Path | None = None, system: str = "") -> Uninstalled:
    """Remove every version that `install` put into a mirror, and what only those needed; anything else stays.

    `directory` and `system` are as in `install`. Nothing there to remove is not an error. Raises `InstallError` if the
    home folder is unknown, and `OSError` if a file cannot be removed.
    """
    home = _home((system or platform.system()).lower())
    mirror = _mirror(directory, home)
    top = mirror if directory else home.parent
    removed = []
    for registry in _REGISTRIES:
        for file in sorted((mirror / registry / "ecgrid" / "ecgrid").glob(f"*/*/{_NAME}_v*")):
            if file.is_file() and is_launcher(file.read_bytes()):
                file.unlink()
                removed.append(file)
                _prune(file.parent, top)
    for pointer in sorted(_pointers(home).glob("*.txt")):
        known = _read(pointer)
        if known and not any(_holds(Path(path), pointer.stem) for path in known.mirrors):
            pointer.unlink()
            removed.append(pointer)
            _prune(pointer.parent, home.parent)
    return Uninstalled(mirror, tuple(removed))


def architecture(machine: str) -> str:
    """Give Terraform's name of an architecture; `machine` is as in `platform.machine()`."""
    name = machine.lower()
    return _ARCHITECTURES.get(name) or ("arm" if name.startswith("arm") else name)


def _home(system: str) -> Path:
    """Terraform's folder for what a user installs."""
    if system == "windows":
        if not (roaming := os.environ.get("APPDATA")):
            raise InstallError("APPDATA is not set, so Terraform's plugin folder is unknown. Set it and try again.")
        return Path(roaming) / "terraform.d"
    try:
        return Path.home() / ".terraform.d"
    except RuntimeError:
        raise InstallError("The home folder is unknown, so Terraform's is too. Set HOME and try again.") from None


def _mirror(directory: Path | None, home: Path) -> Path:
    return home / "plugins" if directory is None else Path(os.path.abspath(directory))


def _pointers(home: Path) -> Path:
    return home / _NAME


def _package() -> str:
    """A file that is there as long as pip has this version of the package installed."""
    try:
        files = distribution(_NAME).files or ()
    except PackageNotFoundError:
        files = ()
    for file in files:
        if file.name == "METADATA":
            return os.path.abspath(str(file.locate()))
    raise InstallError(
        f"The package {_NAME} is not installed in this Python, so Terraform could not start it. Install it with pip, "
        "pipx or uv, and run the command that this puts on PATH."
    )


def _targets(system: str, machine: str) -> tuple[str, ...]:
    """The platforms that Terraform's own executable may be built for."""
    if system == "darwin":
        return ("darwin_arm64", "darwin_amd64")  # an Intel Terraform runs on Apple silicon too
    return (f"{system}_{architecture(machine)}",)


def _read(pointer: Path) -> Pointer | None:
    try:
        return Pointer.parse(pointer.read_bytes().decode("utf-8", "surrogateescape"))
    except OSError:
        return None


def _encoded(pointer: Pointer) -> bytes:
    try:
        return pointer.text().encode("utf-8", "surrogateescape")
    except ValueError:
        raise InstallError(
            "The path of Python, of its packages or of the mirror has a line break in it, which the launcher cannot "
            "read. Install the package, or lay the mirror, where there is none."
        ) from None


def _replace(file: Path, content: bytes, mode: int, *, scratch: Path | None = None) -> bool:
    """Write a file in one step, and tell whether it was not there as it should be.

    The draft lies in `scratch` (the file's folder unless given), outside the folder whose checksum Terraform takes.
    """
    with suppress(OSError):
        if file.read_bytes() == content and (os.name == "nt" or file.stat().st_mode & 0o777 == mode):
            return False
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=scratch or file.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        os.chmod(draft, mode)
        os.replace(draft, file)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
    return True


def _holds(mirror: Path, version: str) -> bool:
    return any(
        any((mirror / registry / "ecgrid" / "ecgrid" / version).glob(f"*/{_NAME}_v{version}*"))
        for registry in _REGISTRIES
    )


def _prune(folder: Path, top: Path) -> None:
    """Remove a folder and those above it, up to `top` exclusively, as long as they are empty."""
    while folder != top:
        try:
            folder.rmdir()
        except OSError:
            return
        folder = folder.parent


def _overriding_configuration(system: str, home: Path) -> Path | None:
    named = os.environ.get("TF_CLI_CONFIG_FILE")
    usual = home.parent / ("terraform.rc" if system == "windows" else ".terraformrc")
    file = Path(named) if named else usual
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    lines = (line.strip() for line in text.splitlines())
    return file if any(line.startswith("provider_installation") for line in lines) else None
