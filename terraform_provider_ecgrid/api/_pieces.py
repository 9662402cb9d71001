"""Finds what is left of a secret in a text that cut it off, broke it over lines, or read it in another encoding."""

import re
import unicodedata
from collections.abc import Iterable

from terraform_provider_ecgrid.api.hidden_urls import VOCABULARY

_LENGTH = 8  # a shorter piece may be part of any word
_SHORTEST_AT_END = 4
# Between the characters of a secret: space, marks that no terminal shows, and what another encoding makes of letters
# outside ASCII, which do not count either.
_BETWEEN = re.compile(r"[A-Za-z][\u0300-\u036f]+|[^!-~]|\?")
_BEHIND_END = " .…'\"`”’)>]},;:"
_WORD = re.compile(r"\w+")


class Pieces:
    """The pieces of secrets: every one of 8 characters, and a shorter one that a text ends in.

    A plain word that is part of a secret as well, such as "password", is none.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        self._secrets = [_squeezed(unicodedata.normalize("NFC", secret))[0] for secret in secrets]
        self._pieces = {one[at : at + _LENGTH] for one in self._secrets for at in range(len(one) - _LENGTH + 1)}

    def hide(self, text: str, mask: str) -> str:
        """Return `text` with `mask` for every piece."""
        squeezed, places = _squeezed(text)
        runs: list[tuple[int, int]] = []
        for start in range(len(squeezed) - _LENGTH + 1):
            if squeezed[start : start + _LENGTH] in self._pieces:
                end = start + _LENGTH
                if runs and start <= runs[-1][1]:
                    runs[-1] = runs[-1][0], end
                else:
                    runs.append((start, end))
        end = len(squeezed.rstrip(_BEHIND_END))
        tail = squeezed[max(0, end - _LENGTH) : end]  # more of a secret is a piece anyway
        cut = max((_cut_off(one, tail) for one in self._secrets), default=0)
        if cut and (not runs or runs[-1][1] < end):
            runs.append((end - cut, end))
        for first, last in reversed(runs):
            start, stop = places[first], places[last - 1] + 1
            if not _is_within_a_word(text, start, stop):
                text = text[:start] + mask + text[stop:]
        return text


def _cut_off(secret: str, text: str) -> int:
    """Return how many characters a text ends in that a secret begins with; 0 if too few."""
    if secret[:_SHORTEST_AT_END] not in text:
        return 0
    longest = min(len(secret), len(text))
    return next((n for n in range(longest, _SHORTEST_AT_END - 1, -1) if text.endswith(secret[:n])), 0)


def _squeezed(text: str) -> tuple[str, list[int]]:
    """Return what counts of a text, in lower case, and where each of its characters stood."""
    if _BETWEEN.search(text) is None:
        return text.lower(), list(range(len(text)))
    blanked = _BETWEEN.sub(lambda match: " " * len(match[0]), text)
    places = [at for at, mark in enumerate(blanked) if mark != " "]
    return "".join(blanked[at] for at in places).lower(), places


def _is_within_a_word(text: str, start: int, stop: int) -> bool:
    return any(
        match.start() <= start and stop <= match.end() and match[0].casefold() in VOCABULARY
        for match in _WORD.finditer(text)
    )
