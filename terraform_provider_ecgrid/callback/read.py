"""Refresh and import: what the lookups say of a callback, and when it counts as gone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from terraform_provider_ecgrid.api.enums import MAX_ID
from terraform_provider_ecgrid.api.errors import EcgridError
from terraform_provider_ecgrid.callback.find import find_hidden, find_managed, find_with_mailbox, is_gone
from terraform_provider_ecgrid.callback.messages import read as messages
from terraform_provider_ecgrid.callback.private_state import PrivateState
from terraform_provider_ecgrid.callback.state import imported, refreshed
from terraform_provider_ecgrid.plugin.authoring import ImportContext, ReadContext, State

if TYPE_CHECKING:
    from terraform_provider_ecgrid.callback.access import Access
    from terraform_provider_ecgrid.callback.pages import Sighting


def read_callback(access: Access, ctx: ReadContext, current: State) -> State | None:
    """Refresh a callback; None if it is gone for certain."""
    callback_id = int(current["callback_id"])
    access.ledger.note_state(callback_id, current["on_destroy"])
    ctx.identity = {"callback_id": callback_id}
    with PrivateState.of(ctx) as private:
        try:
            sighting = _seen(access, private, current)
        except EcgridError as error:
            outcome = "The state is kept as it was last read."
            messages.error_unread(ctx.diagnostics, access.ledger, callback_id, error, outcome)
            return current
        if sighting.entry is not None:
            private.shown = True
            if private.unlearned:
                # The lookup right after the last change failed or showed nothing: this one stands in for it.
                private.learn_from(sighting.entry)
            return refreshed(current, sighting.entry, private)
        if not is_gone(sighting, private):
            return current
    messages.warn_gone(ctx.diagnostics, callback_id)
    return None


def _seen(access: Access, private: PrivateState, current: State) -> Sighting:
    """Look for a callback, and once more where ECGrid may hide it before it counts as gone. Raises `EcgridError`."""
    client, callback_id, mailbox_id = access.client(), int(current["callback_id"]), current["mailbox_id"]
    sighting = find_managed(client, callback_id, access.pages, mailbox_id=mailbox_id, private=private)
    private.lists_deliveries = private.lists_deliveries or sighting.deliveries
    if is_gone(sighting, private):
        sighting = find_hidden(client, callback_id, mailbox_id=mailbox_id, status=current["status"], absent=sighting)
        private.lists_deliveries = private.lists_deliveries or sighting.deliveries
    return sighting


def import_callback(access: Access, ctx: ImportContext, id_: str) -> State | None:
    """Import a callback by its id or its identity."""
    named = id_ or (ctx.identity or {}).get("callback_id")
    callback_id = _id_of(named)
    if callback_id is None:
        messages.error_import_id(ctx.diagnostics, named)
        return None
    try:
        sighting = find_with_mailbox(access.client(), callback_id, access.pages)
    except EcgridError as error:
        messages.error_not_imported(ctx.diagnostics, callback_id, error)
        return None
    if sighting.entry is None:
        messages.error_import_not_shown(ctx.diagnostics, callback_id)
        return None
    with PrivateState.of(ctx) as private:
        private.origin, private.shown, private.lists_deliveries = "imported", True, sighting.deliveries
    ctx.identity = {"callback_id": callback_id}
    return imported(callback_id, sighting.entry)


def _id_of(named: Any) -> int | None:
    text = str(named)
    if re.fullmatch(r"[0-9]{1,10}", text, re.ASCII) and 1 <= int(text) <= MAX_ID:
        return int(text)
    return None
