"""The shape of an answer: the names of its fields, their JSON types and lengths, and no value."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from terraform_provider_ecgrid.api._http import httpx
from terraform_provider_ecgrid.api._json import decoded

# A field's name that holds anything else, or many digits, may be a value, as in an object whose keys are addresses.
_NAME = re.compile(r"(?!(?:\D*\d){3})[A-Za-z][A-Za-z0-9_]{0,39}")
_SECRET = re.compile(r"pass|pwd|secret|token|key|auth|session|credential", re.IGNORECASE)
_MEDIA_TYPE = re.compile(r"[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,60}")
_LARGEST = 5_000_000
_DEEPEST = 6
_MOST_FIELDS = 60


@dataclass(frozen=True)
class Shape:
    """What one call was answered, without a value: method and path, the HTTP status, and the shape of the body."""

    call: str
    status: int
    body: str


def shape_of(call: str, response: httpx.Response) -> Shape:
    """Return the shape of an answer, its body's on one line.

    Text and lists have a length: `string(4)`, `2 x {…}`; what the entries of one list are is written once. The length
    of what may be a secret is omitted.

    Args:
        call: method and path.
        response: the answer, read to its end.
    """
    return Shape(re.sub(r"/[0-9]+", "/{id}", call), response.status_code, _body(response))


def _body(response: httpx.Response) -> str:
    size = len(response.content)
    body = decoded(response.content) if size <= _LARGEST else None
    if body is None:
        kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        named = kind if _MEDIA_TYPE.fullmatch(kind) else "no known type"
        return f"{size} bytes of {named}" if size else "no body"
    return _shape([body])


def _shape(values: Iterable[object], name: str = "", depth: int = 0) -> str:
    """Return what all of these values are, each kind once, in the order in which the kinds come."""
    kinds: dict[str, list[object]] = {}
    for value in values:
        kinds.setdefault(_kind(value), []).append(value)
    return " or ".join(_written(kind, ones, name, depth) for kind, ones in kinds.items())


def _written(kind: str, values: list[object], name: str, depth: int) -> str:
    if kind == "string":
        return kind if _SECRET.search(name) else f"{kind}({_range(len(str(value)) for value in values)})"
    if kind == "object":
        if depth == _DEEPEST:
            return "{…}"
        return f"{{{', '.join(_fields([one for one in values if isinstance(one, Mapping)], depth))}}}"
    if kind == "array":
        lists = [one for one in values if isinstance(one, list)]
        entries = [entry for one in lists for entry in one]
        count = _range(map(len, lists))
        return f"{count} x {_shape(entries, name, depth + 1) if depth < _DEEPEST else '…'}" if entries else "[]"
    return kind


def _fields(objects: list[Mapping[str, object]], depth: int) -> Iterator[str]:
    found: dict[str, list[object]] = {}
    for one in objects:
        for name, value in one.items():
            found.setdefault(name if _NAME.fullmatch(name) else "(another name)", []).append(value)
    for name, values in list(found.items())[:_MOST_FIELDS]:
        # Not of every entry of a list.
        optional = "?" if len(values) < len(objects) else ""
        yield f"{name}{optional}: {_shape(values, name, depth + 1)}"
    if len(found) > _MOST_FIELDS:
        yield "…"


def _kind(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, list) else "object"


def _range(lengths: Iterable[int]) -> str:
    known = sorted(set(lengths))
    return str(known[0]) if len(known) == 1 else f"{known[0]}-{known[-1]}"
