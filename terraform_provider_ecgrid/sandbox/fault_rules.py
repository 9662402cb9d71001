"""Faults as a person writes them on the command line: `create:2:reset-after`.

    CALL:WHICH:WHAT[,WHAT…]

CALL is one of `faults.CALLS`, or `*` for any. WHICH are its requests, repetitions included, counted from the sandbox's
start:

    2         the second                         10%       each by chance
    1-3       the first to the third             10%@42    by the same chance every time
    2-        the second and all that follow     *         all

WHAT goes wrong:

    503             an error with this status, in the API's envelope
    errorCode=X     the API's word for an error; alone with its usual status
    message=X       the error's message; it takes the rest of the rule, commas included
    Retry-After=1   a header; its name starts with a capital letter
    html            a page of HTML instead of JSON, with 502 unless a status is given
    echo            an error that quotes the whole request, key and body; with 400 unless a status is given
    carried-out     the call is carried out before it fails
    reset-before    the connection is reset, the call is not carried out
    reset-after     the call is carried out, then the connection is reset
    cut-off         half of the answer, then the connection is closed
    latency=2       the answer comes 2 seconds late
"""

import random
import re
from collections.abc import Mapping
from typing import Any

from terraform_provider_ecgrid.sandbox.errors import STATUS_OF
from terraform_provider_ecgrid.sandbox.faults import CALLS, Fault

_MESSAGE = "This failure was asked for by a --fault rule of the sandbox."
_HTML = (
    "<!DOCTYPE html>\n<html><head><title>Bad gateway</title></head>"
    "<body><h1>Bad gateway</h1><p>The sandbox was asked for this page by a --fault rule.</p></body></html>\n"
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
# What tells where an answer ends is no header to choose; `cut-off` is for that.
_FRAMING = ("Content-Length", "Transfer-Encoding", "Connection")


class FaultRuleError(ValueError):
    """A rule that cannot be used: one sentence that names the part and what is allowed."""


def parse(rule: str) -> Fault:
    """Read one rule; its grammar is at the top of this module. Raises `FaultRuleError`.

    A probability without a seed gets one, which is in the fault's `rule`, so that the run can be repeated.
    """
    parts = rule.split(":", 2)
    if len(parts) != 3:
        raise FaultRuleError(f"{rule!r} is no rule: CALL:WHICH:WHAT is allowed, such as create:2:reset-after")
    call, which, what = parts
    if call != "*" and call not in CALLS:
        raise _unusable(rule, call, f"is no call: allowed are * and {', '.join(sorted(CALLS))}")
    hits = _which(rule, which)
    if "probability" in hits:
        which = f"{which.partition('@')[0]}@{hits['seed']}"
    settings = {"message": _MESSAGE} | _what(rule, what)
    return Fault(call, **hits, **settings, rule=f"{call}:{which}:{what}")


def _which(rule: str, which: str) -> dict[str, Any]:
    """Read which requests are hit: the settings of `Fault` that say so."""
    if which == "*":
        return {"times": None}
    if chance := re.fullmatch(r"([0-9]{1,3}(?:\.[0-9]{1,9})?)%(?:@([0-9]{1,18}))?", which):
        percent, seed = chance.groups()
        if not 0 < float(percent) <= 100:
            raise _unusable(rule, which, "is no chance: above 0% and at most 100% is allowed")
        seed = seed or random.randrange(1_000_000)  # noqa: S311 - it keeps no secret
        return {"times": None, "probability": float(percent) / 100, "seed": int(seed)}
    numbers = re.fullmatch(r"([1-9][0-9]{0,8})(-?)([1-9][0-9]{0,8})?", which)
    if not numbers or (numbers[3] and (not numbers[2] or int(numbers[3]) < int(numbers[1]))):
        raise _unusable(
            rule, which, "names no requests: allowed are 2, 1-3, 2-, * and a chance (10%, or 10%@42 with a seed)"
        )
    first, to, last = numbers.groups()
    times = None if to and not last else int(last or first) - int(first) + 1
    return {"first": int(first), "times": times}


def _what(rule: str, what: str) -> dict[str, Any]:
    """Read what goes wrong: the settings of `Fault` that say so."""
    message = re.fullmatch(r"(?:(.*?),)?(message=.*)", what, re.DOTALL)
    before = message[1] if message else what
    settings: dict[str, Any] = {}
    headers: dict[str, str] = {}
    given: set[str] = set()
    for piece in [*(before.split(",") if before is not None else ()), *([message[2]] if message else ())]:
        name = piece.partition("=")[0]
        if re.fullmatch(r"[A-Z][A-Za-z0-9-]*=.*", piece, re.DOTALL):
            headers[name] = _header(rule, piece)
        else:
            settings |= _setting(rule, piece)
        name = "status" if piece.isdigit() else name.lower()
        if name in given:
            raise _unusable(rule, piece, "comes twice: once is allowed")
        given.add(name)
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
            raise _unusable(rule, piece, "is no status to answer with: 200 to 599 is allowed, without 204, 205 and 304")
        return {"status": int(piece)}
    if name == "latency":
        if not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,6})?", value) or not 0 < float(value) <= _LONGEST:
            raise _unusable(
                rule, piece, f"is no latency: seconds above 0 and at most {_LONGEST} are allowed, as in latency=0.5"
            )
        return {"delay": float(value)}
    if name == "errorCode":
        if not re.fullmatch(r"[A-Za-z]{1,64}", value):
            raise _unusable(rule, piece, f"is no error code: a word is allowed, such as {', '.join(STATUS_OF)}")
        return {"error_code": value}
    if name == "message":
        if not value.isprintable() or not value:
            raise _unusable(rule, piece, "is no message: printable text is allowed")
        return {"message": value}
    raise _unusable(rule, piece, f"says nothing that goes wrong: allowed are {_WHAT}")


def _header(rule: str, piece: str) -> str:
    name, _, value = piece.partition("=")
    if name.title() in _FRAMING:
        raise _unusable(rule, piece, f"is for the sandbox to say: any header is allowed but {', '.join(_FRAMING)}")
    if not (value.isascii() and value.isprintable() and value == value.strip()):
        raise _unusable(rule, piece, "is no header: printable ASCII without space around it is allowed")
    return value


def _check_together(rule: str, given: set[str], settings: Mapping[str, Any]) -> None:
    """Refuse what could not happen as it is written."""
    failing = bool(given & {"status", "errorcode", "html", "echo"})
    code = settings.get("error_code")
    if resets := given & _RESETS:
        reset = min(resets)
        if more := given - {reset, "latency"}:
            raise _unusable(
                rule, ", ".join(sorted(more)), f"cannot go with {reset}, which answers nothing: latency is allowed"
            )
    if "html" in given and (more := given & {"echo", "errorcode", "message"}):
        raise _unusable(
            rule, ", ".join(sorted(more)), "is not in a page of HTML: with html a status and headers are allowed"
        )
    if {"echo", "message"} <= given:
        raise _unusable(rule, "message", "would not be seen: with echo a status, errorCode and headers are allowed")
    for name in sorted(given & {"carried-out", "message"}):
        if not failing:
            raise _unusable(rule, name, "has no failure beside it: a status, errorCode, html or echo is needed")
    if code and "status" not in given and code not in STATUS_OF:
        raise _unusable(rule, f"errorCode={code}", f"has no usual status: give one, or one of {', '.join(STATUS_OF)}")


def _unusable(rule: str, part: str, why: str) -> FaultRuleError:
    return FaultRuleError(f"{part!r} in {rule!r} {why}")
