"""The callbacks' URLs that this process knows. Of each, no text of a server's may show more than scheme and host.

They come from states, configurations and private states, which are read before there is a client, and from requests
and answers. An account may have tens of thousands: a URL is taken apart only if a text is to be shown, and what that
takes does not grow with their number.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator

from terraform_provider_ecgrid.api.enums import HttpAuthType, Objects, Status

_SHORTEST = 4  # a shorter part says nothing; also how many characters lead to one
_SHORTEST_CUT_OFF = 8  # less of a part that was cut off may be any word
_LONGEST = 300  # characters of one that was cut off
_CUT_OFF = re.compile(r"[\s.…'\"`”’)>\]},;:]*$|\.\.\.|…")
_SEPARATOR = re.compile(r"[/\\?#&=;,:@|!]+")
# Scheme, credentials, host and port. Anything else, such as `%2F` or a backslash, starts the part to hide.
_ORIGIN = re.compile(
    r"(?:[a-z][a-z0-9+.-]{0,30}:[/\\]{0,9})?(?:([^/?#\\@]*)@)?(?:\[[^\]/]*\]|[\w.-]*)(?::[0-9]{1,5}(?![^/?#\\]))?",
    re.IGNORECASE,
)
# Words of the API's own sentences. As part of a path they are not secret; hidden, they would cost the sentence.
_SENTENCES = """
    access active callback callbackid callbacks called data digest ecgrid endpoint event failed from hook hooks host
    http httpauthtype https invalid mailbox mailboxid must network networkid none null parameter password path
    refused rest secret status suspended that this token true false username value webhook webhooks with
"""
VOCABULARY = frozenset(_SENTENCES.split()) | {
    member.value.casefold() for enumeration in (HttpAuthType, Objects, Status) for member in enumeration
}
"""These words, and the enumerations' values, in lower case."""


class HiddenUrls:
    """URLs, and what must not be shown of them: all behind the host as a whole and by its parts. Threads share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._urls: dict[str, None] = {}
        self._whole: list[str] = []  # of these, what is not taken apart yet
        self._parts: dict[str, str] = {}  # as they are, by their folded case
        self._lengths: dict[str, set[int]] = {}  # of those that begin so
        self._cut_off: dict[str, set[str]] = {}  # those that begin so, of which only a piece may have come

    def add(self, url: str) -> None:
        """Hide a URL from now on."""
        if url not in self._urls:
            self._urls[url] = None
            self._whole.append(url)

    def parts_in(self, text: str) -> set[str]:
        """Return what a text on one line holds of them, ignoring case; of one that was cut off, what is left."""
        text = text.casefold()
        with self._lock:
            while self._whole:
                self._take_apart(self._whole.pop())
            found = set(self._cut_off_in(text))
            for start in range(len(text)):
                for length in self._lengths.get(text[start : start + _SHORTEST], ()):
                    folded = text[start : start + length]
                    if folded in self._parts:
                        found |= {folded, self._parts[folded]}
        return found

    def _cut_off_in(self, text: str) -> Iterator[str]:
        for end in {match.start() for match in _CUT_OFF.finditer(text)}:
            for start in range(max(0, end - _LONGEST), end - _SHORTEST_CUT_OFF + 1):
                piece = text[start:end]
                if any(part.startswith(piece) for part in self._cut_off.get(piece[:_SHORTEST_CUT_OFF], ())):
                    if piece.strip("/") not in VOCABULARY:
                        yield piece
                    break

    def _take_apart(self, url: str) -> None:
        for part in _behind_host(url):
            folded = part.casefold()
            self._parts[folded] = part
            self._lengths.setdefault(folded[:_SHORTEST], set()).add(len(folded))
            if len(folded) > _SHORTEST_CUT_OFF:
                self._cut_off.setdefault(folded[:_SHORTEST_CUT_OFF], set()).add(folded)


HIDDEN_URLS = HiddenUrls()
"""Those of this process."""


def on_one_line(text: str) -> str:
    """Return a text with one space for each run of white space and characters that cannot be shown, and none around."""
    if not text.isprintable():
        text = "".join(mark if mark.isprintable() else " " for mark in text)
    return " ".join(text.split())


def _behind_host(url: str) -> Iterator[str]:
    # Late: it takes 2 ms, and a process without a client has no text to show.
    from urllib.parse import unquote, unquote_plus

    # Not taken apart by `urlsplit`, which refuses some of what an answer may hold.
    origin = _ORIGIN.match(url)
    credentials = (origin and origin[1]) or ""
    behind = url[origin.end() :] if origin else url
    before, _, fragment = behind.partition("#")
    path, _, query = before.partition("?")
    parts = {before, path, path.strip("/"), query, fragment, *path.split("/")}
    parts |= {part for pair in query.split("&") for part in pair.partition("=")}
    parts |= {part for text in (behind, unquote(behind), credentials) for part in _SEPARATOR.split(text)}
    if "%" in url or "+" in url or not url.isprintable():
        parts = {on_one_line(form) for one in parts for form in (one, unquote(one), unquote_plus(one))}
    for part in parts:
        if len(part) >= _SHORTEST and part.casefold() not in VOCABULARY:
            yield part
