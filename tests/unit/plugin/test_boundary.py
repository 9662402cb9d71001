"""`plugin/` serves any provider that is written against `tf`: it knows nothing of this one."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import terraform_provider_ecgrid.plugin as plugin

FOLDER = Path(plugin.__path__[0])
FILES = sorted(file for file in FOLDER.rglob("*") if file.suffix in {".py", ".pyi", ".proto"})
OWN = "terraform_provider_ecgrid.plugin"


def imported(file: Path) -> Iterator[str]:
    """The modules that a file imports, late imports included."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            yield node.module or ""


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(FOLDER)))
def test_a_file_of_the_plugin_layer_names_nothing_outside_it(file: Path) -> None:
    if file.suffix == ".py":
        package = [name for name in imported(file) if name.startswith("terraform_provider_ecgrid")]
        assert [name for name in package if not (name + ".").startswith(OWN + ".")] == []
    # The generator writes paths with slashes.
    text = file.read_text(encoding="utf-8").replace("/", ".").replace(OWN, "").lower()
    assert [word for word in ("ecgrid", "httpx") if word in text] == []


def test_the_rest_of_the_package_knows_a_providers_own_interface_alone() -> None:
    """What authors need is in `authoring`; `go_plugin` is for whoever starts the process."""
    rest = [file for file in FOLDER.parent.rglob("*.py") if FOLDER not in file.parents]
    names = {name for file in rest for name in imported(file) if (name + ".").startswith(OWN + ".")}
    assert f"{OWN}.authoring" in names
    assert {name for name in names if not name.startswith((f"{OWN}.authoring", f"{OWN}.go_plugin"))} == set()
