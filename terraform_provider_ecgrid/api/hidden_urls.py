"""The callbacks' URLs that this process knows. Of each, no text of a server's may show more than scheme and host.

They come from states, configurations and private states, which are read before there is a client, and from requests
and answers. An account may have tens of thousands: a URL is taken apart only if a text is to be shown, and what that
takes does not grow with their number.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator

from terraform_provider_ecgrid.api.enums import HttpAuthType, Objects, Status

_SHORTEST = 4  # a shorter part says nothing; also how many characters lead to one
# Words of the API's own sentences. As part of a path they are not secret; hidden, they would cost the sentence.
_SENTENCES = """
    access active callback callbackid callbacks called data digest ecgrid endpoint event failed from hook hooks host
    http httpauthtype https invalid mailbox mailboxid must network networkid none null parameter password path
    refused rest secret status suspended that this token true false username value webhook webhooks with
"""
_VOCABULARY = frozenset(_SENTENCES.split()) | {
    member.value.casefold() for enumeration in (HttpAuthType, Objects, Status) for member in enumeration
}


class HiddenUrls:
    """URLs, and what must not be shown of them: all behind the host as a whole and by its parts. Threads share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._urls: dict[str, None] = {}
        self._whole: list[str] = []  # of these, what is not taken apart yet
        self._parts: dict[str, str] = {}  # as they are, by their folded case
        self._lengths: dict[str, set[int]] = {}  # of those that begin so

    def add(self, url: str) -> None:
        """Hide a URL from now on."""
        if url not in self._urls:
            self._urls[url] = None
            self._whole.append(url)

    def add_from(self, answer: object) -> None:
        """Hide every URL that a decoded JSON value has in a field of that name."""
        left = [answer]
        while left:
            one = left.pop()
            if isinstance(one, list):
                left += one
            elif isinstance(one, dict):
                for name, value in one.items():
                    if isinstance(value, list | dict):
                        left.append(value)
                    elif isinstance(value, str) and str(name).casefold().endswith(("url", "uri")):
                        self.add(value)

    def parts_in(self, text: str) -> set[str]:
        """Return what a text on one line holds of them, ignoring case."""
        found = set()
        text = text.casefold()
        with self._lock:
            while self._whole:
                self._take_apart(self._whole.pop())
            for start in range(len(text)):
                for length in self._lengths.get(text[start : start + _SHORTEST], ()):
                    found.add(self._parts.get(text[start : start + length]))
        return {part for part in found if part is not None}

    def _take_apart(self, url: str) -> None:
        for part in _behind_host(url):
            folded = part.casefold()
            self._parts[folded] = part
            self._lengths.setdefault(folded[:_SHORTEST], set()).add(len(folded))


HIDDEN_URLS = HiddenUrls()
"""Those of this process."""


def on_one_line(text: str) -> str:
    """Return a text with one space for each run of white space and characters that cannot be shown, and none around."""
    if not text.isprintable():
        text = "".join(mark if mark.isprintable() else " " for mark in text)
    return " ".join(text.split())


def _behind_host(url: str) -> Iterator[str]:
    # Late: it takes 2 ms, and a process without a client has no text to show.
    from urllib.parse import unquote, unquote_plus, urlsplit

    try:
        split = urlsplit(url)
    except ValueError:
        return
    whole = {f"{split.path}?{split.query}", split.path, split.path.strip("/"), split.query, split.fragment}
    pairs = [pair.partition("=") for pair in split.query.split("&")]
    single = {*split.path.split("/"), *(pair[0] for pair in pairs), *(pair[2] for pair in pairs)}
    parts = whole | single
    if "%" in url or "+" in url or not url.isprintable():
        parts = {on_one_line(form) for one in parts for form in (one, unquote(one), unquote_plus(one))}
    for part in parts:
        if len(part) >= _SHORTEST and part.casefold() not in _VOCABULARY:
            yield part
