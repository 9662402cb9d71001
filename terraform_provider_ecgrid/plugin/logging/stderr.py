"""Logs in the form that Terraform reads from a plugin's stderr: hclog's, one JSON object per line.

Anything else that is printed there passes `fit_to_show` too, which takes out every secret that `conceal` registered.
"""

from __future__ import annotations

import io
import logging
import os
import sys
import threading
from collections.abc import Collection
from contextlib import suppress
from types import TracebackType
from typing import Any, TextIO

from terraform_provider_ecgrid.plugin.logging.redaction import fit_to_show

TRACE = 5
"""hclog's finest level, below `logging.DEBUG`."""

_log = logging.getLogger(__name__)

_LEVELS = {
    "trace": TRACE,
    "json": TRACE,
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warn": logging.WARNING,
    "error": logging.ERROR,
    "off": logging.WARNING,
}


def level_from_environment() -> int:
    """Return the level that TF_LOG_PROVIDER, else TF_LOG, asks for; warnings if neither does, or one says `off`.

    Any other word asks for everything, as it does in Terraform.
    """
    wanted = (os.environ.get("TF_LOG_PROVIDER") or os.environ.get("TF_LOG") or "off").strip().lower()
    return _LEVELS.get(wanted, TRACE)


def install(stream: TextIO | None = None, *, quiet: Collection[str] = ()) -> None:
    """Send every log record, warning and uncaught exception of this process to `stream` (stderr) as hclog lines.

    `quiet` names loggers of which nothing below a warning is shown, whatever the level: libraries that log what may
    be secret.
    """
    root = logging.getLogger()
    root.handlers[:] = [HclogHandler(sys.stderr if stream is None else stream, quiet)]
    if stream is None:
        _redact_what_is_printed()
    root.setLevel(level_from_environment())
    for name in quiet:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.captureWarnings(True)
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread
    sys.unraisablehook = _unraisable


class HclogHandler(logging.StreamHandler[TextIO]):
    """Writes hclog lines to a stream."""

    def __init__(self, stream: TextIO, quiet: Collection[str] = ()) -> None:
        super().__init__(stream)
        self._quiet = frozenset(quiet)
        self.addFilter(self._is_shown)

    def format(self, record: logging.LogRecord) -> str:
        """Return the line for a record, without its end."""
        if self.formatter is None:
            # Late: it takes 8 ms, and a process that has nothing to say does not need it.
            from terraform_provider_ecgrid.plugin.logging.hclog import HclogFormatter

            self.setFormatter(HclogFormatter())
        return super().format(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the name is logging's
        """Say that a record could not be written. `logging` itself would print its arguments as they are."""
        error = sys.exc_info()[1]
        # If that fails too, nobody reads any more: Terraform was killed.
        with suppress(Exception):
            note = logging.makeLogRecord({"name": record.name, "levelno": logging.ERROR, "created": record.created})
            note.msg = f"a log record of {record.pathname}:{record.lineno} could not be written"
            note.exc_info = None if error is None else (type(error), error, error.__traceback__)
            self.stream.write(self.format(note) + self.terminator)
            self.flush()

    def _is_shown(self, record: logging.LogRecord) -> bool:
        # The loggers' own levels say the same, and save the work; but anybody may set those.
        return record.levelno >= logging.WARNING or record.name.partition(".")[0] not in self._quiet


class RedactedStream(io.TextIOBase):
    """Writes text to another stream, line by line, fit to be shown."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()
        self._begun = ""  # a line that is not at its end: a secret may be written in pieces

    def write(self, text: str) -> int:
        """Write the lines that end in `text`; the rest of it waits for its end, or for `flush`."""
        with self._lock:
            lines, end, self._begun = (self._begun + text).rpartition("\n")
            if end:
                self._stream.write(fit_to_show(lines) + end)
        return len(text)

    def flush(self) -> None:
        """Write what is left, and flush the other stream."""
        with self._lock:
            begun, self._begun = self._begun, ""
            self._stream.write(fit_to_show(begun))
        self._stream.flush()

    def fileno(self) -> int:
        """Return the other stream's file descriptor."""
        return self._stream.fileno()

    def writable(self) -> bool:
        """Return true."""
        return True


def _redact_what_is_printed() -> None:
    own = sys.stderr
    if own is None or isinstance(own, RedactedStream):  # `None`: the process was started with its stderr closed
        return
    redacted = RedactedStream(own)
    if sys.stdout is own:
        sys.stdout = redacted
    sys.stderr = redacted


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    _log.error("uncaught exception", exc_info=(kind, error, trace))


def _uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None and args.exc_type is not SystemExit:
        _log.error("uncaught exception in a thread", exc_info=(args.exc_type, args.exc_value, args.exc_traceback))


def _unraisable(args: Any) -> None:
    error: BaseException | None = args.exc_value
    if error is not None:
        _log.error("exception that could not be raised", exc_info=(type(error), error, error.__traceback__))
