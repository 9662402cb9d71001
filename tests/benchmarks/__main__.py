"""`make bench`: what this provider costs, beside `tf`'s own server and what people do without one.

With `--against` it compares two commits instead. Nothing is asserted: a machine's figures are its own. `--write` puts
them into RESULTS.md beside this file.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks import commits, compare, many, start_up
from tests.benchmarks.plugins import plugins

_RESULTS = Path(__file__).with_name("RESULTS.md")


def main() -> int:
    """Measure, print, and write if that was asked for."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="interleaved runs of each start-up or pair (default 5)")
    parser.add_argument("--write", action="store_true", help=f"write what is measured into {_RESULTS.name}")
    alone = parser.add_argument_group("without --against")
    alone.add_argument("--sizes", default="1,100,500", help="how many callbacks (default 1,100,500)")
    alone.add_argument("--latencies", default="0,50", help="milliseconds of each answer of the API (default 0,50)")
    alone.add_argument("--many-runs", type=int, default=5, help="runs of each size (default 5)")
    alone.add_argument("--no-archive", action="store_true", help="omit the standalone archive, which is built")
    pair = parser.add_argument_group("two commits")
    pair.add_argument("--against", metavar="COMMIT", help="compare the last commit, HEAD, to COMMIT")
    pair.add_argument("--planned", type=int, default=500, help="callbacks in a plan without changes (default 500)")
    pair.add_argument("--changed", type=int, default=100, help="callbacks that an apply changes in place (default 100)")
    options = parser.parse_args()
    if options.against:
        try:
            old, new = commits.revision(options.against), commits.revision("HEAD")
        except ValueError as error:
            parser.error(str(error))
        sections = _compared(options, old, new)
    else:
        sections = _beside_others(options)
    machine = _machine()
    for title, text in sections:
        section = f"## {title}\n\n{machine}\n\n{text}\n"
        print(section, flush=True)
        if options.write:
            _RESULTS.write_text(_with(_RESULTS.read_text(encoding="utf-8"), section), encoding="utf-8")
    return 0


def _beside_others(options: argparse.Namespace) -> Iterator[tuple[str, str]]:
    with plugins(archive=not options.no_archive) as found:
        if options.runs:
            what = f"Medians of {options.runs} interleaved runs; in brackets the ratio to `tf`'s server."
            yield "Start-up", f"{what}\n\n{start_up.measure(found, options.runs)}"
        if options.many_runs:
            sizes, latencies = _numbers(options.sizes), _numbers(options.latencies)
            what = f"Medians of {options.many_runs} interleaved runs."
            yield "Many callbacks", f"{what}\n\n{many.measure(found, sizes, latencies, options.many_runs)}"


def _compared(options: argparse.Namespace, old: str, new: str) -> Iterator[tuple[str, str]]:
    if commits.has_uncommitted_changes():
        print("Uncommitted changes are not measured.", flush=True)
    table = compare.measure(
        commits.provider_of(old),
        commits.provider_of(new),
        planned=options.planned,
        changed=options.changed,
        runs=options.runs,
    )
    what = (
        f"Old is {old[:12]}, new is {new[:12]}. Medians of {options.runs} interleaved pairs; ratios are of pairs.\n"
        "A plan reads every callback and finds no change. CPU of a plan or an apply is Terraform's and the plugin's."
    )
    yield "Two commits", f"{what}\n\n{table}"


def _with(results: str, section: str) -> str:
    """Return the results with a section in the place of the one with the same title, or at the end."""
    title = section.partition("\n")[0]
    beginning, *sections = re.split(r"^(?=## )", results, flags=re.MULTILINE)
    titles = [other.partition("\n")[0] for other in sections]
    if title in titles:
        place = titles.index(title)
        is_last = place == len(titles) - 1
        sections[place] = section if is_last else f"{section}\n"
    else:
        sections.append(f"\n{section}")
    return beginning + "".join(sections)


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",") if part]


def _machine() -> str:
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores{load}, Python {platform.python_version()}."
    )


if __name__ == "__main__":
    sys.exit(main())
