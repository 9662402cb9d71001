"""Registering a new callback: one create, sent once, and where another status is asked for one update."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from terraform_provider_ecgrid.api.enums import Status
from terraform_provider_ecgrid.api.errors import DuplicateObject, EcgridError
from terraform_provider_ecgrid.api.lookup import list_all
from terraform_provider_ecgrid.plugin.contexts import CreateContext, State
from terraform_provider_ecgrid.resources import callback_payload as payload
from terraform_provider_ecgrid.resources.callback_delivery import verify_delivery
from terraform_provider_ecgrid.resources.callback_lookup import learn
from terraform_provider_ecgrid.resources.callback_memory import Memory
from terraform_provider_ecgrid.resources.callback_rules import OnDestroy
from terraform_provider_ecgrid.resources.callback_state import not_made, sentence_of, settled, status_or_none
from terraform_provider_ecgrid.resources.callback_warnings import origin_of
from terraform_provider_ecgrid.resources.failures import add_failure

if TYPE_CHECKING:
    from terraform_provider_ecgrid.api.client import Client
    from terraform_provider_ecgrid.api.models import Callback

log = logging.getLogger(__name__)


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
            f"{_kept(answer.callback_id)}",
        )
        return settled(planned, answer.callback_id, answer) | {"on_destroy": OnDestroy.DELETE.value}


def _completed(client: Client, ctx: CreateContext, planned: State, answer: Callback, memory: Memory) -> State:
    if not payload.is_known(planned["on_destroy"]):
        planned["on_destroy"] = OnDestroy.DELETE.value
    status = planned["status"]
    state = settled(planned, answer.callback_id, answer)
    if payload.is_known(status) and status != Status.ACTIVE and not _set_status(client, ctx, answer, status):
        # Terraform taints the resource and replaces it with the next apply, which must really remove this one.
        return state | {
            "status": status_or_none(answer.status) or Status.ACTIVE.value,
            "on_destroy": OnDestroy.DELETE.value,
        }
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


def _set_status(client: Client, ctx: CreateContext, created: Callback, status: str) -> bool:
    callback_id = created.callback_id
    summary = f"Callback {callback_id} registered, but not {status}"
    kept = f"Callback {callback_id} is registered and is `Active`. {_kept(callback_id)}"
    try:
        answer = client.update(payload.update_request(callback_id, {"status": status}))
    except EcgridError as error:
        add_failure(ctx.diagnostics, summary, error, kept, sent={"status": status})
        return False
    if different := not_made({"status": status}, answer):
        ctx.diagnostics.add_error(
            summary, f"ECGrid did not make the change. {sentence_of(different)} {kept}", path=["status"]
        )
        return False
    return True


def _kept(callback_id: int) -> str:
    return (
        f"The state holds callback {callback_id} as tainted, so the next apply deletes it and registers a new one. To "
        "keep it, run `terraform untaint ADDRESS` and apply again."
    )


def _add_not_registered(client: Client, ctx: CreateContext, planned: State, error: EcgridError) -> None:
    summary = "Callback not registered"
    if isinstance(error, DuplicateObject):
        add_failure(ctx.diagnostics, summary, error, _matches(client, planned, duplicate=True))
    elif error.may_have_been_carried_out:
        add_failure(
            ctx.diagnostics, "Callback may have been registered", error, _matches(client, planned, duplicate=False)
        )
    else:
        add_failure(ctx.diagnostics, summary, error, "Nothing was registered.", sent=planned)


def _matches(client: Client, planned: State, *, duplicate: bool) -> str:
    """Name the callbacks that may be the one, and how to adopt it."""
    where = f"event `{planned['event']}` at {origin_of(planned['url'])}"
    adopt = "To adopt it, set `callback_id` to its id (its `on_destroy` is then `retain` unless set)"
    ids = _matching_ids(client, planned)
    if ids:
        names = ", ".join(str(callback_id) for callback_id in ids)
        which = "is" if len(ids) == 1 else "are"
        what = "the callback that exists already" if duplicate else "what may be the one that was registered"
        return (
            f"ECGrid lists {what} for {where}: {names} {which} to be looked at. {adopt}; make sure that no other "
            "resource manages it."
        )
    if duplicate:
        return f"ECGrid says that there is one for {where} already, but lists none. {adopt} once it is known."
    return (
        f"A callback for {where} may exist which ECGrid does not list yet. Look for it at ECGrid before applying "
        f"again, or a second one may be registered. {adopt}."
    )


def _matching_ids(client: Client, planned: State) -> list[int]:
    mailbox_id: Any = planned["mailbox_id"] if payload.is_known(planned["mailbox_id"]) else None
    try:
        listing = list_all(client)
    except EcgridError as error:
        log.debug("The lookup of candidates failed: %s", type(error).__name__)
        return []
    return [
        entry.callback_id
        for entry in listing.entries.values()
        if entry.event == planned["event"]
        and _same_url(entry.url, planned["url"])
        and (not mailbox_id or entry.mailbox_id in (None, mailbox_id))
    ]


def _same_url(listed: str | None, planned: str) -> bool:
    return listed is not None and listed.rstrip("/").lower() == planned.rstrip("/").lower()
