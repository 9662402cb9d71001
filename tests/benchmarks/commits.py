"""The provider of a commit, installed from it into a virtual environment of its own."""

from __future__ import annotations

import subprocess
import sys

from tests.benchmarks.plugins import ROOT, Plugin, ecgrid

_KEPT = ROOT / ".cache" / "benchmarks"


def revision(commit: str) -> str:
    """Return the full hash of a commit.

    `commit` is anything that git takes for one. Raises `ValueError` if this checkout does not have it.
    """
    command = ["git", "rev-parse", "--verify", "--quiet", "--end-of-options", f"{commit}^{{commit}}"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ValueError(f"{commit} is not a commit of this checkout")
    return done.stdout.strip()


def has_uncommitted_changes() -> bool:
    """Tell whether tracked files differ from the last commit."""
    return bool(_git("status", "--porcelain", "--untracked-files=no"))


def provider_of(revision: str) -> Plugin:
    """Return a commit's provider, started through the console command of its environment.

    `revision` is a full hash. The first call for it installs the commit, with the dependencies that it declares, into
    `.cache/benchmarks/`. Raises `subprocess.CalledProcessError` if it cannot be installed.
    """
    # Short: a script with a long path in its first line is started by way of a shell.
    folder = _KEPT / revision[:12]
    commands = folder / "venv" / "bin"
    installed = folder / "installed"
    if not installed.exists():
        print(f"Installing {folder.name} into {folder.relative_to(ROOT)} ...", flush=True)
        folder.mkdir(parents=True, exist_ok=True)
        source = folder / "source.zip"
        _git("archive", "--format=zip", f"--output={source}", revision)
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder / "venv"], check=True)
        subprocess.run([commands / "python", "-m", "pip", "install", "--quiet", source], check=True)
        installed.touch()
    return ecgrid(commands / "terraform-provider-ecgrid")


def _git(*args: str) -> str:
    return subprocess.run(["git", *args], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout
