"""Registering a new callback: one create, sent once, and where another status is asked for one update."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from terraform_provider_ecgrid.api.enums import Status
from terraform_provider_ecgrid.api.errors import DuplicateObject, EcgridError
from terraform_provider_ecgrid.callback import payload
from terraform_provider_ecgrid.callback.delivery_test import verify_delivery
from terraform_provider_ecgrid.callback.failures import add_failure
from terraform_provider_ecgrid.callback.find import learn, list_allowed
from terraform_provider_ecgrid.callback.private_state import Memory
from terraform_provider_ecgrid.callback.rules import OnDestroy
from terraform_provider_ecgrid.callback.state import not_made, sentence_of, settled, status_or_none
from terraform_provider_ecgrid.callback.urls import is_same_endpoint, origin_of
from terraform_provider_ecgrid.plugin.authoring import CreateContext, State

if TYPE_CHECKING:
    from terraform_provider_ecgrid.api.client import Client
    from terraform_provider_ecgrid.api.models import Callback, QueueEntry

log = logging.getLogger(__name__)

_KEPT = (
    "The state holds it as tainted, so the next apply deletes it and registers a new one. To keep it, run "
    "`terraform untaint ADDRESS` and apply again."
)


def register(client: Client, ctx: CreateContext, planned: State) -> State | None:
    """Register a new callback. From the moment that ECGrid answered its id, the state holds it whatever happens."""
    request = payload.create_request(planned, ctx.config)
    try:
        answer = client.create(request)
    except EcgridError as error:
        _add_not_registered(client, ctx, planned, error)
        return None
    memory = Memory(origin="registered", http_auth_configured=ctx.config["http_auth_type"] is not None)
    memory.note_url(planned["url"], answer.url)
    ctx.private = memory.dump()
    ctx.identity = {"callback_id": answer.callback_id}
    try:
        return _completed(client, ctx, planned, answer, memory)
    except Exception:
        log.exception("Completing a registration failed")
        ctx.diagnostics.add_error(
            f"Callback {answer.callback_id} registered, but not completed",
            f"Callback {answer.callback_id} is registered, and then this provider failed, which is a mistake in it. "
            f"{_KEPT}",
        )
        return settled(planned, answer.callback_id, answer) | {"on_destroy": OnDestroy.DELETE.value}


def _completed(client: Client, ctx: CreateContext, planned: State, answer: Callback, memory: Memory) -> State:
    if not payload.is_known(planned["on_destroy"]):
        planned["on_destroy"] = OnDestroy.DELETE.value
    status = planned["status"]
    state = settled(planned, answer.callback_id, answer)
    if payload.is_known(status) and status != Status.ACTIVE:
        held = _set_status(client, ctx, answer, status)
        if held is not None:
            # Terraform taints the resource and replaces it with the next apply, which must really remove this one.
            return state | {"status": held, "on_destroy": OnDestroy.DELETE.value}
    asked = {"event": planned["event"]} | ({"status": status} if status == Status.ACTIVE else {})
    if different := not_made(asked, answer):
        ctx.diagnostics.add_warning(
            "Change not made by ECGrid",
            f"ECGrid registered callback {answer.callback_id} otherwise than asked for. {sentence_of(different)} The "
            "next refresh will show the difference.",
            path=[next(iter(different))],
        )
    learn(client, answer.callback_id, memory)
    ctx.private = memory.dump()
    verify_delivery(client, ctx, state, ("url",))
    return state


def _set_status(client: Client, ctx: CreateContext, created: Callback, status: str) -> str | None:
    """Set the status that was asked for. Return None, or where that failed the status which the callback has."""
    callback_id, held = created.callback_id, status_or_none(created.status) or Status.ACTIVE.value
    summary = f"Callback {callback_id} registered, but not {status}"
    try:
        answer = client.update(payload.update_request(callback_id, {"status": status}))
    except EcgridError as error:
        unless = ", unless the change was carried out all the same" if error.may_have_been_carried_out else ""
        now = f"Callback {callback_id} is registered and is `{held}`{unless}."
        add_failure(ctx.diagnostics, summary, error, now, _KEPT, sent={"status": status})
        return held
    if different := not_made({"status": status}, answer):
        _, held = different["status"]
        now = f"Callback {callback_id} is registered and is `{held}`."
        words = f"ECGrid did not make the change. {sentence_of(different)} {now} {_KEPT}"
        ctx.diagnostics.add_error(summary, words, path=["status"])
        return held
    return None


def _add_not_registered(client: Client, ctx: CreateContext, planned: State, error: EcgridError) -> None:
    if isinstance(error, DuplicateObject):
        add_failure(ctx.diagnostics, "Callback not registered", error, _duplicated(client, ctx, planned))
    elif error.may_have_been_carried_out:
        add_failure(ctx.diagnostics, "Callback may have been registered", error, _perhaps(client, ctx, planned))
    else:
        add_failure(ctx.diagnostics, "Callback not registered", error, "Nothing was registered.", sent=planned)


def _duplicated(client: Client, ctx: CreateContext, planned: State) -> str:
    """Name the callbacks that are the duplicate, and how to adopt one."""
    where = _where(planned)
    found = _matching(client, planned)
    if ids := ", ".join(str(entry.callback_id) for entry in found or ()):
        return f"ECGrid lists for {where}: callback {ids}. {_how_to_adopt(ctx, ids)}"
    return f"There is one for {where} already, which ECGrid does not list. {_how_to_adopt(ctx)}"


def _perhaps(client: Client, ctx: CreateContext, planned: State) -> str:
    """Name the callbacks that may have been registered, and how to adopt one."""
    where = _where(planned)
    found = _matching(client, planned)
    # A new callback is never terminated: that one is older.
    if ids := ", ".join(str(entry.callback_id) for entry in found or () if entry.status != Status.TERMINATED):
        return f"What may be the new one for {where} is listed by ECGrid: callback {ids}. {_how_to_adopt(ctx, ids)}"
    why = ": its list could not be read" if found is None else ""
    return (
        f"A callback for {where} may exist which ECGrid does not list yet{why}. Look for it at ECGrid before applying "
        f"again, or a second one may be registered. {_how_to_adopt(ctx)}"
    )


def _where(planned: State) -> str:
    return f"event `{planned['event']}` at {origin_of(planned['url'])}"


def _how_to_adopt(ctx: CreateContext, ids: str = "") -> str:
    """Say how; `ids` are those that a lookup shows, which an import needs."""
    scope = [f"`{name}`" for name in payload.SCOPE_FIELDS if ctx.config[name] is not None]
    without = f", remove {' and '.join(scope)}" if scope else ""
    importing = f"run `terraform import ADDRESS {ids if ids.isdigit() else 'ID'}`, or " if ids else ""
    return (
        f"To adopt it, {importing}set `callback_id` to its id{without} and apply (its `on_destroy` is then `retain` "
        "unless set). Make sure that no other resource manages it."
    )


def _matching(client: Client, planned: State) -> list[QueueEntry] | None:
    """Return what ECGrid lists for the event, URL and mailbox of a registration; None where nothing can be listed."""
    mailbox_id: Any = planned["mailbox_id"] if payload.is_known(planned["mailbox_id"]) else None
    try:
        listing = list_allowed(client, mailbox_id)
    except EcgridError as error:
        log.debug("The lookup of candidates failed: %s", type(error).__name__)
        return None
    if listing is None:
        return None
    return [
        entry
        for entry in listing.entries.values()
        if entry.event == planned["event"]
        and is_same_endpoint(entry.url, planned["url"])
        and (not mailbox_id or entry.mailbox_id in (None, mailbox_id))
    ]
