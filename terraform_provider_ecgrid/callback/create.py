"""Beginning to manage a callback: by registering a new one, or by taking over an existing one."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from terraform_provider_ecgrid.api.enums import Status
from terraform_provider_ecgrid.api.errors import DuplicateObject, EcgridError
from terraform_provider_ecgrid.callback import payload
from terraform_provider_ecgrid.callback.delivery_test import verify_delivery
from terraform_provider_ecgrid.callback.find import find_with_scope, learn
from terraform_provider_ecgrid.callback.messages import register, update
from terraform_provider_ecgrid.callback.private_state import PrivateState
from terraform_provider_ecgrid.callback.request import create_request, update_request
from terraform_provider_ecgrid.callback.schema import OnDestroy, default_on_destroy
from terraform_provider_ecgrid.callback.state import not_made, settled, status_or_none
from terraform_provider_ecgrid.callback.update import client_or_error, send_update, shown_after
from terraform_provider_ecgrid.callback.urls import is_same_endpoint
from terraform_provider_ecgrid.callback.values import is_known
from terraform_provider_ecgrid.plugin.authoring import CreateContext, State

if TYPE_CHECKING:
    from terraform_provider_ecgrid.api.client import Client
    from terraform_provider_ecgrid.api.models import Callback, Registration
    from terraform_provider_ecgrid.api.registrations import Registrations
    from terraform_provider_ecgrid.callback.access import Access

log = logging.getLogger(__name__)


def create_callback(access: Access, ctx: CreateContext, planned: State) -> State | None:
    """Take over the callback that `callback_id` names; register a new one without it."""
    client = client_or_error(access, ctx)
    if client is None:
        return None
    with PrivateState.of(ctx) as private:
        if ctx.config["callback_id"] is None:
            return _register(access, client, ctx, private, planned)
        return _take_over(access, client, ctx, private, planned)


def _register(
    access: Access, client: Client, ctx: CreateContext, private: PrivateState, planned: State
) -> State | None:
    """Register a new callback. From the moment that ECGrid answered its id, the state holds it whatever happens."""
    request = create_request(planned, ctx.config)
    try:
        answer = client.create(request)
    except EcgridError as error:
        may_exist = isinstance(error, DuplicateObject) or error.may_have_been_carried_out
        candidates = _matching(access.registrations, planned) if may_exist else None
        register.error_not_registered(ctx.diagnostics, access.ledger, error, planned, ctx.config, candidates)
        return None
    private.origin = "registered"
    private.note_url(planned["url"], answer.url)
    ctx.identity = {"callback_id": answer.callback_id}
    try:
        return _completed(access, client, ctx, private, planned, answer)
    except Exception:  # the callback exists: whatever fails now, its id must reach the state
        log.exception("Completing a registration failed")
        register.error_not_completed(ctx.diagnostics, answer.callback_id)
        return settled(planned, answer.callback_id, answer) | {"on_destroy": OnDestroy.DELETE.value}


def _completed(
    access: Access, client: Client, ctx: CreateContext, private: PrivateState, planned: State, answer: Callback
) -> State:
    if not is_known(planned["on_destroy"]):
        planned["on_destroy"] = OnDestroy.DELETE.value
    status = planned["status"]
    if is_known(status) and status != Status.ACTIVE:
        held = _set_status(access, client, ctx, private, answer, status)
        if held is not None:
            # Terraform taints the resource and replaces it with the next apply, which must really remove this one.
            state = settled(planned, answer.callback_id, answer)
            return state | {"status": held, "on_destroy": OnDestroy.DELETE.value}
    asked = {name: planned[name] for name in ("event", "http_auth_type") if ctx.config[name] is not None}
    asked |= {"status": status} if status == Status.ACTIVE else {}
    if different := not_made(asked, answer):
        private.note_denied(different)
        register.warn_registered_otherwise(ctx.diagnostics, answer.callback_id, different)
    seen = learn(access.registrations, answer.callback_id, private, planned["url"])
    # An answer may lack what the next refresh will show, and what follows from it would then change.
    state = settled(planned, answer.callback_id, answer, seen)
    verify_delivery(access, ctx, state, ("url",))
    return state


def _set_status(
    access: Access, client: Client, ctx: CreateContext, private: PrivateState, created: Callback, status: str
) -> str | None:
    """Set the status that was asked for. Return None, or, if that failed, the status that the callback has."""
    callback_id = created.callback_id
    try:
        shown = client.update(update_request(callback_id, {"status": status}))
    except EcgridError as error:
        held = status_or_none(created.status) or Status.ACTIVE.value
        register.error_status_not_sent(ctx.diagnostics, access.ledger, callback_id, status, held, error)
        return held
    if different := not_made({"status": status}, shown or learn(access.registrations, callback_id, private)):
        register.error_status_not_made(ctx.diagnostics, callback_id, status, different)
        return different["status"][1]
    return None


def _matching(reads: Registrations, planned: State) -> list[Registration] | None:
    """Return what ECGrid lists for the event, URL and mailbox of a registration; None if nothing can be listed."""
    mailbox_id, network_id = (
        int(planned[name]) if is_known(planned[name]) and planned[name] else None for name in payload.SCOPE_FIELDS
    )
    try:
        listed = reads.candidates(mailbox_id=mailbox_id, network_id=network_id)
    except EcgridError as error:
        log.debug("The lookup of candidates failed: %s", type(error).__name__)
        return None
    return [
        one
        for one in listed
        if one.event == planned["event"]
        and is_same_endpoint(one.url, planned["url"])
        and (not mailbox_id or one.mailbox_id in (None, mailbox_id))
    ]


def _take_over(
    access: Access, client: Client, ctx: CreateContext, private: PrivateState, planned: State
) -> State | None:
    """Take over an existing callback: send everything that is configured, or only read if nothing is."""
    callback_id = int(ctx.config["callback_id"])
    changes = payload.changes(None, planned, ctx.config)
    private.origin = "taken_over"
    seen: Registration | None = None
    try:
        if changes:
            answer = send_update(client, ctx.diagnostics, callback_id, changes)
        else:
            shown = _read(access, client, private, callback_id)
    except EcgridError as error:
        update.error_not_taken_over(ctx.diagnostics, access.ledger, callback_id, error, changes)
        return None
    if changes:
        urls_before = private.spellings_of(private.url_before)
        shown, seen = shown_after(access, private, callback_id, changes, answer, urls_before, first=True)
        if different := not_made(changes, shown, urls_before):
            private.note_denied(different)
            update.warn_taken_over_otherwise(ctx.diagnostics, callback_id, different)
        update.warn_unused_credentials(ctx.diagnostics, callback_id, changes, shown)
    private.url_before = None
    if not is_known(planned["on_destroy"]):
        planned["on_destroy"] = default_on_destroy(private.origin, callback_id)
    ctx.identity = {"callback_id": callback_id}
    state = settled(planned, callback_id, shown, seen)
    verify_delivery(access, ctx, state, changes)
    return state


def _read(access: Access, client: Client, private: PrivateState, callback_id: int) -> Callback | None:
    """Only read; if the lookups do not show the callback, an update without any field asks for its record."""
    found, _ = find_with_scope(access.registrations, callback_id)
    private.note_seen(found.registration, found.model, deliveries=found.deliveries)
    return found.registration or client.update(update_request(callback_id, {}))
