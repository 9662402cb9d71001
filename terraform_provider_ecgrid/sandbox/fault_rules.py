"""Faults as a person writes them on the command line: `create:2:reset-after`.

    CALL:WHICH:WHAT[,WHAT…]

CALL is one of `faults.CALLS`, or `*` for any. WHICH selects among its requests, counted from the sandbox's start; a
repeated attempt counts:

    2         the second                         10%       each with a chance of one in ten
    1-3       the first to the third             10%@42    the same with a seed, which selects the same ones every time
    2-        the second and all that follow     *         all

WHAT says how they fail:

    503             an error with this status, in the API's envelope
    errorCode=X     the API's code of the error; without a status, the one that the code usually has
    message=X       the error's message; it is the rest of the rule, commas included
    Retry-After=1   a header; its name starts with a capital letter
    html            a page of HTML instead of JSON; 502 unless a status is given
    echo            an error that quotes the whole request with its key and body; 400 unless a status is given
    carried-out     the call is carried out before it fails
    reset-before    the connection is reset, and the call is not carried out
    reset-after     the call is carried out, then the connection is reset
    cut-off         half of the answer, then the connection is closed
    latency=2       the answer is delayed by 2 seconds
"""

import random
import re
from collections.abc import Mapping
from typing import Any

from terraform_provider_ecgrid.sandbox.errors import STATUS_OF
from terraform_provider_ecgrid.sandbox.faults import CALLS, Fault

_MESSAGE = "A --fault rule of the sandbox caused this error."
_HTML = (
    "<!DOCTYPE html>\n<html><head><title>Bad gateway</title></head>"
    "<body><h1>Bad gateway</h1><p>A --fault rule of the sandbox caused this page.</p></body></html>\n"
)
_LONGEST = 3600
_WORDS: Mapping[str, Mapping[str, object]] = {
    "html": {"body": _HTML},
    "echo": {"echo": True},
    "carried-out": {"carried_out": True},
    "reset-before": {"reset": True},
    "reset-after": {"reset": True, "carried_out": True},
    "cut-off": {"truncate": True},
}
_RESETS = {"reset-before", "reset-after"}
_WHAT = (
    f"a status (503), {', '.join(_WORDS)}, latency=SECONDS, errorCode=WORD, message=TEXT or a header (Retry-After=1)"
)
_WITHOUT_BODY = (204, 205, 304)
# These tell a client where an answer ends, so the sandbox sets them; `cut-off` breaks an answer off.
_FRAMING = ("Content-Length", "Transfer-Encoding", "Connection")


class FaultRuleError(ValueError):
    """A rule that cannot be used: one sentence that names the part and what to write instead."""


def parse(rule: str) -> Fault:
    """Read one rule; its grammar is at the top of this module. Raises `FaultRuleError`.

    A chance without a seed gets one, which the fault's `rule` shows, so that the run can be repeated.
    """
    parts = rule.split(":", 2)
    if len(parts) != 3:
        raise FaultRuleError(f"{rule!r} is not a rule: write CALL:WHICH:WHAT, for example create:2:reset-after")
    call, which, what = parts
    if call != "*" and call not in CALLS:
        raise _unusable(rule, call, f"is not a call: use * or one of {', '.join(sorted(CALLS))}")
    hits = _which(rule, which)
    if "probability" in hits:
        which = f"{which.partition('@')[0]}@{hits['seed']}"
    settings = {"message": _MESSAGE} | _what(rule, what)
    return Fault(call, **hits, **settings, rule=f"{call}:{which}:{what}")


def _which(rule: str, which: str) -> dict[str, Any]:
    """Read which requests fail, as settings of `Fault`."""
    if which == "*":
        return {"times": None}
    if chance := re.fullmatch(r"([0-9]{1,3}(?:\.[0-9]{1,9})?)%(?:@([0-9]{1,18}))?", which):
        percent, seed = chance.groups()
        if not 0 < float(percent) <= 100:
            raise _unusable(rule, which, "is not a valid chance: use a value above 0% and at most 100%")
        seed = seed or random.randrange(1_000_000)  # noqa: S311 - it keeps no secret
        return {"times": None, "probability": float(percent) / 100, "seed": int(seed)}
    numbers = re.fullmatch(r"([1-9][0-9]{0,8})(-?)([1-9][0-9]{0,8})?", which)
    if not numbers or (numbers[3] and (not numbers[2] or int(numbers[3]) < int(numbers[1]))):
        raise _unusable(
            rule, which, "does not select requests: use 2, 1-3, 2-, * or a chance (10%, or 10%@42 with a seed)"
        )
    first, to, last = numbers.groups()
    times = None if to and not last else int(last or first) - int(first) + 1
    return {"first": int(first), "times": times}


def _what(rule: str, what: str) -> dict[str, Any]:
    """Read how they fail, as settings of `Fault`."""
    message = re.fullmatch(r"(?:(.*?),)?(message=.*)", what, re.DOTALL)
    before = message[1] if message else what
    settings: dict[str, Any] = {}
    headers: dict[str, str] = {}
    given: dict[str, str] = {}
    for piece in [*(before.split(",") if before is not None else ()), *([message[2]] if message else ())]:
        name = piece.partition("=")[0]
        if re.fullmatch(r"[A-Z][A-Za-z0-9-]*=.*", piece, re.DOTALL):
            headers[name] = _header(rule, piece)
        else:
            settings |= _setting(rule, piece)
        name = "status" if piece.isdigit() else name
        if name.lower() in given:
            raise _unusable(rule, piece, f"sets {name} for the second time: set it once")
        given[name.lower()] = name
    _check_together(rule, given, settings)
    if "html" in given:
        settings = {"status": 502} | settings
        headers = {"Content-Type": "text/html; charset=utf-8"} | headers
    return settings | {"headers": headers}


def _setting(rule: str, piece: str) -> Mapping[str, object]:
    name, _, value = piece.partition("=")
    if piece in _WORDS:
        return _WORDS[piece]
    if re.fullmatch(r"[0-9]+", piece):
        if not re.fullmatch(r"[2-5][0-9]{2}", piece) or int(piece) in _WITHOUT_BODY:
            raise _unusable(rule, piece, "is not a status that works here: use 200 to 599, except 204, 205 and 304")
        return {"status": int(piece)}
    if name == "latency":
        if not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,6})?", value) or not 0 < float(value) <= _LONGEST:
            raise _unusable(
                rule,
                piece,
                f"is not a valid latency: use seconds above 0 and at most {_LONGEST}, for example latency=0.5",
            )
        return {"delay": float(value)}
    if name == "errorCode":
        if not re.fullmatch(r"[A-Za-z]{1,64}", value):
            raise _unusable(rule, piece, f"is not an error code: use one word, for example {', '.join(STATUS_OF)}")
        return {"error_code": value}
    if name == "message":
        if not value.isprintable() or not value:
            raise _unusable(rule, piece, "is not a valid message: use printable text")
        return {"message": value}
    raise _unusable(rule, piece, f"is not a failure: use {_WHAT}")


def _header(rule: str, piece: str) -> str:
    name, _, value = piece.partition("=")
    if name.title() in _FRAMING:
        raise _unusable(rule, piece, f"is a header that the sandbox sets: use any header except {', '.join(_FRAMING)}")
    if not (value.isascii() and value.isprintable() and value == value.strip()):
        raise _unusable(rule, piece, "is not a valid header: use printable ASCII without spaces around it")
    return value


def _check_together(rule: str, given: Mapping[str, str], settings: Mapping[str, Any]) -> None:
    """Refuse parts that exclude each other. `given` has each part's name in lower case, and as it was written."""
    names = set(given)
    failing = bool(names & {"status", "errorcode", "html", "echo"})
    code = settings.get("error_code")
    if resets := names & _RESETS:
        reset = min(resets)
        if more := names - {reset, "latency"}:
            raise _unusable(
                rule, _listed(given, more), f"cannot be combined with {reset}, which sends no answer: only latency can"
            )
    if "html" in names and (more := names & {"echo", "errorcode", "message"}):
        raise _unusable(rule, _listed(given, more), "cannot be combined with html: only a status and headers can")
    if {"echo", "message"} <= names:
        raise _unusable(rule, "message", "cannot be combined with echo: only a status, errorCode and headers can")
    for name in sorted(names & {"carried-out", "message"}):
        if not failing:
            raise _unusable(rule, name, "needs a failure: add a status, errorCode, html or echo")
    if code and "status" not in names and code not in STATUS_OF:
        raise _unusable(
            rule, f"errorCode={code}", f"has no usual status: add a status, or use one of {', '.join(STATUS_OF)}"
        )


def _listed(given: Mapping[str, str], names: set[str]) -> str:
    return ", ".join(given[name] for name in sorted(names))


def _unusable(rule: str, part: str, why: str) -> FaultRuleError:
    return FaultRuleError(f"{part!r} in {rule!r} {why}")
