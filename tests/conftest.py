"""How a run of the tests begins, and what it says at its end."""

from __future__ import annotations

import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from terraform_provider_ecgrid.api.hidden_urls import HIDDEN_URLS

# A run in the background (`nohup`, a shell's `&`) ignores these, and every program that a test starts would inherit it.
for _name, _handler in (("SIGINT", signal.default_int_handler), ("SIGHUP", signal.SIG_DFL)):
    _number = getattr(signal, _name, None)
    if _number is not None and signal.getsignal(_number) is signal.SIG_IGN:
        signal.signal(_number, _handler)


@pytest.fixture
def short() -> Iterator[Path]:
    """A folder whose path leaves room for a socket's, however long that of TMPDIR is."""
    with tempfile.TemporaryDirectory(dir="/tmp", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@pytest.fixture(autouse=True)
def _no_hidden_urls() -> None:
    """Let no test's URLs take words out of what another one expects."""
    HIDDEN_URLS.__init__()  # type: ignore[misc]  # as in a new process


_MATRIX = "test_fault_matrix.py::test_cell"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many cells of the fault matrix, fault by call, were green."""

    def cells(outcome: str) -> int:
        return sum(_MATRIX in report.nodeid for report in terminalreporter.stats.get(outcome, ()))

    passed, others = cells("passed"), cells("failed") + cells("error")
    if passed or others:
        terminalreporter.write_line(f"Fault matrix: {passed} cells green, {others} not")
