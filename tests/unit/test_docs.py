"""The documentation: what is generated is up to date, and what is linked exists."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from terraform_provider_ecgrid.provider import EcgridProvider
from tests.acceptance.features import FEATURES
from tests.unit.summaries import summaries

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted((ROOT / "docs").rglob("*.md"))
TOP = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")]
# Page below docs/ → the features of which it speaks.
SINCE = {
    "index.md": ["import for_each", "removed", "moved types", "write-only", "identity", "query", "action"],
    "resources/callback.md": ["import for_each", "moved types", "write-only", "identity"],
    "data-sources/callbacks.md": ["import for_each"],
    "list-resources/callback.md": ["query"],
    "actions/callback_test.md": ["action"],
    "guides/adopting_an_account.md": ["import for_each", "query"],
    "guides/coming_from_restapi_or_curl.md": ["moved types"],
    "guides/leaving_behind.md": ["removed"],
    "guides/omitted.md": ["query", "action"],
    "guides/rotating_a_password.md": ["write-only"],
    "guides/taking_over.md": ["import for_each", "identity", "generation"],
}


def anchors(page: Path) -> set[str]:
    """The anchors of a page: those of its headings, and those that it names."""
    text = page.read_text(encoding="utf-8")
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    of_headings = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    return of_headings | set(re.findall(r'<a id="([^"]+)"></a>', text))


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


def test_the_readme_is_short_and_its_links_lead_somewhere_from_pypi_too() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) < 120
    home = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["urls"]["Homepage"]
    assert f"git clone {home}\n" in text
    links = re.findall(r"\]\(([^)]+)\)", text)
    assert [link for link in links if not link.startswith("https://")] == []
    for link in links:
        if link.startswith(home):
            assert (ROOT / link.removeprefix(home).split("/main/")[1]).exists(), link


# What `tfplugindocs validate` asks for, and the conventions of the pages that it generates.


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_has_the_registrys_front_matter(page: Path) -> None:
    front = page.read_text(encoding="utf-8").split("---\n")[1]
    subcategory = "" if page.name == "index.md" else 'subcategory: ""\n'
    assert re.fullmatch(rf'page_title: "[^"]+"\n{subcategory}description: \|-\n  \S[^\n]+\n', front)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_is_where_the_registry_looks_and_small_enough(page: Path) -> None:
    folders = {"", "guides", "resources", "data-sources", "list-resources", "actions"}
    assert str(page.parent.relative_to(ROOT / "docs")).removeprefix(".") in folders
    assert page.stat().st_size < 500_000


def test_every_type_has_its_page_and_title() -> None:
    kinds = {"resources": "Resource", "data-sources": "Data Source", "list-resources": "List Resource"}
    kinds["actions"] = "Action"
    served = {
        "resources": {"callback"},
        "data-sources": {one.get_name() for one in EcgridProvider().get_data_sources()},
        "list-resources": {"callback"},
        "actions": {"callback_test"},
    }
    for folder, names in served.items():
        pages = {page.stem: page.read_text(encoding="utf-8") for page in (ROOT / "docs" / folder).iterdir()}
        assert set(pages) == names
        for name, text in pages.items():
            assert f'page_title: "ecgrid_{name} {kinds[folder]} - ecgrid"' in text
            assert f"# ecgrid_{name} ({kinds[folder]})\n" in text


def test_a_list_of_objects_links_to_its_nested_schema() -> None:
    for name in ("callbacks", "callback_events", "mailboxes"):
        text = (ROOT / "docs" / "data-sources" / f"{name}.md").read_text(encoding="utf-8")
        [nested] = re.findall(r"see \[below for nested schema\]\(#nestedatt--(\w+)\)", text)
        assert f'<a id="nestedatt--{nested}"></a>\n### Nested Schema for `{nested}`\n\nRead-Only:\n\n- `' in text


def test_the_index_lists_every_guide_and_begins_with_taking_over() -> None:
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    listed = re.findall(r"^- \[[^\]]+\]\(guides/([\w.]+)\)$", index, re.MULTILINE)
    assert sorted(listed) == sorted(page.name for page in PAGES if page.parent.name == "guides")
    assert listed[0] == "taking_over.md"


def test_the_troubleshooting_guide_has_every_summary_and_no_other() -> None:
    guide = (ROOT / "docs" / "guides" / "troubleshooting.md").read_text(encoding="utf-8")
    text = guide.partition("## What the provider does")[0]
    cells = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    listed = set(re.findall(r"`([^`]+)`", " ".join([*cells, text.partition("These summaries")[2]])))
    found = summaries()
    missing = {
        pattern: place for pattern, place in found.items() if not any(re.fullmatch(pattern, one) for one in listed)
    }
    assert missing == {}, "add a row to docs/guides/troubleshooting.md for each of these"
    gone = [one for one in listed if not any(re.fullmatch(pattern, one) for pattern in found)]
    assert gone == [], "no code has these summaries: correct or remove them in docs/guides/troubleshooting.md"


def test_every_attribute_has_a_full_sentence() -> None:
    for page in PAGES:
        for line in page.read_text(encoding="utf-8").splitlines():
            if match := re.match(r"- `\w+` \([^)]*\) (.+)$", line):
                assert re.match(r"[A-Z`]", match[1]), (page.name, line)
                words = match[1].partition(" (see [below")[0]
                assert re.search(r"\w[`)\"]*\.$", words), (page.name, line)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_says_which_terraform_has_what_it_speaks_of(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert re.search(r"Terraform 1\.\d+", text)
    for feature in SINCE.get(str(page.relative_to(ROOT / "docs")), []):
        terraform, opentofu = (".".join(map(str, first)) if first else "none" for first in FEATURES[feature])
        assert re.search(rf"\bv?{re.escape(terraform)}\b", text), feature
        if page.name == "index.md":
            assert f"| {terraform} | {opentofu} |\n" in text, feature


def test_no_generated_page_is_left_over() -> None:
    listed = "import docs; print('\\n'.join(docs.pages()))"
    done = subprocess.run(
        [sys.executable, "-c", listed], cwd=ROOT / "scripts", capture_output=True, text=True, check=True
    )
    generated = {ROOT / "docs" / name for name in done.stdout.split()}
    assert {page for page in PAGES if page.parent.name != "guides"} == generated
