"""JSON as nobody should write it: strategies for values, for mutations of a valid one, and for their bytes."""

from __future__ import annotations

import copy
import json
import re
import string
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, quote_plus

from hypothesis import strategies as st

SCALARS: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from((0, 1, -1, 2**31 - 1, 2**31, 2**63, 10**400, 7001, 200)),
    st.floats(),
    st.sampled_from(("", "7001", "Active", "true", "2026-05-07T09:00:00Z", "0001-01-01T00:00:00+14:00", "\ud800")),
    st.text(max_size=8),
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=8,
)

_TOKENS = (b"1e999", b"-1e999", b"1" * 5000, b"NaN", b"-Infinity", b"0." + b"1" * 400, b'"\\ud800"', b'"\x00"')
_DEEP = (b"[" * 100_000, b'{"data":' * 50_000, b"[" * 5_000 + b"]" * 5_000, b'{"a":' * 5_000 + b"1" + b"}" * 5_000)

# By index, because Hypothesis prints what a strategy samples from.
TOKENS = st.integers(0, len(_TOKENS) - 1).map(_TOKENS.__getitem__)
"""JSON, or nearly, that Python's `json.dumps` never writes."""
DEEP = st.integers(0, len(_DEEP) - 1).map(_DEEP.__getitem__)
"""JSON, or nearly, that is nested beyond what any reader follows."""

_TOKEN = "a token stands here"


def spots(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every container in `value` with each of its keys or indexes."""
    for key in list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield value, key
        yield from spots(value[key])


@st.composite
def mutated(draw: st.DrawFn, valid: Any, leaves: st.SearchStrategy[Any] = JSON) -> Any:
    """`valid` with up to four fields dropped, retyped, renamed or nested deeper."""
    root = {"": copy.deepcopy(valid)}
    for _ in range(draw(st.integers(0, 4))):
        found = list(spots(root))
        if not found:
            break
        held, key = draw(st.sampled_from(found))
        change = draw(st.sampled_from(("drop", "retype", "rename", "nest", "list")))
        if change == "retype":
            held[key] = draw(leaves)
        elif change == "nest":
            held[key] = {draw(st.sampled_from(("data", "a", ""))): held[key]}
        elif change == "list":
            held[key] = [held[key]] * draw(st.integers(0, 3))
        elif key != "":
            value = held.pop(key)
            if change == "rename" and isinstance(held, dict):
                held[draw(st.sampled_from((key.upper(), key + "x", f"_{key}", "")))] = value
    return root.get("")


@st.composite
def as_bytes(draw: st.DrawFn, values: st.SearchStrategy[Any]) -> bytes:
    """The JSON of a value: in some encoding, with a key twice, with a token in it that Python would not write."""
    value = draw(values)
    found = list(spots({"": value}))
    trick = draw(st.sampled_from(("none", "none", "token", "twice", "cut")))
    if trick == "token" and len(found) > 1:
        held, key = draw(st.sampled_from(found[1:]))
        held[key] = _TOKEN
    text = json.dumps(value, ensure_ascii=draw(st.booleans()))
    if trick == "twice" and isinstance(value, dict) and value:
        again = json.dumps({draw(st.sampled_from(sorted(value))): draw(SCALARS)})
        text = f"{text[:-1]}, {again[1:]}"
    data = text.encode(
        draw(st.sampled_from(("utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-32"))), "surrogatepass"
    )
    if trick == "cut":
        return data[: draw(st.integers(0, len(data)))]
    return data.replace(json.dumps(_TOKEN).encode(), draw(TOKENS))


def quoted(text: str) -> dict[str, str]:
    """The ways in which a server may write `text` into its own words, by name."""
    escaped = json.dumps(text)[1:-1]
    return {
        "plain": text,
        "JSON": escaped,
        "JSON in UTF-8": json.dumps(text, ensure_ascii=False)[1:-1],
        "JSON with \\/": escaped.replace("/", "\\/"),
        "JSON of .NET": _dotnet(text),
        "URL": quote(text),
        "URL component": quote(text, safe=""),
        "URL component in lower case": _lower(quote(text, safe="")),
        "form": quote_plus(text),
    }


def _dotnet(text: str) -> str:
    """As System.Text.Json writes it unless told otherwise."""
    kept = set(string.printable) - set("\"&'+<>`\\") - set(string.whitespace) | {" "}
    short = {"\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
    return "".join(c if c in kept else short.get(c) or _units(c) for c in text)


def _units(char: str) -> str:
    data = char.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{data[i : i + 2].hex().upper()}" for i in range(0, len(data), 2))


def _lower(url: str) -> str:
    return re.sub("%[0-9A-F]{2}", lambda code: code[0].lower(), url)
