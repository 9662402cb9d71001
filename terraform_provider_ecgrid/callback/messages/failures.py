"""What the API client raises, as diagnostics that say what failed, why, and what to do next."""

from __future__ import annotations

from typing import Any

from tf.utils import Diagnostics

from terraform_provider_ecgrid.api.errors import (
    AccessDenied,
    EcgridError,
    InvalidParameter,
    NotConnected,
    NotEcgrid,
    ProviderNotReady,
    RateLimited,
    Refused,
    ServerError,
    Stopped,
    Unauthorized,
)

_FIELDS = {
    "httpauthtype": "http_auth_type",
    "callbackid": "callback_id",
    "mailboxid": "mailbox_id",
    "networkid": "network_id",
    "username": "username",
    "password": "password",
    "event": "event",
    "status": "status",
    "url": "url",
}

_ADVICE: tuple[tuple[type[EcgridError], str], ...] = (
    (
        Unauthorized,
        (
            "Replace the credential there and run Terraform again. A new API key invalidates the old one at once, and "
            "an access token is short-lived. `terraform-provider-ecgrid check` tries the environment's credential."
        ),
    ),
    (AccessDenied, "Use a credential that may do this; network-level calls need the role `NetworkAdmin`."),
    (RateLimited, "Wait, or lower `-parallelism`, and run Terraform again."),
    (
        NotEcgrid,
        (
            "Check `base_url` (it ends before `/v2`), the environment variable ECGRID_BASE_URL and the proxy settings, "
            "and run Terraform again. `terraform-provider-ecgrid check` says step by step what it meets on the way."
        ),
    ),
    (
        NotConnected,
        (
            "Check `base_url`, the proxy settings and the network, and run Terraform again. "
            "`terraform-provider-ecgrid check` says step by step what it meets on the way."
        ),
    ),
    (Stopped, "Run Terraform again."),
    (ServerError, "Wait a little and run Terraform again."),
    (Refused, "Correct what ECGrid names, and run Terraform again."),
)


def _advice(error: EcgridError) -> str:
    return next((words for kind, words in _ADVICE if isinstance(error, kind)), "Run Terraform again.")


def sentence_check(callback_id: int) -> str:
    """Return the sentence that names the command which says what ECGrid shows of a callback."""
    return f"`terraform-provider-ecgrid check --callback {callback_id}` says what each lookup answers."


def sentence_not_ready(error: ProviderNotReady) -> str:
    """Return why ECGrid could not be asked yet, and what to do about it."""
    names = " and ".join(f"`{name}`" for name in error.arguments)
    return (
        f"The provider's {names} will be known only after other resources were applied. "
        "Apply those first (`terraform apply -target=...`), or give the provider a value that is known at plan."
    )


def add_failure(
    diags: Diagnostics,
    summary: str,
    error: EcgridError,
    *sentences: str,
    unasked: str = "Nothing was sent.",
    instead: str = "",
    sent: dict[str, Any] | None = None,
) -> None:
    """Add an error: what ECGrid said, the given sentences, and what to do.

    `unasked` is the sentence for a provider that could not ask ECGrid yet, `instead` the last sentence if the usual
    advice for such an error would do harm. If ECGrid refused a parameter by name and
    `sent` holds it, the diagnostic points at that attribute.
    """
    if isinstance(error, ProviderNotReady):
        diags.add_error("ECGrid not asked", f"{unasked} {sentence_not_ready(error)}")
        return
    detail = " ".join((error.headline, *sentences, instead or _advice(error)))
    attribute = _blamed(error, sent or {})
    diags.add_error(summary, detail, path=[attribute] if attribute else None)


def _blamed(error: EcgridError, sent: dict[str, Any]) -> str | None:
    if not isinstance(error, InvalidParameter):
        return None
    # The `errors` of an RFC 7807 problem name fields; a sentence of the envelope may quote one.
    words = " ".join(error.fields).lower() or error.message.lower()
    return next((attribute for camel, attribute in _FIELDS.items() if camel in words and attribute in sent), None)
