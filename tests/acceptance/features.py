"""What came with which Terraform and which OpenTofu, and which of them a test therefore runs.

A test that needs more than both tools' 1.6 says so by `@needs("query")`. If the tool at hand lacks that, the test runs
the newest Terraform from PyPI. In a run for the tool at hand alone (`make matrix`, CI's matrix: ECGRID_TEST_ALONE=1) it
is omitted and counted by name, and `test_features.py` demands that this release really refuses what the table says
that it lacks.
"""

from __future__ import annotations

import os
import re
from collections import Counter

import pytest

from tests.acceptance.harness import find_terraform
from tests.acceptance.release import Release, release_of

TOOLS = ("Terraform", "OpenTofu")

# Feature → the first release line of each tool that has it; None: no release has.
FEATURES: dict[str, tuple[tuple[int, int], tuple[int, int] | None]] = {
    "import for_each": ((1, 7), (1, 7)),
    "removed": ((1, 7), (1, 10)),  # with `lifecycle`; without it, OpenTofu 1.7 has the block already
    "mocks": ((1, 7), (1, 8)),
    "functions": ((1, 8), (1, 7)),
    "moved types": ((1, 8), (1, 10)),
    "write-only": ((1, 11), (1, 11)),
    "report of tests": ((1, 11), None),  # `test -junit-xml`
    "earlier runs in assertions": ((1, 6), None),  # `run.NAME` in an `assert` block of `test`
    "identity": ((1, 12), (1, 12)),
    "action syntax": ((1, 13), None),  # parsed, to no effect yet
    "query": ((1, 14), None),
    "action": ((1, 14), None),
    "generation": ((1, 14), None),  # the provider, not the tool, says what generated configuration holds
}

NEWEST = "1.15"
ANY = "path"

# What .ci/run runs under the smallest and the largest release line, besides the whole suite under the one on PATH.
core = pytest.mark.core


def needs(feature: str) -> pytest.MarkDecorator:
    """Mark a test that needs a feature of `FEATURES`. Raises `KeyError` for any other name."""
    assert FEATURES[feature]
    return pytest.mark.needs(feature)


def has(release: Release, feature: str) -> bool:
    """Whether a release line has a feature."""
    first = FEATURES[feature][TOOLS.index(release.tool)]
    return first is not None and release.line >= first


def version_for(item: pytest.Item) -> str:
    """Which Terraform a test runs unless it says so itself: the one at hand if that has all it needs, else the newest.

    In a run for the one at hand alone it is always that one.
    """
    if alone() or not (needed := _needed(item)):
        return ANY
    release = release_of(find_terraform(ANY))
    return ANY if all(has(release, feature) for feature in needed) else NEWEST


def alone() -> bool:
    """Whether this run is for the Terraform or OpenTofu at hand alone."""
    return bool(os.environ.get("ECGRID_TEST_ALONE"))


def select(items: list[pytest.Item], release: Release) -> tuple[set[pytest.Item], Counter[str]]:
    """Give the tests that a run for one release alone leaves out, and how many of them for which reason."""
    line = release.number if release.tool == "Terraform" else ""  # PyPI has no OpenTofu that a test could choose
    at_hand = {_function(item) for item in items if _chosen(item) == ANY}
    left: set[pytest.Item] = set()
    reasons = Counter[str]()
    for item in items:
        chosen = _chosen(item)
        lacked = [feature for feature in _needed(item) if not has(release, feature)]
        # A test that runs as the one at hand and under this line by its own choice too would be the same test twice.
        if chosen not in (ANY, line) or (chosen == line and _function(item) in at_hand):
            left.add(item)
            reasons["The run for another release has them"] += 1
        elif lacked:
            left.add(item)
            reasons[f"{release} has no {lacked[0]}"] += 1
    return left, reasons


def _needed(item: pytest.Item) -> list[str]:
    return [str(mark.args[0]) for mark in item.iter_markers("needs")]


def _chosen(item: pytest.Item) -> str:
    callspec = getattr(item, "callspec", None)
    return str(callspec.params.get("terraform_version", ANY)) if callspec else ANY


def _function(item: pytest.Item) -> str:
    return re.sub(r"\[.*\]$", "", item.nodeid)
