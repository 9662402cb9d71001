"""What a value from Terraform is: known, null, or unknown until something else was applied."""

from __future__ import annotations

from typing import Any

from tf.types import Unknown

from terraform_provider_ecgrid.plugin.authoring import fit_to_show, is_known

__all__ = ["is_empty", "is_known", "shortened", "whole"]

_MOST_QUOTED = 200
"""Characters of a value that a message quotes."""


def is_empty(value: Any) -> bool:
    """Say whether a text or a secret is null or empty, as far as it is known."""
    # `len` of a secret is that of what it hides.
    return value is None or (value is not Unknown and len(value) == 0)


def whole(number: float | None) -> int | None:
    """Return a number of Terraform's, of which it is known that it is whole, as `int`; None if it is null."""
    return None if number is None else int(number)


def shortened(value: Any) -> str:
    """Return a value as a message quotes it: it may be of any length, a secret, or a URL in the wrong place."""
    text = fit_to_show(str(value))  # before it is cut: half a secret would be left otherwise
    if "://" in text:
        # Late: it takes 1.8 ms, and a mistake is rare.
        from terraform_provider_ecgrid.callback.urls import without_paths

        text = without_paths(text)
    return text if len(text) <= _MOST_QUOTED else f"{text[:_MOST_QUOTED]}…"
