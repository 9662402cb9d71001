"""What an apply says of registering a callback."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tf.utils import Diagnostics

from terraform_provider_ecgrid.api.enums import Status
from terraform_provider_ecgrid.api.errors import DuplicateObject, EcgridError
from terraform_provider_ecgrid.callback.messages.failures import (
    add_failure,
    quoted,
    sentence_different,
    warn_change_not_made,
)
from terraform_provider_ecgrid.callback.payload import CREDENTIAL_FIELDS, SCOPE_FIELDS
from terraform_provider_ecgrid.callback.phrases import WHAT_ADDRESS_IS
from terraform_provider_ecgrid.callback.state import Differences
from terraform_provider_ecgrid.callback.urls import origin_of
from terraform_provider_ecgrid.plugin.authoring import Config, State

if TYPE_CHECKING:
    from terraform_provider_ecgrid.api.models import Registration
    from terraform_provider_ecgrid.callback.run_ledger import RunLedger

_NOT_AGAIN = "Do not apply again until you have looked into this, because"
_MAY_REGISTER_TWICE = f"{_NOT_AGAIN} another apply may register a second callback."
_WOULD_BE_REFUSED = f"{_NOT_AGAIN} ECGrid would refuse it again."

_KEPT = (
    "Terraform marks the resource as tainted, so the next apply deletes the callback and registers a new one. To keep "
    f"the callback, run `terraform untaint ADDRESS` and apply again. {WHAT_ADDRESS_IS}"
)


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
    named = f"ECGrid's answer mentions callback {error.answered_id}. " if error.answered_id is not None else ""
    if isinstance(error, DuplicateObject):
        told = named + _duplicated(where, config, candidates)
        add_failure(diags, ledger, "Callback not registered", error, told, _WOULD_BE_REFUSED)
    elif error.may_have_been_carried_out:
        told = named + _perhaps(where, config, candidates)
        add_failure(diags, ledger, "Callback may have been registered", error, told, _MAY_REGISTER_TWICE)
    else:
        sent = {name: planned[name] for name in ("url", "event", *SCOPE_FIELDS, *CREDENTIAL_FIELDS)}
        add_failure(diags, ledger, "Callback not registered", error, "No callback was registered.", sent=sent)


def error_not_completed(diags: Diagnostics, callback_id: int) -> None:
    """Say that this provider failed after it had registered a callback."""
    diags.add_error(
        f"Callback {callback_id} registered, but not completed",
        f"Callback {callback_id} is registered, but the provider failed afterwards. This is a bug in the provider. "
        f"{_KEPT}",
    )


def warn_registered_otherwise(diags: Diagnostics, callback_id: int, different: Differences) -> None:
    """Say that ECGrid registered a callback otherwise than asked for."""
    registered = f"ECGrid registered callback {callback_id} with values other than the configured ones."
    warn_change_not_made(diags, callback_id, registered, different)


def error_status_not_sent(
    diags: Diagnostics, ledger: RunLedger, callback_id: int, status: str, held: str, error: EcgridError
) -> None:
    """Say that a new callback did not get its status, because the update failed; `held` is the one that it has."""
    unless = ", unless the status change was carried out anyway" if error.may_have_been_carried_out else ""
    now = f"Callback {callback_id} is registered and is `{held}`{unless}."
    add_failure(diags, ledger, _without_status(callback_id, status), error, now, _KEPT, sent={"status": status})


def error_status_not_made(diags: Diagnostics, callback_id: int, status: str, different: Differences) -> None:
    """Say that a new callback did not get its status, because ECGrid answered another one."""
    now = f"The callback is registered and is {quoted(different['status'][1])}."
    words = f"ECGrid did not set the status of callback {callback_id}. {sentence_different(different)} {now} {_KEPT}"
    diags.add_error(_without_status(callback_id, status), words, path=["status"])


def _without_status(callback_id: int, status: str) -> str:
    return f"Callback {callback_id} registered, but not {status}"


def _duplicated(where: str, config: Config, candidates: list[Registration] | None) -> str:
    if ids := ", ".join(str(entry.callback_id) for entry in candidates or ()):
        return f"ECGrid already lists {_named(ids)} for {where}. {_how_to_adopt(config, ids)}"
    why = "ECGrid's list could not be read" if candidates is None else "ECGrid does not list it"
    return f"A callback for {where} already exists, but {why}. {_how_to_adopt(config)}"


def _perhaps(where: str, config: Config, candidates: list[Registration] | None) -> str:
    # A new callback is never terminated: that one is older.
    if ids := ", ".join(str(entry.callback_id) for entry in candidates or () if entry.status != Status.TERMINATED):
        new = "It" if ids.isdigit() else "One of them"
        return f"ECGrid lists {_named(ids)} for {where}. {new} may be the new one. {_how_to_adopt(config, ids)}"
    why = "ECGrid's list could not be read" if candidates is None else "ECGrid does not list it yet"
    return f"A new callback for {where} may exist, but {why}. Look for it at ECGrid. {_how_to_adopt(config)}"


def _named(ids: str) -> str:
    return f"callback{'' if ids.isdigit() else 's'} {ids}"


def _how_to_adopt(config: Config, ids: str = "") -> str:
    """Say how; `ids` are those that a lookup shows, which an import needs."""
    scope = [f"`{name}`" for name in SCOPE_FIELDS if config[name] is not None]
    without = f", remove {' and '.join(scope)}" if scope else ""
    is_one = not ids or ids.isdigit()
    it = "it" if is_one else "the right one"
    address = f" {WHAT_ADDRESS_IS}" if ids else ""
    importing = f"run `terraform import ADDRESS {ids if is_one else 'ID'}`, or " if ids else ""
    return (
        f"First make sure that no other resource manages {it}. To adopt {it}, {importing}set `callback_id` to its "
        f"id{without} and apply (`on_destroy` is then `retain` unless you set it).{address}"
    )
