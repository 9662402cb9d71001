"""What may be sent again, and when.

| outcome | reads, update, delete | create, test |
|---|---|---|
| no connection (refused, timed out while connecting) | again | again |
| 429 | again | again |
| 500, 502, 503, 504 | again | not: it may have been carried out |
| the answer was lost or came too late | again | not: it may have been carried out |
| anything else, a certificate that is not trusted included | not | not |

The wait is the server's `Retry-After` or, without one, anything up to half a second, which doubles with each attempt up
to 30 seconds (full jitter). If a server asks for more than two minutes, its answer is returned as it is. A 429 makes
every thread of the process wait, not only the one that got it.
"""

import logging
import random
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from terraform_provider_ecgrid.api._http import httpx
from terraform_provider_ecgrid.api._left_out import late
from terraform_provider_ecgrid.api._pause import Pause
from terraform_provider_ecgrid.api._scrub import Scrubber
from terraform_provider_ecgrid.api._traffic import log_attempt

FIRST_BACKOFF = 0.5
"""The upper bound of the first wait, in seconds, if the server names none."""

LONGEST_BACKOFF = 30.0
"""The upper bound of any later one, in seconds."""

LONGEST_RETRY_AFTER = 120.0
"""The longest wait that a server may ask for, in seconds."""

LARGEST_ANSWER = 64 * 2**20
"""The most bytes of an answer, once decompressed. A full page of ECGrid's has less than one of these megabytes."""

Outcome = httpx.Response | httpx.RequestError

NEVER_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
)
"""Exceptions after which the request surely did not reach the server."""

_WORTH_ANOTHER_CONNECTION = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_OF_THE_TRANSFER = (b"content-encoding", b"content-length", b"transfer-encoding")
_BUSY = 429
_BROKEN = (500, 502, 503, 504)

# Most servers ask for seconds, if for anything.
_moment_of: Callable[[str], datetime] = late("email.utils", "parsedate_to_datetime")

_logger = logging.getLogger(__name__)


class AnswerTooLarge(httpx.RequestError):
    """The answer has more than `LARGEST_ANSWER` bytes: it is not read to its end."""


@dataclass(frozen=True)
class Attempts:
    """How sending a request ended.

    Attributes:
        outcomes: one per attempt; the last one counts. Empty only if `stopped`: nothing was sent.
        stopped: another attempt was due, but a stop was asked for.
    """

    outcomes: tuple[Outcome, ...]
    stopped: bool

    @property
    def last(self) -> Outcome:
        """The outcome of the last attempt."""
        return self.outcomes[-1]

    @property
    def earlier_may_have_been_carried_out(self) -> bool:
        """Whether an attempt before the last may have done what was asked."""
        return any(map(_may_have_been_carried_out, self.outcomes[:-1]))


def send(
    client: httpx.Client,
    request: httpx.Request,
    *,
    max_retries: int,
    repeatable: bool,
    stop: threading.Event,
    pause: Pause,
    scrub: Scrubber,
) -> Attempts:
    """Send a request, and send it again if the table above allows it.

    Args:
        client: does one attempt.
        request: its body must be bytes, so that it can be sent again.
        max_retries: further attempts after the first, from 0.
        repeatable: whether carrying the request out twice does no harm.
        stop: once set, no wait goes on or begins, and nothing is sent again.
        pause: is waited for before each attempt, and set by a 429.
        scrub: removes what must not be shown from what is logged.
    """
    outcomes: list[Outcome] = []
    while not pause.wait(stop):
        started = time.monotonic()
        outcome = _attempt(client, request)
        outcomes.append(outcome)
        log_attempt(request, outcome, attempt=len(outcomes), seconds=time.monotonic() - started, scrub=scrub)
        asked = retry_after(outcome) or 0.0
        exhausted = len(outcomes) > max_retries or asked > LONGEST_RETRY_AFTER
        if exhausted or not _may_be_sent_again(outcome, repeatable=repeatable):
            return Attempts(tuple(outcomes), stopped=False)
        longest = min(LONGEST_BACKOFF, FIRST_BACKOFF * 2 ** (len(outcomes) - 1))
        seconds = asked or random.uniform(0, longest)  # noqa: S311 - spreads load, guards nothing
        _logger.info(
            "a request to ECGrid is repeated",
            # Not the exception's text: it may quote what was sent or received.
            extra={"cause": _name(outcome), "attempt": len(outcomes) + 1, "wait_seconds": round(seconds, 1)},
        )
        if isinstance(outcome, httpx.Response) and outcome.status_code == _BUSY:
            # The wait itself comes before the next attempt, this thread's as every other's.
            pause.hold(seconds)
        elif stop.wait(seconds):
            break
    return Attempts(tuple(outcomes), stopped=True)


def retry_after(outcome: Outcome) -> float | None:
    """The seconds that an answer asks to wait (`Retry-After`, a number or a date), None if it does not."""
    asked = outcome.headers.get("Retry-After", "").strip() if isinstance(outcome, httpx.Response) else ""
    if not asked:
        return None
    if asked.isascii() and asked.isdigit():
        return float(asked)
    try:
        due = _moment_of(asked)
        left = (due if due.tzinfo else due.replace(tzinfo=UTC)) - datetime.now(UTC)
    except (TypeError, ValueError, OverflowError):
        return None
    return max(0.0, left.total_seconds())


def causes(exception: BaseException) -> Iterator[BaseException]:
    """The exception and what it came from, nearest first."""
    link: BaseException | None = exception
    while link is not None:
        yield link
        link = link.__cause__ or link.__context__


def certificate_problem(exception: BaseException) -> ssl.SSLCertVerificationError | None:
    """What is wrong with the certificate that was presented; None if it is not to blame."""
    return next((cause for cause in causes(exception) if isinstance(cause, ssl.SSLCertVerificationError)), None)


def is_not_http(exception: BaseException) -> bool:
    """Whether what came back cannot be read as HTTP, rather than ending too early."""
    # h11 has one kind for both. Its text is compared and never shown.
    texts = [str(one).lower() for one in causes(exception) if isinstance(one, httpx.RemoteProtocolError)]
    return bool(texts) and not any("disconnected" in text or "closed" in text for text in texts)


def _attempt(client: httpx.Client, request: httpx.Request) -> Outcome:
    try:
        response = client.send(request, stream=True)
        try:
            return _read(response, request)
        finally:
            response.close()
            # It knows the response, so only the garbage collector would free the two, and 50 objects with them.
            response.stream = httpx.ByteStream(b"")
    except httpx.RequestError as error:
        return error
    except (httpx.InvalidURL, UnicodeError):
        # A redirect to what is almost a URL; of other ones httpx makes a RemoteProtocolError by itself.
        return httpx.RemoteProtocolError("")


def _read(response: httpx.Response, request: httpx.Request) -> httpx.Response:
    """Return an answer as it is once it is read. httpx itself would read one of any size."""
    pieces, size = [], 0
    for piece in response.iter_bytes():
        pieces.append(piece)
        size += len(piece)
        if size > LARGEST_ANSWER:
            raise AnswerTooLarge("", request=request)
    headers = [one for one in response.headers.raw if one[0].lower() not in _OF_THE_TRANSFER]
    return httpx.Response(response.status_code, headers=headers, content=b"".join(pieces), request=request)


def _may_be_sent_again(outcome: Outcome, *, repeatable: bool) -> bool:
    if isinstance(outcome, httpx.Response):
        return outcome.status_code == _BUSY or (repeatable and outcome.status_code in _BROKEN)
    if isinstance(outcome, NEVER_SENT):
        return isinstance(outcome, _WORTH_ANOTHER_CONNECTION) and certificate_problem(outcome) is None
    return repeatable and isinstance(outcome, httpx.TransportError)


def _may_have_been_carried_out(outcome: Outcome) -> bool:
    if isinstance(outcome, httpx.Response):
        return outcome.status_code >= 500
    return not isinstance(outcome, NEVER_SENT)


def _name(outcome: Outcome) -> str:
    return f"HTTP {outcome.status_code}" if isinstance(outcome, httpx.Response) else type(outcome).__name__
