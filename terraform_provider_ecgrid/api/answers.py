"""Reads what came back (REST v2.6): the `data` of the envelope, or the error that it stands for.

The HTTP status decides first, then `errorCode`. Nothing of an exception's own text is shown: it may quote a URL, a
header or a body.
"""

import re
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn
from urllib.parse import urlsplit

import httpx

from terraform_provider_ecgrid.api import errors
from terraform_provider_ecgrid.api.retry import NEVER_SENT, Sent, causes, is_untrusted_certificate, retry_after
from terraform_provider_ecgrid.api.scrub import Scrubber

_CODE = re.compile(r"[A-Za-z0-9_.-]{1,64}")

_BY_STATUS: Mapping[int, type[errors.EcgridError]] = {
    401: errors.Unauthorized,
    403: errors.AccessDenied,
    404: errors.NotFound,
    429: errors.RateLimited,
}
_BY_CODE_OF_A_REFUSAL: Mapping[str, type[errors.EcgridError]] = {
    "invalidparameter": errors.InvalidParameter,
    "duplicateobject": errors.DuplicateObject,
}
_BY_CODE: Mapping[str, type[errors.EcgridError]] = {
    **_BY_CODE_OF_A_REFUSAL,
    "invalidapikey": errors.Unauthorized,
    "invalidsession": errors.Unauthorized,
    "accessdenied": errors.AccessDenied,
    "objectnotfound": errors.NotFound,
    "ratelimitexceeded": errors.RateLimited,
    "internalerror": errors.ServerError,
}


@dataclass(frozen=True)
class Call:
    """What an error says about the call: the API's host, the seconds of one attempt, and what must not be shown."""

    host: str
    timeout: float
    scrub: Scrubber


def data_of(sent: Sent, call: Call) -> object:
    """The `data` of a successful answer.

    Raises:
        EcgridError: the kind that the status and `errorCode` stand for, or `Stopped`.
    """
    try:
        if isinstance(sent.last, httpx.Response):
            return _read(sent.last, sent, call)
        _raise_failure(sent.last, sent, call)
    except errors.EcgridError as error:
        if sent.stopped:
            # The last error is in its attribute `last`; chained it would be told twice.
            raise errors.Stopped(error) from None
        raise


def unreadable(call: Call, why: str, *, status: int | None = 200) -> errors.UnreadableAnswer:
    """The error for a 2xx without what was asked for; `why` completes "the answer …" and quotes nothing of it."""
    return errors.UnreadableAnswer(
        f"{call.host} accepted the request, but the answer cannot be used: {why}.", status=status
    )


def _read(response: httpx.Response, sent: Sent, call: Call) -> object:
    body = _json(response)
    if not response.is_success:
        _raise_refusal(response, body, sent, call)
    if not isinstance(body, Mapping):
        raise unreadable(call, "it is no JSON object", status=response.status_code)
    if _says_no(body):
        _raise_refusal(response, body, sent, call)
    if "data" not in body and "success" not in body:
        raise unreadable(call, "it has neither success nor data", status=response.status_code)
    return body.get("data")


def _json(response: httpx.Response) -> object:
    try:
        return response.json()
    except (ValueError, RecursionError):
        return None


def _says_no(body: Mapping[str, object]) -> bool:
    success = body.get("success")
    if success is None:
        return bool(body.get("errorCode")) and body.get("data") is None
    return success is not True and str(success).casefold() != "true"


def _raise_refusal(response: httpx.Response, body: object, sent: Sent, call: Call) -> NoReturn:
    status = response.status_code
    told = body if isinstance(body, Mapping) else {}
    code = told.get("errorCode")
    code = code if isinstance(code, str) else ""
    words = call.scrub(_words(told))
    kind = _kind(status, code.casefold())
    # Another spelling of a code than the API's own is shown only if it can be no sentence and no secret.
    shown = code if _CODE.fullmatch(code) and call.scrub(code) == code else ""
    wait = retry_after(response)

    if response.is_redirect or 300 <= status < 400:
        words = words or f"it redirects{_whereto(response)}, and redirects are not followed. Check the base URL"
    label = f"{shown} (HTTP {status})" if shown else f"HTTP {status}"
    verb = f"{call.host} failed to answer the request" if kind is errors.ServerError else "ECGrid refused the request"
    told_why = f": {words.rstrip('. ')}" if words else ""
    waiting = f" It asks to wait {wait:.0f} seconds before the next request." if wait else ""
    raise kind(
        f"{verb}: {label}{told_why}{_after(sent)}.{waiting}",
        status=status,
        error_code=shown,
        message=words,
        retry_after=wait,
        may_have_been_carried_out=sent.earlier_may_have_been_carried_out or None,
    )


def _kind(status: int, code: str) -> type[errors.EcgridError]:
    if status >= 500:
        return errors.ServerError
    if status < 300:
        return _BY_CODE.get(code, errors.Refused)
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if status in (400, 422) and not code:
        return errors.InvalidParameter
    # ObjectNotFound with a 400 must not count as proof that a callback is gone.
    return _BY_CODE_OF_A_REFUSAL.get(code, errors.Refused)


def _words(told: Mapping[str, object]) -> str:
    message = told.get("message")
    if isinstance(message, str) and message.strip():
        return message
    problem = (told.get("title"), told.get("detail"))
    return ": ".join(part.rstrip(". ") for part in problem if isinstance(part, str) and part.strip())


def _whereto(response: httpx.Response) -> str:
    try:
        target = urlsplit(response.headers.get("Location", ""))
        return f" to {target.scheme}://{target.hostname}" if target.scheme and target.hostname else ""
    except ValueError:
        return ""


def _raise_failure(failure: httpx.RequestError, sent: Sent, call: Call) -> NoReturn:
    earlier = sent.earlier_may_have_been_carried_out or None
    if isinstance(failure, NEVER_SENT):
        raise errors.NotConnected(
            f"No connection to {call.host} was made: {_why_not_connected(failure, call)}{_after(sent)}.",
            may_have_been_carried_out=earlier,
        )
    if isinstance(failure, httpx.DecodingError):
        raise unreadable(call, "its compression is broken", status=None)
    lost = (
        f"no answer came within {call.timeout:g} seconds"
        if isinstance(failure, httpx.TimeoutException)
        else "the connection ended before the answer was complete"
    )
    raise errors.NoAnswer(f"The request was sent to {call.host}, but {lost}{_after(sent)}.")


def _why_not_connected(failure: httpx.RequestError, call: Call) -> str:
    if is_untrusted_certificate(failure):
        return (
            "its TLS certificate is not trusted. A company's own certificate authority belongs in the system's trust "
            "store or in the file that SSL_CERT_FILE names"
        )
    if isinstance(failure, httpx.TimeoutException):
        return f"nothing answered within {call.timeout:g} seconds"
    if isinstance(failure, httpx.ProxyError):
        return "the proxy refused to connect to it. Check HTTPS_PROXY and NO_PROXY"
    if isinstance(failure, httpx.UnsupportedProtocol):
        return "the base URL or a proxy variable is no address that can be used"
    if isinstance(failure, httpx.LocalProtocolError):
        return "the request cannot be written as HTTP"
    reasons: tuple[tuple[type[BaseException], str], ...] = (
        (socket.gaierror, "the name of the host was not found"),
        (ConnectionRefusedError, "the connection was refused"),
        (ssl.SSLError, "TLS could not be agreed on"),
    )
    chain = list(causes(failure))
    for kind, reason in reasons:
        if any(isinstance(cause, kind) for cause in chain):
            return reason
    return "the network reported an error"


def _after(sent: Sent) -> str:
    attempts = len(sent.outcomes)
    return f" (after {attempts} attempts)" if attempts > 1 else ""
