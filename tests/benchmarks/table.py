"""Medians, and tables of them in Markdown."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence


def milliseconds(seconds: Sequence[float], stock: Sequence[float] | None = None) -> str:
    """Show a median; with `stock` also its ratio to the median of that."""
    median = statistics.median(seconds)
    ratio = f" ({median / statistics.median(stock):.2f})" if stock else ""
    return f"{median * 1000:.0f} ms{ratio}"


def shown(seconds: Sequence[float]) -> str:
    """Show a median of longer times."""
    return f"{statistics.median(seconds):.2f} s"


def duration(seconds: float) -> str:
    """Show a time to three digits, in the largest unit in which it is 1 or more."""
    for unit, scale in (("s", 1), ("ms", 1e3)):
        if seconds * scale >= 1:
            return f"{seconds * scale:.3g} {unit}"
    return f"{seconds * 1e6:.0f} µs"


def markdown(head: Sequence[str], rows: Iterable[Sequence[str]], *, names: int = 1) -> str:
    """Lay out a table whose first `names` columns are text and whose others are figures."""
    lines = [list(head), *(list(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]

    def laid_out(line: Sequence[str]) -> str:
        padded = [
            cell.ljust(width) if column < names else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        return f"| {' | '.join(padded)} |"

    rule = "|".join("-" * (width + 1) + ("-" if column < names else ":") for column, width in enumerate(widths))
    return "\n".join([laid_out(lines[0]), f"|{rule}|", *(laid_out(line) for line in lines[1:])])
