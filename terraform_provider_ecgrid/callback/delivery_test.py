"""Test deliveries: asked for after an apply (`verify_delivery`), and by the action."""

from __future__ import annotations

import queue
import threading
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING

from terraform_provider_ecgrid.api.enums import Status
from terraform_provider_ecgrid.api.errors import EcgridError
from terraform_provider_ecgrid.api.registrations import shows_nothing
from terraform_provider_ecgrid.callback.messages import delivery as messages
from terraform_provider_ecgrid.callback.messages.delivery import DELIVERED
from terraform_provider_ecgrid.plugin.authoring import CreateContext, State, UpdateContext

if TYPE_CHECKING:
    from terraform_provider_ecgrid.api.client import Client
    from terraform_provider_ecgrid.api.models import DeliveryTest
    from terraform_provider_ecgrid.callback.access import Access
    from terraform_provider_ecgrid.plugin.authoring import ActionContext

_TOUCHING = frozenset({"url", "status", "http_auth_type", "username", "password"})

# How long Terraform waits for a sign of life, and how soon a stop is noticed.
_PROGRESS_SECONDS = 10.0
_LOOK_SECONDS = 0.1

# A queued delivery is looked up once per second, for half a minute.
_LOOK_AGAIN_SECONDS = 1.0
_LONGEST_WAIT_SECONDS = 30.0

_Tested = tuple["Outcome", str | None]


@dataclass(frozen=True)
class Outcome:
    """What came of a test delivery: the endpoint's status (None or 0: no connection), or that it is only queued."""

    status: int | None
    queued: bool = False

    @property
    def is_delivered(self) -> bool:
        """Whether ECGrid counts it as delivered."""
        return not self.queued and self.status == DELIVERED


def verify_delivery(access: Access, ctx: CreateContext | UpdateContext, state: State, sent: Iterable[str]) -> None:
    """Test the endpoint if `verify_delivery` asks for it and `sent` touched url, status or credentials.

    Never an error: one at create would taint a callback that is registered as it was asked for.
    """
    # The status of a callback that no lookup shows is not known, and most are active.
    may_deliver = state["status"] in (None, Status.ACTIVE)
    if not state["verify_delivery"] or not may_deliver or not _TOUCHING.intersection(sent):
        return
    if ctx.stop.is_set():
        # Terraform was asked to stop, and a test waits for an endpoint.
        return
    callback_id, url = state["callback_id"], state["url"]
    try:
        outcome = _tested(access.client(), callback_id, ctx.stop)
    except EcgridError as error:
        messages.warn_not_verified(ctx.diagnostics, callback_id, url, error)
        return
    if not outcome.is_delivered:
        messages.warn_not_delivered(ctx.diagnostics, callback_id, url, outcome.status, queued=outcome.queued)


def invoke_test(access: Access, ctx: ActionContext, callback_id: int) -> Iterator[str]:
    """Ask for a delivery, yield progress while the endpoint is awaited, and judge the answer."""
    yield f"Asking ECGrid for a test delivery of callback {callback_id}"
    try:
        answer = yield from _awaited(access, ctx, callback_id)
    except EcgridError as error:
        messages.error_not_tested(ctx.diagnostics, access.ledger, callback_id, error)
        return
    if answer is None:
        messages.error_abandoned(ctx.diagnostics, callback_id)
        return
    outcome, url = answer
    if outcome.is_delivered:
        yield f"Callback {callback_id}: {messages.host_of(url)} answered HTTP {DELIVERED}"
    else:
        messages.error_not_delivered(ctx.diagnostics, callback_id, url, outcome.status, queued=outcome.queued)


def _tested(client: Client, callback_id: int, stop: threading.Event, test: DeliveryTest | None = None) -> Outcome:
    """Ask for a test delivery; if it is only queued, look it up until it is tried. Raises `EcgridError`."""
    test = test or client.test(callback_id)
    if test.queue_id is None or test.http_status:
        return Outcome(test.http_status)
    deadline = monotonic() + _LONGEST_WAIT_SECONDS
    while True:
        try:
            attempts = client.get_delivery(test.queue_id).attempts
        except EcgridError as error:
            if not shows_nothing(error):
                raise
            break
        if attempts:
            return Outcome(attempts[-1].http_status)
        # A look may take longer than the pause, so looks are not counted.
        if monotonic() >= deadline or stop.wait(_LOOK_AGAIN_SECONDS):
            break
    return Outcome(None, queued=True)


def _awaited(access: Access, ctx: ActionContext, callback_id: int) -> Generator[str, None, _Tested | None]:
    """Return the outcome and the endpoint's URL; None if Terraform does not wait for it any more."""
    # A thread of its own, left to itself after a stop: there is no state that its answer could be missing from.
    answers: queue.SimpleQueue[_Tested | Exception] = queue.SimpleQueue()
    threading.Thread(target=_ask, args=(access, ctx.stop, callback_id, answers), daemon=True).start()
    waited = 0.0
    while True:
        try:
            answer = answers.get(timeout=_LOOK_SECONDS)
        except queue.Empty:
            waited += _LOOK_SECONDS
        else:
            if isinstance(answer, Exception):
                raise answer
            return answer
        if ctx.stop.is_set() or not ctx.alive():
            return None
        if waited >= _PROGRESS_SECONDS:
            waited = 0.0
            yield f"Still waiting for the endpoint of callback {callback_id}"


def _ask(
    access: Access, stop: threading.Event, callback_id: int, answers: queue.SimpleQueue[_Tested | Exception]
) -> None:
    try:
        client = access.client()
        test = client.test(callback_id)
        answers.put((_tested(client, callback_id, stop, test), test.url))
    except Exception as error:  # noqa: BLE001 - raised again by the thread that waits
        answers.put(error)
