"""The documentation: what is generated is up to date, and what is linked exists."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted((ROOT / "docs").rglob("*.md"))


def test_reference_pages_are_what_the_code_generates() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "docs.py", "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("page", [*PAGES, ROOT / "README.md"], ids=lambda page: str(page.relative_to(ROOT)))
def test_relative_links_lead_to_files(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_has_the_registrys_front_matter(page: Path) -> None:
    front = page.read_text(encoding="utf-8").split("---\n")[1]
    assert re.fullmatch(r'page_title: "[^"]+"\nsubcategory: ""\ndescription: \|-\n  \S[^\n]+\n', front)


def test_every_guide_is_linked_from_the_index() -> None:
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    guides = [page.name for page in PAGES if page.parent.name == "guides"]
    assert guides
    assert [name for name in guides if f"(guides/{name})" not in index] == []


def test_every_attribute_has_a_full_sentence() -> None:
    for page in PAGES:
        for line in page.read_text(encoding="utf-8").splitlines():
            if match := re.match(r"- `\w+` \([^)]*\) (.+)$", line):
                assert re.match(r"[A-Z`]", match[1]), (page.name, line)
                assert match[1].endswith((".", ":")), (page.name, line)
