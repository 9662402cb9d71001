"""What an apply says of taking over and of updating a callback."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tf.utils import Diagnostics

from terraform_provider_ecgrid.api.enums import HttpAuthType
from terraform_provider_ecgrid.api.errors import EcgridError, NotFound
from terraform_provider_ecgrid.callback.messages.failures import (
    add_failure,
    clause_look_first,
    sentence_different,
    warn_change_not_made,
)
from terraform_provider_ecgrid.callback.phrases import WHAT_ADDRESS_IS
from terraform_provider_ecgrid.callback.state import Differences

if TYPE_CHECKING:
    from terraform_provider_ecgrid.api.models import Callback
    from terraform_provider_ecgrid.callback.run_ledger import RunLedger


def error_not_reachable(diags: Diagnostics, ledger: RunLedger, error: EcgridError) -> None:
    """Report that no client is available. Nothing was sent."""
    add_failure(diags, ledger, "ECGrid not reachable", error, "Nothing was sent.")


def error_not_taken_over(
    diags: Diagnostics, ledger: RunLedger, callback_id: int, error: EcgridError, sent: dict[str, Any]
) -> None:
    """Say that a take-over failed; `sent` is empty if it only read."""
    summary = f"Callback {callback_id} not taken over"
    if isinstance(error, NotFound):
        how = "Check `callback_id` and the credential. To register a new callback instead, remove `callback_id`."
        diags.add_error(summary, _gone(callback_id, error, how), path=["callback_id"])
        return
    outcome = f"Callback {callback_id} was not changed and is not in the state."
    if sent and error.may_have_been_carried_out:
        outcome = (
            f"The update may have been carried out anyway, but callback {callback_id} is not in the state. "
            f"{clause_look_first(callback_id)}, because the next apply sends the same update."
        )
    add_failure(diags, ledger, summary, error, outcome, sent=sent)


def warn_taken_over_otherwise(diags: Diagnostics, callback_id: int, different: Differences) -> None:
    """Say that ECGrid did not make a change of a take-over."""
    taken_over = f"ECGrid returned no error, but did not make the change to callback {callback_id}."
    warn_change_not_made(diags, callback_id, taken_over, different)


def error_not_updated(
    diags: Diagnostics, ledger: RunLedger, callback_id: int, error: EcgridError, sent: dict[str, Any]
) -> None:
    """Say that an update failed."""
    summary = f"Callback {callback_id} not updated"
    if isinstance(error, NotFound):
        how = (
            "If it belongs to another account, use that account's credential. If it is gone, run `terraform state rm "
            "ADDRESS` to remove it from the state, or remove `callback_id` from the configuration and run `terraform "
            f"apply -replace=ADDRESS` to register a new one. {WHAT_ADDRESS_IS}"
        )
        diags.add_error(summary, _gone(callback_id, error, how))
        return
    outcome = f"Callback {callback_id} and its state were not changed."
    if error.may_have_been_carried_out:
        outcome = (
            f"The state was not changed. The update of callback {callback_id} may have been carried out anyway. "
            f"{clause_look_first(callback_id)}, because the next apply sends the same update."
        )
    add_failure(diags, ledger, summary, error, outcome, sent=sent)


def error_not_made(diags: Diagnostics, callback_id: int, different: Differences) -> None:
    """Say that ECGrid did not make a change of an update."""
    diags.add_error(
        "Change not made by ECGrid",
        f"ECGrid returned no error for the update of callback {callback_id}, but did not make the change. "
        f"{sentence_different(different)} The state has what ECGrid returned. Apply again, or configure a value that "
        "ECGrid accepts.",
        path=[next(iter(different))],
    )


def warn_credentials_kept(diags: Diagnostics, callback_id: int) -> None:
    """Say that ECGrid refused to clear the credentials that it holds."""
    diags.add_warning(
        f"ECGrid may keep the credentials of callback {callback_id}",
        f"`http_auth_type` of callback {callback_id} is now `None`, but ECGrid refused to clear the user name and "
        "the password. They may remain at ECGrid, where they are not used. To overwrite them, apply `Basic` with "
        "placeholder values, then `None` again.",
        path=["http_auth_type"],
    )


def warn_unused_credentials(
    diags: Diagnostics, callback_id: int, sent: dict[str, Any], answer: Callback | None
) -> None:
    """Say that credentials were sent to a callback whose authentication type, which was not sent, is `None`."""
    given = [name for name in ("username", "password") if name in sent]
    if not given or "http_auth_type" in sent or answer is None or answer.http_auth_type != HttpAuthType.NONE:
        return
    diags.add_warning(
        f"Unused credentials of callback {callback_id}",
        f"The credentials of callback {callback_id} were sent, but its `http_auth_type` is `None`, so ECGrid does "
        "not use them. The next plan may refuse them. Set `http_auth_type` to `Basic` or `Digest`, or remove the "
        "credentials.",
        path=[given[0]],
    )


def _gone(callback_id: int, error: EcgridError, how: str) -> str:
    return (
        f"{error.headline} Callback {callback_id} is gone, or it belongs to an account that this credential cannot "
        f"see. {how}"
    )
