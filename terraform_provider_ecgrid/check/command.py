"""The command `check`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Literal

from terraform_provider_ecgrid.check.examination import Examination
from terraform_provider_ecgrid.check.output import JsonLines, Lines, Printer, Report

Form = Literal["lines", "json", "report"]


def run(callback_ids: Sequence[int], form: Form = "lines") -> int:
    """Check, and print what is found in this form. Returns the exit code: 0 if the provider will work, else 1."""
    printer: Printer
    if form == "report":
        printer = report = Report(sys.stdout)
        examination = Examination(callback_ids, report.note)
    else:
        printer = JsonLines(sys.stdout) if form == "json" else Lines(sys.stdout)
        examination = Examination(callback_ids)
    for step in examination.steps():
        printer.step(step)
    conclusion = examination.conclusion()
    printer.end(conclusion)
    return 0 if conclusion.works else 1
