"""Logs every attempt of a request: at DEBUG that it was made and how it ended, at `BODIES` what was sent and answered.

Headers are never logged. A body (REST v2.6) is logged without what may be a credential, and with no more of a URL than
scheme and host.
"""

import json
import logging
import re
from collections.abc import Mapping

from terraform_provider_ecgrid.api._http import httpx
from terraform_provider_ecgrid.api._json import decoded
from terraform_provider_ecgrid.api._scrub import Scrub, Scrubber, host_in
from terraform_provider_ecgrid.api._trace import trace_id

BODIES = logging.DEBUG - 5
"""The level at which bodies are logged."""

_logger = logging.getLogger(__name__)

_HIDDEN = "(hidden)"

_SECRET = re.compile(r"pass|pwd|secret|token|apikey|authorization|credential|cookie|signature|session")
_URL_NAME = re.compile(r"(url|uri)$")
_URL = re.compile(r"([a-z][a-z0-9+.-]{0,30})://([^/?#\\\s]*)\S*", re.IGNORECASE)
# What an endpoint was sent or answered is its owner's business.
_FOREIGN = frozenset({"payload", "responsebody"})
# Values from a list of the API's own, and dates.
_PLAIN_NAMES = frozenset(
    (
        *("event", "status", "httpauthtype"),
        *("queuedat", "lastattempt", "created", "delivered", "testedat", "begindate", "enddate"),
    )
)
_PLAIN = re.compile(r"[\w.:+-]{0,40}")

_LARGEST = 1_000_000  # bytes of a body that is looked into
_LONGEST_LIST = 20
_DEEPEST = 8


def log_attempt(
    request: httpx.Request,
    outcome: httpx.Response | httpx.RequestError,
    *,
    attempt: int,
    seconds: float,
    scrub: Scrubber,
) -> None:
    """Log one attempt, if the level asks for it. Never raises: a log line must not cost the request its answer.

    Args:
        request: what was sent; its body must be bytes.
        outcome: the answer, read to its end, or why there is none.
        attempt: the number of the attempt, from 1.
        seconds: how long it took.
        scrub: makes free text fit to be shown.
    """
    if not _logger.isEnabledFor(logging.DEBUG):
        return
    try:
        _log(request, outcome, attempt, seconds, scrub)
    except Exception as error:  # noqa: BLE001 - see above
        _logger.debug("an attempt could not be logged: %s", type(error).__name__)


def _log(
    request: httpx.Request, outcome: httpx.Response | httpx.RequestError, attempt: int, seconds: float, scrub: Scrubber
) -> None:
    path = request.url.path
    call: dict[str, object] = {
        "method": request.method,
        "path": path[max(path.rfind("/v2/"), 0) :],  # what stands before it belongs to the base URL
        "attempt": attempt,
    }
    ended: dict[str, object] = {"duration_ms": round(seconds * 1000)}
    if isinstance(outcome, httpx.Response):
        ended["status"] = outcome.status_code
        answered = _json(outcome)
        scrub.learn(answered)
        if request_id := trace_id(answered, outcome.headers, scrub):
            ended["request_id"] = request_id
    else:
        ended["failure"] = type(outcome).__name__
    _logger.debug("request to ECGrid", extra=call | ended)
    if not _logger.isEnabledFor(BODIES):
        return
    bodies: dict[str, object] = {}
    if request.url.query:
        bodies["request_query"] = json.dumps(_masked(dict(request.url.params), scrub))
    if request.content:
        bodies["request_body"] = _body(request, _json(request), scrub)
    if isinstance(outcome, httpx.Response):
        bodies["response_body"] = _body(outcome, answered, scrub)
    _logger.log(BODIES, "bodies of a request to ECGrid", extra=call | bodies)


def _body(message: httpx.Request | httpx.Response, body: object, scrub: Scrub) -> str:
    """A message's body as it may be shown; `body` is what `_json` makes of it."""
    if body is not None:
        return json.dumps(_masked(body, scrub, answered=isinstance(message, httpx.Response)), ensure_ascii=False)
    kind = re.match(r"[\w.+-]{1,40}/[\w.+-]{1,80}", message.headers.get("Content-Type", ""))
    return f"({len(message.content)} bytes of {kind[0] if kind else 'no known type'})"


def _json(message: httpx.Request | httpx.Response) -> object:
    return decoded(message.content) if len(message.content) <= _LARGEST else None


def _masked(value: object, scrub: Scrub, *, answered: bool = False, name: str = "", depth: int = 0) -> object:
    """A decoded JSON value as it may be shown; `name` is the field that it belongs to."""
    folded = re.sub("[^a-z0-9]", "", name.casefold())
    if isinstance(value, bool) or value is None or value == "":
        return value
    if _SECRET.search(folded) or (answered and folded in ("user", "username")):
        return _HIDDEN
    if folded in _FOREIGN:
        size = len(value) if isinstance(value, str) else len(json.dumps(value))
        return f"({size} characters)"
    if isinstance(value, Mapping | list) and depth == _DEEPEST:
        return "(and deeper)"
    if isinstance(value, Mapping):
        return {
            scrub(key): _masked(item, scrub, answered=answered, name=key, depth=depth + 1)
            for key, item in value.items()
        }
    if isinstance(value, list):
        shown = [_masked(item, scrub, answered=answered, name=name, depth=depth + 1) for item in value[:_LONGEST_LIST]]
        return shown if len(value) <= _LONGEST_LIST else [*shown, f"(and {len(value) - _LONGEST_LIST} more)"]
    return _text(value, folded, scrub) if isinstance(value, str) else value


def _text(text: str, folded: str, scrub: Scrub) -> str:
    if url := _URL.fullmatch(text):
        return f"{url[1]}://{host_in(url[2])}"
    if _URL_NAME.search(folded):
        return _HIDDEN  # it cannot be taken apart, so no part of it is known to be harmless
    return text if folded in _PLAIN_NAMES and _PLAIN.fullmatch(text) else scrub(text)
