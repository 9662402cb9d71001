"""Reads an answer (REST v2.6): the `data` of its envelope, or the error that it stands for.

The HTTP status decides first, then `errorCode`.
"""

import re
from collections.abc import Mapping

from terraform_provider_ecgrid.api._failures import Exchange, not_ecgrids, raise_failure, raise_refusal, unreadable
from terraform_provider_ecgrid.api._http import httpx
from terraform_provider_ecgrid.api._json import decoded
from terraform_provider_ecgrid.api._lenient import is_usable_id
from terraform_provider_ecgrid.api.errors import EcgridError, Stopped

_ENVELOPE = ("success", "data", "errorCode", "message", "title", "status", "detail", "errors", "traceId")
_PAGING = ("totalrecords", "pageno", "recordsperpage")
_NAMED_ID = re.compile(rb'call_?back_?(?:event_?|queue_?)?id\\?"\s*:\s*(?:\\?")?([0-9]{1,10})\b', re.IGNORECASE)
_RECORD_IDS = ("callbackid", "callbackeventid", "callbackqueueid")


def data_of(exchange: Exchange, *, wrote: bool = False) -> object:
    """The `data` of a successful answer; None if there is none.

    Args:
        exchange: a request and its answer.
        wrote: whether the request changed something. Then a success counts even if it says nothing (HTTP 204), and a
            record in `data` even if it stands alone, because nothing that was changed may be lost.

    Raises:
        EcgridError: the kind that the status and `errorCode` stand for, or `Stopped`.
    """
    return _envelope(exchange, wrote=wrote).get("data")


def id_in(exchange: Exchange) -> int | None:
    """The id of a callback that an answer names in whatever form, even if it cannot be read otherwise; else None."""
    last = exchange.attempts.last if exchange.attempts.outcomes else None
    found = _NAMED_ID.findall(last.content) if isinstance(last, httpx.Response) else []
    return next((int(digits) for digits in found if is_usable_id(digits.decode())), None)


def page_of(exchange: Exchange) -> object:
    """The `data` of a list, with the fields of paging, which may stand beside it. Raises as `data_of` does."""
    told = _envelope(exchange)
    data = told.get("data")
    beside = {name: told[name] for name in _PAGING if name in told}
    if not beside:
        return data
    return beside | (dict(data) if isinstance(data, Mapping) else {"listed": data})


def is_no(value: object) -> bool:
    """Say whether a value stands for false, as a boolean, a number or a text."""
    return str(value).strip().casefold() in ("false", "0", "no")


def _envelope(exchange: Exchange, *, wrote: bool = False) -> dict[str, object]:
    attempts = exchange.attempts
    if not attempts.outcomes:
        raise Stopped(None)
    try:
        if isinstance(attempts.last, httpx.Response):
            return _read(attempts.last, exchange, wrote=wrote)
        raise_failure(attempts.last, exchange)
    except EcgridError as error:
        if attempts.stopped:
            # Not chained: its headline is part of the new one.
            raise Stopped(error) from None
        raise


def _read(response: httpx.Response, exchange: Exchange, *, wrote: bool) -> dict[str, object]:
    """Return the envelope of a success.

    | what came | is |
    |---|---|
    | `success` or `errorCode` | ECGrid's envelope |
    | `title` and `status`, unless the HTTP status is a success | ECGrid's platform (RFC 7807) |
    | 401, 429, 5xx with anything else | told by the status alone; 501 is not ECGrid's |
    | 204, or a success whose `data` is a record, if `wrote` | a success |
    | anything else | not ECGrid's |
    """
    body = decoded(response.content)
    exchange.scrub.learn(body)
    told = _folded(body) if isinstance(body, Mapping) else {}
    is_problem = {"title", "status"} <= told.keys() and not response.is_success
    is_ecgrids = "success" in told or "errorcode" in told or is_problem
    status = response.status_code
    if not is_ecgrids and not (status in (401, 429) or status >= 500):
        if not (wrote and (status == 204 or (response.is_success and _is_record(told.get("data"))))):
            raise not_ecgrids(response, exchange)
    elif not response.is_success:
        raise_refusal(response, told, exchange, is_ecgrids=is_ecgrids)
    elif _says_no(told):
        if told.get("data") and not told.get("errorcode"):
            # It may have been done. If this counted as a refusal, a registration could be lost.
            raise unreadable(exchange, "it reports a failure, but also contains data")
        raise_refusal(response, told, exchange, is_ecgrids=is_ecgrids)
    return told


def _is_record(data: object) -> bool:
    names = {str(name).casefold() for name in data} if isinstance(data, Mapping) else set()
    return not names.isdisjoint(_RECORD_IDS)


def _folded(body: Mapping[object, object]) -> dict[str, object]:
    """The envelope by its fields' names in lower case; the documented spelling wins."""
    documented = {name.casefold(): body[name] for name in _ENVELOPE if name in body}
    return {str(name).casefold(): value for name, value in body.items()} | documented


def _says_no(told: Mapping[str, object]) -> bool:
    success = told.get("success")
    if success is None:
        return bool(told.get("errorcode")) and told.get("data") is None
    return is_no(success)
