"""What a value from Terraform is: known, null, or unknown until something else was applied."""

from __future__ import annotations

from terraform_provider_ecgrid.plugin.authoring import is_known

__all__ = ["is_known", "whole"]


def whole(number: float | None) -> int | None:
    """Return a number of Terraform's, of which it is known that it is whole, as `int`; None if it is null."""
    return None if number is None else int(number)
