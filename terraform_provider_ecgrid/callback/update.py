"""What an apply does: register or take over, update in place, destroy. Every request that may have changed something
ends in the state or in an error that names what may exist.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from terraform_provider_ecgrid.api.errors import EcgridError, InvalidParameter, NotFound
from terraform_provider_ecgrid.callback import messages as warnings
from terraform_provider_ecgrid.callback import payload
from terraform_provider_ecgrid.callback.create import register
from terraform_provider_ecgrid.callback.delivery_test import verify_delivery
from terraform_provider_ecgrid.callback.failures import add_failure
from terraform_provider_ecgrid.callback.find import find_with_mailbox, hides, learn, learn_again
from terraform_provider_ecgrid.callback.plan import default_on_destroy
from terraform_provider_ecgrid.callback.private_state import Memory
from terraform_provider_ecgrid.callback.state import not_made, sentence_of, settled, status_or_none
from terraform_provider_ecgrid.plugin.authoring import CreateContext, State, UpdateContext

if TYPE_CHECKING:
    from tf.utils import Diagnostics

    from terraform_provider_ecgrid.api.client import Client
    from terraform_provider_ecgrid.api.models import Callback
    from terraform_provider_ecgrid.callback.access import Access


def create_callback(provider: Access, ctx: CreateContext, planned: State) -> State | None:
    """Take over the callback that `callback_id` names, or register a new one where it is left out."""
    callback_id = ctx.config["callback_id"]
    client = _client(provider, ctx)
    if client is None:
        return None
    if callback_id is None:
        return register(client, ctx, planned)
    return _take_over(client, ctx, planned, int(callback_id))


def _client(provider: Access, ctx: CreateContext | UpdateContext) -> Client | None:
    """Return the client; None and an error where none can be made, which is before anything was sent."""
    try:
        return provider.client()
    except EcgridError as error:
        add_failure(ctx.diagnostics, "ECGrid not reachable", error, "Nothing was sent.")
    return None


def _take_over(client: Client, ctx: CreateContext, planned: State, callback_id: int) -> State | None:
    sent = payload.changes(None, planned, ctx.config)
    memory = Memory(origin="taken_over", http_auth_configured="http_auth_type" in sent)
    try:
        if sent:
            answer: Any = send_update(client, ctx.diagnostics, callback_id, sent)
        else:
            answer = _read_taken_over(client, callback_id, memory)
    except NotFound as error:
        _add_gone(ctx.diagnostics, f"Callback {callback_id} not taken over", callback_id, error, taken_over=True)
        return None
    except EcgridError as error:
        may_be = (
            f"The update may have been carried out all the same; the state holds nothing of callback {callback_id}. "
            "Applying again sends the same update."
            if sent and error.may_have_been_carried_out
            else f"Callback {callback_id} is as it was, and the state holds nothing of it."
        )
        add_failure(ctx.diagnostics, f"Callback {callback_id} not taken over", error, may_be, sent=sent)
        return None
    if sent:
        if different := not_made(sent, answer):
            _warn_not_made(ctx.diagnostics, callback_id, different)
        warnings.of_unused_credentials(ctx.diagnostics, callback_id, sent, answer)
        if "url" in sent:
            memory.note_url(sent["url"], answer.url)
        learn(client, callback_id, memory)
    if not payload.is_known(planned["on_destroy"]):
        planned["on_destroy"] = default_on_destroy(memory.origin, callback_id)
    ctx.private = memory.dump()
    ctx.identity = {"callback_id": callback_id}
    state = settled(planned, callback_id, answer)
    verify_delivery(client, ctx, state, sent)
    return state


def _read_taken_over(client: Client, callback_id: int, memory: Memory) -> Any:
    """Only read; where the lookups do not show the callback, an update without any field asks for its record."""
    sighting = find_with_mailbox(client, callback_id)
    memory.lists_deliveries = sighting.deliveries
    memory.shown = sighting.entry is not None
    if sighting.entry is not None:
        return sighting.entry
    return client.update(payload.update_request(callback_id, {}))


def send_update(client: Client, diags: Diagnostics, callback_id: int, sent: dict[str, Any]) -> Callback:
    """Send one update. An API that refuses empty credentials gets it once more without them. Raises `EcgridError`."""
    try:
        return client.update(payload.update_request(callback_id, sent))
    except InvalidParameter:
        if not payload.clears_credentials(sent):
            raise
    answer = client.update(payload.update_request(callback_id, payload.without_clearing(sent)))
    diags.add_warning(
        "ECGrid may keep the credentials",
        f"`http_auth_type` of callback {callback_id} is now `None`, but ECGrid refused to clear the user name and the "
        "password that it holds: they may remain there, unused. Set them to worthless values first where that matters.",
        path=["http_auth_type"],
    )
    return answer


def update_callback(provider: Access, ctx: UpdateContext, current: State, planned: State) -> State:
    """Send what the plan shows as changed; with nothing to send make no request. A failure leaves the prior state."""
    callback_id = int(current["callback_id"])
    memory = Memory.load(ctx.private)
    memory.replaced = None
    ctx.private = memory.dump()
    ctx.identity = {"callback_id": callback_id}
    for name, value in planned.items():
        if not payload.is_known(value) and value is not None:
            planned[name] = current[name]
    sent = payload.changes(current, planned, ctx.config)
    if sent:
        client = _client(provider, ctx)
        if client is None:
            return current
        if current["url"]:
            client.hide(current["url"])
        if hides(sent):
            # Before it is sent: whether it was carried out may remain unknown.
            memory.shown = False
            ctx.private = memory.dump()
        try:
            answer = send_update(client, ctx.diagnostics, callback_id, sent)
        except NotFound as error:
            _add_gone(ctx.diagnostics, f"Callback {callback_id} not updated", callback_id, error)
            return current
        except EcgridError as error:
            add_failure(
                ctx.diagnostics, f"Callback {callback_id} not updated", error, _left(callback_id, error), sent=sent
            )
            return current
        if different := not_made(sent, answer):
            ctx.diagnostics.add_error(
                "Change not made by ECGrid",
                f"ECGrid answered the update of callback {callback_id} without an error but did not make the change. "
                f"{sentence_of(different)} The state holds what ECGrid answered. Apply again, or configure what "
                "ECGrid accepts.",
                path=[next(iter(different))],
            )
            if "url" in sent:
                memory.note_url(sent["url"], answer.url)
                ctx.private = memory.dump()
            return _as_answered(current, answer, memory)
        warnings.of_unused_credentials(ctx.diagnostics, callback_id, sent, answer)
        if "url" in sent:
            memory.note_url(sent["url"], answer.url)
        learn_again(client, callback_id, memory, sent)
    memory.http_auth_configured = ctx.config["http_auth_type"] is not None
    ctx.private = memory.dump()
    state = settled(planned, callback_id, None)
    if sent:
        verify_delivery(provider.client(), ctx, state, sent)
    return state


def _left(callback_id: int, error: EcgridError) -> str:
    if error.may_have_been_carried_out:
        return (
            f"The state is left as it was. The update of callback {callback_id} may have been carried out all the "
            "same; applying again sends it once more, which does no harm."
        )
    return f"Callback {callback_id} and its state are as they were."


def _as_answered(current: State, answer: Callback, memory: Memory) -> State:
    state = dict(current)
    url = None if answer.url is None else memory.as_configured(answer.url)
    for name, value in (("url", url), ("event", answer.event), ("status", status_or_none(answer.status))):
        if value is not None:
            state[name] = value
    return state


def _warn_not_made(diags: Diagnostics, callback_id: int, different: dict[str, tuple[Any, str]]) -> None:
    diags.add_warning(
        "Change not made by ECGrid",
        f"ECGrid answered without an error but did not make the change to callback {callback_id}. "
        f"{sentence_of(different)} The next refresh will show the difference.",
        path=[next(iter(different))],
    )


def _add_gone(
    diags: Diagnostics, summary: str, callback_id: int, error: EcgridError, *, taken_over: bool = False
) -> None:
    if taken_over:
        how = "Check `callback_id` and the credential, or remove `callback_id` to register a new callback."
    else:
        how = (
            "To register a new one in its place, run `terraform apply -replace=ADDRESS` (remove `callback_id` from "
            "the configuration first); to forget it, run `terraform state rm ADDRESS`; if it belongs to another "
            "account, use that account's credential."
        )
    diags.add_error(
        summary,
        f"{error.headline} Callback {callback_id} is gone, or it belongs to an account that this credential does not "
        f"see. {how}",
        path=["callback_id"] if taken_over else None,
    )
