"""Destroying a callback: as `on_destroy`, last applied, says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from terraform_provider_ecgrid.api.enums import Status
from terraform_provider_ecgrid.api.errors import EcgridError, InvalidParameter, NotFound, ProviderNotReady
from terraform_provider_ecgrid.callback import messages as warnings
from terraform_provider_ecgrid.callback.failures import add_failure
from terraform_provider_ecgrid.callback.find import find_callback
from terraform_provider_ecgrid.callback.payload import update_request
from terraform_provider_ecgrid.callback.rules import OnDestroy
from terraform_provider_ecgrid.callback.state import not_made, sentence_of, status_or_none
from terraform_provider_ecgrid.plugin.authoring import DeleteContext, State

if TYPE_CHECKING:
    from tf.utils import Diagnostics

    from terraform_provider_ecgrid.api.client import Client
    from terraform_provider_ecgrid.callback.access import Access

_STATUS = {OnDestroy.SUSPEND: Status.SUSPENDED, OnDestroy.TERMINATE: Status.TERMINATED}


def destroy_callback(provider: Access, ctx: DeleteContext, current: State) -> None:
    """Destroy a callback. An error leaves it in the state."""
    callback_id, on_destroy = int(current["callback_id"]), current["on_destroy"]
    terminated = current["status"] == Status.TERMINATED
    try:
        if on_destroy == OnDestroy.DELETE:
            _delete(provider.client(), ctx.diagnostics, callback_id)
        elif on_destroy in _STATUS and not terminated:
            terminated = _set_status(provider.client(), ctx.diagnostics, callback_id, _STATUS[OnDestroy(on_destroy)])
    except NotFound:
        ctx.diagnostics.add_warning(
            "Callback not found",
            f"ECGrid does not know callback {callback_id}, so its destruction counts as done. A credential of another "
            "account sees the same: make sure that this is the right one.",
        )
        return
    except ProviderNotReady as error:
        ctx.diagnostics.add_error(
            f"Callback {callback_id} not destroyed",
            f"ECGrid was not asked, and callback {callback_id} stays in the state. {error.headline}",
        )
        return
    except EcgridError as error:
        may_be = " The request may have been carried out all the same." if error.may_have_been_carried_out else ""
        add_failure(
            ctx.diagnostics,
            f"Callback {callback_id} not destroyed",
            error,
            f"Callback {callback_id} stays in the state.{may_be}",
        )
        return
    if not ctx.diagnostics.has_errors():
        warnings.of_destroy(ctx.diagnostics, callback_id, on_destroy, terminated=terminated)


def _delete(client: Client, diags: Diagnostics, callback_id: int) -> None:
    if not client.delete(callback_id):
        diags.add_error(
            f"Callback {callback_id} not destroyed",
            f"ECGrid answered the deletion of callback {callback_id} with `false`: it was not deleted and stays in the "
            "state. Run Terraform again, or apply another `on_destroy` first.",
        )


def _set_status(client: Client, diags: Diagnostics, callback_id: int, status: Status) -> bool:
    """Set the status, and say whether the callback was terminated already, which is as destroyed as this makes it."""
    try:
        answer = client.update(update_request(callback_id, {"status": status.value}))
    except InvalidParameter:
        if _is_terminated(client, callback_id):
            return True
        raise
    different = not_made({"status": status.value}, answer)
    if different and answer.status == Status.TERMINATED:
        return True
    if different:
        diags.add_error(
            f"Callback {callback_id} not destroyed",
            f"ECGrid did not make the change. {sentence_of(different)} Callback {callback_id} stays in the state. Run "
            "Terraform again.",
            path=["on_destroy"],
        )
    return False


def _is_terminated(client: Client, callback_id: int) -> bool:
    """Ask for the status; where the lookups show none, by an update that changes nothing and answers the record."""
    entry = find_callback(client, callback_id).entry
    if entry is not None and status_or_none(entry.status) is not None:
        return entry.status == Status.TERMINATED
    try:
        return client.update(update_request(callback_id, {})).status == Status.TERMINATED
    except InvalidParameter:
        return False
