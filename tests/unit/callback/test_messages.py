"""Words have one room. Terraform shows warnings of one summary as one, so few name a callback."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import terraform_provider_ecgrid

PACKAGE = Path(terraform_provider_ecgrid.__file__).parent
ROOMS = (
    *("account/messages.py", "account/rules.py", "callback/messages/", "callback/rules/", "callback/validators.py"),
    *("provider.py", "session.py", "plugin/"),
)


def told(severity: str) -> Iterator[tuple[str, ast.expr]]:
    """Yield file and summary of each diagnostic that the package adds."""
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == severity:
                yield file.relative_to(PACKAGE).as_posix(), node.args[0]


def test_the_summary_of_a_warning_names_a_callback_only_if_each_must_be_shown() -> None:
    summaries = [summary for _, summary in told("add_warning")]
    assert len(summaries) > 15
    assert {ast.unparse(summary) for summary in summaries if not isinstance(summary, ast.Constant)} == {
        "f'Callback {callback_id} is gone'",
        "f'Callback {callback_id} to take over not shown'",
        "f'Scope of callback {callback_id} not known'",
        "f'Take-over overwrites callback {callback_id}'",
    }


def test_nothing_is_worded_outside_the_rooms_for_it() -> None:
    files = {file for severity in ("add_warning", "add_error") for file, _ in told(severity)}
    assert {file for file in files if not file.startswith(ROOMS)} == set()
    assert any(file.startswith("callback/messages/") for file in files)
