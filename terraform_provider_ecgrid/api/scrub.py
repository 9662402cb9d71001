"""Makes a server's words fit to be shown: no secret, no path or query of a URL, one short line."""

import json
import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus, urlsplit

MAX_WORDS = 300
_URL = re.compile(r"([a-z][a-z0-9+.-]*)://([^\s\"'<>]*)", re.IGNORECASE)
_HIDDEN = "(hidden)"


class Scrubber:
    """Removes what one request carried from any text.

    Args:
        secrets: values that must not be shown, in whatever encoding they come back.
        urls: callback addresses; what follows their host is hidden too.
    """

    def __init__(self, secrets: Iterable[str] = (), urls: Iterable[str] = ()) -> None:
        hidden: set[str] = set()
        for secret in secrets:
            hidden |= {secret, quote(secret), quote(secret, safe=""), quote_plus(secret), json.dumps(secret)[1:-1]}
        for url in urls:
            hidden |= _behind_host(url)
        # The longest first: a secret may be part of another one.
        longest_first = sorted((text for text in hidden if text), key=len, reverse=True)
        self._hidden = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    def __call__(self, text: str) -> str:
        """`text` on one line of at most 300 characters, without secrets; of a URL scheme and host are left."""
        if self._hidden:
            text = self._hidden.sub(_HIDDEN, text)
        text = _URL.sub(lambda match: f"{match[1]}://{_host(match[2])}", text)
        line = " ".join("".join(mark if mark.isprintable() else " " for mark in text).split())
        return line if len(line) <= MAX_WORDS else line[: MAX_WORDS - 1].rstrip() + "…"


def _host(rest: str) -> str:
    return re.split(r"[/?#\\]", rest, maxsplit=1)[0].rpartition("@")[2]


def _behind_host(url: str) -> set[str]:
    try:
        parts = urlsplit(url)
    except ValueError:
        return set()
    pieces = {f"{parts.path}?{parts.query}", parts.path, parts.query, parts.fragment}
    pieces |= {pair.partition("=")[2] for pair in parts.query.split("&")}
    # A piece of one or two characters, such as "/", would hide half of every sentence and gives nothing away.
    return {piece for piece in pieces if len(piece) > 2}
