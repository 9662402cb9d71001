"""Refresh and import: what the lookups say of a callback, and when it counts as gone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from terraform_provider_ecgrid.api.enums import MAX_ID
from terraform_provider_ecgrid.api.errors import EcgridError
from terraform_provider_ecgrid.callback import messages as warnings
from terraform_provider_ecgrid.callback.failures import add_failure
from terraform_provider_ecgrid.callback.find import (
    find_hidden,
    find_managed,
    find_with_mailbox,
    is_gone,
)
from terraform_provider_ecgrid.callback.private_state import Memory
from terraform_provider_ecgrid.callback.state import imported, refreshed
from terraform_provider_ecgrid.plugin.authoring import ImportContext, ReadContext, State

if TYPE_CHECKING:
    from terraform_provider_ecgrid.callback.access import Access


def read_callback(provider: Access, ctx: ReadContext, current: State) -> State | None:
    """Refresh a callback; None where it is gone for certain."""
    callback_id = int(current["callback_id"])
    provider.ledger.note_state(callback_id, current["on_destroy"])
    memory = Memory.load(ctx.private)
    ctx.identity = {"callback_id": callback_id}
    try:
        client = provider.client()
        sighting = find_managed(client, callback_id, provider.sweep, mailbox_id=current["mailbox_id"], memory=memory)
    except EcgridError as error:
        warnings.of_unread(provider, ctx.diagnostics, callback_id, error, "The state is kept as it was last read.")
        return current
    memory.lists_deliveries = memory.lists_deliveries or sighting.deliveries
    if is_gone(sighting, memory):
        sighting = find_hidden(
            client, callback_id, mailbox_id=current["mailbox_id"], status=current["status"], absent=sighting
        )
        memory.lists_deliveries = memory.lists_deliveries or sighting.deliveries
    if sighting.entry is not None:
        memory.shown = True
        if memory.unlearned:
            # The lookup right after the last change failed or showed nothing: this one stands in for it.
            memory.learn_from(sighting.entry)
        ctx.private = memory.dump()
        return refreshed(current, sighting.entry, memory)
    ctx.private = memory.dump()
    if not is_gone(sighting, memory):
        return current
    ctx.diagnostics.add_warning(
        "Callback is gone",
        f"ECGrid no longer knows callback {callback_id}: it was removed elsewhere, and it leaves the state. If it does "
        f"live, adopt it again with `callback_id = {callback_id}` or `terraform import ADDRESS {callback_id}`.",
    )
    return None


def import_callback(provider: Access, ctx: ImportContext, id_: str) -> State | None:
    """Import a callback by its id or its identity."""
    named = id_ or (ctx.identity or {}).get("callback_id")
    callback_id = _id_of(named)
    if callback_id is None:
        ctx.diagnostics.add_error(
            "Unusable import id",
            f"`{named}` is not the id of a callback. Give a whole number from 1 to {MAX_ID}, such as "
            "`terraform import ecgrid_callback.example 7001`.",
        )
        return None
    try:
        sighting = find_with_mailbox(provider.client(), callback_id, provider.shared_listing)
    except EcgridError as error:
        unasked = f"Callback {callback_id} cannot be imported."
        add_failure(ctx.diagnostics, f"Callback {callback_id} not imported", error, unasked=unasked)
        return None
    if sighting.entry is None:
        ctx.diagnostics.add_error(
            "Callback not shown by ECGrid",
            f"No lookup of ECGrid shows callback {callback_id}, so it cannot be imported. A callback that has not "
            f"fired yet may be shown by none: take it over by `callback_id = {callback_id}` in the configuration "
            "instead. Otherwise check the id and the credential.",
        )
        return None
    entry = sighting.entry
    ctx.private = Memory(origin="imported", shown=True, lists_deliveries=sighting.deliveries).dump()
    ctx.identity = {"callback_id": callback_id}
    return imported(callback_id, entry)


def _id_of(named: Any) -> int | None:
    text = str(named)
    if re.fullmatch(r"[0-9]{1,10}", text, re.ASCII) and 1 <= int(text) <= MAX_ID:
        return int(text)
    return None
