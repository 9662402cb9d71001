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
from terraform_provider_ecgrid.callback.messages.failures import add_failure, sentence_check, sentence_not_ready
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
        diags.add_warning("ECGrid not asked", f"No callback was read, and the state is kept as it is. {why}")


def warn_gone(diags: Diagnostics, callback_id: int) -> None:
    """Say that a callback leaves the state."""
    diags.add_warning(
        f"Callback {callback_id} is gone",
        f"ECGrid no longer knows callback {callback_id}, so it leaves the state. Either it was removed at ECGrid, or "
        "this credential belongs to another account, which does not see it: check the credential before you apply. To "
        f"manage it again, import it (`terraform import ADDRESS {callback_id}`) or set `callback_id = {callback_id}`. "
        "To register a new one, remove `callback_id`.",
    )


def warn_lookups_unusable(diags: Diagnostics, ledger: RunLedger, callback_id: int) -> None:
    """Say, once per run, that no lookup can be used, so that the state is all that a plan can compare with."""
    if not ledger.note_warned("lookups unusable"):
        diags.add_warning(
            "Callbacks not visible at ECGrid",
            f"ECGrid answered no lookup of callback {callback_id} in a way that this provider can use, so what ECGrid "
            'holds cannot be seen. The state is kept as it is: "No changes" speaks of the state alone. A credential '
            f"with the role `NetworkAdmin` may see more. {sentence_check(callback_id)}",
        )


def warn_scope_unknown(diags: Diagnostics, callback_id: int) -> None:
    """Say that an import could not read the scope."""
    diags.add_warning(
        f"Scope of callback {callback_id} not known",
        f"ECGrid refuses to list callbacks to this credential, and no other lookup shows the mailbox of callback "
        f"{callback_id}: `mailbox_id` and `network_id` are imported as null.",
    )


def error_not_by_network(diags: Diagnostics) -> None:
    """Say that ECGrid does not list by network."""
    diags.add_error(
        "Callbacks not listed by network",
        "ECGrid lists callbacks by mailbox, not by network, for this credential. Remove `network_id`.",
        path=["network_id"],
    )


def error_events_of_one_callback(diags: Diagnostics) -> None:
    """Say that ECGrid lists the events of one callback only."""
    diags.add_error(
        "No callback_id",
        "ECGrid shows the deliveries of one callback at a time. Set `callback_id`.",
        path=["callback_id"],
    )


def error_import_id(diags: Diagnostics, named: Any) -> None:
    """Say that an import names no id: None if it does by a null identity."""
    what = f"`{shortened(named)}` is not the id of a callback" if named or named == 0 else "The import id is empty"
    if named is None:
        what = "`callback_id` of the identity is null"
    diags.add_error(
        "Unusable import id",
        f"{what}. Give a whole number from 1 to {MAX_ID}, such as `terraform import ecgrid_callback.example 7001`.",
    )


def error_not_imported(diags: Diagnostics, ledger: RunLedger, callback_id: int, error: EcgridError) -> None:
    """Say that an import failed."""
    unasked = f"Callback {callback_id} cannot be imported."
    add_failure(diags, ledger, f"Callback {callback_id} not imported", error, *_later(error), unasked=unasked)


def error_import_refused(diags: Diagnostics, ledger: RunLedger, callback_id: int, error: EcgridError) -> None:
    """Say that ECGrid refuses every lookup that an import needs."""
    instead = f"A take-over needs no lookup: set `callback_id = {callback_id}` in the configuration instead."
    add_failure(diags, ledger, f"Callback {callback_id} not imported", error, sentence_check(callback_id), instead)


def error_import_not_shown(diags: Diagnostics, callback_id: int) -> None:
    """Say that no lookup shows what is to be imported."""
    diags.add_error(
        "Callback not shown by ECGrid",
        f"No lookup of ECGrid shows callback {callback_id}, so it cannot be imported. A callback that has not "
        f"fired yet may be shown by none: take it over by `callback_id = {callback_id}` in the configuration "
        f"instead. Otherwise check the id and the credential. {sentence_check(callback_id)}",
    )


def warn_left_out(diags: Diagnostics, callback_id: int, why: Iterable[str]) -> None:
    """Say that generated configuration lacks what no configuration can hold; `why` has one sentence per value."""
    diags.add_warning(
        "Value that no configuration can hold",
        f"Callback {callback_id} holds what a configuration cannot: {' '.join(why)} Generated configuration leaves it "
        "out and names the callback by `callback_id`; the callback stays as it is.",
    )


def error_no_answer(diags: Diagnostics, ledger: RunLedger, what: str, error: EcgridError) -> None:
    """Say that a data source could not be read; `what` is a noun phrase such as "Callback 7001"."""
    last = ("Check the arguments and the credential.",) if isinstance(error, NotFound) else _later(error)
    add_failure(diags, ledger, f"{what} not read", error, *last, unasked=f"{what} cannot be read.")


def error_not_shown(diags: Diagnostics, callback_id: int) -> None:
    """Say that no lookup shows what a data source asks for."""
    diags.add_error(
        "Callback not shown by ECGrid",
        f"No lookup of ECGrid shows callback {callback_id}. It does not exist, it belongs to an account that "
        "this credential does not see, or it has not fired yet. Check the id and the credential. "
        f"{sentence_check(callback_id)}",
        path=["callback_id"],
    )


def warn_callbacks_incomplete(diags: Diagnostics, count: int) -> None:
    """Say that a list of callbacks lacks some."""
    diags.add_warning(
        "List of callbacks incomplete",
        f"Some entries of ECGrid's list could not be read and are left out; {count} callbacks were read. A callback "
        "that is missing from `callbacks` may exist all the same.",
    )


def warn_events_incomplete(diags: Diagnostics, count: int) -> None:
    """Say that a list of events lacks some."""
    diags.add_warning(
        "List of events incomplete",
        f"Some entries of ECGrid's list could not be read and are left out; {count} events were read. An event that "
        "is missing from `events` may have happened all the same.",
    )


def warn_more_events(diags: Diagnostics, count: int, limit: int) -> None:
    """Say that more events match than are returned, if no `limit` asked for that."""
    diags.add_warning(
        "More events than the limit",
        f"{count} events or more match, and the newest {limit} are returned. Set `limit`, or narrow "
        "`begin_date` and `end_date`.",
    )


def error_list_ended(diags: Diagnostics, ledger: RunLedger, listed: int, error: EcgridError) -> None:
    """Say that a list of callbacks broke off."""
    had = "1 callback had" if listed == 1 else f"{listed} callbacks had"
    add_failure(
        diags,
        ledger,
        "List of callbacks ended early",
        error,
        f"{had} been listed until then, and there may be more." if listed else "None was listed.",
        *_later(error),
        unasked="The callbacks cannot be listed.",
    )


def _later(error: EcgridError) -> tuple[str, ...]:
    """What is left to do about an error that the reader cannot mend: nothing was changed, so it can be asked again."""
    passing = isinstance(error, NoAnswer | ServerError | Stopped | UnreadableAnswer)
    return ("A read changes nothing: run Terraform again later.",) if passing else ()
