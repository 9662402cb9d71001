"""Destroying a callback: as `on_destroy`, last applied, says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from terraform_provider_ecgrid.api.enums import Status
from terraform_provider_ecgrid.api.errors import EcgridError, InvalidParameter, NotFound
from terraform_provider_ecgrid.callback.find import find_callback
from terraform_provider_ecgrid.callback.messages import destroy as messages
from terraform_provider_ecgrid.callback.private_state import PrivateState
from terraform_provider_ecgrid.callback.request import update_request
from terraform_provider_ecgrid.callback.schema import OnDestroy
from terraform_provider_ecgrid.callback.state import not_made, status_or_none
from terraform_provider_ecgrid.plugin.authoring import DeleteContext, State

if TYPE_CHECKING:
    from tf.utils import Diagnostics

    from terraform_provider_ecgrid.api.client import Client
    from terraform_provider_ecgrid.api.models import Callback
    from terraform_provider_ecgrid.callback.access import Access

_STATUS = {OnDestroy.SUSPEND: Status.SUSPENDED, OnDestroy.TERMINATE: Status.TERMINATED}


def destroy_callback(access: Access, ctx: DeleteContext, current: State) -> None:
    """Destroy a callback. An error leaves it in the state."""
    callback_id = int(current["callback_id"])
    private = PrivateState.load(ctx.private)
    on_destroy = private.on_destroy_of(current)
    # Without a refresh the state may still hold a status that ECGrid denied.
    terminated = (current | private.take_denied())["status"] == Status.TERMINATED
    try:
        if on_destroy == OnDestroy.DELETE:
            _delete(access.client(), ctx.diagnostics, callback_id)
        elif on_destroy in _STATUS and not terminated:
            terminated = _set_status(access, ctx.diagnostics, callback_id, _STATUS[OnDestroy(on_destroy)])
    except EcgridError as error:
        if isinstance(error, NotFound) and error.is_object_not_found:
            messages.warn_unknown_to_ecgrid(ctx.diagnostics, callback_id)
        else:
            messages.error_not_destroyed(ctx.diagnostics, access.ledger, callback_id, error)
    else:
        if not ctx.diagnostics.has_errors():
            messages.warn_destroyed(ctx.diagnostics, callback_id, on_destroy, terminated=terminated)


def _delete(client: Client, diags: Diagnostics, callback_id: int) -> None:
    if not client.delete(callback_id):
        messages.error_not_deleted(diags, callback_id)


def _set_status(access: Access, diags: Diagnostics, callback_id: int, status: Status) -> bool:
    """Set the status, and say whether the callback was terminated already, which is as destroyed as this makes it."""
    try:
        answer = access.client().update(update_request(callback_id, {"status": status.value}))
    except InvalidParameter:
        if _is_terminated(access, callback_id):
            return True
        raise
    different = not_made({"status": status.value}, answer)
    if different and answer is not None and answer.status == Status.TERMINATED:
        return True
    if different:
        messages.error_last_status_not_made(diags, callback_id, different)
    return False


def _is_terminated(access: Access, callback_id: int) -> bool:
    """Ask for the status; if the lookups show none, by an update that changes nothing and answers the record."""
    shown: Callback | None = find_callback(access.registrations, callback_id).registration
    if shown is None or status_or_none(shown.status) is None:
        try:
            shown = access.client().update(update_request(callback_id, {}))
        except InvalidParameter:
            return False
    return shown is not None and shown.status == Status.TERMINATED
