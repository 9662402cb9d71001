"""Which layer may import which: arrows point one way."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import terraform_provider_ecgrid

PACKAGE = Path(terraform_provider_ecgrid.__file__).parent
NAME = "terraform_provider_ecgrid."
FACES = ("actions", "data_sources", "list_resources", "resources")


def imports(folder: str) -> Iterator[tuple[str, str]]:
    """Yield file and module of each import of the package below a folder, those for types included."""
    for file in (PACKAGE / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(NAME):
                yield file.name, str(node.module).removeprefix(NAME)


@pytest.mark.parametrize("folder", ["account", "callback", *FACES])
def test_only_the_provider_imports_a_face_and_only_it_knows_the_session(folder: str) -> None:
    found = list(imports(folder))
    assert found
    above = ("check", "cli", "provider", "sandbox", "session", *FACES)
    assert [one for one in found if one[1].split(".")[0] in above] == []


def test_callbacks_know_nothing_of_what_stands_around_them() -> None:
    assert [one for one in imports("callback") if one[1].split(".")[0] == "account"] == []


@pytest.mark.parametrize("folder", FACES)
def test_a_face_calls_the_api_through_the_rooms(folder: str) -> None:
    names = {module for _, module in imports(folder) if module.startswith("api.")}
    assert names <= {"api.enums"}
