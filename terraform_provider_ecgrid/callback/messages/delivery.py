"""What a test delivery says: of `verify_delivery`, which warns, and of the action, which fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tf.utils import Diagnostics

from terraform_provider_ecgrid.api.errors import EcgridError, NotFound
from terraform_provider_ecgrid.callback.messages.failures import add_failure
from terraform_provider_ecgrid.callback.urls import origin_of

if TYPE_CHECKING:
    from terraform_provider_ecgrid.callback.run_ledger import RunLedger

DELIVERED = 200

_LOOK_FIRST = "Check the endpoint's log before you"


def warn_not_verified(diags: Diagnostics, callback_id: int, url: str | None, error: EcgridError) -> None:
    """Say that no test delivery could be asked for."""
    of = f"test delivery of callback {callback_id} to {host_of(url)}"
    told = f"the provider could not request a {of}. {error.headline} Request a test delivery later."
    if error.may_have_been_carried_out:
        told = f"the result of the {of} is not known. {error.headline} {_LOOK_FIRST} request another test delivery."
    diags.add_warning(
        f"Delivery of callback {callback_id} not verified",
        f"The apply succeeded, but {told}",
        path=["verify_delivery"],
    )


def warn_not_delivered(
    diags: Diagnostics, callback_id: int, url: str | None, status: int | None, *, queued: bool
) -> None:
    """Say that the endpoint did not answer 200 after an apply."""
    diags.add_warning(
        f"Delivery of callback {callback_id} failed",
        f"The apply succeeded, but the test delivery of callback {callback_id} to {host_of(url)} "
        f"{_outcome(status, queued=queued)}. {_advice(status, queued=queued)}.",
        path=["verify_delivery"],
    )


def error_not_tested(diags: Diagnostics, ledger: RunLedger, callback_id: int, error: EcgridError) -> None:
    """Say that the action could not ask for a test delivery."""
    unasked = f"Callback {callback_id} cannot be tested."
    if error.may_have_been_carried_out:
        last = f"The test delivery may have been made anyway. {_LOOK_FIRST} invoke the action again."
    elif isinstance(error, NotFound):
        last = "Check `callback_id` and the credential."
    else:
        last = ""
    add_failure(diags, ledger, f"Callback {callback_id} not tested", error, last, unasked=unasked)


def error_abandoned(diags: Diagnostics, callback_id: int) -> None:
    """Say that the action was stopped while it waited."""
    diags.add_error(
        "Test delivery interrupted",
        f"Terraform was stopped while the provider waited for the test delivery of callback {callback_id}. "
        f"ECGrid may still deliver it. Nothing else was changed. {_LOOK_FIRST} invoke the action again.",
    )


def error_not_delivered(
    diags: Diagnostics, callback_id: int, url: str | None, status: int | None, *, queued: bool
) -> None:
    """Say that the endpoint did not answer 200 to the action."""
    last = f"The delivery may still arrive. {_LOOK_FIRST}" if queued else f"{_advice(status, queued=False)}, then"
    diags.add_error(
        "Test delivery failed",
        f"The test delivery of callback {callback_id} to {host_of(url)} {_outcome(status, queued=queued)}. {last} "
        "invoke the action again.",
    )


def host_of(url: str | None) -> str:
    """Name the endpoint of a callback; None if ECGrid does not show its URL."""
    return origin_of(url) if url else "its endpoint"


def _outcome(status: int | None, *, queued: bool) -> str:
    """Say, as the rest of a sentence, what became of a test delivery; ECGrid counts 200 alone as delivered."""
    if queued:
        return "is queued, not delivered yet"
    if not status:
        return "got no answer (no connection, or not delivered yet)"
    if _is_another_success(status):
        return f"was answered with HTTP {status}, but ECGrid counts only {DELIVERED} as delivered"
    return f"was answered with HTTP {status}"


def _advice(status: int | None, *, queued: bool) -> str:
    if queued:
        return "The delivery may still arrive. Check the endpoint's log"
    if _is_another_success(status):
        return f"Make the endpoint answer {DELIVERED}"
    return "Check the endpoint, its certificate and the credentials"


def _is_another_success(status: int | None) -> bool:
    return DELIVERED < (status or 0) < 300
