"""Makes any text fit to be shown: without registered secrets, in whatever form, and without control characters.

This is the last line of defence: code does not log or show a secret in the first place (secrets are
`pydantic.SecretStr`). What gets here is a secret inside somebody else's text, such as an error message that quotes a
request.

No regular expressions are compiled for secrets: forms are found by their first characters and their length, so the time
for a text does not grow with the number of secrets.
"""

from __future__ import annotations

import base64
import json
import re
import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import Protocol

MASK = "[redacted]"

_SHORTEST = 4  # a shorter text occurs by chance everywhere; also how many characters lead to a form

# White space and what cannot be seen, escaped or not.
_GAP = (
    r"(?:[\s\x00-\x1f\x7f-\xa0\u200b-\u200f\u2028-\u202e\u2060\ufeff]|\\+(?:[nrt]|u000[9aAdD])|%(?:0[9aAdD]|20)"
    r"|&#(?:9|10|13|x[9aAdD]);)+"
)

_lock = threading.Lock()
_secrets: set[str] = set()
_forms: set[str] = set()
_lengths: dict[str, tuple[int, ...]] = {}  # of the forms that begin so, longest first: one may begin another
_gaps = threading.Event()  # set if a secret has white space in it


class Secret(Protocol):
    """A secret that shows itself only when asked, like `pydantic.SecretStr` (which is too heavy to import here)."""

    def get_secret_value(self) -> str:
        """Return the secret as it is."""


def conceal(secret: Secret | str) -> None:
    """Make every later `redact` remove `secret`: as it is, escaped (JSON, Python, URL, HTML), and within base64.

    The secret is also removed without the space around it, because a header is sent without. What has fewer than 4
    characters is no secret: if it were removed, most of the text would go, and the rest would tell what it was. White
    space, and what cannot be printed, within a secret counts as one space, and so it does in the text.
    """
    text = secret if isinstance(secret, str) else secret.get_secret_value()
    if text in _secrets or len(text.strip()) < _SHORTEST:
        return
    with _lock:
        folded, _ = _folded(text)
        if " " in folded:
            _gaps.set()
        for one in {text, text.strip(), folded}:
            if len(one) >= _SHORTEST:
                _add_forms(one)
        _secrets.add(text)  # last: who finds it here may rely on the rest


def fit_to_show(text: str) -> str:
    """Return `text` redacted, and with a mark instead of each character that a terminal may obey; lines stay lines."""
    text = redact(text)
    if text.isprintable():
        return text
    # Replaced, not removed: what stands on both sides of one could be a secret together.
    return "".join(mark if mark.isprintable() or mark in "\n\t" else _replaced(mark) for mark in text)


def redact(text: str) -> str:
    """Return `text` with a mask instead of every concealed secret; nothing is left of two that overlap."""
    pieces: list[str] = []
    shown_up_to = 0  # where the text begins that is not in `pieces` yet
    masked_up_to = 0
    for start, end in sorted((*_found(text), *_found_folded(text))) if _gaps.is_set() else _found(text):
        if start >= masked_up_to:
            pieces += (text[shown_up_to:start], MASK)
        masked_up_to = shown_up_to = max(masked_up_to, end)
    return "".join(pieces) + text[shown_up_to:] if pieces else text


def _found(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of every form in a text, in the order of their starts."""
    if not _lengths:
        return
    lengths = _lengths.get
    for start in range(len(text)):
        for length in lengths(text[start : start + _SHORTEST], ()):
            if text[start : start + length] in _forms:
                yield start, min(start + length, len(text))
                break


def _found_folded(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end, in a text as it is, of every form that it holds once its white space is folded."""
    folded, places = _folded(text)
    for start, end in _found(folded):
        yield places[start], places[end - 1] + 1


def _folded(text: str) -> tuple[str, list[int]]:
    """Return a text with one space for each gap and none around it, and where each of its characters stood."""
    pieces: list[str] = []
    places: list[int] = []
    shown_up_to = 0
    for gap in re.finditer(_GAP, text):
        piece = text[shown_up_to : gap.start()]
        if piece:
            pieces.append(piece)
            places += range(shown_up_to, gap.start() + 1)
        shown_up_to = gap.end()
    pieces.append(text[shown_up_to:])
    places += range(shown_up_to, len(text))
    return " ".join(pieces).rstrip(" "), places


def _replaced(mark: str) -> str:
    return " " if mark.isspace() else "\ufffd"


def _add_forms(text: str) -> None:
    forms = {text, *_escaped(text), *_within_base64(text)}
    for form in forms | {folded for form in forms if len(folded := _folded(form)[0]) >= _SHORTEST}:
        _forms.add(form)
        start, known = form[:_SHORTEST], _lengths.get(form[:_SHORTEST], ())
        if len(form) not in known:
            _lengths[start] = tuple(sorted((*known, len(form)), reverse=True))


def _escaped(text: str) -> set[str]:
    if text.isascii() and text.isalnum():
        return set()
    forms = {repr(text)[1:-1], *_in_json(text), *_in_html(text)}
    for raw in _encoded(text):
        forms |= {repr(raw)[2:-1], *_in_url(raw)}
    return forms


def _encoded(text: str) -> set[bytes]:
    raw = {text.encode("utf-8", "surrogatepass")}
    with suppress(UnicodeEncodeError):
        raw.add(text.encode("latin-1"))  # as older programs send a user's name and password
    return raw


def _in_json(text: str) -> set[str]:
    escaped = json.dumps(text)[1:-1]
    forms = {escaped, json.dumps(text, ensure_ascii=False)[1:-1]}
    # Go escapes what has a meaning in HTML, .NET more than that and with capitals, PHP the slash.
    forms |= {re.sub("[<>&]", lambda mark: f"\\u{ord(mark[0]):04x}", form) for form in forms}
    much = re.sub("[<>&'+`]", lambda mark: f"\\u{ord(mark[0]):04x}", escaped.replace('\\"', "\\u0022"))
    forms |= {re.sub(r"(?<=\\u)[0-9a-f]{4}", lambda code: code[0].upper(), much), escaped.replace("/", "\\/")}
    # And once more, for JSON that is a string in JSON.
    return forms | {json.dumps(form, ensure_ascii=False)[1:-1] for form in forms}


def _in_url(raw: bytes) -> set[str]:
    # Late: it takes 2 ms, and only a process with a credential gets here.
    from urllib.parse import quote

    # RFC 3986 with and without slashes, then what JavaScript's functions and forms leave as it is.
    urls = {quote(raw, safe) for safe in ("", "/", "!'()*", "!()*", "!#$&'()*+,/:;=?@")}
    urls |= {url.replace("%20", "+") for url in urls}
    return urls | {re.sub("%[0-9A-F]{2}", lambda code: code[0].lower(), url) for url in urls}


def _in_html(text: str) -> set[str]:
    marks = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    quoted = {marks}
    for double, single in (("&quot;", "&#39;"), ("&quot;", "&#x27;"), ("&#34;", "&#39;")):
        quoted.add(marks.replace('"', double).replace("'", single))
    return quoted | {form.encode("ascii", "xmlcharrefreplace").decode() for form in quoted}


def _within_base64(text: str) -> set[str]:
    """Return the characters that only `text` decides, at each of three positions (`user:` may precede it)."""
    forms = set()
    for raw in _encoded(text):
        for before in range(3):
            encoded = base64.b64encode(bytes(before) + raw).decode()
            core = encoded[(8 * before + 5) // 6 : 8 * (before + len(raw)) // 6]
            if len(core) >= _SHORTEST:
                forms |= {core, core.replace("+", "-").replace("/", "_")}
    return forms
