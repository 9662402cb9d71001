"""What users read is plain English: phrases that took them a second reading do not come back."""

from __future__ import annotations

import re

import pytest

from tests.unit.sentences import sentences


@pytest.mark.parametrize(
    "phrase",
    [
        *("is no ", "left out", "ends its management", "nobody here", r"for ever\b"),
        r"\b(seconds?|times|requests?|lines?) an? (second|minute|hour|day|run|callback|version)\b",
    ],
)
def test_a_phrase_that_takes_a_second_reading_is_gone(phrase: str) -> None:
    found = [f"{place}: {text}" for place, text in sentences() if re.search(phrase, text, re.IGNORECASE)]
    assert found == []
