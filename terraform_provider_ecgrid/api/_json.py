"""Reads JSON as servers write it, which is not always as it should be written."""

import json

_LONGEST_NUMBER = 40
"""Digits of a number that is read exactly. Python refuses to read more than 4300."""


def _number(digits: str) -> int | float:
    return int(digits) if len(digits) <= _LONGEST_NUMBER else float(digits)


_DECODER = json.JSONDecoder(strict=False, parse_int=_number)


def decoded(content: bytes) -> object:
    """The value of a JSON text; None if it is none.

    A control character, a byte that is not of the encoding and a number of any length cost no more than the field that
    they are in: an id beside it must not be lost.
    """
    try:
        return _DECODER.decode(content.decode(json.detect_encoding(content), "replace"))
    except (ValueError, RecursionError):
        return None
