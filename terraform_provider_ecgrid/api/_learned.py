"""What an answer holds that no later text may show: the URLs of callbacks, and credentials of whatever kind."""

import re
from collections.abc import Iterator
from functools import lru_cache

from terraform_provider_ecgrid.api.hidden_urls import VOCABULARY

_SECRET = re.compile(r"passwo?r?d|pwd|secret|token|apikey|authorization|credential|cookie|session")
_SHORTEST = 6
_SHORTEST_ALONE = 12


def learned_from(answer: object) -> Iterator[tuple[str, bool]]:
    """Yield every URL (and false) and every secret (and true) of a decoded JSON value.

    A value is taken for a secret if its field, or one around it, has a secret's name, or if it is the whole record: no
    call of this client is answered by a bare text, but ECGrid's login answers with its session.
    """
    if isinstance(answer, dict):
        alone = answer.get("data")
        if isinstance(alone, str) and len(alone) >= _SHORTEST_ALONE and _is_one_word(alone) and not alone.isalpha():
            yield alone, True
    left: list[tuple[object, str, bool]] = [(answer, "", False)]
    while left:
        value, name, is_secret = left.pop()
        if isinstance(value, dict):
            left += [(one, str(key), is_secret or _is_secret(str(key))) for key, one in value.items()]
        elif isinstance(value, list):
            left += [(one, name, is_secret) for one in value]
        elif is_secret and isinstance(value, str | int) and not isinstance(value, bool):
            text = str(value)
            if len(text) >= _SHORTEST and _is_one_word(text) and text.casefold() not in VOCABULARY:
                yield text, True
        elif isinstance(value, str) and (_is_url(name) or "://" in value[:32]) and _is_one_word(value):
            yield value, False


def _is_one_word(text: str) -> bool:
    return not any(mark.isspace() for mark in text)


@lru_cache(maxsize=1000)
def _is_secret(name: str) -> bool:
    return _SECRET.search(re.sub("[^a-z0-9]", "", name.casefold())) is not None


def _is_url(name: str) -> bool:
    return name.casefold().endswith(("url", "uri"))
