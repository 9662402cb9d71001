"""`make bench`: what this provider costs, beside `tf`'s own server and what people do without one.

Nothing is asserted: a machine's figures are its own. `--write` puts them into RESULTS.md beside this file.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from pathlib import Path

from tests.benchmarks import many, start_up
from tests.benchmarks.plugins import plugins

_RESULTS = Path(__file__).with_name("RESULTS.md")


def main() -> int:
    """Measure, print, and write where that was asked for."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="runs of each start-up, interleaved (default 5)")
    parser.add_argument("--sizes", default="1,100,500", help="how many callbacks (default 1,100,500)")
    parser.add_argument("--latencies", default="0,50", help="milliseconds of each answer of the API (default 0,50)")
    parser.add_argument("--many-runs", type=int, default=5, help="runs of each size (default 5)")
    parser.add_argument("--no-archive", action="store_true", help="leave out the standalone archive, which is built")
    parser.add_argument("--no-pyvider", action="store_true", help="leave out the other framework, which is downloaded")
    parser.add_argument("--write", action="store_true", help=f"write {_RESULTS.name}")
    options = parser.parse_args()
    sizes, latencies = _numbers(options.sizes), _numbers(options.latencies)
    parts = [_machine()]
    with plugins(archive=not options.no_archive, pyvider=not options.no_pyvider) as found:
        if options.runs:
            title = (
                f"## Start-up\n\nMedians of {options.runs} interleaved runs; in brackets the ratio to `tf`'s server."
            )
            parts.append(f"{title}\n\n{start_up.measure(found, options.runs)}")
            print(parts[-1], flush=True)
        if options.many_runs:
            title = f"## Many callbacks\n\nMedians of {options.many_runs} interleaved runs."
            parts.append(f"{title}\n\n{many.measure(found, sizes, latencies, options.many_runs)}")
            print(parts[-1], flush=True)
    if options.write:
        _RESULTS.write_text("# Results of `make bench`\n\n" + "\n\n".join(parts) + "\n", encoding="utf-8")
    return 0


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",") if part]


def _machine() -> str:
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores{load}, Python {platform.python_version()}."
    )


if __name__ == "__main__":
    sys.exit(main())
