"""Updating a callback in place: ask, judge, settle."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from tf.types import Unknown

from terraform_provider_ecgrid.api.enums import LookupModel
from terraform_provider_ecgrid.api.errors import EcgridError, InvalidParameter
from terraform_provider_ecgrid.callback import payload
from terraform_provider_ecgrid.callback.delivery_test import verify_delivery
from terraform_provider_ecgrid.callback.find import hides, learn
from terraform_provider_ecgrid.callback.messages import update as messages
from terraform_provider_ecgrid.callback.private_state import PrivateState
from terraform_provider_ecgrid.callback.request import update_request
from terraform_provider_ecgrid.callback.state import not_made, refreshed, settled
from terraform_provider_ecgrid.plugin.authoring import CreateContext, State, UpdateContext

if TYPE_CHECKING:
    from tf.utils import Diagnostics

    from terraform_provider_ecgrid.api.client import Client
    from terraform_provider_ecgrid.api.models import Callback, Registration
    from terraform_provider_ecgrid.callback.access import Access


def update_callback(access: Access, ctx: UpdateContext, current: State, planned: State) -> State:
    """Send what the plan shows as changed; with nothing to send make no request. A failure leaves the prior state."""
    callback_id = int(current["callback_id"])
    ctx.identity = {"callback_id": callback_id}
    planned |= {name: current[name] for name, value in planned.items() if value is Unknown}
    changes = payload.changes(current, planned, ctx.config)
    with PrivateState.of(ctx) as private:
        private.replaced = None
        if changes:
            client = client_or_error(access, ctx)
            if client is None:
                return current
            if hides(changes) and private.shown_by is LookupModel.QUEUE:
                # Before it is sent: whether it was carried out may remain unknown.
                private.shown_by = None
            try:
                answer = send_update(client, ctx.diagnostics, callback_id, changes)
            except EcgridError as error:
                messages.error_not_updated(ctx.diagnostics, access.ledger, callback_id, error, changes)
                return current
            private.forget_denied(changes)
            urls_before = private.spellings_of(current["url"])
            shown, _ = shown_after(access, private, callback_id, changes, answer, urls_before)
            if shown is not None and (different := not_made(changes, shown, urls_before)):
                messages.error_not_made(ctx.diagnostics, callback_id, different)
                return refreshed(current, shown, private)
            messages.warn_unused_credentials(ctx.diagnostics, callback_id, changes, shown)
    state = settled(planned, callback_id, None)
    if changes:
        verify_delivery(access, ctx, state, changes)
    return state


def client_or_error(access: Access, ctx: CreateContext | UpdateContext) -> Client | None:
    """Return the client; None and an error if none can be made, which is before anything was sent."""
    try:
        return access.client()
    except EcgridError as error:
        messages.error_not_reachable(ctx.diagnostics, access.ledger, error)
        return None


def send_update(client: Client, diags: Diagnostics, callback_id: int, changes: dict[str, Any]) -> Callback | None:
    """Send one update. An API that refuses empty credentials gets it once more without them. Raises `EcgridError`."""
    try:
        return client.update(update_request(callback_id, changes))
    except InvalidParameter:
        if not payload.clears_credentials(changes):
            raise
    answer = client.update(update_request(callback_id, payload.without_clearing(changes)))
    messages.warn_credentials_kept(diags, callback_id)
    return answer


def shown_after(
    access: Access,
    private: PrivateState,
    callback_id: int,
    changes: dict[str, Any],
    answer: Callback | None,
    urls_before: Collection[str],
    *,
    first: bool = False,
) -> tuple[Callback | None, Registration | None]:
    """Return what ECGrid shows after an update: the record that it answered, or, without one, what a lookup shows.

    The second value is what a lookup shows, None if none was needed.

    Args:
        access: the run.
        private: remembers what is seen. A lookup follows the first apply, a status that may hide the callback, and an
            answer that does not say enough.
        callback_id: the callback.
        changes: what was sent.
        answer: the record, None if ECGrid said no more than that the change was made.
        urls_before: how ECGrid spelled the URL before. One that comes back so is not what became of the one sent.
        first: whether this is the callback's first apply.
    """
    url = changes.get("url")
    if url is not None and not not_made({"url": url}, answer, urls_before):
        private.note_url(url, answer.url if answer else None)
    if not first and not hides(changes) and answer is not None and (url is None or answer.url is not None):
        return answer, None
    seen = learn(access.registrations, callback_id, private, url)
    return answer or seen, seen
