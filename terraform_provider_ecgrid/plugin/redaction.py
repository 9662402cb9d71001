"""Taking registered secrets out of text, in whatever form they are written.

The last line of defence: code never logs a secret in the first place (they are `pydantic.SecretStr`). What gets here
is a secret inside somebody else's text, such as an error message that quotes a request.
"""

from __future__ import annotations

import re
import threading
from typing import Protocol

MASK = "[redacted]"

_SHORT = 4  # below that a secret occurs by chance everywhere
_SHORTEST_BASE64 = 6

_lock = threading.Lock()
_secrets: set[str] = set()
_patterns: set[str] = set()
_compiled: re.Pattern[str] | None = None


class Secret(Protocol):
    """A secret that shows itself only when asked, like `pydantic.SecretStr` (which is too heavy to import here)."""

    def get_secret_value(self) -> str:
        """Return the secret as it is."""


def conceal(secret: Secret | str) -> None:
    """Have every later `redact` take `secret` out: as it is, escaped (JSON, Python, URL), and within base64.

    A secret of less than 4 characters is taken out only where it stands as a word of its own, else most of the text
    would go, and what is left would tell what it was. An empty one is ignored.
    """
    text = secret if isinstance(secret, str) else secret.get_secret_value()
    with _lock:
        if not text or text in _secrets:
            return
        _secrets.add(text)
        _patterns.update(_patterns_for(text))
        _compile()


def redact(text: str) -> str:
    """Return `text` with a mask in the place of every concealed secret."""
    pattern = _compiled
    return text if pattern is None else pattern.sub(MASK, text)


def _compile() -> None:
    global _compiled
    # The longest first: one secret may begin another.
    _compiled = re.compile("|".join(sorted(_patterns, key=lambda pattern: (-len(pattern), pattern))))


def _patterns_for(text: str) -> set[str]:
    if len(text) < _SHORT:
        return {rf"(?<!\w){re.escape(text)}(?!\w)"}
    return {re.escape(form) for form in {text, *_escaped(text), *_within_base64(text)}}


def _escaped(text: str) -> set[str]:
    import json  # late, as is the next one: only a provider with a credential gets here
    from urllib.parse import quote, quote_plus

    raw = text.encode("utf-8", "surrogatepass")
    urls = {quote(raw), quote(raw, safe=""), quote_plus(raw)}
    return {
        json.dumps(text)[1:-1],
        json.dumps(text, ensure_ascii=False)[1:-1],
        repr(text)[1:-1],
        repr(raw)[2:-1],
        *urls,
        *(re.sub(r"%[0-9A-F]{2}", lambda code: code[0].lower(), url) for url in urls),
    }


def _within_base64(text: str) -> set[str]:
    """Return the characters that `text` alone decides, at each of three positions (`user:` may stand before it)."""
    import base64

    raw = text.encode("utf-8", "surrogatepass")
    forms = set()
    for before in range(3):
        encoded = base64.b64encode(bytes(before) + raw).decode()
        core = encoded[(8 * before + 5) // 6 : 8 * (before + len(raw)) // 6]
        if len(core) >= _SHORTEST_BASE64:
            forms |= {core, core.replace("+", "-").replace("/", "_")}
    return forms
