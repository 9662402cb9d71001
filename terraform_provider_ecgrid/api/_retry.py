"""What may be sent again, and when, on top of httpx-retries.

| outcome | reads, update, delete | create, test |
|---|---|---|
| no connection (refused, timed out while connecting) | again | again |
| 429 | again | again |
| 500, 502, 503, 504 | again | not: it may have been carried out |
| the answer was lost or came too late | again | not: it may have been carried out |
| anything else, a certificate that is not trusted included | not | not |

The wait is the server's `Retry-After` or, without one, anything up to half a second, which doubles with each attempt up
to 30 seconds (full jitter). A `Retry-After` of more than two minutes is not waited for: the answer is given back as it
is. A 429 makes every thread of the process wait, not only the one that got it.
"""

import copy
import logging
import random
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from terraform_provider_ecgrid.api._http import httpx, httpx_retries
from terraform_provider_ecgrid.api._pause import Pause
from terraform_provider_ecgrid.api._scrub import Scrub
from terraform_provider_ecgrid.api._traffic import log_attempt

FIRST_BACKOFF = 0.5
"""Seconds of the first wait at most, where the server names none."""

LONGEST_BACKOFF = 30.0
"""Seconds of any later one."""

LONGEST_RETRY_AFTER = 120.0
"""Seconds that a server may ask for."""

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
_BUSY = 429
_BROKEN = (500, 502, 503, 504)

_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Sent:
    """How sending ended.

    `outcomes` holds one entry for each attempt, the last one being what counts; `stopped` says that another attempt was
    due but a stop was asked for. Only then can it be that nothing was sent and there is no outcome.
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
    scrub: Scrub,
) -> Sent:
    """Sends a request, again where that is allowed.

    Args:
        client: does one attempt.
        request: what is sent; its body must be bytes, so that it can be sent again.
        max_retries: further attempts after the first, from 0.
        repeatable: whether carrying the request out twice does no harm.
        stop: once set, no wait goes on or begins, and nothing is sent again.
        pause: is waited for before each attempt, and set by a 429.
        scrub: takes out of what is logged what must not be shown.
    """
    attempts = _Attempts(client, stop, pause, scrub)
    policy = _Policy(max_retries, repeatable=repeatable, stop=stop, pause=pause)
    stopped = False
    try:
        # The outcome of every attempt, an exception too, is in `attempts`.
        with suppress(httpx.RequestError, _TooLong):
            httpx_retries.RetryTransport(transport=attempts, retry=policy).handle_request(request)
    except _Interrupted:
        stopped = True
    return Sent(tuple(attempts.outcomes), stopped)


def retry_after(response: httpx.Response) -> float | None:
    """The seconds that an answer asks to wait (`Retry-After`, a number or a date), None where it does not."""
    asked = response.headers.get("Retry-After", "").strip()
    if not asked:
        return None
    try:
        return httpx_retries.Retry().parse_retry_after(asked)
    except (ValueError, OverflowError):
        return None


def causes(exception: BaseException) -> Iterator[BaseException]:
    """The exception and what it came from, nearest first."""
    link: BaseException | None = exception
    while link is not None:
        yield link
        link = link.__cause__ or link.__context__


def is_untrusted_certificate(exception: BaseException) -> bool:
    """Whether the connection failed because the server's certificate is not trusted."""
    return any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes(exception))


def _may_have_been_carried_out(outcome: Outcome) -> bool:
    if isinstance(outcome, httpx.Response):
        return outcome.status_code >= 500
    return not isinstance(outcome, NEVER_SENT)


class _Interrupted(Exception):  # noqa: N818 - a signal between two functions of this module, no error
    """A stop was asked for."""


class _TooLong(Exception):  # noqa: N818 - as above
    """The server asks for a longer wait than is waited for."""


class _Attempts(httpx.BaseTransport):
    """Sends through a client instead of a transport, so that the client's proxies and pool serve every attempt."""

    def __init__(self, client: httpx.Client, stop: threading.Event, pause: Pause, scrub: Scrub) -> None:
        self._client = client
        self._stop = stop
        self._pause = pause
        self._scrub = scrub
        self.outcomes: list[Outcome] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if self._pause.wait(self._stop):
            raise _Interrupted
        started = time.monotonic()
        outcome = self._outcome(request)
        self.outcomes.append(outcome)
        seconds = time.monotonic() - started
        log_attempt(request, outcome, attempt=len(self.outcomes), seconds=seconds, scrub=self._scrub)
        if isinstance(outcome, httpx.Response):
            return outcome
        # Without its text, which httpx-retries logs: it may quote what was sent or received.
        raise type(outcome)("") from outcome

    def _outcome(self, request: httpx.Request) -> Outcome:
        try:
            return self._client.send(request)
        except httpx.RequestError as error:
            return error
        except UnicodeError:
            # The resolver's word for a host name with an empty or overlong label; httpx lets it through.
            return httpx.UnsupportedProtocol("")


class _Policy(httpx_retries.Retry):
    """The table at the top of this module."""

    def __init__(self, max_retries: int, *, repeatable: bool, stop: threading.Event, pause: Pause) -> None:
        super().__init__(
            total=max_retries,
            allowed_methods=["GET", "POST", "DELETE"],
            status_forcelist=[_BUSY, *(_BROKEN if repeatable else ())],
        )
        self._repeatable = repeatable
        self._stop = stop
        self._pause = pause

    def is_retryable_exception(self, exception: Exception) -> bool:
        if isinstance(exception, NEVER_SENT):
            return isinstance(exception, _WORTH_ANOTHER_CONNECTION) and not is_untrusted_certificate(exception)
        return self._repeatable and isinstance(exception, httpx.TransportError)

    def increment(self) -> "_Policy":
        # The inherited one calls the constructor, which knows none of the fields added here.
        successor = copy.copy(self)
        successor.attempts_made += 1
        return successor

    def sleep(self, response: httpx.Response | Exception) -> None:
        asked = retry_after(response) if isinstance(response, httpx.Response) else None
        if asked is not None and asked > LONGEST_RETRY_AFTER:
            raise _TooLong
        seconds = asked or self.backoff_strategy()
        cause = f"HTTP {response.status_code}" if isinstance(response, httpx.Response) else type(response).__name__
        _logger.info(
            "a request to ECGrid is repeated",
            extra={"cause": cause, "attempt": self.attempts_made + 1, "wait_seconds": round(seconds, 1)},
        )
        if isinstance(response, httpx.Response) and response.status_code == _BUSY:
            # The wait itself comes before the next attempt, this thread's as every other's.
            self._pause.hold(seconds)
        elif self._stop.wait(seconds):
            raise _Interrupted

    def backoff_strategy(self) -> float:
        # The inherited one cuts off at the longest wait after the jitter: late attempts would all wait the same time.
        longest = min(LONGEST_BACKOFF, FIRST_BACKOFF * 2 ** (self.attempts_made - 1))
        return random.uniform(0, longest)  # noqa: S311 - spreads load, guards nothing
