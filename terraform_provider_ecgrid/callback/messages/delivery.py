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

_LOOK_FIRST = "Look into the endpoint's log before you"


def warn_not_verified(diags: Diagnostics, callback_id: int, url: str | None, error: EcgridError) -> None:
    """Say that no test delivery could be asked for."""
    of = f"the test delivery of callback {callback_id} to {host_of(url)}"
    told = f"{of} could not be asked for. {error.headline} Ask ECGrid for a test delivery later."
    if error.may_have_been_carried_out:
        told = f"the outcome of {of} is not known. {error.headline} {_LOOK_FIRST} ask ECGrid for another test delivery."
    diags.add_warning(
        f"Delivery of callback {callback_id} not verified",
        f"The apply is done, but {told}",
        path=["verify_delivery"],
    )


def warn_not_delivered(
    diags: Diagnostics, callback_id: int, url: str | None, status: int | None, *, queued: bool
) -> None:
    """Say that the endpoint did not answer 200 after an apply."""
    diags.add_warning(
        f"Delivery of callback {callback_id} failed",
        f"The apply is done, but the test delivery of callback {callback_id} to {host_of(url)} was not answered by "
        f"{DELIVERED}: {_outcome(status, queued=queued)}. {_advice(status, queued=queued)}.",
        path=["verify_delivery"],
    )


def error_not_tested(diags: Diagnostics, ledger: RunLedger, callback_id: int, error: EcgridError) -> None:
    """Say that the action could not ask for a test delivery."""
    unasked = f"Callback {callback_id} cannot be tested."
    if error.may_have_been_carried_out:
        last = f"The test delivery may have been made all the same. {_LOOK_FIRST} invoke the action again."
    elif isinstance(error, NotFound):
        last = "Check `callback_id` and the credential."
    else:
        last = ""
    add_failure(diags, ledger, f"Callback {callback_id} not tested", error, last, unasked=unasked)


def error_abandoned(diags: Diagnostics, callback_id: int) -> None:
    """Say that the action was stopped while it waited."""
    diags.add_error(
        "Test delivery abandoned",
        f"Terraform was asked to stop while the test delivery of callback {callback_id} was awaited. "
        f"ECGrid may still deliver it, and nothing else was changed. {_LOOK_FIRST} invoke the action again.",
    )


def error_not_delivered(
    diags: Diagnostics, callback_id: int, url: str | None, status: int | None, *, queued: bool
) -> None:
    """Say that the endpoint did not answer 200 to the action."""
    last = f"The delivery may still come. {_LOOK_FIRST}" if queued else f"{_advice(status, queued=False)}, and"
    diags.add_error(
        "Test delivery failed",
        f"The test delivery of callback {callback_id} to {host_of(url)} was not answered by {DELIVERED}: "
        f"{_outcome(status, queued=queued)}. {last} invoke the action again.",
    )


def host_of(url: str | None) -> str:
    """Name the endpoint of a callback; None if ECGrid does not show its URL."""
    return origin_of(url) if url else "its endpoint"


def _outcome(status: int | None, *, queued: bool) -> str:
    """Say what an endpoint answered to a test delivery; ECGrid counts 200 alone as delivered."""
    if queued:
        return "ECGrid has queued it, and has not delivered it yet"
    if not status:
        return "there was no connection, or ECGrid has not delivered yet"
    if _is_another_success(status):
        return f"it answered HTTP {status}, and ECGrid counts only {DELIVERED} as delivered"
    return f"it answered HTTP {status}"


def _advice(status: int | None, *, queued: bool) -> str:
    if queued:
        return "The delivery may still come: look into the endpoint's log"
    if _is_another_success(status):
        return f"Make the endpoint answer {DELIVERED}"
    return "Look at the endpoint, its certificate and the credentials"


def _is_another_success(status: int | None) -> bool:
    return DELIVERED < (status or 0) < 300
