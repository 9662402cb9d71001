"""What a run of the tests says at its end."""

from __future__ import annotations

import pytest

_MATRIX = "test_fault_matrix.py::test_cell"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many cells of the fault matrix, fault by call, were green."""

    def cells(outcome: str) -> int:
        return sum(_MATRIX in report.nodeid for report in terminalreporter.stats.get(outcome, ()))

    passed, others = cells("passed"), cells("failed") + cells("error")
    if passed or others:
        terminalreporter.write_line(f"Fault matrix: {passed} cells green, {others} not")
