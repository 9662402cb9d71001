from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgpack
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tf.types import Unknown

from terraform_provider_ecgrid.plugin.codec import values
from terraform_provider_ecgrid.plugin.protocol import plugin6_pb2 as pb

DECIMALS = st.decimals(allow_nan=False, allow_infinity=False)
NUMBERS = st.integers() | st.integers(-(2**80), 2**80) | st.floats(allow_nan=False) | DECIMALS
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
NOT_NUMBERS = st.none() | st.just(Unknown) | st.booleans() | TEXT
TREES = st.recursive(NOT_NUMBERS, lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner), max_leaves=20)


def sent(value: Any) -> Any:
    """What msgpack makes of a value on its way to Terraform."""
    return msgpack.unpackb(values.encode(value).msgpack)


@given(TREES)
def test_values_come_back_as_they_were(value: Any) -> None:
    assert values.decode(values.encode(value)) == value


@given(st.floats(allow_nan=False))
def test_floats_from_terraform_go_back_bit_for_bit(value: float) -> None:
    assert float(sent(values.number(values.decode(pb.DynamicValue(msgpack=msgpack.packb(value)))))) == value


@given(DECIMALS)
def test_decimal_texts_from_terraform_go_back_as_the_same_number(value: Decimal) -> None:
    assert Decimal(sent(values.number(str(value)))) == value


@pytest.mark.parametrize(
    ("value", "wire"),
    [
        (2**63 - 1, 2**63 - 1),
        (2**64 - 1, 2**64 - 1),
        (2**64, "18446744073709551616"),
        (-(2**63), -(2**63)),
        (-(2**63) - 1, "-9223372036854775809"),
        (0.5, 0.5),
        (Decimal("0.1"), "0.1"),
        (float("inf"), float("inf")),
        (True, True),
        ((1, 2), [1, 2]),
        (Unknown, msgpack.ExtType(0, b"\x00")),
    ],
)
def test_what_travels(value: Any, wire: Any) -> None:
    travelled = sent(value)
    assert (travelled, type(travelled)) == (wire, type(wire))


@pytest.mark.parametrize(
    ("received", "value", "back"),
    [
        ("18446744073709551616", 2**64, "18446744073709551616"),
        (2.0**70, 2**70, "1180591620717411303424"),
        ("1" + "0" * 400, 10**400, "1" + "0" * 400),
        ("9" * 5000, Decimal("9" * 5000), "9" * 5000),
        ("0.1", Decimal("0.1"), "0.1"),
        ("-1.1", Decimal("-1.1"), "-1.1"),
        (0.5, 0.5, 0.5),
        (0.1, 0.1, 0.1),
        (Unknown, Unknown, msgpack.ExtType(0, b"\x00")),
        (None, None, None),
        (float("inf"), float("inf"), float("inf")),
    ],
)
def test_what_a_number_is_read_as_and_goes_back_as(received: Any, value: Any, back: Any) -> None:
    read = values.number(received)
    assert (read, type(read)) == (value, type(value))
    assert sent(read) == back


@pytest.mark.parametrize("received", [True, "secret", "NaN", "Infinity", "", [], {}])
def test_what_is_no_number(received: Any) -> None:
    with pytest.raises(ValueError, match="not a number"):
        values.number(received)


@pytest.mark.parametrize("code", [0, 1, 12, 99])
def test_every_extension_is_unknown(code: int) -> None:
    refined = msgpack.packb({1: False, 2: "https://"})
    data = msgpack.packb({"url": msgpack.ExtType(code, refined)})
    assert values.decode(pb.DynamicValue(msgpack=data)) == {"url": Unknown}


def test_null_is_nil_and_absent_is_null() -> None:
    assert values.encode(None).msgpack == b"\xc0"
    assert values.decode(pb.DynamicValue(msgpack=b"\xc0")) is None
    assert values.decode(pb.DynamicValue()) is None
    assert values.decode(pb.DynamicValue(json=b"null")) is None


@pytest.mark.parametrize("field", ["msgpack", "json"])
def test_garbage_is_a_value_error(field: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whose error it is does not matter
        values.decode(pb.DynamicValue(**{field: b"\x92\x01"}))


def test_json_numbers_keep_their_digits() -> None:
    digits = "9" * 5000
    read = values.from_json(f"[0.1, 12345678901234567890.5, 1e400, -{2**70}, {digits}]".encode())
    assert read == [Decimal("0.1"), Decimal("12345678901234567890.5"), 10**400, -(2**70), Decimal(digits)]


def test_numbers_are_read_by_type_however_deep() -> None:
    type_ = [
        "object",
        {
            "n": "number",
            "s": "string",
            "l": ["list", "number"],
            "m": ["map", ["set", "number"]],
        },
    ]
    value = {"n": "1", "s": "1", "l": ["2", Unknown, None], "m": {"a": ["3"]}, "extra": "6"}
    assert values.numbers(value, type_) == {
        "n": 1,
        "s": "1",
        "l": [2, Unknown, None],
        "m": {"a": [3]},
        "extra": "6",
    }
    assert values.numbers(Unknown, type_) is Unknown
    with pytest.raises(ValueError, match="not a list"):
        values.numbers({"l": "secret"}, type_)


def test_what_cannot_travel_is_named_by_its_type_alone() -> None:
    with pytest.raises(TypeError, match=r"^no Terraform value: object$"):
        values.encode({"a": [object()]})
    with pytest.raises(ValueError, match="surrogate"):
        values.encode("\ud800")
