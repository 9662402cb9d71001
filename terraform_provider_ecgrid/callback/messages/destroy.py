"""What an apply says of destroying a callback."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tf.utils import Diagnostics

from terraform_provider_ecgrid.api.errors import EcgridError, NotFound, ProviderNotReady
from terraform_provider_ecgrid.callback.messages.cures import base_url_name
from terraform_provider_ecgrid.callback.messages.failures import (
    add_failure,
    clause_look_first,
    sentence_different,
    sentence_not_ready,
)
from terraform_provider_ecgrid.callback.phrases import WHAT_ADDRESS_IS
from terraform_provider_ecgrid.callback.schema import OnDestroy
from terraform_provider_ecgrid.callback.state import Differences

if TYPE_CHECKING:
    from terraform_provider_ecgrid.callback.run_ledger import RunLedger


def warn_destroyed(diags: Diagnostics, callback_id: int, on_destroy: str | None, *, terminated: bool) -> None:
    """Say what a destroy left at ECGrid."""
    delete = (
        f"To delete the callback, import it (`terraform import ADDRESS {callback_id}`) and destroy it. "
        f"{WHAT_ADDRESS_IS}"
    )
    if on_destroy == OnDestroy.RETAIN:
        left = (
            f"Callback {callback_id} was only removed from the state. It stays registered at ECGrid unchanged. {delete}"
        )
        diags.add_warning("Callback stays registered", left)
    elif on_destroy == OnDestroy.SUSPEND and terminated:
        left = (
            f"Callback {callback_id} is `Terminated`, so it was not suspended. It stays registered at ECGrid unchanged."
        )
        diags.add_warning("Callback stays registered, terminated", f"{left} {delete}")
    elif on_destroy == OnDestroy.SUSPEND:
        left = f"Callback {callback_id} was suspended. It stays registered at ECGrid and delivers nothing. {delete}"
        diags.add_warning("Callback stays registered, suspended", left)
    elif on_destroy == OnDestroy.TERMINATE:
        left = (
            f"Callback {callback_id} was terminated, which is permanent. It stays at ECGrid and never delivers again."
        )
        diags.add_warning("Callback terminated permanently", left)


def warn_unknown_to_ecgrid(diags: Diagnostics, callback_id: int) -> None:
    """Say that what is to be destroyed does not exist."""
    diags.add_warning(
        f"Callback {callback_id} not found",
        f"ECGrid does not know callback {callback_id}, so it counts as destroyed. A credential of another account "
        "gets the same answer. Make sure that the credential belongs to the right account.",
    )


def error_not_destroyed(diags: Diagnostics, ledger: RunLedger, callback_id: int, error: EcgridError) -> None:
    """Say that a destruction failed."""
    stays = f"callback {callback_id} stays in the state."
    if isinstance(error, ProviderNotReady):
        why = sentence_not_ready(error)
        diags.add_error(_not_destroyed(callback_id), f"No request was sent to ECGrid, and {stays} {why}")
        return
    outcome = [stays.capitalize()]
    if error.status == 404:
        # What removes the cause of the other kind is told already.
        lacks = "this answer does not contain it"
        if isinstance(error, NotFound):
            lacks = f"the answer from {error.base_url} does not contain it"
            if name := base_url_name(error):
                lacks = f"{lacks}. Check {name}"
        outcome.append(
            f"Only ECGrid's error code `ObjectNotFound` proves that a callback is gone, and {lacks}. To remove the "
            f"callback from the state anyway, run `terraform state rm ADDRESS`. {WHAT_ADDRESS_IS}"
        )
    if error.may_have_been_carried_out:
        outcome.append(f"The request may have been carried out anyway. {clause_look_first(callback_id)}.")
    add_failure(diags, ledger, _not_destroyed(callback_id), error, *outcome)


def error_not_deleted(diags: Diagnostics, callback_id: int) -> None:
    """Say that ECGrid answered a deletion with `false`."""
    diags.add_error(
        _not_destroyed(callback_id),
        f"ECGrid answered the deletion of callback {callback_id} with `false`. The callback was not deleted and "
        "stays in the state. Destroy it again, or apply another `on_destroy` first.",
    )


def error_last_status_not_made(diags: Diagnostics, callback_id: int, different: Differences) -> None:
    """Say that ECGrid did not set the status that a destruction asked for."""
    diags.add_error(
        _not_destroyed(callback_id),
        f"ECGrid did not change the status of callback {callback_id}. {sentence_different(different)} The callback "
        "stays in the state. Destroy it again, or apply another `on_destroy` first.",
        path=["on_destroy"],
    )


def _not_destroyed(callback_id: int) -> str:
    return f"Callback {callback_id} not destroyed"
