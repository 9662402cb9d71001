"""What went wrong with a request, as an `EcgridError` in words for a person.

The text of an exception is never shown: it may quote a URL, a header or a body.
"""

import re
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn
from urllib.parse import urlsplit

from terraform_provider_ecgrid.api import errors
from terraform_provider_ecgrid.api._http import httpx
from terraform_provider_ecgrid.api._proxy import Proxy
from terraform_provider_ecgrid.api._retry import (
    NEVER_SENT,
    AnswerTooLarge,
    Attempts,
    causes,
    certificate_problem,
    is_not_http,
    retry_after,
)
from terraform_provider_ecgrid.api._scrub import Scrubber
from terraform_provider_ecgrid.api._trace import trace_id
from terraform_provider_ecgrid.api.credential import Sources

_CODE = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_MEDIA_TYPE = re.compile(r"[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,60}")
_TAG = re.compile(
    # The text of an XML element with a secret's name is one.
    r"<[^>/\s!?]*(?:passwo?r?d|pwd|secret|token|api_?key|session|user)[^>/\s]*(?:\s[^>]*)?>[^<]*|"
    r"<(?:style|script)\b.*?(?:</(?:style|script)>|$)|<!--.*?(?:-->|$)|<[^>]*(?:>|$)",
    re.DOTALL | re.IGNORECASE,
)
_CERTIFICATE_PROBLEMS = {
    9: "is not valid yet",
    10: "has expired",
    62: "is for another host",
    64: "is for another host",  # an IP address
}
"""By OpenSSL's `verify_code`. With any other its authority is not trusted."""
_SHOWN = 200
"""Characters shown of a body that is not an envelope."""
_LOOKED_AT = 50_000
"""Characters or bytes that are looked at for them, because what is hidden makes room."""
_MOST_FIELDS = 20
_LONGEST_WAIT = 1_000_000  # seconds; more is told as this

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
class Exchange:
    """One request and how sending it ended, with what an error says about it.

    Attributes:
        base_url: where the API is called, with its port and path.
        proxy: what it is called through, None without one.
        timeout: the limit of one attempt, in seconds.
        scrub: removes what must not be shown from the API's words.
        sources: where the arguments of the client were taken from.
        attempts: how sending ended.
    """

    base_url: str
    proxy: Proxy | None
    timeout: float
    scrub: Scrubber
    sources: Sources
    attempts: Attempts


def unreadable(exchange: Exchange, why: str) -> errors.UnreadableAnswer:
    """The error for a 2xx without what was asked for. `why` follows "the answer cannot be used:"; it quotes nothing."""
    told = f"{exchange.base_url} accepted the request, but the answer cannot be used: {why}."
    last = exchange.attempts.last
    if not isinstance(last, httpx.Response):
        return errors.UnreadableAnswer(told)
    come = f"The answer was HTTP {last.status_code}{_beginning(last, exchange)}."
    return errors.UnreadableAnswer(f"{told} {come}", status=last.status_code)


def not_ecgrids(response: httpx.Response, exchange: Exchange) -> errors.NotEcgrid:
    """The error for an answer that is neither ECGrid's envelope nor an RFC 7807 problem."""
    if response.is_redirect or 300 <= response.status_code < 400:
        what = f", a redirect{_whereto(response, exchange)}, which the provider does not follow"
    else:
        what = _beginning(response, exchange)
    attempts = exchange.attempts
    return errors.NotEcgrid(
        f"{_foreign(exchange)}: HTTP {response.status_code}{what}{_after(attempts)}.",
        status=response.status_code,
        base_url=exchange.base_url,
        sources=exchange.sources,
        may_have_been_carried_out=response.is_success or attempts.earlier_may_have_been_carried_out,
    )


def raise_refusal(
    response: httpx.Response, told: Mapping[str, object], exchange: Exchange, *, is_ecgrids: bool
) -> NoReturn:
    """Raise the error that an answer stands for.

    Args:
        response: the answer.
        told: its envelope by the names of its fields in lower case; empty if it has none.
        exchange: the request and how sending it ended.
        is_ecgrids: whether ECGrid or its platform wrote the answer.
    """
    status, attempts, sources = response.status_code, exchange.attempts, exchange.sources
    code = told.get("errorcode")
    code = code if isinstance(code, str) else ""
    words = exchange.scrub(_words(told)[:_LOOKED_AT])
    kind = _kind(status, code.casefold(), is_ecgrids=is_ecgrids)
    # What could be a sentence or a secret is not shown as a code.
    shown = code if _CODE.fullmatch(code) and exchange.scrub(code) == code else ""
    wait = retry_after(response)

    is_foreign = kind is errors.NotEcgrid or (status >= 500 and not is_ecgrids and bool(response.content))
    label = f"{shown} (HTTP {status})" if shown else f"HTTP {status}"
    if is_foreign:
        opening = f"{_foreign(exchange)}:"
    elif kind is errors.ServerError:
        opening = f"{exchange.base_url} failed with"
    else:
        opening = f"{'ECGrid' if is_ecgrids else exchange.base_url} refused the request with"
    told_why = f": {words.rstrip('. ')}" if words else "" if is_ecgrids else _beginning(response, exchange)
    trace = trace_id(told, response.headers, exchange.scrub)
    more = [
        f"The server asks you to wait {_seconds(f'{min(wait, _LONGEST_WAIT):.0f}')} before the next request."
        if wait
        else "",
        f"The {sources.credential_name} was taken from {sources.credential}."
        if kind is errors.Unauthorized and sources.credential
        else "",
        f"ECGrid's trace id is {trace}." if trace else "",
    ]
    raise kind(
        " ".join(filter(None, (f"{opening} {label}{told_why}{_after(attempts)}.", *more))),
        status=status,
        error_code=shown,
        message=words,
        fields=_fields(told, exchange.scrub),
        base_url=exchange.base_url,
        sources=sources,
        may_have_been_carried_out=attempts.earlier_may_have_been_carried_out or kind is errors.NotEcgrid or None,
    )


def raise_failure(failure: httpx.RequestError, exchange: Exchange) -> NoReturn:
    """Raise the error for a request that was not answered."""
    attempts = exchange.attempts
    earlier = attempts.earlier_may_have_been_carried_out or None
    if isinstance(failure, NEVER_SENT):
        why = _why_not_connected(failure, exchange)
        raise _not_connected(failure)(
            f"Could not connect to {exchange.base_url}{_through(exchange)}: {why}{_after(attempts)}.",
            base_url=exchange.base_url,
            sources=exchange.sources,
            may_have_been_carried_out=earlier,
        )
    if isinstance(failure, httpx.DecodingError | AnswerTooLarge):
        why = "it could not be decompressed" if isinstance(failure, httpx.DecodingError) else "it is too large"
        raise errors.NotEcgrid(
            f"{_foreign(exchange)}: {why}{_after(attempts)}.",
            base_url=exchange.base_url,
            sources=exchange.sources,
            may_have_been_carried_out=True,
        )
    lost = (
        f"no complete answer came within {_seconds(f'{exchange.timeout:g}')}"
        if isinstance(failure, httpx.TimeoutException)
        else "the answer is not HTTP"
        if is_not_http(failure)
        else "the connection ended before the answer was complete"
    )
    where = f"{exchange.base_url}{_through(exchange)}"
    raise errors.NoAnswer(f"The request was sent to {where}, but {lost}{_after(attempts)}.")


def _foreign(exchange: Exchange) -> str:
    return f"{exchange.base_url} sent an answer that is not from ECGrid"


def _through(exchange: Exchange) -> str:
    return f" through {exchange.proxy}" if exchange.proxy else ""


def _kind(status: int, code: str, *, is_ecgrids: bool) -> type[errors.EcgridError]:
    if status == 501:
        return errors.Refused if is_ecgrids else errors.NotEcgrid
    if status >= 500:
        return errors.ServerError
    if status < 300:
        return _BY_CODE.get(code, errors.Refused)
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if status in (400, 422) and not code:
        return errors.InvalidParameter
    # ObjectNotFound with a 400 does not prove that a callback is gone.
    return _BY_CODE_OF_A_REFUSAL.get(code, errors.Refused)


def _words(told: Mapping[str, object]) -> str:
    message = told.get("message")
    if isinstance(message, str) and message.strip():
        return message
    problem = [part.rstrip(". ") for part in (told.get("title"), told.get("detail")) if isinstance(part, str)]
    blamed = told.get("errors")
    if isinstance(blamed, Mapping):
        for name, sentences in blamed.items():
            said = sentences if isinstance(sentences, list) else [sentences]
            problem.append(f"{name}: {' '.join(one for one in said if isinstance(one, str))}".rstrip(". "))
    return ": ".join(part for part in problem if part.strip())


def _fields(told: Mapping[str, object], scrub: Scrubber) -> tuple[str, ...]:
    blamed = told.get("errors")
    # .NET names a field of a body that it cannot read by its JSON path.
    names = [str(name).removeprefix("$.") for name in blamed] if isinstance(blamed, Mapping) else []
    return tuple(name for name in names[:_MOST_FIELDS] if _CODE.fullmatch(name) and scrub(name) == name)


def _beginning(response: httpx.Response, exchange: Exchange) -> str:
    """The type and the beginning of a body that holds no words of the API."""
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    named = f" as {kind}" if _MEDIA_TYPE.fullmatch(kind) else ""
    # Not `response.text`: a broken answer may name an encoding that does not exist.
    text = response.content[:_LOOKED_AT].decode("utf-8", "replace")
    if "html" in kind or text.lstrip()[:1] == "<":
        text = _TAG.sub(" ", text)
    shown = exchange.scrub(text, _SHOWN)
    return f"{named}, beginning with “{shown}”" if shown else f"{named}, without any text"


def _whereto(response: httpx.Response, exchange: Exchange) -> str:
    try:
        target = urlsplit(response.headers.get("Location", ""))
        return f" to {exchange.scrub(target._replace(path='').geturl())}" if target.scheme and target.hostname else ""
    except ValueError:
        return ""


def _not_connected(failure: httpx.RequestError) -> type[errors.NotConnected]:
    problem = certificate_problem(failure)
    if problem is None:
        return errors.NotConnected
    return errors.UnusableCertificate if problem.verify_code in _CERTIFICATE_PROBLEMS else errors.UntrustedCertificate


def _why_not_connected(failure: httpx.RequestError, exchange: Exchange) -> str:
    if problem := certificate_problem(failure):
        if known := _CERTIFICATE_PROBLEMS.get(problem.verify_code):
            return f"its TLS certificate {known}"
        return (
            "its TLS certificate is not trusted. If your company has its own certificate authority, add its "
            "certificate to the system's trust store, or to the file that SSL_CERT_FILE names"
        )
    if isinstance(failure, httpx.TimeoutException):
        return f"nothing answered within {_seconds(f'{exchange.timeout:g}')}"
    if exchange.proxy and isinstance(failure, httpx.ProxyError):
        return f"the proxy refused the connection. Check {exchange.proxy.variable} and NO_PROXY"
    if isinstance(failure, httpx.UnsupportedProtocol):
        return f"{'the proxy' if exchange.proxy else 'the base URL'} is not a valid address"
    if isinstance(failure, httpx.LocalProtocolError):
        return "the request is not valid HTTP"
    reasons: tuple[tuple[type[BaseException], str], ...] = (
        (socket.gaierror, f"the name of the {'proxy' if exchange.proxy else 'host'} was not found"),
        (ConnectionRefusedError, "the connection was refused"),
        (ssl.SSLError, "the TLS handshake failed"),
    )
    chain = list(causes(failure))
    for kind, reason in reasons:
        if any(isinstance(cause, kind) for cause in chain):
            return reason
    return "the network reported an error"


def _seconds(count: str) -> str:
    return f"{count} second{'' if count == '1' else 's'}"


def _after(attempts: Attempts) -> str:
    count = len(attempts.outcomes)
    return f" (after {count} attempts)" if count > 1 else ""
