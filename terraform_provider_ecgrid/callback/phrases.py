"""Parts of sentences that several messages share."""

from __future__ import annotations

from collections.abc import Iterable

WHAT_ADDRESS_IS = "ADDRESS is the resource's address, such as `ecgrid_callback.orders`."
"""Ends a message that gives a command with `ADDRESS`."""


def listed(words: Iterable[str], conjunction: str = "and") -> str:
    """Return words, at least one, as a sentence lists them."""
    *others, last = words
    return f"{', '.join(others)} {conjunction} {last}" if others else last


def quoted_names(names: Iterable[str], conjunction: str = "and") -> str:
    """Return the names of arguments, at least one, as a sentence lists them."""
    return listed((f"`{name}`" for name in names), conjunction)
