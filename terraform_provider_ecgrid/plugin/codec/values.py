"""The codec for values: what travels in a `DynamicValue` or a raw state, and what Python makes of it.

Follows `object-wire-format.md` of plugin protocol 6. A value has three shapes: known, null (`None`) and unknown
(`tf.types.Unknown`). What is known arrives as `bool`, `str`, `list`, `dict` or a number. A number keeps every digit,
because Terraform wants a known value back unchanged:

    whole             `int`, of any size
    binary fraction   `float`; 0.5 for one, which Terraform sends as it is
    everything else   `decimal.Decimal`; 1.1 for one, which Terraform sends as text

The wire does not say whether a text is a string or a number, so `numbers` reads those by the value's type.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgpack
from tf.types import Unknown

from terraform_provider_ecgrid.plugin.authoring.schema import is_known
from terraform_provider_ecgrid.plugin.protocol import plugin6_pb2 as pb

if TYPE_CHECKING:
    from decimal import Decimal

# A longer whole number stays `Decimal`: Python refuses to read such an int from text, and 1e999999999 would fill the
# memory.
_MOST_DIGITS = 4000
# What msgpack packs as a whole number, signed or not.
_FIRST_OF_64_BITS, _LAST_OF_64_BITS = -(2**63), 2**64 - 1


def decode(value: pb.DynamicValue) -> Any:
    """Read a value from the wire; an absent one is `None`.

    Numbers that travel as text are left as they are: `numbers` reads them. Raises `ValueError` (of which msgpack's and
    json's errors are kinds) if the bytes are neither.
    """
    if value.msgpack:
        # Every extension is an unknown value. The refinements of extension 12 may be ignored, and are.
        return msgpack.unpackb(value.msgpack, ext_hook=lambda _code, _data: Unknown)
    if value.json:
        return from_json(value.json)
    return None


def encode(value: Any) -> pb.DynamicValue:
    """Write a value to the wire, as msgpack; `None` becomes nil, not an absent value.

    Raises as `packable` does.
    """
    return pb.DynamicValue(msgpack=msgpack.packb(packable(value)))


def from_json(data: bytes) -> Any:
    """Read JSON as Terraform stores it, without losing a digit. Raises `ValueError` if it is not JSON."""
    try:
        return json.loads(data, parse_int=_from_text, parse_float=_from_text)
    except RecursionError:
        raise ValueError("too deep") from None


def number(value: Any) -> Any:
    """Read a number in any form in which it travels: int, float, text or already a `Decimal`.

    Null and unknown pass through. Raises `ValueError` for anything else.
    """
    if not is_known(value):
        return value
    if isinstance(value, str):
        return _from_text(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    if isinstance(value, _decimal()):
        return value
    raise ValueError("not a number")


def numbers(value: Any, type_: Any) -> Any:
    """Read the numbers in a decoded value, however deep; everything else must be what its type says.

    `type_` is a Terraform type constraint as JSON has it: `"number"`, `["list", "string"]`, `["object", {…}]`, ….
    Raises `ValueError` for a value that is not of that type; no message holds it.
    """
    if not is_known(value):
        return value
    if type_ == "number":
        return number(value)
    if type_ == "string" and isinstance(value, str):
        return _whole_text(value)
    if type_ == "bool" and isinstance(value, bool):
        return value
    if isinstance(type_, str):
        raise ValueError(f"not a {type_}")
    kind, of = type_
    if kind in ("list", "set") and isinstance(value, list):
        return [numbers(element, of) for element in value]
    if kind == "map" and isinstance(value, dict):
        return {numbers(key, "string"): numbers(element, of) for key, element in value.items()}
    if kind == "object" and isinstance(value, dict):
        return {key: numbers(element, of[key]) if key in of else element for key, element in value.items()}
    raise ValueError(f"not a {kind}")


def packable(value: Any) -> Any:
    """Turn a value into what msgpack packs as Terraform expects it.

    Whole numbers of more than 64 bits and decimals become text; a `float` is sent as the binary fraction that it is.
    Raises `TypeError` for a Python type without a counterpart, `ValueError` for text that is not Unicode; no message
    holds the value.
    """
    if value is Unknown:
        return msgpack.ExtType(0, b"\x00")
    if isinstance(value, str):
        return _whole_text(value)
    if value is None or isinstance(value, (bool, float)):
        return value
    if isinstance(value, int):
        return int(value) if _FIRST_OF_64_BITS <= value <= _LAST_OF_64_BITS else str(value)
    if isinstance(value, (list, tuple, set, frozenset)):
        return [packable(element) for element in value]
    if isinstance(value, dict):
        return {packable(key): packable(element) for key, element in value.items()}
    if isinstance(value, _decimal()):
        return str(value)
    raise TypeError(f"no Terraform value: {type(value).__name__}")


def _from_text(text: str) -> int | Decimal:
    if len(text) < _MOST_DIGITS and text.removeprefix("-").isdecimal():
        return int(text)
    try:
        exact = _decimal()(text)
    except ArithmeticError:
        raise ValueError("not a number") from None
    if not exact.is_finite():
        raise ValueError("not a number")
    return exact


def _decimal() -> type[Decimal]:
    # Late: it takes a millisecond, and most processes never see a number that is not whole.
    from decimal import Decimal

    return Decimal


def _whole_text(value: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError("text with half a surrogate pair") from None
    return str(value)
