"""What the data sources ask: one mailbox, those that match, whose credential this is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tf.utils import Diagnostics

from terraform_provider_ecgrid.account import messages
from terraform_provider_ecgrid.account.attributes import MAILBOX_ATTRIBUTES, USER_ATTRIBUTES
from terraform_provider_ecgrid.api.account import Mailbox
from terraform_provider_ecgrid.api.errors import NotFound
from terraform_provider_ecgrid.callback.queries import answer_or_error
from terraform_provider_ecgrid.callback.values import shortened, whole
from terraform_provider_ecgrid.plugin.authoring import Config, ReadDataContext, State

if TYPE_CHECKING:
    from terraform_provider_ecgrid.account.access import Access


def read_mailbox(access: Access, ctx: ReadDataContext, config: Config) -> State | None:
    """Read one mailbox, by its id or by its name."""
    diags, network_id = ctx.diagnostics, whole(config["network_id"])
    mailbox = (
        _by_name(access, diags, config["name"], network_id)
        if config["mailbox_id"] is None
        else _by_id(access, diags, int(config["mailbox_id"]), network_id)
    )
    if mailbox is None:
        return None
    # A name in another case stays as it is configured: Terraform may have planned with it.
    configured = {name: value for name, value in config.items() if value is not None}
    return {"id": str(mailbox.mailbox_id)} | _values_of(mailbox) | configured


def read_mailboxes(access: Access, ctx: ReadDataContext, config: Config) -> State | None:
    """Read all pages of the mailboxes that match."""
    listing = answer_or_error(
        access,
        ctx.diagnostics,
        "The list of mailboxes",
        lambda: access.mailboxes.matching(network_id=whole(config["network_id"]), status=config["status"]),
    )
    if listing is None:
        return None
    if not listing.complete:
        messages.warn_mailboxes_incomplete(ctx.diagnostics, len(listing.mailboxes))
    return dict(config) | {"mailboxes": [_values_of(mailbox) for mailbox in listing.mailboxes]}


def read_current_user(access: Access, ctx: ReadDataContext) -> State | None:
    """Read whose credential this is."""
    user = answer_or_error(access, ctx.diagnostics, "The current user", lambda: access.registrations.own())
    if user is None:
        return None
    if user.user_id is None and user.login is None:
        messages.error_no_user(ctx.diagnostics)
        return None
    shown = {name: getattr(user, name) for name in USER_ATTRIBUTES}
    return {"id": None if user.user_id is None else str(user.user_id)} | shown


def _by_id(access: Access, diags: Diagnostics, mailbox_id: int, network_id: int | None) -> Mailbox | None:
    def ask() -> Mailbox | None:
        try:
            return access.client().get_mailbox(mailbox_id)
        except NotFound as error:
            if not error.is_object_not_found:
                raise
            messages.error_no_such_mailbox(diags, mailbox_id)
            return None

    mailbox = answer_or_error(access, diags, f"Mailbox {mailbox_id}", ask)
    if mailbox is not None and network_id not in (None, mailbox.network_id or network_id):
        messages.error_other_network(diags, mailbox, network_id)
        return None
    return mailbox


def _by_name(access: Access, diags: Diagnostics, name: str, network_id: int | None) -> Mailbox | None:
    found = answer_or_error(
        access, diags, f'Mailbox "{shortened(name)}"', lambda: access.mailboxes.named(name, network_id)
    )
    if found is None:
        return None
    if not found.mailboxes:
        messages.error_no_mailbox_named(diags, name, network_id, complete=found.complete)
        return None
    if len(found.mailboxes) > 1:
        messages.error_several_mailboxes(diags, name, found.mailboxes)
        return None
    if not found.complete:
        messages.warn_mailboxes_incomplete(diags, found.read)
    return found.mailboxes[0]


def _values_of(mailbox: Mailbox) -> dict[str, Any]:
    return {name: getattr(mailbox, name) for name in MAILBOX_ATTRIBUTES} | {
        "name": mailbox.name or mailbox.company_name
    }
