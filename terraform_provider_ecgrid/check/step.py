"""What one step of the check found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from terraform_provider_ecgrid.api.enums import LookupModel

MODEL_NAMES = {LookupModel.QUEUE: "registrations", LookupModel.EVENT: "events"}
"""The models by the names that `sandbox --lookups` has for them."""


class Outcome(StrEnum):
    """How a step ended. After a warning the provider works, but shows or knows less."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True)
class Step:
    """One step.

    Attributes:
        name: what was looked at, such as "credential".
        outcome: how it ended.
        text: what was found.
        advice: what to do, empty if nothing.
        until: if it failed, the end of the sentence "The provider will not work …".
        details: what was found, for a machine.
    """

    name: str
    outcome: Outcome
    text: str
    advice: str = ""
    until: str = ""
    details: Mapping[str, object] = field(default_factory=dict)
