"""What an apply says: of registering, taking over, updating and destroying."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tf.utils import Diagnostics

from terraform_provider_ecgrid.api.enums import HttpAuthType, Status
from terraform_provider_ecgrid.api.errors import DuplicateObject, EcgridError, NotFound, ProviderNotReady
from terraform_provider_ecgrid.callback.messages.failures import add_failure, quoted, sentence_not_ready
from terraform_provider_ecgrid.callback.payload import CREDENTIAL_FIELDS, SCOPE_FIELDS
from terraform_provider_ecgrid.callback.schema import OnDestroy
from terraform_provider_ecgrid.callback.state import Differences
from terraform_provider_ecgrid.callback.urls import origin_of
from terraform_provider_ecgrid.plugin.authoring import Config, State

if TYPE_CHECKING:
    from terraform_provider_ecgrid.api.models import Callback, Registration
    from terraform_provider_ecgrid.callback.run_ledger import RunLedger

_NOT_AGAIN = "Do not apply before this has been looked into: another apply may register a second callback."

_KEPT = (
    "The state holds it as tainted, so the next apply deletes it and registers a new one. To keep it, run "
    "`terraform untaint ADDRESS` and apply again."
)


def error_not_reachable(diags: Diagnostics, ledger: RunLedger, error: EcgridError) -> None:
    """Say that there is no client, before anything was sent."""
    add_failure(diags, ledger, "ECGrid not reachable", error, "Nothing was sent.")


def error_not_registered(
    diags: Diagnostics,
    ledger: RunLedger,
    error: EcgridError,
    planned: State,
    config: Config,
    candidates: list[Registration] | None,
) -> None:
    """Say that a registration failed.

    `candidates` are the callbacks which ECGrid lists that may be it, or the one that it duplicates; None if its list
    could not be read.
    """
    where = f"event `{planned['event']}` at {origin_of(planned['url'])}"
    if isinstance(error, DuplicateObject):
        told = _duplicated(where, config, candidates)
        add_failure(diags, ledger, "Callback not registered", error, told, _NOT_AGAIN)
    elif error.may_have_been_carried_out:
        told = _perhaps(where, config, candidates)
        add_failure(diags, ledger, "Callback may have been registered", error, told, _NOT_AGAIN)
    else:
        sent = {name: planned[name] for name in ("url", "event", *SCOPE_FIELDS, *CREDENTIAL_FIELDS)}
        add_failure(diags, ledger, "Callback not registered", error, "Nothing was registered.", sent=sent)


def error_not_completed(diags: Diagnostics, callback_id: int) -> None:
    """Say that this provider failed after it had registered a callback."""
    diags.add_error(
        f"Callback {callback_id} registered, but not completed",
        f"Callback {callback_id} is registered, and then this provider failed, which is a mistake in it. {_KEPT}",
    )


def warn_registered_otherwise(diags: Diagnostics, callback_id: int, different: Differences) -> None:
    """Say that ECGrid registered a callback otherwise than asked for."""
    diags.add_warning(
        _change_not_made(callback_id),
        f"ECGrid registered callback {callback_id} otherwise than asked for. {_sentence_of(different)} The "
        "next refresh will show the difference.",
        path=[next(iter(different))],
    )


def error_status_not_sent(
    diags: Diagnostics, ledger: RunLedger, callback_id: int, status: str, held: str, error: EcgridError
) -> None:
    """Say that a new callback did not get its status, because the update failed; `held` is the one that it has."""
    unless = ", unless the change was carried out all the same" if error.may_have_been_carried_out else ""
    now = f"Callback {callback_id} is registered and is `{held}`{unless}."
    add_failure(diags, ledger, _without_status(callback_id, status), error, now, _KEPT, sent={"status": status})


def error_status_not_made(diags: Diagnostics, callback_id: int, status: str, different: Differences) -> None:
    """Say that a new callback did not get its status, because ECGrid answered another one."""
    now = f"Callback {callback_id} is registered and is {quoted(different['status'][1])}."
    words = f"ECGrid did not make the change. {_sentence_of(different)} {now} {_KEPT}"
    diags.add_error(_without_status(callback_id, status), words, path=["status"])


def error_not_taken_over(
    diags: Diagnostics, ledger: RunLedger, callback_id: int, error: EcgridError, sent: dict[str, Any]
) -> None:
    """Say that a take-over failed; `sent` is empty if it only read."""
    summary = f"Callback {callback_id} not taken over"
    if isinstance(error, NotFound):
        how = "Check `callback_id` and the credential, or remove `callback_id` to register a new callback."
        diags.add_error(summary, _gone(callback_id, error, how), path=["callback_id"])
        return
    outcome = f"Callback {callback_id} is as it was, and the state holds nothing of it."
    if sent and error.may_have_been_carried_out:
        outcome = (
            f"The update may have been carried out all the same; the state holds nothing of callback {callback_id}. "
            f"{_look_first(callback_id)}: the next apply sends the same update."
        )
    add_failure(diags, ledger, summary, error, outcome, sent=sent)


def warn_taken_over_otherwise(diags: Diagnostics, callback_id: int, different: Differences) -> None:
    """Say that ECGrid did not make a change of a take-over."""
    diags.add_warning(
        _change_not_made(callback_id),
        f"ECGrid answered without an error but did not make the change to callback {callback_id}. "
        f"{_sentence_of(different)} The next refresh will show the difference.",
        path=[next(iter(different))],
    )


def error_not_updated(
    diags: Diagnostics, ledger: RunLedger, callback_id: int, error: EcgridError, sent: dict[str, Any]
) -> None:
    """Say that an update failed."""
    summary = f"Callback {callback_id} not updated"
    if isinstance(error, NotFound):
        how = (
            "To register a new one in its place, run `terraform apply -replace=ADDRESS` (remove `callback_id` from "
            "the configuration first); to forget it, run `terraform state rm ADDRESS`; if it belongs to another "
            "account, use that account's credential."
        )
        diags.add_error(summary, _gone(callback_id, error, how))
        return
    outcome = f"Callback {callback_id} and its state are as they were."
    if error.may_have_been_carried_out:
        outcome = (
            f"The state is left as it was. The update of callback {callback_id} may have been carried out all the "
            f"same. {_look_first(callback_id)}: the next apply sends the same update."
        )
    add_failure(diags, ledger, summary, error, outcome, sent=sent)


def error_not_made(diags: Diagnostics, callback_id: int, different: Differences) -> None:
    """Say that ECGrid did not make a change of an update."""
    diags.add_error(
        "Change not made by ECGrid",
        f"ECGrid answered the update of callback {callback_id} without an error but did not make the change. "
        f"{_sentence_of(different)} The state holds what ECGrid answered. Apply again, or configure what "
        "ECGrid accepts.",
        path=[next(iter(different))],
    )


def warn_credentials_kept(diags: Diagnostics, callback_id: int) -> None:
    """Say that ECGrid refused to clear the credentials that it holds."""
    diags.add_warning(
        f"ECGrid may keep the credentials of callback {callback_id}",
        f"`http_auth_type` of callback {callback_id} is now `None`, but ECGrid refused to clear the user name and the "
        "password that it holds: they may remain there, unused. To overwrite them, apply `Basic` with worthless "
        "values, then `None` again.",
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
        f"Credentials of callback {callback_id} without use",
        f"The credentials of callback {callback_id} were sent, but its `http_auth_type` is `None`, so ECGrid never "
        "uses them, and the next plan may refuse them. Set `http_auth_type` to `Basic` or `Digest`, or remove them.",
        path=[given[0]],
    )


def warn_destroyed(diags: Diagnostics, callback_id: int, on_destroy: str | None, *, terminated: bool) -> None:
    """Say what a destroy left at ECGrid."""
    remove = f"To remove the callback, import it (`terraform import ADDRESS {callback_id}`) and destroy it."
    if on_destroy == OnDestroy.RETAIN:
        left = (
            f"Callback {callback_id} was only forgotten by Terraform: it stays registered at ECGrid as it is. {remove}"
        )
        diags.add_warning("Callback stays registered", left)
    elif on_destroy == OnDestroy.SUSPEND and terminated:
        left = (
            f"Callback {callback_id} is `Terminated`, so it was not suspended: it stays registered at ECGrid as it is."
        )
        diags.add_warning("Callback stays registered, suspended", f"{left} {remove}")
    elif on_destroy == OnDestroy.SUSPEND:
        left = f"Callback {callback_id} was suspended: it stays registered at ECGrid and delivers nothing. {remove}"
        diags.add_warning("Callback stays registered, suspended", left)
    elif on_destroy == OnDestroy.TERMINATE:
        left = (
            f"Callback {callback_id} was terminated, which is permanent: it stays at ECGrid and never delivers again."
        )
        diags.add_warning("Callback terminated for ever", left)


def warn_unknown_to_ecgrid(diags: Diagnostics, callback_id: int) -> None:
    """Say that what is to be destroyed does not exist."""
    diags.add_warning(
        f"Callback {callback_id} not found",
        f"ECGrid does not know callback {callback_id}, so its destruction counts as done. A credential of another "
        "account sees the same: make sure that the credential is the right one.",
    )


def error_not_destroyed(diags: Diagnostics, ledger: RunLedger, callback_id: int, error: EcgridError) -> None:
    """Say that a destruction failed."""
    stays = f"callback {callback_id} stays in the state."
    if isinstance(error, ProviderNotReady):
        why = sentence_not_ready(error)
        diags.add_error(_not_destroyed(callback_id), f"ECGrid was not asked, and {stays} {why}")
        return
    outcome = [stays.capitalize()]
    if error.status == 404:
        of = f" of {error.base_url}" if error.base_url else ""
        outcome.append(
            f"Only ECGrid's own `ObjectNotFound` says that a callback is gone, and this answer{of} "
            "is none: check `base_url`. To forget the callback all the same, run `terraform state rm ADDRESS`."
        )
    if error.may_have_been_carried_out:
        outcome.append(f"The request may have been carried out all the same. {_look_first(callback_id)}.")
    add_failure(diags, ledger, _not_destroyed(callback_id), error, *outcome)


def error_not_deleted(diags: Diagnostics, callback_id: int) -> None:
    """Say that ECGrid answered a deletion with `false`."""
    diags.add_error(
        _not_destroyed(callback_id),
        f"ECGrid answered the deletion of callback {callback_id} with `false`: it was not deleted and stays in the "
        "state. Destroy it again, or apply another `on_destroy` first.",
    )


def error_last_status_not_made(diags: Diagnostics, callback_id: int, different: Differences) -> None:
    """Say that ECGrid did not set the status that a destruction asked for."""
    diags.add_error(
        _not_destroyed(callback_id),
        f"ECGrid did not make the change. {_sentence_of(different)} Callback {callback_id} stays in the state. "
        "Destroy it again, or apply another `on_destroy` first.",
        path=["on_destroy"],
    )


def _sentence_of(different: Differences) -> str:
    return " ".join(
        f"`url` came back as it was before, at {origin_of(answered)}."
        if name == "url"
        else f"`{name}` was sent as `{sent}` and came back as {quoted(answered)}."
        for name, (sent, answered) in different.items()
    )


def _change_not_made(callback_id: int) -> str:
    return f"Change of callback {callback_id} not made by ECGrid"


def _look_first(callback_id: int) -> str:
    return f"Before you apply again, look at callback {callback_id} at ECGrid"


def _without_status(callback_id: int, status: str) -> str:
    return f"Callback {callback_id} registered, but not {status}"


def _not_destroyed(callback_id: int) -> str:
    return f"Callback {callback_id} not destroyed"


def _gone(callback_id: int, error: EcgridError, how: str) -> str:
    return (
        f"{error.headline} Callback {callback_id} is gone, or it belongs to an account that this credential does not "
        f"see. {how}"
    )


def _duplicated(where: str, config: Config, candidates: list[Registration] | None) -> str:
    if ids := ", ".join(str(entry.callback_id) for entry in candidates or ()):
        return f"ECGrid lists for {where}: {_named(ids)}. {_how_to_adopt(config, ids)}"
    why = ", but ECGrid's list could not be read" if candidates is None else ", which ECGrid does not list"
    return f"There is one for {where} already{why}. {_how_to_adopt(config)}"


def _perhaps(where: str, config: Config, candidates: list[Registration] | None) -> str:
    # A new callback is never terminated: that one is older.
    if ids := ", ".join(str(entry.callback_id) for entry in candidates or () if entry.status != Status.TERMINATED):
        return f"What may be the new one for {where} is listed by ECGrid: {_named(ids)}. {_how_to_adopt(config, ids)}"
    why = ": its list could not be read" if candidates is None else ""
    return (
        f"A callback for {where} may exist which ECGrid does not list yet{why}. Look for it at ECGrid. "
        f"{_how_to_adopt(config)}"
    )


def _named(ids: str) -> str:
    return f"callback{'' if ids.isdigit() else 's'} {ids}"


def _how_to_adopt(config: Config, ids: str = "") -> str:
    """Say how; `ids` are those that a lookup shows, which an import needs."""
    scope = [f"`{name}`" for name in SCOPE_FIELDS if config[name] is not None]
    without = f", remove {' and '.join(scope)}" if scope else ""
    importing = f"run `terraform import ADDRESS {ids if ids.isdigit() else 'ID'}`, or " if ids else ""
    return (
        f"To adopt it, {importing}set `callback_id` to its id{without} and apply (its `on_destroy` is then `retain` "
        "unless set). Make sure that no other resource manages it."
    )
