"""Updating a callback in place: ask, judge, settle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tf.types import Unknown

from terraform_provider_ecgrid.api.errors import EcgridError, InvalidParameter
from terraform_provider_ecgrid.callback import payload
from terraform_provider_ecgrid.callback.delivery_test import verify_delivery
from terraform_provider_ecgrid.callback.find import hides, learn_again
from terraform_provider_ecgrid.callback.messages import apply as messages
from terraform_provider_ecgrid.callback.private_state import PrivateState
from terraform_provider_ecgrid.callback.request import update_request
from terraform_provider_ecgrid.callback.state import answered, not_made, settled
from terraform_provider_ecgrid.plugin.authoring import CreateContext, State, UpdateContext

if TYPE_CHECKING:
    from tf.utils import Diagnostics

    from terraform_provider_ecgrid.api.client import Client
    from terraform_provider_ecgrid.api.models import Callback
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
            answer = _ask(access, ctx, private, current, changes)
            if answer is None:
                return current
            if not _is_made(ctx, private, callback_id, changes, answer):
                return answered(current, answer, private)
            learn_again(access.client(), callback_id, private, changes)
        private.http_auth_configured = ctx.config["http_auth_type"] is not None
    state = settled(planned, callback_id, None)
    if changes:
        verify_delivery(access.client(), ctx, state, changes)
    return state


def client_or_error(access: Access, ctx: CreateContext | UpdateContext) -> Client | None:
    """Return the client; None and an error if none can be made, which is before anything was sent."""
    try:
        return access.client()
    except EcgridError as error:
        messages.error_not_reachable(ctx.diagnostics, error)
        return None


def send_update(client: Client, diags: Diagnostics, callback_id: int, changes: dict[str, Any]) -> Callback:
    """Send one update. An API that refuses empty credentials gets it once more without them. Raises `EcgridError`."""
    try:
        return client.update(update_request(callback_id, changes))
    except InvalidParameter:
        if not payload.clears_credentials(changes):
            raise
    answer = client.update(update_request(callback_id, payload.without_clearing(changes)))
    messages.warn_credentials_kept(diags, callback_id)
    return answer


def _ask(
    access: Access, ctx: UpdateContext, private: PrivateState, current: State, changes: dict[str, Any]
) -> Callback | None:
    """Send the update, and return the answer; None and an error if it failed."""
    client, callback_id = client_or_error(access, ctx), int(current["callback_id"])
    if client is None:
        return None
    if current["url"]:
        client.hide(current["url"])
    if hides(changes):
        # Before it is sent: whether it was carried out may remain unknown.
        private.shown = False
    try:
        return send_update(client, ctx.diagnostics, callback_id, changes)
    except EcgridError as error:
        messages.error_not_updated(ctx.diagnostics, callback_id, error, changes)
        return None


def _is_made(
    ctx: UpdateContext, private: PrivateState, callback_id: int, changes: dict[str, Any], answer: Callback
) -> bool:
    """Say whether the answer shows the changes; add an error if it does not."""
    if "url" in changes:
        private.note_url(changes["url"], answer.url)
    if different := not_made(changes, answer):
        messages.error_not_made(ctx.diagnostics, callback_id, different)
        return False
    messages.warn_unused_credentials(ctx.diagnostics, callback_id, changes, answer)
    return True
