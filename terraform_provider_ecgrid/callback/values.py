"""What a value from Terraform is: known, null, or unknown until something else was applied."""

from __future__ import annotations

from typing import Any

from tf.types import Unknown


def is_known(value: Any) -> bool:
    """Say whether a value is neither null nor unknown."""
    return value is not None and value is not Unknown


def whole(number: float | None) -> int | None:
    """Return a number of Terraform's, of which it is known that it is whole, as `int`; None if it is null."""
    return None if number is None else int(number)
