"""Callbacks' URLs: what of one may be shown, and when two are the same."""

from __future__ import annotations

import re
from urllib.parse import unquote, unquote_plus, urlsplit


def origin_of(url: str) -> str:
    """Return scheme and host of a URL; path and query may carry a token and are never shown."""
    try:
        parts = urlsplit(url)
        name = parts.hostname or "?"
        if not is_host(name):
            return "a URL that cannot be read"
        host = f"[{name}]" if ":" in name else name
        return f"{parts.scheme}://{host}" + (f":{parts.port}" if parts.port else "")
    except ValueError:
        return "a URL that cannot be read"


def is_host(name: str) -> bool:
    """Say whether a name can be a host's; what stands for a slash in one belongs to the path."""
    return re.fullmatch(r"[\w.-]+|[\w.:%]*:[\w.:%]*|\?", name) is not None


def without_paths(text: str) -> str:
    """Reduce each URL in a text to its scheme and host."""
    return re.sub(r"[a-zA-Z][a-zA-Z0-9+.-]{0,30}://\S*", lambda found: _origin_and_dots(found[0]), text)


def _origin_and_dots(url: str) -> str:
    return origin_of(url) + ("/…" if behind_origin(url).strip("/") else "")


def behind_origin(url: str) -> str:
    """Return path, query and fragment of a URL, which are compared and never shown."""
    return re.sub(r"^[^/?#]*//[^/?#]*", "", url)


def is_same_endpoint(one: str | None, other: str) -> bool:
    """Say whether two URLs are the same, ways in which ECGrid may write one left aside.

    Those are the case of scheme and host, letters of a host outside ASCII, a dot at its end, the default port, empty
    and dot segments of a path, the order of a query, and how characters are escaped, an `&` by HTML's `&amp;` included.
    The case of a path counts: an endpoint may tell two apart by it.
    """
    essence = None if one is None else _essence(one)
    return essence is not None and essence == _essence(other)


def _essence(url: str) -> tuple[str, int, list[str], list[str]] | None:
    try:
        parts = urlsplit(url)
        return (
            _ascii((parts.hostname or "").removesuffix(".")),
            parts.port or 443,
            _segments(parts.path),
            sorted(unquote_plus(one) for one in parts.query.replace("&amp;", "&").split("&") if one),
        )
    except ValueError:
        return None


def _ascii(host: str) -> str:
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        return host


def _segments(path: str) -> list[str]:
    """Return the segments of a path without the empty ones. An escaped slash does not separate segments."""
    segments: list[str] = []
    for segment in map(unquote, path.split("/")[1:]):
        if segment == "..":
            del segments[-1:]
        elif segment not in ("", "."):
            segments.append(segment)
    return segments
