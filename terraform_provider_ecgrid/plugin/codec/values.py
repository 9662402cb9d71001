"""The codec for values: what travels in a `DynamicValue` or a raw state, and what Python makes of it.

Follows `object-wire-format.md` of plugin protocol 6. A value has three shapes: known, null (`None`) and unknown
(`tf.types.Unknown`). What is known arrives as `bool`, `str`, `list`, `dict` or a number. Numbers keep every digit:

    whole            `int`, of any size
    not whole        `float` where the shortest decimal that Python prints for it is exactly the number, such as 0.5
    everything else  `decimal.Decimal`; 0.1 for one, which Terraform holds as a decimal and sends as text

The wire does not say whether a text is a string or a number, so `numbers` reads those by the value's type.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import msgpack
from tf.types import Unknown

from terraform_provider_ecgrid.plugin.protocol import plugin6_pb2 as pb

if TYPE_CHECKING:
    from decimal import Decimal

# Longer ones stay `Decimal`: Python refuses to read such an int from text, and 1e999999999 would fill the memory.
_MOST_DIGITS = 4000
# What msgpack packs as a whole number, signed or not.
_FIRST_OF_64_BITS, _LAST_OF_64_BITS = -(2**63), 2**64 - 1


def decode(value: pb.DynamicValue) -> Any:
    """Read a value from the wire; an absent one is `None`.

    Numbers that travel as text are left as they are: `numbers` reads them. Raises `ValueError` (of which msgpack's and
    json's errors are kinds) where the bytes are neither.
    """
    if value.msgpack:
        # Every extension is an unknown value. The refinements of extension 12 may be ignored, and are.
        return msgpack.unpackb(value.msgpack, ext_hook=lambda _code, _data: Unknown)
    if value.json:
        return from_json(value.json)
    return None


def encode(value: Any) -> pb.DynamicValue:
    """Write a value to the wire, as msgpack; `None` becomes nil, not an absent value.

    Raises as `wire` does.
    """
    return pb.DynamicValue(msgpack=msgpack.packb(wire(value)))


def from_json(data: bytes) -> Any:
    """Read JSON as Terraform stores it, without losing a digit. Raises `ValueError` where it is no JSON."""
    try:
        return json.loads(data, parse_int=number, parse_float=number)
    except RecursionError:
        raise ValueError("too deep") from None


def number(value: Any) -> Any:
    """Read a number in any form in which it travels: int, float, text or already a `Decimal`.

    Null and unknown pass through. Raises `ValueError` for anything else.
    """
    if value is None or value is Unknown:
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    from decimal import Decimal  # late: nothing but whole numbers is in most of what Terraform sends

    if isinstance(value, bool) or not isinstance(value, (float, str, Decimal)):
        raise ValueError("not a number")
    if isinstance(value, float) and math.isinf(value):
        return value
    try:
        exact = Decimal(value)
    except ArithmeticError:
        raise ValueError("not a number") from None
    if not exact.is_finite():
        raise ValueError("not a number")
    if exact.adjusted() < _MOST_DIGITS and exact == exact.to_integral_value():
        return int(exact)
    return value if isinstance(value, float) and Decimal(repr(value)) == exact else exact


def numbers(value: Any, type_: Any) -> Any:
    """Read the numbers in a decoded value, however deep; everything else has to be what its type says.

    `type_` is a Terraform type constraint as JSON has it: `"number"`, `["list", "string"]`, `["object", {…}]`, ….
    Raises `ValueError` where there is something else in the place of a value of that type; no message holds it.
    """
    if value is None or value is Unknown or type_ == "dynamic":
        return value
    if type_ == "number":
        return number(value)
    if type_ == "string" and isinstance(value, str):
        return _whole_text(value)
    if type_ == "bool" and isinstance(value, bool):
        return value
    if isinstance(type_, str):
        raise ValueError(f"not a {type_}")
    kind, of = type_[0], type_[1]
    if kind in ("list", "set") and isinstance(value, list):
        return [numbers(element, of) for element in value]
    if kind == "tuple" and isinstance(value, list):
        return [numbers(element, element_type) for element, element_type in zip(value, of, strict=True)]
    if kind == "map" and isinstance(value, dict):
        return {numbers(key, "string"): numbers(element, of) for key, element in value.items()}
    if kind == "object" and isinstance(value, dict):
        return {key: numbers(element, of[key]) if key in of else element for key, element in value.items()}
    raise ValueError(f"not a {kind}")


def wire(value: Any) -> Any:
    """Turn a value into what msgpack packs as Terraform expects it.

    Whole numbers of more than 64 bits and what a 64-bit float cannot hold become decimal text; a `float` is taken for
    the decimal that Python prints for it, so 0.1 is the 0.1 of a configuration. Raises `TypeError` for a Python type
    without a counterpart, `ValueError` for NaN and for text that is not Unicode; no message holds the value.
    """
    if value is Unknown:
        return msgpack.ExtType(0, b"\x00")
    if isinstance(value, str):
        return _whole_text(value)
    # bytes: the type in front of a value whose type is only known at run time.
    if value is None or isinstance(value, (bool, bytes)):
        return value
    if isinstance(value, int) and _FIRST_OF_64_BITS <= value <= _LAST_OF_64_BITS:
        return int(value)
    if isinstance(value, (list, tuple, set, frozenset)):
        return [wire(element) for element in value]
    if isinstance(value, dict):
        return {wire(key): wire(element) for key, element in value.items()}
    from decimal import Decimal  # late, as in `number`

    if isinstance(value, (int, float, Decimal)):
        return _wire_number(value)
    raise TypeError(f"no Terraform value: {type(value).__name__}")


def _whole_text(value: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError("text with half a surrogate pair") from None
    return str(value)


def _wire_number(value: int | float | Decimal) -> int | float | str:
    from decimal import Decimal

    if isinstance(value, float) and math.isinf(value):
        return value
    exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not exact.is_finite():
        raise ValueError("not a number")
    if exact.adjusted() < 20 and exact == exact.to_integral_value() and _FIRST_OF_64_BITS <= exact <= _LAST_OF_64_BITS:
        return int(exact)
    if isinstance(value, int):
        return str(exact)
    try:
        nearest = float(exact)
    except OverflowError:
        return str(exact)
    return nearest if math.isfinite(nearest) and Decimal(nearest) == exact else str(exact)
