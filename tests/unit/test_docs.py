"""The documentation: what is generated is up to date, and what is linked exists."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.acceptance.features import FEATURES

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted((ROOT / "docs").rglob("*.md"))
TOP = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")]
# Page below docs/ → the features of which it speaks.
SINCE = {
    "index.md": ["import for_each", "moved types", "write-only", "identity", "query", "action"],
    "resources/callback.md": ["import for_each", "moved types", "write-only", "identity"],
    "data-sources/callbacks.md": ["import for_each"],
    "list-resources/callback.md": ["query"],
    "actions/callback_test.md": ["action"],
    "guides/adopting_an_account.md": ["import for_each", "query"],
    "guides/coming_from_restapi_or_curl.md": ["moved types"],
    "guides/leaving_behind.md": ["import for_each"],  # `removed` blocks came with it
    "guides/left_out.md": ["query", "action"],
    "guides/rotating_a_password.md": ["write-only"],
    "guides/taking_over.md": ["import for_each", "identity", "generation"],
}


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_reference_pages_are_what_the_code_generates() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "docs.py", "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("page", [*PAGES, *TOP], ids=lambda page: str(page.relative_to(ROOT)))
def test_relative_links_lead_to_files_and_headings(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)]+)\)", page.read_text(encoding="utf-8"))
    for link in links:
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


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


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_says_which_terraform_has_what_it_speaks_of(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert re.search(r"Terraform 1\.\d+", text)
    for feature in SINCE.get(str(page.relative_to(ROOT / "docs")), []):
        major, minor = FEATURES[feature]
        assert re.search(rf"\b{major}\.{minor}\b", text), feature


def test_no_generated_page_is_left_over() -> None:
    listed = "import docs; print('\\n'.join(docs.pages()))"
    done = subprocess.run(
        [sys.executable, "-c", listed], cwd=ROOT / "scripts", capture_output=True, text=True, check=True
    )
    generated = {ROOT / "docs" / name for name in done.stdout.split()}
    assert {page for page in PAGES if page.parent.name != "guides"} == generated
