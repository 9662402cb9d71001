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


def without_pieces(secrets: Iterable[str], text: str, mask: str) -> str:
    """Return `text` with `mask` for every piece of a secret of 8 characters, and for a shorter one at its end.

    A plain word that is part of a secret as well, such as "password", stays.
    """
    folded = [_squeezed(unicodedata.normalize("NFC", secret))[0] for secret in secrets]
    squeezed, places = _squeezed(text)
    pieces = {one[start : start + _LENGTH] for one in folded for start in range(len(one) - _LENGTH + 1)}
    runs: list[tuple[int, int]] = []
    for start in range(len(squeezed) - _LENGTH + 1) if pieces else ():
        if squeezed[start : start + _LENGTH] in pieces:
            end = start + _LENGTH
            if runs and start <= runs[-1][1]:
                runs[-1] = runs[-1][0], end
            else:
                runs.append((start, end))
    end = len(squeezed.rstrip(_BEHIND_END))
    cut = max((_cut_off(one, squeezed[:end]) for one in folded), default=0)
    if cut and (not runs or runs[-1][1] < end):
        runs.append((end - cut, end))
    for first, last in reversed(runs):
        start, stop = places[first], places[last - 1] + 1
        if not _is_within_a_word(text, start, stop):
            text = text[:start] + mask + text[stop:]
    return text


def _cut_off(secret: str, text: str) -> int:
    """Return how many characters a text ends in that a secret begins with; 0 if too few."""
    longest = min(len(secret), len(text))
    return next((n for n in range(longest, _SHORTEST_AT_END - 1, -1) if text.endswith(secret[:n])), 0)


def _squeezed(text: str) -> tuple[str, list[int]]:
    """Return what counts of a text, in lower case, and where each of its characters stood."""
    blanked = _BETWEEN.sub(lambda match: " " * len(match[0]), text)
    places = [at for at, mark in enumerate(blanked) if mark != " "]
    return "".join(blanked[at] for at in places).lower(), places


def _is_within_a_word(text: str, start: int, stop: int) -> bool:
    return any(
        match.start() <= start and stop <= match.end() and match[0].casefold() in VOCABULARY
        for match in _WORD.finditer(text)
    )
