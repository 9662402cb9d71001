"""One thing that goes wrong, and what may be said of it afterwards."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class FaultCase:
    """A fault of the sandbox's, and what its judge has to know.

    Attributes:
        name: names it in a test's id.
        how: the arguments of the sandbox's `faults.add`; empty for no fault.
        once: the first request alone meets it.
        sure: the API surely did nothing, and says so.
        heals: a repetition is allowed if repeating is harmless.
        done: the sandbox did what was asked for.
    """

    name: str
    how: dict[str, Any] = field(default_factory=dict)
    once: bool = False
    sure: bool = False
    heals: bool = False
    done: bool = False
