"""What came with which Terraform, and which Terraform a test therefore runs.

A test that needs more than Terraform 1.6 says so by `@needs("query")`. Where the Terraform at hand lacks that, the test
runs the newest one from PyPI. In a run for one release line alone (`make matrix`, ECGRID_TEST_LINE) it is left out and
counted by name, and `test_features.py` demands that this line really refuses what the table says that it lacks.
"""

from __future__ import annotations

import os
import re
from collections import Counter

import pytest

from tests.acceptance.harness import find_terraform, line_of

# Feature → the first release line that has it.
FEATURES = {
    "import for_each": (1, 7),
    "removed": (1, 7),
    "mocks": (1, 7),
    "moved types": (1, 8),
    "write-only": (1, 11),
    "identity": (1, 12),
    "query": (1, 14),
    "action": (1, 14),
    "generation": (1, 14),  # the provider, not Terraform, says what generated configuration holds
}

NEWEST = "1.15"
ANY = "path"

# What .ci/run runs under the smallest and the largest release line, besides the whole suite under the one on PATH.
core = pytest.mark.core


def needs(feature: str) -> pytest.MarkDecorator:
    """Mark a test that needs a feature of `FEATURES`. Raises `KeyError` for any other name."""
    assert FEATURES[feature]
    return pytest.mark.needs(feature)


def has(version: tuple[int, int], feature: str) -> bool:
    """Whether a release line has a feature."""
    return version >= FEATURES[feature]


def version_for(item: pytest.Item) -> str:
    """Which Terraform a test runs unless it says so itself: the one at hand if that has all it needs, else the newest.

    In a run for one line it is always that line.
    """
    if only_line() or not (needed := _needed(item)):
        return ANY
    version = line_of(find_terraform(ANY))
    return ANY if all(has(version, feature) for feature in needed) else NEWEST


def only_line() -> str:
    """The release line that this run is for, such as "1.9"; empty where it is for the Terraform at hand."""
    return os.environ.get("ECGRID_TEST_LINE", "")


def select(items: list[pytest.Item]) -> tuple[set[pytest.Item], Counter[str]]:
    """Give the tests that a run for one line leaves out, and how many of them need a feature that the line lacks.

    The others are left out because they choose another line, whose run has them.
    """
    line = only_line()
    major, minor = map(int, line.split("."))
    at_hand = {_function(item) for item in items if _chosen(item) == ANY}
    left: set[pytest.Item] = set()
    lacking = Counter[str]()
    for item in items:
        chosen = _chosen(item)
        lacked = [feature for feature in _needed(item) if not has((major, minor), feature)]
        # A test that runs as the one at hand and under this line by its own choice too would be the same test twice.
        if chosen not in (ANY, line) or (chosen == line and _function(item) in at_hand):
            left.add(item)
        elif lacked:
            left.add(item)
            lacking[lacked[0]] += 1
    return left, lacking


def _needed(item: pytest.Item) -> list[str]:
    return [str(mark.args[0]) for mark in item.iter_markers("needs")]


def _chosen(item: pytest.Item) -> str:
    callspec = getattr(item, "callspec", None)
    return str(callspec.params.get("terraform_version", ANY)) if callspec else ANY


def _function(item: pytest.Item) -> str:
    return re.sub(r"\[.*\]$", "", item.nodeid)
