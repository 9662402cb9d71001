"""The summaries of all errors and warnings, read from the code: what a user may look for in the documentation."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2] / "terraform_provider_ecgrid"
# Classes and methods of `tf`, whose source is not read: call → the place of its summary among the arguments.
_OF_TF = {"add_error": 0, "add_warning": 0, "Diagnostic": 1}


def summaries() -> dict[str, str]:
    """Return every summary as a pattern, with the file and line that it comes from."""
    trees = {file: ast.parse(file.read_text(encoding="utf-8")) for file in sorted(PACKAGE.rglob("*.py"))}
    places = _OF_TF | {name: place for tree in trees.values() for name, place in _places(tree)}
    functions = {
        file: [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)] for file, tree in trees.items()
    }
    # A summary that several files share is made by a function of another one.
    shared = [one for inside in functions.values() for one in inside if one.name.startswith("summary_")]
    found: dict[str, str] = {}
    for file in trees:
        for function in functions[file]:
            for call in ast.walk(function):
                if isinstance(call, ast.Call) and (summary := _summary(call, places)) is not None:
                    for pattern in _patterns(summary, function, [*functions[file], *shared]):
                        found.setdefault(pattern, f"{file.relative_to(PACKAGE.parent)}:{call.lineno}")
    return found


def _places(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Yield the functions and classes that take an argument `summary`, with its place."""
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.FunctionDef):
            names = [argument.arg for argument in node.args.args]
        elif isinstance(node, ast.ClassDef):
            names = [
                one.target.id
                for one in node.body
                if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)
            ]
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and "summary" in names:
            yield node.name, names.index("summary")


def _summary(call: ast.Call, places: dict[str, int]) -> ast.expr | None:
    place = places.get(getattr(call.func, "attr", getattr(call.func, "id", "")))
    if place is None:
        return None
    named = [word.value for word in call.keywords if word.arg == "summary"]
    return named[0] if named else call.args[place] if len(call.args) > place else None


def _patterns(node: ast.expr, inside: ast.FunctionDef, functions: list[ast.FunctionDef]) -> Iterator[str]:
    """Yield what a summary may be. One that a function is given comes from its callers, which are read as well."""
    if isinstance(node, ast.Constant):
        yield re.escape(str(node.value))
    elif isinstance(node, ast.JoinedStr):
        yield "".join(re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".+" for part in node.values)
    elif isinstance(node, ast.IfExp):
        yield from _patterns(node.body, inside, functions)
        yield from _patterns(node.orelse, inside, functions)
    elif isinstance(node, ast.Name):
        for one in ast.walk(inside):
            if isinstance(one, ast.Assign) and any(getattr(name, "id", "") == node.id for name in one.targets):
                yield from _patterns(one.value, inside, functions)
    elif isinstance(node, ast.Call):
        for helper in functions:
            if helper.name == getattr(node.func, "id", ""):
                for one in ast.walk(helper):
                    if isinstance(one, ast.Return) and one.value is not None:
                        yield from _patterns(one.value, helper, functions)
