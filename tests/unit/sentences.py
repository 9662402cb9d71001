"""Every sentence that a user may read: `python -m tests.unit.sentences` prints them as a page, file by file."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
# Python whose texts users read; its docstrings and comments are its maintainers'.
_PYTHON = ["terraform_provider_ecgrid/**/*.py", "scripts/demo.py", "scripts/get_terraform.py", "examples/**/*.py"]
# Read as they stand.
_TEXT = [
    "README.md",
    "CHANGELOG.md",
    "docs/**/*.md",
    "terraform_provider_ecgrid/sandbox/page.*",
    *(f"examples/**/*.{ending}" for ending in ("md", "tf", "hcl", "sh", "yml", "rego")),
]


def sentences() -> Iterator[tuple[str, str]]:
    """Yield each text that a user may read, with its place: a document's line, or a string with a space in Python."""
    for pattern in _PYTHON:
        for file in sorted(TOP.glob(pattern)):
            for line, text in _strings(file):
                yield f"{file.relative_to(TOP)}:{line}", text
    for pattern in _TEXT:
        for file in sorted(TOP.glob(pattern)):
            for line, text in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
                if text.strip():
                    yield f"{file.relative_to(TOP)}:{line}", text.strip()


def _strings(file: Path) -> Iterator[tuple[int, str]]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    passed_over = {id(part) for node in ast.walk(tree) for part in _no_message(node)}
    for node in ast.walk(tree):
        if id(node) in passed_over:
            continue
        if isinstance(node, ast.JoinedStr):
            text = "".join(
                f"{{{ast.unparse(part.value)}}}" if isinstance(part, ast.FormattedValue) else str(part.value)
                for part in node.values
                if isinstance(part, ast.Constant | ast.FormattedValue)
            )
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
        else:
            continue
        if " " in text.strip():
            yield node.lineno, text


def _no_message(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what stands for itself inside `node` (docstrings), or is a part of a text that is given as a whole."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        yield node.value
    if isinstance(node, ast.JoinedStr):
        yield from (inner for part in node.values for inner in ast.walk(part))


if __name__ == "__main__":
    for place, sentence in sentences():
        sys.stdout.write(f"{place}: {' '.join(sentence.split())}\n")
