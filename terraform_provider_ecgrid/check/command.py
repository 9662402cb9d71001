"""The command `check`."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from typing import Literal

from terraform_provider_ecgrid.check.examination import Examination
from terraform_provider_ecgrid.check.output import JsonLines, Lines, Printer, Report

Form = Literal["lines", "json", "report"]


def run(callback_ids: Sequence[int], form: Form = "lines") -> int:
    """Check, and print what is found in this form. Returns the exit code: 0 if the provider will work, else 1."""
    stream = sys.stdout or io.StringIO()  # None if it is closed
    printer: Printer
    if form == "report":
        printer = report = Report(stream)
        examination = Examination(callback_ids, report.note)
    else:
        printer = JsonLines(stream) if form == "json" else Lines(stream)
        examination = Examination(callback_ids)
    for step in examination.steps():
        printer.step(step)
    conclusion = examination.conclusion()
    printer.end(conclusion)
    return 0 if conclusion.works else 1
