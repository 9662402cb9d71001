"""What the documentation shows is valid and formatted configuration."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.acceptance.features import needs
from tests.acceptance.harness import Terraform

ROOT = Path(__file__).resolve().parents[2]
GUIDES = sorted((ROOT / "docs" / "guides").glob("*.md"))
QUERY = ROOT / "examples" / "list-resources" / "ecgrid_callback" / "list-resource.tfquery.hcl"


def blocks(page: Path, language: str) -> list[str]:
    """Return the code blocks of a page in one language."""
    return re.findall(rf"```{language}\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)


@needs("query")
@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.stem)
def test_the_configuration_of_a_guide_is_valid_and_formatted(guide: Path, terraform: Terraform) -> None:
    for number, text in enumerate(blocks(guide, "hcl")):
        terraform.write(text, f"block_{number}.tf")
    for number, text in enumerate(blocks(guide, "terraform")):
        terraform.write(text, f"block_{number}.tfquery.hcl")
    assert terraform.validate().diagnostics == []
    terraform.run("fmt", "-check", "-diff")


@needs("query")
def test_the_query_of_the_examples_is_valid(terraform: Terraform) -> None:
    terraform.write(QUERY.read_text(encoding="utf-8"), "example.tfquery.hcl")
    terraform.write('provider "ecgrid" {}\n')
    done = subprocess.run(
        [terraform.executable, "validate", "-query"],
        cwd=terraform.folder,
        env={**terraform.environment(), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
