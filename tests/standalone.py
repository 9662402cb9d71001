"""The standalone archive of this checkout, built once for as long as nothing changes that goes into it."""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
import sys
from functools import cache
from importlib.metadata import distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DIST = ROOT / "scripts" / "dist.py"
_CACHE = ROOT / ".cache" / "standalone"
_KEPT = 3  # of other sources, which a run that goes on meanwhile may be using


@cache
def archive() -> Path:
    """Give the path of the archive, building it (half a minute) where the cache has none of this source.

    Parallel callers wait for the one that builds. Raises `RuntimeError` with the builder's words where it fails.
    """
    folder = _CACHE / _key()
    _CACHE.mkdir(parents=True, exist_ok=True)
    with (_CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (found := list(folder.glob("*.zip"))):
            kept = sorted((one for one in _CACHE.iterdir() if one.is_dir()), key=lambda one: one.stat().st_mtime)
            for old in kept[:-_KEPT]:
                shutil.rmtree(old)
            command = [sys.executable, str(DIST), "archive", "--into", str(folder)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                raise RuntimeError(done.stderr)
            found = list(folder.glob("*.zip"))
    (path,) = found
    return path


def _key() -> str:
    """What an archive depends on: the package without its sandbox, the recipe, and all that is installed."""
    package = ROOT / "terraform_provider_ecgrid"
    files = [file for file in package.rglob("*.py") if package / "sandbox" not in file.parents]
    files.append(ROOT / "pyproject.toml")
    files += [DIST.with_name(name) for name in ("contents.py", "dist.py", "standalone.py", "standalone.spec")]
    digest = hashlib.sha256(sys.version.encode())
    for file in sorted(files):
        digest.update(f"\n{file.relative_to(ROOT)}\n".encode() + file.read_bytes())
    for name in sorted(f"{one.metadata['Name']} {one.version}" for one in distributions()):
        digest.update(f"\n{name}".encode())
    return digest.hexdigest()[:16]
