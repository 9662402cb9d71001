"""Logs in the form that Terraform reads from a plugin's stderr: hclog's, one JSON object a line.

A traceback is the frames and the exceptions' types, chained ones too, and never an exception's text: it may hold what
the user typed. `redact` then takes out every secret that was registered with `conceal`.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import suppress
from types import TracebackType
from typing import Any, TextIO

from .redaction import MASK, conceal, redact

__all__ = [
    "MASK",
    "TRACE",
    "HclogFormatter",
    "HclogHandler",
    "conceal",
    "install",
    "level_from_environment",
    "redact",
]

TRACE = 5
"""hclog's finest level, below `logging.DEBUG`."""

_log = logging.getLogger(__name__)

_LEVELS = {"trace": TRACE, "json": TRACE, "debug": logging.DEBUG, "info": logging.INFO, "warn": logging.WARNING}
_LEVELS["error"] = logging.ERROR

# Below a warning these write whole URLs or every frame of a connection, and a callback's URL may carry a token.
_QUIET = ("httpx", "httpcore", "grpc")

# Terraform reads a line of up to 64 KiB as a record; a longer one would show as raw text.
_LONGEST_TEXT = 12_000

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def level_from_environment() -> int:
    """Return the level that TF_LOG_PROVIDER, else TF_LOG, asks for; warnings where neither does, or one says `off`."""
    wanted = os.environ.get("TF_LOG_PROVIDER") or os.environ.get("TF_LOG") or ""
    return _LEVELS.get(wanted.strip().lower(), logging.WARNING)


def install(stream: TextIO | None = None) -> None:
    """Send every log record, warning and uncaught exception of this process to `stream` (stderr) as hclog lines."""
    root = logging.getLogger()
    root.handlers[:] = [HclogHandler(sys.stderr if stream is None else stream)]
    root.setLevel(level_from_environment())
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.captureWarnings(True)
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread
    sys.unraisablehook = _unraisable


class HclogFormatter(logging.Formatter):
    """Writes a record as one line: `@level`, `@message`, `@module`, `@timestamp`, its extra fields, its traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, without its end."""
        import json  # late: a process that has nothing to say does not need it

        fields: dict[str, object] = {
            name: value if isinstance(value, bool | int | float | None) else _clean(str(value))
            for name, value in vars(record).items()
            if name not in _STANDARD and not name.startswith("@")
        }
        fields |= {
            "@level": _level_name(record.levelno),
            "@message": _clean(record.getMessage()),
            "@module": record.name,
            "@timestamp": _timestamp(record.created),
        }
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            fields["traceback"] = _clean("".join(_traceback(error)), keep_end=True)
        return json.dumps(fields)


class HclogHandler(logging.StreamHandler[TextIO]):
    """Writes hclog lines to a stream."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__(stream)
        self.setFormatter(HclogFormatter())
        self.addFilter(_allowed)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the name is logging's
        """Say that a record could not be written. `logging` itself would print its arguments as they are."""
        error = sys.exc_info()[1]
        # Where that fails too nobody reads any more: a Terraform that was killed.
        with suppress(Exception):
            note = logging.makeLogRecord({"name": record.name, "levelno": logging.ERROR, "created": record.created})
            note.msg = f"a log record of {record.pathname}:{record.lineno} could not be written"
            note.exc_info = None if error is None else (type(error), error, error.__traceback__)
            self.stream.write(self.format(note) + self.terminator)
            self.flush()


def _allowed(record: logging.LogRecord) -> bool:
    # The loggers' own levels say the same, and save the work; but anybody may set those.
    return record.levelno >= logging.WARNING or record.name.partition(".")[0] not in _QUIET


def _level_name(level: int) -> str:
    if level >= logging.ERROR:
        return "error"
    if level >= logging.WARNING:
        return "warn"
    if level >= logging.INFO:
        return "info"
    return "debug" if level >= logging.DEBUG else "trace"


def _timestamp(seconds: float) -> str:
    whole, micro = divmod(round(seconds * 1_000_000), 1_000_000)
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(whole)) + f".{micro:06d}Z"


def _clean(text: str, *, keep_end: bool = False) -> str:
    text = redact(text)  # before it is cut, else half a secret would be left
    if len(text) <= _LONGEST_TEXT:
        return text
    return "… " + text[-_LONGEST_TEXT:] if keep_end else text[:_LONGEST_TEXT] + " …"


def _traceback(error: BaseException, seen: frozenset[int] = frozenset()) -> Iterator[str]:
    seen |= {id(error)}
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None and id(cause) not in seen:
        yield from _traceback(cause, seen)
        yield "which led to\n"
    yield from traceback.extract_tb(error.__traceback__).format()
    kind = type(error)
    yield f"{kind.__module__}.{kind.__qualname__}\n"
    if isinstance(error, BaseExceptionGroup):
        for number, member in enumerate(error.exceptions, 1):
            if id(member) not in seen:
                yield f"number {number} of the group\n"
                yield from _traceback(member, seen)


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    _log.error("uncaught exception", exc_info=(kind, error, trace))


def _uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None and args.exc_type is not SystemExit:
        _log.error("uncaught exception in a thread", exc_info=(args.exc_type, args.exc_value, args.exc_traceback))


def _unraisable(args: Any) -> None:
    error: BaseException | None = args.exc_value
    if error is not None:
        _log.error("exception that could not be raised", exc_info=(type(error), error, error.__traceback__))
