"""Puts the provider into Terraform's implied local mirror, where `terraform init` looks before it asks a registry.

Layout: Terraform CLI documentation, "Implied Local Mirror Directories" and "Filesystem mirror" (unpacked).
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from terraform_provider_ecgrid import __version__

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

# A lock file records a checksum of the folder that holds this script. The script is the same on every machine, so that
# one lock file serves a whole team; what differs, the path of Python, stands one folder higher.
# `-I` keeps the PYTHONPATH and PYTHONHOME of whoever runs Terraform out of the provider. A shell instead of a `#!` line
# with Python's path, because such a line is cut after 127 bytes and cannot hold a space.
_LAUNCHER = """\
#!/bin/sh
# Starts the ECGrid provider with the Python that `terraform-provider-ecgrid install` was run with.
here=$(CDPATH= cd -P -- "${0%/*}" && pwd -P)
IFS= read -r python 2>/dev/null <"${here%/*}/python.txt"
if [ ! -x "$python" ]; then
  echo "The Python of the ECGrid provider ($python) is gone. Run terraform-provider-ecgrid install again." >&2
  exit 1
fi
exec "$python" -I -c 'import sys; from terraform_provider_ecgrid.__main__ import main; sys.exit(main())' "$@"
"""


class InstallError(Exception):
    """The provider cannot be installed; the message says why and what to do."""


@dataclass(frozen=True)
class Installed:
    """What `install` did: the mirror's folder, the files that start the provider, and what is in the way.

    `overridden_by` is the CLI configuration whose `provider_installation` block turns the implied mirrors off.
    """

    mirror: Path
    files: tuple[Path, ...]
    overridden_by: Path | None


def install(*, python: str = sys.executable, system: str = "", machine: str = "") -> Installed:
    """Install this version of the provider for Terraform and OpenTofu, replacing an earlier installation of it.

    `python` is the interpreter that will run the provider, `system` and `machine` are as in `platform` (this machine's
    unless given). Each file is replaced in one step: a Terraform that runs meanwhile sees the old one or the new one.
    Raises `InstallError`, and `OSError` where a file cannot be written.
    """
    system = (system or platform.system()).lower()
    if not python:
        raise InstallError(
            "Python does not know the path of its own executable. Start it by its full path and try again."
        )
    mirror = _home(system) / "plugins"
    files = []
    for registry in _REGISTRIES:
        version = mirror / registry / "ecgrid" / "ecgrid" / __version__
        for target in _targets(system, machine or platform.machine()):
            files.append(_install_target(version, target, python, system))
    return Installed(mirror, tuple(files), _overriding_configuration(system))


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


def _targets(system: str, machine: str) -> tuple[str, ...]:
    """The platforms that Terraform's own executable may be built for."""
    if system == "darwin":
        return ("darwin_arm64", "darwin_amd64")  # an Intel Terraform runs on Apple silicon too
    known = _ARCHITECTURES.get(machine.lower())
    return (f"{system}_{known or ('arm' if machine.lower().startswith('arm') else machine.lower())}",)


def _install_target(version: Path, target: str, python: str, system: str) -> Path:
    package = version / target
    package.mkdir(parents=True, exist_ok=True)
    if system == "windows":
        # Terraform starts only an .exe there. The one that pip made knows its Python and may be copied.
        source = Path(python).with_name(f"{_NAME}.exe")
        if not source.is_file():
            raise InstallError(f"{source} does not exist. Install the package with pip into this Python and try again.")
        file = package / f"{_NAME}_v{__version__}.exe"
        _replace(file, source.read_bytes(), version)
        return file
    _replace(version / "python.txt", f"{python}\n".encode(), version)
    file = package / f"{_NAME}_v{__version__}"
    _replace(file, _LAUNCHER.encode(), version)
    return file


def _replace(file: Path, content: bytes, scratch: Path) -> None:
    """Write a file in one step. The draft lies in `scratch`, outside the folder whose checksum Terraform takes."""
    handle, draft = tempfile.mkstemp(dir=scratch)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        os.chmod(draft, 0o755)  # noqa: S103 - a program that other users of a shared folder may run, as a package manager's
        os.replace(draft, file)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


def _overriding_configuration(system: str) -> Path | None:
    named = os.environ.get("TF_CLI_CONFIG_FILE")
    usual = _home(system).parent / ("terraform.rc" if system == "windows" else ".terraformrc")
    file = Path(named) if named else usual
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    lines = (line.strip() for line in text.splitlines())
    return file if any(line.startswith("provider_installation") for line in lines) else None
