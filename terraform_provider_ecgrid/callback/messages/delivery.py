"""What a test delivery says: of `verify_delivery`, which warns, and of the action, which fails."""

from __future__ import annotations

from tf.utils import Diagnostics

from terraform_provider_ecgrid.api.errors import EcgridError
from terraform_provider_ecgrid.callback.messages.failures import add_failure
from terraform_provider_ecgrid.callback.urls import origin_of

DELIVERED = 200


def warn_not_verified(diags: Diagnostics, callback_id: int, url: str | None, error: EcgridError) -> None:
    """Say that no test delivery could be asked for."""
    diags.add_warning(
        "Delivery not verified",
        f"The apply is done, but the test delivery of callback {callback_id} to {host_of(url)} could not be asked for. "
        f"{error.headline} Ask ECGrid for one later.",
        path=["verify_delivery"],
    )


def warn_not_delivered(
    diags: Diagnostics, callback_id: int, url: str | None, status: int | None, *, queued: bool
) -> None:
    """Say that the endpoint did not answer 200 after an apply."""
    diags.add_warning(
        "Delivery failed",
        f"The apply is done, but the test delivery of callback {callback_id} to {host_of(url)} was not answered by "
        f"{DELIVERED}: {_outcome(status, queued=queued)}. {_advice(status)}.",
        path=["verify_delivery"],
    )


def error_not_tested(diags: Diagnostics, callback_id: int, error: EcgridError) -> None:
    """Say that the action could not ask for a test delivery."""
    unasked = f"Callback {callback_id} cannot be tested."
    add_failure(diags, f"Callback {callback_id} not tested", error, unasked=unasked)


def error_abandoned(diags: Diagnostics, callback_id: int) -> None:
    """Say that the action was stopped while it waited."""
    diags.add_error(
        "Test delivery abandoned",
        f"Terraform was asked to stop while the test delivery of callback {callback_id} was awaited. "
        "ECGrid may still deliver it, and nothing else was changed. Invoke the action again.",
    )


def error_not_delivered(
    diags: Diagnostics, callback_id: int, url: str | None, status: int | None, *, queued: bool
) -> None:
    """Say that the endpoint did not answer 200 to the action."""
    diags.add_error(
        "Test delivery failed",
        f"The test delivery of callback {callback_id} to {host_of(url)} was not answered by {DELIVERED}: "
        f"{_outcome(status, queued=queued)}. {_advice(status)}, and invoke the action again.",
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


def _advice(status: int | None) -> str:
    if _is_another_success(status):
        return f"Make the endpoint answer {DELIVERED}"
    return "Look at the endpoint, its certificate and the credentials"


def _is_another_success(status: int | None) -> bool:
    return DELIVERED < (status or 0) < 300
