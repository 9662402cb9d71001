"""Terraform shows warnings of one summary as one: a summary names a kind of consequence, and no callback."""

from __future__ import annotations

import ast
from pathlib import Path

import terraform_provider_ecgrid

PACKAGE = Path(terraform_provider_ecgrid.__file__).parent


def test_the_summary_of_a_warning_is_the_same_for_every_callback() -> None:
    told: list[ast.expr] = []
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "add_warning":
                told.append(node.args[0])
    assert len(told) > 15
    assert [ast.unparse(summary) for summary in told if not isinstance(summary, ast.Constant)] == []
