"""Makes a server's words fit to be shown: no secret, no path or query of a URL, one short line."""

import base64
import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from urllib.parse import unquote, unquote_plus

from pydantic import SecretStr

from terraform_provider_ecgrid.api._learned import learned_from
from terraform_provider_ecgrid.api._left_out import late
from terraform_provider_ecgrid.api._pieces import Pieces
from terraform_provider_ecgrid.api.hidden_urls import HIDDEN_URLS, on_one_line

Scrub = Callable[[str], str]
"""Makes free text fit to be shown, as a `Scrubber` does."""

MAX_WORDS = 300
# Every repetition that could begin anywhere is bounded, or a long word would take minutes.
_URL = re.compile(r"([a-z][a-z0-9+.-]{0,30})://([^\s\"'<>]*)", re.IGNORECASE)
# An older model of the vendor's has credentials in its answers; a value may be cut off. A plain word without quotes is
# part of a sentence ("password: required").
_NAMED = r"passwo?r?d|pwd|username|secret|token|api[_-]?key|authorization|session(?:[_-]?id)?|cookie"
_PLAIN_WORD = r"(?-i:[a-z]+)\b(?!=)"
_BARE = rf"""(?!{_PLAIN_WORD})[^\s,;&<>{{}}\[\]"']+"""
_CREDENTIAL = re.compile(
    rf"""((?:(?:{_NAMED})\w{{0,40}}["']?|\buser["'])\s{{0,9}}[:=][\s\[{{(]{{0,9}})"""
    rf"""("?(?:Basic|Bearer|Digest|Negotiate|NTLM)\s{{1,9}}{_BARE}"?|"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?|{_BARE})""",
    re.IGNORECASE,
)
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_ESCAPED_IN_JSON = re.compile(r"""\\(?:u([0-9a-fA-F]{4})|(["\\/bfnrt]))""")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{12,}={0,2}")
_HIDDEN = "(hidden)"
_HOST = re.compile(r"(?:\[[^\]]*\]|[\w.-]+|\(hidden\))+(?::[0-9]{1,5}(?![^/?#\\]))?")

_LONG = 8
_SHORTEST = 4  # a shorter text occurs by chance everywhere


class Scrubber:
    """Removes from any text what it was told to hide, and the URLs that this process knows. Threads may share it."""

    def __init__(self) -> None:
        # A dictionary, because `list` of one is a single step, so that other threads may add meanwhile.
        self._secrets: dict[SecretStr, None] = {}

    def hide(self, secret: SecretStr) -> None:
        """Hide a secret, whatever encoding it comes back in."""
        self._secrets[secret] = None

    def learn(self, answer: object) -> None:
        """Hide what a decoded JSON value holds of URLs and credentials, in texts about other requests too."""
        for text, is_secret in learned_from(answer):
            if is_secret:
                self.hide(SecretStr(text))
            else:
                HIDDEN_URLS.add(text)

    def __call__(self, text: str, limit: int = MAX_WORDS) -> str:
        """Return `text` on one line of at most `limit` characters, without secrets. URLs keep scheme and host alone."""
        known = {on_one_line(secret.get_secret_value()) for secret in list(self._secrets)}
        secrets = _longest_first(secret for secret in known if len(secret) >= _SHORTEST)
        # Before as well as after what escapes stand for: a secret may hold what looks like one.
        text = _without(secrets, on_one_line(text))
        text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text).replace("\\/", "/")
        text = _without(secrets, on_one_line(text))
        text = _URL.sub(lambda match: f"{match[1]}://{host_in(match[2])}", text)
        text = _without_encoded(text, lambda shown: _without_paths(_without(secrets, shown)))
        # Only now: what is hidden of a secret in pieces would keep it from being found as a whole.
        pieces = Pieces(secrets)
        text = _without_encoded(text, lambda shown: pieces.hide(shown, _HIDDEN))
        text = _CREDENTIAL.sub(lambda match: f"{match[1]}{_HIDDEN}", text)
        line = on_one_line(text)
        return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def _without_encoded(text: str, hide: Scrub) -> str:
    text = hide(text)
    while (found := next(_encoded(text, hide), None)) is not None:
        text = found
    return text


def _encoded(text: str, hide: Scrub) -> Iterator[str]:
    """Yield the text as its encodings stand for it, if that shows something to hide, without this."""
    once = {decode(text) for decode in _DECODERS} - {text}
    twice = {decode(one) for one in once for decode in _DECODERS} - once - {text}
    for decoded in map(on_one_line, (*once, *twice)):
        shown = hide(decoded)
        if shown != decoded:
            yield shown


def _out_of_json(text: str) -> str:
    return _ESCAPED_IN_JSON.sub(lambda match: chr(int(match[1], 16)) if match[1] else _IN_JSON[match[2]], text)


def _out_of_url(decode: Callable[[str], str], text: str) -> str:
    """Decode a text as often as it takes: each gateway on the way may have encoded it once more."""
    while (decoded := decode(text)) != text:
        text = decoded
    return text


def _out_of_base64(found: re.Match[str]) -> str:
    padded = found[0].rstrip("=").translate(str.maketrans("-_", "+/"))
    padded += "A" * (len(padded) % 4 == 1)
    try:
        return base64.b64decode(padded + "=" * (-len(padded) % 4)).decode()
    except ValueError:
        return found[0]


_IN_JSON = {'"': '"', "\\": "\\", "/": "/", "b": " ", "f": " ", "n": " ", "r": " ", "t": " "}
_DECODERS: tuple[Callable[[str], str], ...] = (
    _out_of_json,
    late("html", "unescape"),
    partial(_out_of_url, unquote),
    partial(_out_of_url, unquote_plus),
    lambda text: _BASE64.sub(_out_of_base64, text),
)


def _without(secrets: list[str], text: str) -> str:
    folded = text.lower()
    return _hide(text, (re.escape(secret) for secret in secrets if secret.lower() in folded))


def _without_paths(text: str) -> str:
    text = _hide(text, map(_as_part, _longest_first(HIDDEN_URLS.parts_in(text))))
    # Broken over lines. A short part could be found across any two words.
    broken = (part for part in HIDDEN_URLS.parts_in(text.replace(" ", "")) if len(part) >= _LONG)
    return _hide(text, (" ?".join(map(re.escape, part)) for part in _longest_first(broken)))


def _hide(text: str, patterns: Iterable[str]) -> str:
    pattern = "|".join(patterns)
    # Ignoring case, because hosts and encodings come in either.
    return re.sub(pattern, _HIDDEN, text, flags=re.IGNORECASE) if pattern else text


def _longest_first(texts: Iterable[str]) -> list[str]:
    # A secret may be part of another one.
    return sorted(texts, key=lambda text: (-len(text), text))


def _as_part(piece: str) -> str:
    # A short one is hidden only if it stands alone, or it would be found within other words.
    escaped = re.escape(piece)
    return escaped if len(piece) >= _LONG else rf"(?<![^\W_]){escaped}(?![^\W_])"


def host_in(rest: str) -> str:
    """Return the host and port of what follows `://` in a URL."""
    authority = re.split(r"[/?#\\]", rest, maxsplit=1)[0].rpartition("@")[2]
    match = _HOST.match(authority)
    return match[0] if match else ""
