"""A model and field types that read an answer tolerantly.

An empty text, or a value of another type, in a field that nothing depends on becomes None, so that it does not cost the
whole answer: the client is not tested against the live service. Only what identifies a record is strict.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, ClassVar

from pydantic import (
    AliasGenerator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    model_validator,
)
from pydantic.alias_generators import to_camel

from terraform_provider_ecgrid.api._left_out import left_out
from terraform_provider_ecgrid.api.enums import MAX_ID, AuthLevel, Direction, HttpAuthType, Objects, Status

# No plugin of pydantic's is wanted, and what it looks for them with takes 3 ms to load.
with suppress(ImportError), left_out({"importlib.metadata": {"entry_points": lambda **_: ()}}):
    import pydantic.plugin._loader  # noqa: F401 - loaded, not used

EARLIEST = datetime.min.replace(tzinfo=UTC)
"""Stands for an unknown instant when records are sorted by age."""

_DIGITS = re.compile(r"[+-]?[0-9]{1,19}")
_HALF_A_PAIR = re.compile("[\ud800-\udfff]")
_LARGEST = 2**63 - 1


def whole_number(value: object) -> int | None:
    """The whole number in `value` (an int, an integral float or a string of decimal digits), else None.

    What 64 bits do not hold is none: the API has no such number, and it could not be calculated with.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        value = int(value) if _DIGITS.fullmatch(value.strip()) else None
    elif isinstance(value, float):
        value = int(value) if value.is_integer() else None
    return value if isinstance(value, int) and -_LARGEST - 1 <= value <= _LARGEST else None


def is_usable_id(value: object) -> bool:
    """Say whether a value can be the id of a callback."""
    number = whole_number(value)
    return number is not None and 1 <= number <= MAX_ID


def moment(text: str | None) -> datetime | None:
    """The instant that an ISO 8601 text names, in UTC if it names no offset; None for anything else."""
    try:
        value = datetime.fromisoformat((text or "").strip())
    except ValueError:
        return None
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def _identifier(value: object) -> int:
    number = whole_number(value)
    if number is None:
        raise ValueError("not a whole number")
    return number


def _text(value: object) -> str | None:
    """The text in `value`, None if it has none. Half a surrogate pair could neither be stored nor sent on."""
    return _HALF_A_PAIR.sub("\ufffd", value) if isinstance(value, str) and value else None


def _in_scope(value: object) -> int | None:
    number = whole_number(value)
    return number if number is not None and 0 <= number <= MAX_ID else None


def _spelled(enumeration: type[StrEnum], numbered: int | None = None) -> Callable[[object], str | None]:
    """Read a value by its name in any case, or by its number, in the order of the members, of the first `numbered`."""
    names = [member.value for member in enumeration]
    spellings = {name.casefold(): name for name in names}
    by_number = dict(enumerate(names[:numbered]))

    def read(value: object) -> str | None:
        if isinstance(value, str) and not value.strip().isdecimal():
            return spellings.get(value.casefold(), _text(value))
        number = whole_number(value)
        return None if number is None else by_number.get(number)

    return read


_auth_type_name = _spelled(HttpAuthType)


def _auth_type(value: object) -> str | None:
    """Read `httpAuthType`, or the type alone of an `httpAuthentication`, which holds credentials beside it."""
    if isinstance(value, Mapping):
        value = next((part for name, part in value.items() if str(name).casefold() == "type"), None)
    return _auth_type_name(value)


def _or_none(value: object, read: ValidatorFunctionWrapHandler) -> object:
    try:
        return read(value)
    except ValidationError:
        return None


Identifier = Annotated[int, BeforeValidator(_identifier), Field(ge=1, le=MAX_ID)]
OptionalNumber = Annotated[int | None, BeforeValidator(whole_number)]
OptionalText = Annotated[str | None, BeforeValidator(_text)]
RequiredText = Annotated[str, BeforeValidator(_text)]
LongIdentifier = Annotated[int, BeforeValidator(_identifier), Field(ge=1, le=_LARGEST)]
ScopeNumber = Annotated[int | None, BeforeValidator(_in_scope)]
# The vendor's lists of `Objects` differ beyond the first eleven, so a larger number says nothing.
EventName = Annotated[str | None, BeforeValidator(_spelled(Objects, numbered=11))]
StatusName = Annotated[str | None, BeforeValidator(_spelled(Status))]
AuthTypeName = Annotated[str | None, BeforeValidator(_auth_type)]
DirectionName = Annotated[str | None, BeforeValidator(_spelled(Direction))]
AuthLevelName = Annotated[str | None, BeforeValidator(_spelled(AuthLevel))]
OR_NONE = WrapValidator(_or_none)


class Answer(BaseModel):
    """What came back.

    `spellings` gives the other names of a field, in the order in which they count after its own. What is null, and an
    id of a callback that cannot be one, hides no other spelling.
    """

    model_config = ConfigDict(
        alias_generator=AliasGenerator(alias=to_camel),
        populate_by_name=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        defer_build=True,  # a run needs few of the models, and Terraform waits for the import
    )
    spellings: ClassVar[Mapping[str, tuple[str, ...]]] = {}

    @model_validator(mode="before")
    @classmethod
    def _known_names(cls, data: Any) -> Any:
        if not isinstance(data, Mapping):
            return data
        come = {folded(name): value for name, value in data.items()}
        found: dict[str, Any] = {}
        for alias, names, is_id in _names_of(cls):
            values = [data[name] if name in data else come[folded] for name, folded in names if folded in come]
            if values:
                given = [value for value in values if value is not None] or [None]
                found[alias] = next(filter(is_usable_id, given), given[0]) if is_id else given[0]
        return found


@cache
def _names_of(model: type[Answer]) -> tuple[tuple[str, tuple[tuple[str, str], ...], bool], ...]:
    """Return each field's alias, its names as they are and folded, and whether it is a callback's id."""
    named = []
    for field, info in model.model_fields.items():
        alias = info.alias or field
        names = dict.fromkeys((alias, *model.spellings.get(field, ()), field))
        named.append((alias, tuple((name, folded(name)) for name in names), field == "callback_id"))
    return tuple(named)


def folded(name: object) -> str:
    """Return the name of a field without case and underscores."""
    return str(name).replace("_", "").casefold()
