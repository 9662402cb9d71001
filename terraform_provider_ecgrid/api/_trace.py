"""The id that ECGrid gives a request. Its support finds the request by it; a log line and an error name the same."""

from __future__ import annotations

import re
from collections.abc import Mapping

from terraform_provider_ecgrid.api._scrub import Scrub

_HEADERS = ("X-Request-Id", "X-Correlation-Id", "Request-Id", "traceparent", "traceId")
_ID = re.compile(r"[\w.:|=+-]{1,128}", re.ASCII)


def trace_id(told: object, headers: Mapping[str, str], scrub: Scrub) -> str:
    """Find the id of a request in the answer to it; an empty string if there is none.

    `told` is the decoded body, whose `traceId` (RFC 7807; the documented spelling before any other) counts first, and
    `headers` are the answer's. The server's text could be anything: what `scrub` would change, or is not one word, is
    omitted.
    """
    body = told if isinstance(told, Mapping) else {}
    found = [body.get("traceId"), *(value for name, value in body.items() if str(name).casefold() == "traceid")]
    found += [headers.get(name) for name in _HEADERS]
    return next((one for one in found if isinstance(one, str) and _ID.fullmatch(one) and scrub(one) == one), "")
