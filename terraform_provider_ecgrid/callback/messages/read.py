"""What a read says: of a refresh, an import, a data source, a list."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from tf.utils import Diagnostics

from terraform_provider_ecgrid.api.enums import MAX_ID
from terraform_provider_ecgrid.api.errors import (
    EcgridError,
    NoAnswer,
    NotFound,
    ProviderNotReady,
    ServerError,
    Stopped,
    UnreadableAnswer,
)
from terraform_provider_ecgrid.callback.messages.cures import is_at_loopback
from terraform_provider_ecgrid.callback.messages.failures import add_failure, sentence_check, sentence_not_ready
from terraform_provider_ecgrid.callback.phrases import WHAT_ADDRESS_IS
from terraform_provider_ecgrid.callback.values import shortened

if TYPE_CHECKING:
    from terraform_provider_ecgrid.callback.run_ledger import RunLedger


def error_unread(diags: Diagnostics, ledger: RunLedger, callback_id: int, error: EcgridError, outcome: str) -> None:
    """Say that a callback could not be read: a warning, once per run, if the provider could not ask yet.

    `outcome` is the sentence that says what follows from the error.
    """
    if not isinstance(error, ProviderNotReady):
        add_failure(diags, ledger, f"Callback {callback_id} not read", error, outcome, *_later(error), once=True)
    elif not ledger.note_warned("provider not ready"):
        why = sentence_not_ready(error)
        diags.add_warning("ECGrid not called", f"No callback was read, and the state is unchanged. {why}")


def warn_gone(diags: Diagnostics, callback_id: int, base_url: str) -> None:
    """Say that a callback leaves the state."""
    forgotten = (
        " A sandbox that was restarted without `--db` has forgotten its callbacks." if is_at_loopback(base_url) else ""
    )
    diags.add_warning(
        f"Callback {callback_id} is gone",
        f"ECGrid no longer shows callback {callback_id}, so Terraform removes it from the state. Either the callback "
        f"was deleted at ECGrid, or this credential belongs to another account, which cannot see it.{forgotten} Check "
        "the credential before you apply. To manage the callback again, import it (`terraform import ADDRESS "
        f"{callback_id}`) or set `callback_id = {callback_id}`. If it was deleted, apply the plan to register a new "
        f"callback; if `callback_id` is set, remove it first. {WHAT_ADDRESS_IS}",
    )


def warn_lookups_unusable(diags: Diagnostics, ledger: RunLedger, callback_id: int) -> None:
    """Say, once per run, that no lookup can be used, so that the state is all that a plan can compare with."""
    if not ledger.note_warned("lookups unusable"):
        diags.add_warning(
            "Callbacks not visible at ECGrid",
            f"ECGrid refused every lookup of callback {callback_id}, or its answers could not be read, so the provider "
            'cannot see what ECGrid has stored. The state is unchanged, and "No changes" compares only with the state. '
            f"A credential with the role `NetworkAdmin` may see more. {sentence_check(callback_id)}",
        )


def warn_scope_unknown(diags: Diagnostics, callback_id: int) -> None:
    """Say that an import could not read the scope."""
    diags.add_warning(
        f"Scope of callback {callback_id} not known",
        "ECGrid refuses to list callbacks for this credential, and no other lookup shows the mailbox of callback "
        f"{callback_id}. `mailbox_id` and `network_id` are imported as null.",
    )


def error_not_by_network(diags: Diagnostics) -> None:
    """Say that ECGrid does not list by network."""
    diags.add_error(
        "Callbacks not listed by network",
        "With this credential, ECGrid lists callbacks by mailbox, not by network. Remove `network_id`.",
        path=["network_id"],
    )


def error_events_of_one_callback(diags: Diagnostics) -> None:
    """Say that ECGrid lists the events of one callback only."""
    diags.add_error(
        "Missing callback_id",
        "ECGrid shows the deliveries of only one callback at a time. Set `callback_id`.",
        path=["callback_id"],
    )


def error_import_id(diags: Diagnostics, named: Any) -> None:
    """Say that an import names no id: None if it does by a null identity."""
    what = f"`{shortened(named)}` is not a callback id" if named or named == 0 else "The import id is empty"
    if named is None:
        what = "`callback_id` in the identity is null"
    diags.add_error(
        "Invalid import id",
        f"{what}. Use a whole number from 1 to {MAX_ID}, as in `terraform import ecgrid_callback.example 7001`.",
    )


def error_not_imported(diags: Diagnostics, ledger: RunLedger, callback_id: int, error: EcgridError) -> None:
    """Say that an import failed."""
    unasked = f"Callback {callback_id} cannot be imported."
    add_failure(diags, ledger, f"Callback {callback_id} not imported", error, *_later(error), unasked=unasked)


def error_import_refused(diags: Diagnostics, ledger: RunLedger, callback_id: int, error: EcgridError) -> None:
    """Say that ECGrid refuses every lookup that an import needs."""
    instead = f"To take it over instead, set `callback_id = {callback_id}` in the configuration. This needs no lookup."
    add_failure(diags, ledger, f"Callback {callback_id} not imported", error, sentence_check(callback_id), instead)


def error_import_not_shown(diags: Diagnostics, callback_id: int) -> None:
    """Say that no lookup shows what is to be imported."""
    diags.add_error(
        "Callback not shown by ECGrid",
        f"No ECGrid lookup shows callback {callback_id}, so it cannot be imported. ECGrid may not show a callback "
        f"that has not fired yet. In that case, set `callback_id = {callback_id}` in the configuration to take it "
        f"over instead. Otherwise check the id and the credential. {sentence_check(callback_id)}",
    )


def warn_left_out(diags: Diagnostics, callback_id: int, why: Iterable[str]) -> None:
    """Say that generated configuration lacks what no configuration can hold; `why` has one sentence per value."""
    diags.add_warning(
        "Value not allowed in a configuration",
        f"Callback {callback_id} has a value that a configuration cannot contain. {' '.join(why)} The generated "
        "configuration omits such values and sets `callback_id`. The callback keeps them.",
    )


def error_no_answer(diags: Diagnostics, ledger: RunLedger, what: str, error: EcgridError) -> None:
    """Say that a data source could not be read; `what` is a noun phrase such as "Callback 7001"."""
    last = ("Check the arguments and the credential.",) if isinstance(error, NotFound) else _later(error)
    add_failure(diags, ledger, f"{what} not read", error, *last, unasked=f"{what} cannot be read.")


def error_not_shown(diags: Diagnostics, callback_id: int) -> None:
    """Say that no lookup shows what a data source asks for."""
    diags.add_error(
        "Callback not shown by ECGrid",
        f"No ECGrid lookup shows callback {callback_id}. It does not exist, it belongs to an account that this "
        "credential cannot see, or it has not fired yet. Check the id and the credential. "
        f"{sentence_check(callback_id)}",
        path=["callback_id"],
    )


def warn_callbacks_incomplete(diags: Diagnostics, count: int) -> None:
    """Say that a list of callbacks lacks some."""
    diags.add_warning(
        "List of callbacks incomplete",
        f"Some entries of ECGrid's list could not be read and are omitted; {count} callbacks were read. A callback "
        "that is missing from `callbacks` may still exist.",
    )


def warn_events_incomplete(diags: Diagnostics, count: int) -> None:
    """Say that a list of events lacks some."""
    diags.add_warning(
        "List of events incomplete",
        f"Some entries of ECGrid's list could not be read and are omitted; {count} events were read. An event that "
        "is missing from `events` may still have happened.",
    )


def warn_more_events(diags: Diagnostics, count: int, limit: int) -> None:
    """Say that more events match than are returned, if no `limit` asked for that."""
    diags.add_warning(
        "More events than the limit",
        f"At least {count} events match, but only the newest {limit} are returned. Set a higher `limit`, or "
        "narrow the time range with `begin_date` and `end_date`.",
    )


def error_list_ended(diags: Diagnostics, ledger: RunLedger, listed: int, error: EcgridError) -> None:
    """Say that a list of callbacks broke off."""
    were = "1 callback was" if listed == 1 else f"{listed} callbacks were"
    add_failure(
        diags,
        ledger,
        "List of callbacks ended early",
        error,
        f"{were} listed before the error, and there may be more." if listed else "No callbacks were listed.",
        *_later(error),
        unasked="The callbacks cannot be listed.",
    )


def _later(error: EcgridError) -> tuple[str, ...]:
    """What is left to do about an error that the reader cannot mend: nothing was changed, so it can be asked again."""
    passing = isinstance(error, NoAnswer | ServerError | Stopped | UnreadableAnswer)
    return ("The read changed nothing. Run Terraform again later.",) if passing else ()
