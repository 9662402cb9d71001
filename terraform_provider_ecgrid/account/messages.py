"""What a read of mailboxes or of the user says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tf.utils import Diagnostics

from terraform_provider_ecgrid.callback.values import shortened

if TYPE_CHECKING:
    from terraform_provider_ecgrid.api.account import Mailbox

_MOST_NAMED = 20


def error_no_such_mailbox(diags: Diagnostics, mailbox_id: int) -> None:
    """Say that ECGrid knows no mailbox of this id."""
    diags.add_error(
        f"Mailbox {mailbox_id} not found",
        f"Mailbox {mailbox_id} does not exist, or this credential cannot see it. Check the id and the credential.",
        path=["mailbox_id"],
    )


def error_other_network(diags: Diagnostics, mailbox: Mailbox, network_id: int) -> None:
    """Say that the mailbox of this id is not in the network that is asked for."""
    diags.add_error(
        f"Mailbox {mailbox.mailbox_id} in another network",
        f"Mailbox {mailbox.mailbox_id} belongs to network {mailbox.network_id}, not {network_id}. Correct "
        "`network_id`, or remove it, because `mailbox_id` is enough.",
        path=["network_id"],
    )


def error_no_mailbox_named(diags: Diagnostics, name: str, network_id: int | None, *, complete: bool) -> None:
    """Say that no mailbox has this name; `complete` is false if ECGrid's list could not be read in full."""
    name = shortened(name)
    within = "" if network_id is None else f" of network {network_id}"
    lacks = "" if complete else " Some entries of ECGrid's list could not be read, and one of them may be this mailbox."
    diags.add_error(
        f'No mailbox named "{name}"',
        f'No mailbox{within} that this credential can see has the name, unique id or company name "{name}". The '
        f"whole name must match; case is ignored.{lacks} The data source `ecgrid_mailboxes` lists the mailboxes that "
        f"the credential can see. Correct `name`{'' if network_id is None else ' or `network_id`'}, or set "
        "`mailbox_id` instead.",
        path=["name"],
    )


def error_several_mailboxes(diags: Diagnostics, name: str, mailboxes: Sequence[Mailbox]) -> None:
    """Say which mailboxes share a name."""
    name = shortened(name)
    listed = ", ".join(_described(mailbox) for mailbox in mailboxes[:_MOST_NAMED])
    more = f", and {len(mailboxes) - _MOST_NAMED} more" if len(mailboxes) > _MOST_NAMED else ""
    diags.add_error(
        f'Several mailboxes named "{name}"',
        f'{len(mailboxes)} mailboxes have the name, unique id or company name "{name}": {listed}{more}. Set '
        "`mailbox_id` to one of these ids instead of `name`, or set `network_id` to narrow the search.",
        path=["name"],
    )


def warn_mailboxes_incomplete(diags: Diagnostics, count: int) -> None:
    """Say that a list of mailboxes lacks some."""
    diags.add_warning(
        "List of mailboxes incomplete",
        f"Some entries of ECGrid's list of mailboxes could not be read and are omitted; {count} mailboxes were read. "
        "A mailbox that is missing may still exist.",
    )


def error_no_user(diags: Diagnostics) -> None:
    """Say that an answer shows nothing of a user."""
    diags.add_error(
        "Current user not shown by ECGrid",
        "ECGrid accepted the credential, but its answer shows no user. Remove this data source. The provider works "
        "without it.",
    )


def _described(mailbox: Mailbox) -> str:
    known = (mailbox.network_id is not None and f"network {mailbox.network_id}", shortened(mailbox.status or ""))
    words = ", ".join(word for word in known if word)
    return f"{mailbox.mailbox_id} ({words})" if words else str(mailbox.mailbox_id)
