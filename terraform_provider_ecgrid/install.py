"""Installs the provider where `terraform init` looks before it asks a registry, and uninstalls it.

Layout: Terraform CLI documentation, "Implied Local Mirror Directories" and "Filesystem mirror" (unpacked). A mirror
gets an executable for each platform; what that needs to know about this machine is in pointer files outside the
folder of a platform, in the mirror and in the user's home (see `launcher`).
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from terraform_provider_ecgrid import __version__
from terraform_provider_ecgrid.launcher import POINTER_NAME, Pointer, is_launcher, launcher
from terraform_provider_ecgrid.platforms import own_platforms

_NAME = "terraform-provider-ecgrid"
_REGISTRIES = ("registry.terraform.io", "registry.opentofu.org")
ADDRESSES = tuple(f"{registry}/ecgrid/ecgrid" for registry in _REGISTRIES)
"""Of the provider, in Terraform's registry and in OpenTofu's."""
# The implied local mirrors that are every user's.
_SHARED_MIRRORS = (
    "/usr/local/share/terraform/plugins",
    "/usr/share/terraform/plugins",
    "/Library/Application Support/io.terraform/plugins",
)


class InstallError(Exception):
    """The provider cannot be installed; the message says why and what to do."""


@dataclass(frozen=True)
class Installed:
    """What `install` did: the mirror's folder, the executables in it, and which of them were not there as they are.

    `pointers` are the files that name the Python that runs them. `implied` says that Terraform looks into the mirror by
    itself; `overridden_by` are the CLI configurations whose `provider_installation` block turns that off.
    """

    mirror: Path
    files: tuple[Path, ...]
    written: tuple[Path, ...]
    pointers: tuple[Path, ...]
    implied: bool
    overridden_by: tuple[Path, ...]


@dataclass(frozen=True)
class Uninstalled:
    """What `uninstall` did: the mirror's folder, and the files that are gone (executables, pointer files)."""

    mirror: Path
    removed: tuple[Path, ...]


def install(
    *,
    directory: Path | None = None,
    platforms: Iterable[str] = (),
    python: str = sys.executable,
    system: str = "",
    machine: str = "",
) -> Installed:
    """Install this version of the provider for Terraform and OpenTofu; a second time changes nothing.

    `directory` is the root of a filesystem mirror, the implied local mirror unless given. `platforms` are filled beside
    this machine's own (see `check_platform`). `python` is the interpreter that will run the provider, `system` and
    `machine` are as in `platform` (this machine's unless given). Each file is replaced in one step: a Terraform that
    runs meanwhile sees the old one or the new one. Raises `InstallError`, and `OSError` if a file cannot be written.
    """
    if getattr(sys, "frozen", False):
        raise InstallError(
            f"This is the standalone {_NAME}, which `install` does not support. Put its .zip into a filesystem mirror "
            "(MIRROR/registry.terraform.io/ecgrid/ecgrid/, for OpenTofu MIRROR/registry.opentofu.org/ecgrid/ecgrid/), "
            "then run `terraform init` or `tofu init`."
        )
    if not python:
        raise InstallError(
            "Python does not know the path of its own executable. Start Python by its full path and try again."
        )
    system = (system or platform.system()).lower()
    mirror, home = _places(directory, system)
    # The pointers first: an executable without one would be a provider that cannot start.
    pointers = _write_pointers(_pointers(python, mirror, home))
    files, written = [], []
    for version in _versions(mirror):
        for target in dict.fromkeys([*own_platforms(system, machine or platform.machine()), *platforms]):
            wanted = launcher(__version__, target.partition("_")[0])
            file = version / target / wanted.file_name
            if _replace(file, wanted.content, 0o755, scratch=version):
                written.append(file)
            files.append(file)
    implied = directory is None or str(mirror) in _SHARED_MIRRORS
    overridden_by = _overriding_configurations(system, home) if implied else ()
    return Installed(mirror, tuple(files), tuple(written), pointers, implied, overridden_by)


def uninstall(*, directory: Path | None = None, system: str = "") -> Uninstalled:
    """Remove every version and platform that `install` put into a mirror, and what only those needed; the rest stays.

    `directory` and `system` are as in `install`. Nothing there to remove is not an error. Raises `InstallError` if the
    home folder is needed and unknown, and `OSError` if a file cannot be removed.
    """
    mirror, home = _places(directory, (system or platform.system()).lower())
    top = home.parent if home and directory is None else mirror
    removed = []
    for registry in _REGISTRIES:
        provider = mirror / registry / "ecgrid" / "ecgrid"
        for file in sorted([*provider.glob(f"*/*/{_NAME}_v*"), *provider.glob(f"*/{POINTER_NAME}")]):
            if file.is_file() and (file.name == POINTER_NAME or is_launcher(file.read_bytes())):
                file.unlink()
                removed.append(file)
                _prune(file.parent, top)
    if home:
        for own in sorted((home / _NAME).glob("*.txt")):
            known = _read(own)
            if known and not any(_holds(Path(path), own.stem) for path in known.mirrors):
                own.unlink()
                removed.append(own)
                _prune(own.parent, home.parent)
    return Uninstalled(mirror, tuple(removed))


def _home(system: str) -> Path:
    """Terraform's folder for what a user installs."""
    if system == "windows":
        if not (roaming := os.environ.get("APPDATA")):
            raise InstallError(
                "APPDATA is not set, so Terraform's plugin folder is not known. Set APPDATA and try again."
            )
        return Path(roaming) / "terraform.d"
    try:
        return Path.home() / ".terraform.d"
    except RuntimeError:
        raise InstallError("The home folder is not known. Set HOME and try again.") from None


def _places(directory: Path | None, system: str) -> tuple[Path, Path | None]:
    """The mirror, and Terraform's folder in the user's home, which a named mirror can do without."""
    if directory is None:
        home = _home(system)
        return home / "plugins", home
    mirror = Path(os.path.abspath(directory))
    try:
        home = _home(system)
    except InstallError:
        return mirror, None
    return mirror, home if home.parent.is_dir() else None


def _versions(mirror: Path) -> list[Path]:
    return [mirror / registry / "ecgrid" / "ecgrid" / __version__ for registry in _REGISTRIES]


def _pointers(python: str, mirror: Path, home: Path | None) -> dict[Path, bytes]:
    package = _package()
    wanted = {version / POINTER_NAME: _encoded(Pointer(python, package)) for version in _versions(mirror)}
    if home:
        own = home / _NAME / f"{__version__}.txt"
        known = _read(own)
        mirrors = dict.fromkeys([*(known.mirrors if known else ()), str(mirror)])
        wanted[own] = _encoded(Pointer(python, package, tuple(mirrors)))
    return wanted


def _write_pointers(wanted: dict[Path, bytes]) -> tuple[Path, ...]:
    """Write the pointers that can be written; one is enough, and a home or a shared mirror may be read-only."""
    written, problem = [], None
    for pointer, content in wanted.items():
        try:
            _replace(pointer, content, 0o644)
            written.append(pointer)
        except OSError as error:
            problem = problem or error
    if problem and not written:
        raise problem
    return tuple(written)


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
        f"pipx or uv, then run the {_NAME} that this puts on PATH."
    )


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
            "The path of Python, of its packages or of the mirror contains a line break, which the launcher cannot "
            "read. Use a path without a line break."
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


def _overriding_configurations(system: str, home: Path | None) -> tuple[Path, ...]:
    if named := os.environ.get("TF_CLI_CONFIG_FILE"):
        files = [Path(named)]
    elif home:
        # OpenTofu prefers a file of its own, and looks below XDG_CONFIG_HOME if there is neither.
        names = ("terraform.rc", "tofu.rc") if system == "windows" else (".terraformrc", ".tofurc")
        files = [home.parent / name for name in names]
        fresh = os.environ.get("XDG_CONFIG_HOME") if system != "windows" else None
        if fresh and not any(file.exists() for file in files):
            files = [Path(fresh, "opentofu", "tofurc")]
    else:
        files = []
    return tuple(file for file in files if _has_installation_block(file))


def _has_installation_block(file: Path) -> bool:
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return any(line.strip().startswith("provider_installation") for line in text.splitlines())
