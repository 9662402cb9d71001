"""One line for each request, without its secrets."""

import json
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from terraform_provider_ecgrid.sandbox.gate import Recorded

MASK = "***"
"""What replaces a secret."""


def line(request: Recorded) -> str:
    """Describe a request: method, path, JSON body and status.

    Masked: `password` and every field that the API does not know, a URL's credentials, query and fragment, and every
    query parameter that the API does not know. A URL's path is shown, since watching it change is what the log is for.
    """
    parameters = "&".join(
        f"{printable(name)}={printable(value) if name in SHOWN else MASK}" for name, value in request.query.items()
    )
    target = printable(request.path) + (f"?{parameters}" if parameters else "")
    body = (
        ""
        if request.body is None
        else " " + json.dumps({name: _shown(name, request.body[name]) for name in request.body})
    )
    return f"{request.method} {target}{body} -> {request.status or 'connection closed'}"


SHOWN = frozenset(
    {
        "callbackId", "event", "status", "httpAuthType", "username", "mailboxId", "networkId",
        "pageNo", "recordsPerPage", "beginDate", "endDate", "callbackEventId",
        "callBackEventId", "callBackQueueId", "queueCount", "showInactive", "view", "maxDays",
    }
)  # fmt: skip
"""The fields of a request whose values are shown as they are."""


def _shown(name: str, value: Any) -> Any:
    if name == "url" and isinstance(value, str):
        return without_secrets(value)
    return value if name in SHOWN else MASK


def without_secrets(url: str) -> str:
    """Return a URL with its credentials, query and fragment masked; one that cannot be read is masked whole."""
    try:
        scheme, netloc, path, query, fragment = urlsplit(url)
    except ValueError:
        return MASK
    user, at, host = netloc.rpartition("@")
    return urlunsplit((scheme, (MASK if user else "") + at + host, path, query and MASK, fragment and MASK))


def printable(text: str) -> str:
    """Return `text` with its control characters, and all others that show nothing, written as escapes."""
    # What a client sends must not be able to write lines or terminal codes of its own.
    return text if text.isprintable() else text.encode("unicode_escape").decode("ascii")
