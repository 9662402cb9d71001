"""What the API client raises, as diagnostics that say what failed, why, and what removes the cause."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tf.utils import Diagnostics

from terraform_provider_ecgrid.api.errors import (
    EcgridError,
    InvalidParameter,
    ProviderNotReady,
    Unauthorized,
)
from terraform_provider_ecgrid.callback.messages.cures import cure
from terraform_provider_ecgrid.callback.urls import origin_of
from terraform_provider_ecgrid.callback.values import shortened

if TYPE_CHECKING:
    from terraform_provider_ecgrid.callback.run_ledger import RunLedger
    from terraform_provider_ecgrid.callback.state import Differences

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


def quoted(value: Any) -> str:
    """Quote a value on one line: what a server answers could otherwise add lines of its own to a message."""
    return f"`{shortened(' '.join(str(value).split()))}`"


def sentence_check(callback_id: int) -> str:
    """Return the sentence that names the command which says what ECGrid shows of a callback."""
    return f"`terraform-provider-ecgrid check --callback {callback_id}` shows how each lookup answers."


def sentence_different(different: Differences) -> str:
    """Return the sentence that names what ECGrid answered otherwise than it was sent."""
    return " ".join(
        f"ECGrid still returns the old `url`, at {origin_of(answered)}."
        if name == "url"
        else f"`{name}` was sent as `{sent}`, but ECGrid returned {quoted(answered)}."
        for name, (sent, answered) in different.items()
    )


def warn_change_not_made(diags: Diagnostics, callback_id: int, what_happened: str, different: Differences) -> None:
    """Say that ECGrid did not make a change, which the next plan shows."""
    diags.add_warning(
        f"Change to callback {callback_id} not made by ECGrid",
        f"{what_happened} {sentence_different(different)} The next plan shows the difference.",
        path=[next(iter(different))],
    )


def clause_look_first(callback_id: int) -> str:
    """Return the clause, without its stop, that says what to do before another write."""
    return f"Check callback {callback_id} at ECGrid before you apply again"


def sentence_not_ready(error: ProviderNotReady) -> str:
    """Return why ECGrid could not be asked yet, and what to do about it."""
    names = " and ".join(f"`{name}`" for name in error.arguments)
    depend = "argument {} depends" if len(error.arguments) == 1 else "arguments {} depend"
    return (
        f"The provider {depend.format(names)} on resources that are not applied yet. Apply those first "
        "(`terraform apply -target=...`), or use a value that is known at plan time."
    )


def add_failure(
    diags: Diagnostics,
    ledger: RunLedger,
    summary: str,
    error: EcgridError,
    *sentences: str,
    unasked: str = "Nothing was sent.",
    sent: dict[str, Any] | None = None,
    once: bool = False,
) -> None:
    """Add an error: what ECGrid said, what removes the cause, and the given sentences; the last one says what is next.

    `unasked` is the sentence for a provider that could not ask ECGrid yet. If ECGrid refused a parameter by name and
    `sent` holds it, the diagnostic points at that attribute. That the credential is refused is told in full once per
    run; with `once` it is not told again at all, for what needs no error to fail.
    """
    if isinstance(error, ProviderNotReady):
        diags.add_error("ECGrid not called", f"{unasked} {sentence_not_ready(error)}")
        return
    told = error.headline, cure(error)
    if isinstance(error, Unauthorized) and ledger.note_warned("credential refused"):
        if once:
            return
        told = "The credential cannot be used. Another error of this run gives the details.", ""
    attribute = _blamed(error, sent or {})
    detail = " ".join(filter(None, (*told, *sentences)))
    diags.add_error(summary, detail, path=[attribute] if attribute else None)


def _blamed(error: EcgridError, sent: dict[str, Any]) -> str | None:
    if not isinstance(error, InvalidParameter):
        return None
    # The `errors` of an RFC 7807 problem name fields; a sentence of the envelope may quote one.
    words = " ".join(error.fields).lower() or error.message.lower()
    return next((attribute for camel, attribute in _FIELDS.items() if camel in words and attribute in sent), None)
