"""Makes a server's words fit to be shown: no secret, no path or query of a URL, one short line."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import quote, quote_plus, unquote, unquote_plus, urlsplit

from pydantic import SecretStr

from terraform_provider_ecgrid.api.enums import HttpAuthType, Objects, Status

Scrub = Callable[[str], str]
"""Makes free text fit to be shown, as a `Scrubber` does."""

MAX_WORDS = 300
# Every repetition that could begin anywhere is bounded, or a long word would take minutes.
_URL = re.compile(r"([a-z][a-z0-9+.-]{0,30})://([^\s\"'<>]*)", re.IGNORECASE)
# An older model of the vendor's has credentials in its answers; a value may be cut off. A plain word without quotes is
# part of a sentence ("password: required").
_CREDENTIAL = re.compile(
    r"""((?:(?:password|username|secret|token|api_?key|authorization|session_?id)\w{0,40}["']?|\buser["'])"""
    r"""\s{0,9}[:=]\s{0,9})"""
    r"""("(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?|(?!(?-i:[a-z]+)\b)[^\s,;&<>{}\[\]"']+)""",
    re.IGNORECASE,
)
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_HIDDEN = "(hidden)"

_LONG = 8
_SHORTEST = 4
# Words of the API's own sentences. As part of a path they are not secret; hidden, they would cost the sentence.
_SENTENCES = """
    access active callback callbackid callbacks called data digest ecgrid endpoint event failed from hook hooks host
    http httpauthtype https invalid mailbox mailboxid must network networkid none null parameter password path
    refused rest secret status suspended that this token true false username value webhook webhooks with
"""
_VOCABULARY = frozenset(_SENTENCES.split()) | {
    member.value.casefold() for enumeration in (HttpAuthType, Objects, Status) for member in enumeration
}


class Scrubber:
    """Removes from any text what this process has sent and was told to hide. Threads may share it."""

    def __init__(self) -> None:
        # Dictionaries, because `list` of one is a single step, so that other threads may add meanwhile.
        self._secrets: dict[SecretStr, None] = {}
        self._urls: dict[str, None] = {}

    def hide(self, secret: SecretStr) -> None:
        """Hide a secret, whatever encoding it comes back in."""
        self._secrets[secret] = None

    def hide_url(self, url: str) -> None:
        """Hide all but scheme and host of a callback's URL: the rest as a whole and by its parts, ignoring case."""
        self._urls[url] = None

    def __call__(self, text: str, limit: int = MAX_WORDS) -> str:
        """Return `text` on one line of at most `limit` characters, without secrets. URLs keep scheme and host alone."""
        secrets = [secret.get_secret_value().strip() for secret in list(self._secrets)]
        # Before as well as after what escapes stand for: a secret may hold what looks like one.
        text = _without_secrets(text, secrets)
        text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text).replace("\\/", "/")
        text = _without_secrets(text, secrets)
        text = _URL.sub(lambda match: f"{match[1]}://{_host(match[2])}", text)
        text = _without_paths(text, list(self._urls))
        text = _CREDENTIAL.sub(lambda match: f"{match[1]}{_HIDDEN}", text)
        line = " ".join("".join(mark if mark.isprintable() else " " for mark in text).split())
        return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def _without_secrets(text: str, secrets: Iterable[str]) -> str:
    hidden = {form for secret in secrets if secret for form in _forms(secret)}
    return _hide(text, map(re.escape, _longest_first(hidden)))


def _without_paths(text: str, urls: Iterable[str]) -> str:
    folded = text.casefold()
    pieces = {piece for url in urls for piece in _behind_host(url) if piece.casefold() in folded}
    return _hide(text, map(_as_part, _longest_first(pieces)))


def _hide(text: str, patterns: Iterable[str]) -> str:
    pattern = "|".join(patterns)
    # Ignoring case, because the digits of an encoding come in either.
    return re.sub(pattern, _HIDDEN, text, flags=re.IGNORECASE) if pattern else text


def _longest_first(texts: Iterable[str]) -> list[str]:
    # A secret may be part of another one.
    return sorted(texts, key=lambda text: (-len(text), text))


def _as_part(piece: str) -> str:
    # A short one is hidden only if it stands alone, or it would be found within other words.
    escaped = re.escape(piece)
    return escaped if len(piece) >= _LONG else rf"(?<![^\W_]){escaped}(?![^\W_])"


def _forms(secret: str) -> set[str]:
    try:
        encoded = {quote(secret), quote(secret, safe=""), quote_plus(secret)}
    except UnicodeEncodeError:  # half a surrogate pair
        encoded = set()
    return {secret, json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1], *encoded}


def _host(rest: str) -> str:
    return re.split(r"[/?#\\]", rest, maxsplit=1)[0].rpartition("@")[2]


def _behind_host(url: str) -> Iterator[str]:
    try:
        parts = urlsplit(url)
    except ValueError:
        return
    whole = {f"{parts.path}?{parts.query}", parts.path, parts.path.strip("/"), parts.query, parts.fragment}
    pairs = [pair.partition("=") for pair in parts.query.split("&")]
    single = {*parts.path.split("/"), *(pair[0] for pair in pairs), *(pair[2] for pair in pairs), parts.fragment}
    for piece in {form for one in whole | single for form in (*_forms(one), unquote(one), unquote_plus(one))}:
        if len(piece) >= _SHORTEST and piece.casefold() not in _VOCABULARY:
            yield piece
