"""Callbacks' URLs: what of one may be shown, and when two are the same."""

from __future__ import annotations

import re
from urllib.parse import urlsplit


def origin_of(url: str) -> str:
    """Return scheme and host of a URL; path and query may carry a token and are never shown."""
    try:
        parts = urlsplit(url)
        return f"{parts.scheme}://{parts.hostname or '?'}" + (f":{parts.port}" if parts.port else "")
    except ValueError:
        return "a URL that cannot be read"


def behind_origin(url: str) -> str:
    """Return path, query and fragment of a URL, which are compared and never shown."""
    return re.sub(r"^[^/?#]*//[^/?#]*", "", url)


def is_same_endpoint(one: str | None, other: str) -> bool:
    """Say whether two URLs are the same, ways in which ECGrid may write one left aside (case, port, last slash)."""
    return one is not None and _essence(one) == _essence(other)


def _essence(url: str) -> tuple[str | None, int, str, str] | None:
    try:
        parts = urlsplit(url.lower())
        return parts.hostname, parts.port or 443, parts.path.rstrip("/"), parts.query
    except ValueError:
        return None
