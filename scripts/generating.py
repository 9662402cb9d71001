"""The command line of the scripts that generate files which are kept: write them, or tell which are out of date."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable


def main(
    script: str, arguments: list[str], *, complaints: Callable[[], Iterable[str]], write: Callable[[], None]
) -> int:
    """Run a command line and return its exit code: 1 where `--check` finds something, 2 for other arguments.

    `script` is the file's name, `complaints` gives a sentence for each file that is not what it should be, `write`
    writes them all.
    """
    if arguments == ["--check"]:
        found = list(complaints())
        for complaint in found:
            print(complaint, file=sys.stderr)
        return 1 if found else 0
    if arguments:
        print(f"usage: python scripts/{script} [--check]", file=sys.stderr)
        return 2
    write()
    return 0
