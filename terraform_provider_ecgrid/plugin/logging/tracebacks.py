"""What a log may show of an exception: the frames and the types, never its text, which may hold what the user typed."""

from __future__ import annotations

import traceback
from collections.abc import Iterator


def traceback_of(error: BaseException) -> str:
    """Return the frames and the type of an exception and of everything that led to it."""
    return "".join(_parts(error))


def _parts(error: BaseException, seen: frozenset[int] = frozenset()) -> Iterator[str]:
    seen |= {id(error)}
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None and id(cause) not in seen:
        yield from _parts(cause, seen)
        yield "which led to\n"
    yield from traceback.extract_tb(error.__traceback__).format()
    kind = type(error)
    yield f"{kind.__module__}.{kind.__qualname__}\n"
    if isinstance(error, BaseExceptionGroup):
        for number, member in enumerate(error.exceptions, 1):
            if id(member) not in seen:
                yield f"number {number} of the group\n"
                yield from _parts(member, seen)
