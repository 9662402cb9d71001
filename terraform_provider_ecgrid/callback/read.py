"""Refresh and import: what the lookups say of a callback, and when it counts as gone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from terraform_provider_ecgrid.api.enums import MAX_ID
from terraform_provider_ecgrid.api.errors import EcgridError
from terraform_provider_ecgrid.callback.find import find_managed, find_with_scope
from terraform_provider_ecgrid.callback.messages import read as messages
from terraform_provider_ecgrid.callback.messages.plan import warn_unseen_take_over
from terraform_provider_ecgrid.callback.private_state import PrivateState
from terraform_provider_ecgrid.callback.state import imported, refreshed
from terraform_provider_ecgrid.plugin.authoring import ImportContext, ReadContext, State

if TYPE_CHECKING:
    from terraform_provider_ecgrid.api.models import Registration
    from terraform_provider_ecgrid.callback.access import Access


def read_callback(access: Access, ctx: ReadContext, current: State) -> State | None:
    """Refresh a callback; None if it is gone for certain."""
    callback_id = int(current["callback_id"])
    ctx.identity = {"callback_id": callback_id}
    with PrivateState.of(ctx) as private:
        access.ledger.note_state(callback_id, private.on_destroy_of(current))
        moved = private.is_just_moved(current)
        current = current | private.take_denied()
        try:
            if moved:
                found, _ = find_with_scope(access.registrations, callback_id, access.pages)
            else:
                found = find_managed(access, private, current)
        except EcgridError as error:
            outcome = "The state is unchanged."
            messages.error_unread(ctx.diagnostics, access.ledger, callback_id, error, outcome)
            return current
        private.note_seen(found.registration, found.model, deliveries=found.deliveries)
        private.note_shown_url(current["url"], found.registration.url if found.registration else None)
        if moved:
            private.origin = "taken_over"
    if moved:
        return _moved(ctx, current, found.registration)
    if found.registration is not None:
        return refreshed(current, found.registration, private)
    if found.gone:
        messages.warn_gone(ctx.diagnostics, callback_id, access.client().base_url)
        return None
    if not found.usable:
        messages.warn_lookups_unusable(ctx.diagnostics, access.ledger, callback_id)
    return current


def import_callback(access: Access, ctx: ImportContext, id_: str) -> State | None:
    """Import a callback by its id or its identity."""
    named = ctx.identity["callback_id"] if not id_ and ctx.identity else id_
    callback_id = _id_of(named)
    if callback_id is None:
        messages.error_import_id(ctx.diagnostics, named)
        return None
    try:
        found, scope_known = find_with_scope(access.registrations, callback_id, access.pages)
    except EcgridError as error:
        messages.error_not_imported(ctx.diagnostics, access.ledger, callback_id, error)
        return None
    if found.hidden_by is not None:
        messages.error_import_refused(ctx.diagnostics, access.ledger, callback_id, found.hidden_by)
        return None
    if found.registration is None:
        messages.error_import_not_shown(ctx.diagnostics, callback_id)
        return None
    if not scope_known:
        messages.warn_scope_unknown(ctx.diagnostics, callback_id)
    with PrivateState.of(ctx) as private:
        private.origin = "imported"
        private.note_seen(found.registration, found.model, deliveries=found.deliveries)
    ctx.identity = {"callback_id": callback_id}
    return imported(callback_id, found.registration)


def _moved(ctx: ReadContext, current: State, shown: Registration | None) -> State:
    """Fill what a `moved` block brought with all that an import reads, before a plan shows any of it."""
    callback_id = int(current["callback_id"])
    if shown is None:
        warn_unseen_take_over(ctx.diagnostics, callback_id)
        return current
    return imported(callback_id, shown) | {"on_destroy": current["on_destroy"]}


def _id_of(named: Any) -> int | None:
    text = str(named)
    if re.fullmatch(r"[0-9]{1,10}", text, re.ASCII) and 1 <= int(text) <= MAX_ID:
        return int(text)
    return None
