"""Formats a log record as hclog does, on python-json-logger: fields, message and level in one JSON object.

Loaded with the first record, which most processes never have: the formatter takes 8 ms of a start-up, structlog twice
that.

Every text passes `fit_to_show`.
"""

from __future__ import annotations

import logging
import math
import time
from types import TracebackType
from typing import Any

from pythonjsonlogger.json import JsonFormatter

from terraform_provider_ecgrid.plugin.logging.redaction import fit_to_show
from terraform_provider_ecgrid.plugin.logging.tracebacks import traceback_of

_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]

_TRACEBACK = "traceback"

# Terraform reads a line of up to 64 KiB as a record and shows a longer one as raw text.
_LONGEST_TEXT = 12_000


class HclogFormatter(JsonFormatter):
    """Writes a record as one line: `@level`, `@message`, `@module`, `@timestamp`, its extra fields, its traceback."""

    def __init__(self) -> None:
        # Only the extra fields: the others have hclog's names and are added below.
        super().__init__([], rename_fields={"exc_info": _TRACEBACK})

    def add_fields(self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]) -> None:
        """Collect what the line holds."""
        if not record.exc_info or not record.exc_info[1]:
            # What is left there was written by another formatter, with the exception's text.
            message_dict = {name: value for name, value in message_dict.items() if name != "exc_info"}
        super().add_fields(log_data, record, message_dict)
        # hclog's own names last, so that no field can take their place.
        log_data |= {
            "@level": _level_name(record.levelno),
            "@message": record.getMessage(),
            "@module": record.name,
            "@timestamp": _timestamp(record.created),
        }

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        """Make every text fit to be shown, and make text of what hclog has no type for."""
        return {name: _clean(value, keep_end=name == _TRACEBACK) for name, value in log_data.items()}

    def formatException(self, ei: _ExcInfo) -> str:  # noqa: N802 - the name is logging's
        """Return the frames and types of an exception and of what led to it."""
        return "" if ei[1] is None else traceback_of(ei[1])


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


def _clean(value: object, *, keep_end: bool = False) -> object:
    # JSON has no NaN and no infinity: a line that held one would be raw text to Terraform.
    if value is None or isinstance(value, bool | int) or (isinstance(value, float) and math.isfinite(value)):
        return value
    text = fit_to_show(str(value))  # before it is cut: half a secret would be left otherwise
    if len(text) <= _LONGEST_TEXT:
        return text
    return "… " + text[-_LONGEST_TEXT:] if keep_end else text[:_LONGEST_TEXT] + " …"
