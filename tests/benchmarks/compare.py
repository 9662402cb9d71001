"""What a change costs: the providers of two commits, measured in turns.

A busy machine is slow for a while, so two runs one after the other cannot be compared. Here each figure of the old
commit has a figure of the new one taken next to it, and the ratio is that of the pair. Who goes first alternates.
"""

from __future__ import annotations

import resource
import statistics
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.benchmarks import start_up
from tests.benchmarks.many import CALLBACKS
from tests.benchmarks.plugins import Plugin
from tests.benchmarks.table import duration, markdown
from tests.benchmarks.workspace import Workspace

_Figures = dict[str, float]


def measure(old: Plugin, new: Plugin, *, planned: int, changed: int, runs: int) -> str:
    """Measure `runs` pairs, and return a table.

    `planned` is the number of callbacks in a plan without changes, `changed` the number that one apply changes. Raises
    `RuntimeError` if Terraform fails, or if such a plan has changes.
    """
    pairs: dict[str, list[tuple[float, float]]] = {}
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        sides = [
            _Side(plugin, Path(folder) / name, stack, planned, changed) for name, plugin in (("old", old), ("new", new))
        ]
        # The first pair finds caches empty that the others find filled.
        for run in range(-1, runs):
            for step in _STEPS:
                taken = {side: step(side) for side in (sides if run % 2 else reversed(sides))}
                if run >= 0:
                    first, second = (taken[side] for side in sides)
                    for name in first:
                        pairs.setdefault(name, []).append((first[name], second[name]))
    return markdown(
        ["measured", "old", "new", "new/old", "smallest", "largest"],
        [[name, *_row(figures)] for name, figures in pairs.items()],
    )


class _Side:
    """A commit's provider. It shares no workspace, state or sandbox with the other side.

    The sandboxes are this checkout's for both sides. They run in this process, which waits while Terraform runs.
    """

    def __init__(self, plugin: Plugin, root: Path, stack: ExitStack, planned: int, changed: int) -> None:
        self._plugin = plugin
        self._home = root
        self._planned, self._changed = planned, changed
        self._release = 1
        self._one, self._many, self._changing = (
            _applied(plugin, root / name, stack, count)
            for name, count in (("one", 1), ("many", planned), ("changing", changed))
        )

    def start(self) -> _Figures:
        times = start_up.Times()
        start_up.start(self._plugin, self._home, times)
        return {
            "exec to handshake line": times.line[0],
            "exec to first schema": times.schema[0],
            "CPU of the plugin until then": times.cpu[0],
            "one more call": times.call[0],
        }

    def plan_one(self) -> _Figures:
        return _timed("plan of 1", self._one, "plan", "-detailed-exitcode")

    def plan_many(self) -> _Figures:
        return _timed(f"plan of {self._planned}", self._many, "plan", "-detailed-exitcode")

    def change(self) -> _Figures:
        self._release += 1
        name = f"apply of {self._changed} changes"
        return _timed(name, self._changing, "apply", "-auto-approve", f"-var=release={self._release}")


_STEPS: Sequence[Callable[[_Side], _Figures]] = (_Side.start, _Side.plan_one, _Side.plan_many, _Side.change)


def _applied(plugin: Plugin, folder: Path, stack: ExitStack, count: int) -> Workspace:
    """Make a workspace with `count` callbacks that exist."""
    sandbox = stack.enter_context(Sandbox())
    env = {"ECGRID_API_KEY": sandbox.api_key, "ECGRID_BASE_URL": sandbox.url}
    space = Workspace(folder, plugin, CALLBACKS.replace("COUNT", str(count)), env)
    space.run("apply", "-auto-approve")
    return space


def _timed(name: str, space: Workspace, *args: str) -> _Figures:
    before = _cpu_of_children()
    seconds = space.run(*args)
    return {name: seconds, f"{name}, CPU": _cpu_of_children() - before}


def _cpu_of_children() -> float:
    """Return the seconds that Terraform and its plugins have used until now; the sandbox's are not among them."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _row(pairs: Sequence[tuple[float, float]]) -> list[str]:
    ratios = [new / old for old, new in pairs]
    medians = (statistics.median(side) for side in zip(*pairs, strict=True))
    return [*map(duration, medians), *(f"{f(ratios):.3f}" for f in (statistics.median, min, max))]
