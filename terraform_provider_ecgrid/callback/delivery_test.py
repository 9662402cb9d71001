"""Test deliveries: asked for after an apply (`verify_delivery`), and by the action."""

from __future__ import annotations

import queue
import threading
from collections.abc import Generator, Iterable, Iterator
from typing import TYPE_CHECKING

from terraform_provider_ecgrid.api.enums import Status
from terraform_provider_ecgrid.api.errors import EcgridError
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


def verify_delivery(client: Client, ctx: CreateContext | UpdateContext, state: State, sent: Iterable[str]) -> None:
    """Test the endpoint if `verify_delivery` asks for it and `sent` touched url, status or credentials.

    Never an error: one at create would taint a callback that is registered as it was asked for.
    """
    # Where ECGrid lists deliveries, an imported callback's own status is not known, and most are active.
    may_deliver = state["status"] in (None, Status.ACTIVE)
    if not state["verify_delivery"] or not may_deliver or not _TOUCHING.intersection(sent):
        return
    if ctx.stop.is_set():
        # Terraform was asked to stop, and a test waits for an endpoint.
        return
    callback_id, url = state["callback_id"], state["url"]
    try:
        status = client.test(callback_id).http_status
    except EcgridError as error:
        messages.warn_not_verified(ctx.diagnostics, callback_id, url, error)
        return
    if status != DELIVERED:
        messages.warn_not_delivered(ctx.diagnostics, callback_id, url, status)


def invoke_test(access: Access, ctx: ActionContext, callback_id: int) -> Iterator[str]:
    """Ask for a delivery, yield progress while the endpoint is awaited, and judge the answer."""
    yield f"Asking ECGrid for a test delivery of callback {callback_id}"
    try:
        test = yield from _awaited(access, ctx, callback_id)
    except EcgridError as error:
        messages.error_not_tested(ctx.diagnostics, callback_id, error)
        return
    if test is None:
        messages.error_abandoned(ctx.diagnostics, callback_id)
    elif test.http_status == DELIVERED:
        yield f"Callback {test.callback_id}: {messages.host_of(test.url)} answered HTTP {DELIVERED}"
    else:
        messages.error_not_delivered(ctx.diagnostics, test.callback_id, test.url, test.http_status)


def _awaited(access: Access, ctx: ActionContext, callback_id: int) -> Generator[str, None, DeliveryTest | None]:
    """Return the answer; None if Terraform does not wait for it any more."""
    # A thread of its own, left to itself after a stop: there is no state that its answer could be missing from.
    answers: queue.SimpleQueue[DeliveryTest | Exception] = queue.SimpleQueue()
    threading.Thread(target=_ask, args=(access, callback_id, answers), daemon=True).start()
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


def _ask(access: Access, callback_id: int, answers: queue.SimpleQueue[DeliveryTest | Exception]) -> None:
    try:
        answers.put(access.client().test(callback_id))
    except Exception as error:  # noqa: BLE001 - raised again by the thread that waits
        answers.put(error)
