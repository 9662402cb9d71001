#!/usr/bin/env python3
"""Builds what a release consists of, in the layout that Terraform's registry and its mirrors read.

    dist.py                 this platform's archive, the manifest and the checksums, into dist/
    dist.py archive         this platform's archive alone
    dist.py checksums       manifest and checksums of the archives that are there already (a release gathers them first)

With `--gpg-key KEY` (or GPG_FINGERPRINT) the checksums are signed, with GPG_PASSPHRASE if that is set.
Layout: Terraform registry, "Publishing Providers", manual preparation.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import contents

from terraform_provider_ecgrid import __version__
from terraform_provider_ecgrid.platforms import architecture

MANIFEST = contents.CHECKOUT / "terraform-registry-manifest.json"
_EXECUTABLE = 0o755
_FILE = 0o644
# go-plugin's sign that a plugin is started by Terraform.
_COOKIE = {"TF_PLUGIN_MAGIC_COOKIE": "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"}
# The earliest that a zip can hold: the same content gives the same archive whenever it is built.
_NO_TIME = (1980, 1, 1, 0, 0, 0)


class DistError(Exception):
    """A release file cannot be made; the message says why and what to do."""


def archive_name() -> str:
    """The name of this platform's archive."""
    system = platform.system().lower()
    return f"{contents.NAME}_{__version__}_{system}_{architecture(platform.machine())}.zip"


def build_archive(into: Path) -> Path:
    """Build this platform's archive in the folder `into` and give its path.

    Takes about half a minute. Raises `DistError` where PyInstaller fails or what it built does not start.
    """
    into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=into) as scratch:
        folder = _freeze(Path(scratch))
        _try(folder)
        draft = Path(scratch) / "archive.zip"
        _pack(folder, draft)
        return draft.replace(into / archive_name())


def write_checksums(folder: Path, gpg_key: str = "") -> list[Path]:
    """Write manifest and checksums of all archives of this version in `folder`, signed where a key is given.

    Gives the paths that were written. Raises `DistError` where there is no archive, or GPG refuses.
    """
    prefix = f"{contents.NAME}_{__version__}"
    archives = sorted(folder.glob(f"{prefix}_*.zip"))
    if not archives:
        raise DistError(f"{folder} contains no archive of version {__version__}. Build one first: make dist.")
    manifest = folder / f"{prefix}_manifest.json"
    shutil.copyfile(MANIFEST, manifest)
    sums = folder / f"{prefix}_SHA256SUMS"
    lines = [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in [*archives, manifest]]
    sums.write_text("".join(lines), encoding="ascii", newline="\n")
    signature = folder / f"{sums.name}.sig"
    signature.unlink(missing_ok=True)  # one of other checksums would be worse than none
    if not gpg_key:
        return [manifest, sums]
    _sign(sums, signature, gpg_key)
    return [manifest, sums, signature]


def _freeze(scratch: Path) -> Path:
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR"]
    command += ["--distpath", str(scratch / "dist"), "--workpath", str(scratch / "work")]
    command += [str(contents.CHECKOUT / "scripts" / "standalone.spec")]
    # A fixed seed orders the modules the same way each time; its cache beside the build leaves HOME alone.
    env = os.environ | {"PYTHONHASHSEED": "0", "PYINSTALLER_CONFIG_DIR": str(scratch / "config")}
    env |= {"SOURCE_DATE_EPOCH": os.environ.get("SOURCE_DATE_EPOCH", "315532800")}
    done = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode:
        raise DistError(f"PyInstaller failed:\n{done.stdout}{done.stderr}".rstrip())
    return scratch / "dist" / "folder"


def _try(folder: Path) -> None:
    """Start what was built as Terraform does, with an environment that offers it nothing else.

    It then waits for a call that never comes, so it is ended after its handshake line.
    """
    env = {name: os.environ[name] for name in ("SYSTEMROOT", "TMP", "TEMP") if name in os.environ}
    command = [str(_executable(folder))]
    with tempfile.TemporaryFile("w+", encoding="utf-8") as errors:
        process = subprocess.Popen(command, env=env | _COOKIE, stdout=subprocess.PIPE, stderr=errors, text=True)
        line = process.stdout.readline() if process.stdout else ""
        process.kill()
        process.communicate()
        errors.seek(0)
        if not line.startswith("1|6|"):
            raise DistError(f"The built executable does not start:\n{line}{errors.read()}".rstrip())


def _executable(folder: Path) -> Path:
    return folder / (contents.executable_name() + (".exe" if sys.platform == "win32" else ""))


def _pack(folder: Path, target: Path) -> None:
    """Zip a folder, links as what they point to: Terraform unpacks none."""
    members = {file.relative_to(folder).as_posix(): file for file in folder.rglob("*") if file.is_file()}
    executable = _executable(folder)
    texts = {"LICENSE": (contents.CHECKOUT / "LICENSE").read_bytes(), **contents.licences()}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted([*members, *texts]):
            mode = _EXECUTABLE if members.get(name) == executable else _FILE
            info = zipfile.ZipInfo(name, _NO_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3  # Unix, whose permissions follow
            info.external_attr = (0o100000 | mode) << 16
            archive.writestr(info, members[name].read_bytes() if name in members else texts[name])


def _sign(sums: Path, signature: Path, key: str) -> None:
    """Make the detached binary signature that Terraform's registry checks."""
    if not shutil.which("gpg"):
        raise DistError("A GPG key is given, but gpg is not installed. Install GnuPG, or omit the key.")
    command = ["gpg", "--batch", "--yes", "--local-user", key, "--detach-sign", "--output", str(signature), str(sums)]
    passphrase = os.environ.get("GPG_PASSPHRASE")
    if passphrase is not None:
        command[1:1] = ["--pinentry-mode", "loopback", "--passphrase-fd", "0"]
    done = subprocess.run(command, input=passphrase or "", capture_output=True, text=True, check=False)
    if done.returncode:
        raise DistError(f"gpg could not sign {sums.name} with key {key}:\n{done.stderr}".rstrip())


def main() -> int:
    """Build what the command line asks for and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="?", choices=("all", "archive", "checksums"), default="all")
    parser.add_argument(
        "--into", type=Path, default=contents.CHECKOUT / "dist", metavar="DIR", help="folder (default: dist/)"
    )
    parser.add_argument("--gpg-key", default=os.environ.get("GPG_FINGERPRINT", ""), metavar="KEY", help="signs")
    arguments = parser.parse_args()
    written = []
    try:
        if arguments.what != "checksums":
            written.append(build_archive(arguments.into))
        if arguments.what != "archive":
            written += write_checksums(arguments.into, arguments.gpg_key)
    except DistError as error:
        print(error, file=sys.stderr)
        return 1
    for file in written:
        print(f"{file.stat().st_size:>10,} bytes  {file}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
