"""The order of a plan: what is asked, refused, completed and said.

Nothing that is read here decides a planned value: Terraform plans every change again during apply, and a known value
that differs then is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tf.types import Unknown

from terraform_provider_ecgrid import callback
from terraform_provider_ecgrid.api.enums import Status
from terraform_provider_ecgrid.api.errors import EcgridError
from terraform_provider_ecgrid.callback import payload, rules
from terraform_provider_ecgrid.callback.messages import plan as messages
from terraform_provider_ecgrid.callback.messages.read import error_unread, warn_left_out
from terraform_provider_ecgrid.callback.rules import Asked
from terraform_provider_ecgrid.callback.schema import STOPPING, default_on_destroy
from terraform_provider_ecgrid.callback.values import is_known
from terraform_provider_ecgrid.plugin.authoring import PlanContext, State

if TYPE_CHECKING:
    from terraform_provider_ecgrid.callback.access import Access
    from terraform_provider_ecgrid.callback.private_state import PrivateState, Replaced


def plan_callback(access: Access, ctx: PlanContext, prior: State | None, planned: State) -> State:
    """Complete a plan to create (`prior` is None), update or replace a callback."""
    if prior is None and not ctx.private:
        # Nothing is loaded for it: something that is new has no past to be read.
        return _plan_new(access, ctx, None, planned)
    with callback.private_state.PrivateState.of(ctx) as private:
        if prior is None:
            return _plan_new(access, ctx, private.replaced, planned)
        return _plan_existing(access, ctx, private, prior, planned)


def plan_destroy(access: Access, ctx: PlanContext, prior: State) -> None:
    """Refuse to destroy a callback that is held elsewhere, and warn unless ECGrid will see a delete."""
    callback_id = int(prior["callback_id"])
    on_destroy = callback.private_state.PrivateState.load(ctx.private).on_destroy_of(prior)
    access.ledger.note_state(callback_id, on_destroy)
    _check_loss(access, ctx, callback_id, on_destroy)
    _warn_destroy(ctx, prior, on_destroy)


def _plan_new(access: Access, ctx: PlanContext, replaced: Replaced | None, planned: State) -> State:
    config, callback_id, ledger = ctx.config, ctx.config["callback_id"], access.ledger
    known, taking_over = is_known(callback_id), callback_id is not None
    # First, so that of two addresses of one callback the later sees the earlier.
    again = known and replaced is None and ledger.note_held(int(callback_id))
    asked = Asked(
        config,
        planned,
        changes=payload.changes(None, planned, config) if taking_over else payload.registration(planned, config),
        write_only=ctx.capabilities.write_only_attributes_allowed,
        replaced=replaced,
        on_destroy_seen=_on_destroy_seen(access, callback_id),
    )
    rules.check(ctx.diagnostics, rules.CHANGE + rules.REPLACEMENT, asked)
    _check_lost_elsewhere(access, ctx, callback_id)
    if replaced is not None and callback_id is None and not ledger.is_lost(replaced.callback_id):
        # Replaced by hand (`-replace`): its first plan was that of an update.
        ledger.note_released(replaced.callback_id)
        _check_loss(access, ctx, replaced.callback_id, replaced.on_destroy)
    if config["on_destroy"] is None:
        planned["on_destroy"] = default_on_destroy(None, callback_id)
    planned["id"] = str(int(callback_id)) if known else Unknown
    # The planned private state of the first of a replacement's two plans ends here: the new callback has no past yet.
    ctx.private = b""
    ctx.identity = {"callback_id": int(callback_id)} if known else None
    if config["status"] == Status.TERMINATED:
        messages.warn_terminating(ctx.diagnostics, callback_id)
    if known and not ctx.diagnostics.has_errors():
        url_before = _look_at_take_over(access, ctx, asked, asked.changes)
        if url_before is not None:
            ctx.private = callback.private_state.PrivateState(url_before=url_before).dump()
        if again:
            messages.warn_duplicate(ctx.diagnostics, int(callback_id))
    return planned


def _plan_existing(access: Access, ctx: PlanContext, private: PrivateState, prior: State, planned: State) -> State:
    config, callback_id = ctx.config, int(prior["callback_id"])
    on_destroy = private.on_destroy_of(prior)
    access.ledger.note_state(callback_id, on_destroy)
    private.note_replaced(callback_id, prior)
    if private.is_just_moved(prior):
        private.origin = "taken_over"
    ctx.requires_replace.difference_update(name for name in payload.SCOPE_FIELDS if prior[name] is None)
    if _revives_terminated(ctx, prior, planned):
        ctx.requires_replace.add("status")
    replacing = bool(ctx.requires_replace)
    changes = payload.changes(prior, planned, config)
    asked = Asked(
        config,
        planned,
        changes=payload.registration(planned, config) if replacing else changes,
        certain={} if replacing else payload.certain_changes(prior, planned, config),
        prior=None if replacing else prior,
        write_only=ctx.capabilities.write_only_attributes_allowed,
        callback_id=callback_id,
        status=prior["status"],
        replaced=private.replaced if replacing else None,
        on_destroy_seen=_on_destroy_seen(access, config["callback_id"]) if replacing else None,
    )
    rules.check(ctx.diagnostics, rules.CHANGE, asked)
    if config["on_destroy"] is None:
        origin, held = (None, None) if replacing else (private.origin, prior["on_destroy"])
        planned["on_destroy"] = default_on_destroy(origin, config["callback_id"], held)
    planned["id"] = Unknown if replacing else prior["id"]
    ctx.identity = None if replacing else {"callback_id": callback_id}
    _check_other_addresses(access, ctx, config["callback_id"] if replacing else callback_id)
    if problems := access.ledger.unusable_of(callback_id):
        warn_left_out(ctx.diagnostics, callback_id, problems)
    if replacing:
        _plan_replacement(access, ctx, asked, prior, on_destroy)
        return planned
    if prior["status"] != Status.TERMINATED and planned["status"] == Status.TERMINATED:
        messages.warn_terminating(ctx.diagnostics, callback_id)
    messages.warn_left_at_ecgrid(ctx.diagnostics, callback_id, payload.left_at_ecgrid(prior, planned, changes))
    return planned


def _revives_terminated(ctx: PlanContext, prior: State, planned: State) -> bool:
    """A terminated callback accepts no change; one that no `callback_id` names is replaced by a new one."""
    another = is_known(planned["status"]) and planned["status"] != Status.TERMINATED
    return prior["status"] == Status.TERMINATED and ctx.config["callback_id"] is None and another


def _plan_replacement(access: Access, ctx: PlanContext, asked: Asked, prior: State, on_destroy: str) -> None:
    rules.check(ctx.diagnostics, rules.REPLACEMENT, asked)
    _check_loss(access, ctx, int(prior["callback_id"]), on_destroy)
    if ctx.diagnostics.has_errors():
        return
    _warn_destroy(ctx, prior, on_destroy)
    if asked.config["status"] == Status.TERMINATED:
        messages.warn_terminating(ctx.diagnostics, asked.config["callback_id"])
    if is_known(asked.config["callback_id"]):
        # Terraform shows no warnings of the second plan of a replacement, so the take-over is looked at in this one.
        _look_at_take_over(access, ctx, asked, payload.changes(None, asked.planned, asked.config))


def _look_at_take_over(access: Access, ctx: PlanContext, asked: Asked, changes: dict[str, Any]) -> str | None:
    """Warn of what a take-over overwrites, refuse what a terminated callback does not accept.

    Returns the URL that ECGrid shows, if it would be replaced.
    """
    callback_id = int(ctx.config["callback_id"])
    try:
        found = callback.find.find_callback(access.registrations, callback_id)
    except EcgridError as error:
        outcome = "The take-over cannot be planned."
        error_unread(ctx.diagnostics, access.ledger, callback_id, error, outcome)
        return None
    if found.registration is None:
        messages.warn_unseen_take_over(ctx.diagnostics, callback_id, asked.replaced)
        return None
    certain = {name: value for name, value in changes.items() if is_known(value)}
    status = found.registration.status
    take_over = Asked(ctx.config, asked.planned, certain=certain, callback_id=callback_id, status=status)
    rules.check(ctx.diagnostics, rules.TAKE_OVER, take_over)
    if not ctx.diagnostics.has_errors():
        messages.warn_overwriting(ctx.diagnostics, callback_id, found.registration, changes)
    return found.registration.url if "url" in changes else None


def _check_other_addresses(access: Access, ctx: PlanContext, held: Any) -> None:
    """Warn if another resource of this run is planned to hold the same callback, refuse if it would be lost.

    A plan names no resource. Each is planned once per run, except that a replacement is planned twice: the private
    state of its second plan is what the first one planned, with `replaced` set.
    """
    if is_known(held) and access.ledger.note_held(int(held)):
        messages.warn_duplicate(ctx.diagnostics, int(held))
    _check_lost_elsewhere(access, ctx, held)


def _check_lost_elsewhere(access: Access, ctx: PlanContext, held: Any) -> None:
    """Refuse to hold a callback that the plan deletes, suspends or terminates at another address; it may be unknown."""
    if held is Unknown:
        access.ledger.note_unknown()
        for callback_id in access.ledger.lost():
            _refuse_loss(ctx, callback_id, unknown=True)
    elif held is not None and access.ledger.is_lost(int(held)):
        _refuse_loss(ctx, int(held))


def _on_destroy_seen(access: Access, callback_id: Any) -> str | None:
    """Return what `ELSEWHERE` does not refuse better: the `on_destroy` of a state that may or may not be destroyed."""
    if not is_known(callback_id) or access.ledger.is_lost(int(callback_id)):
        return None
    return access.ledger.on_destroy_of(int(callback_id))


def _check_loss(access: Access, ctx: PlanContext, callback_id: int, on_destroy: str | None) -> None:
    """Refuse to delete, suspend or terminate a callback that another address of this run holds."""
    if on_destroy in STOPPING:
        access.ledger.note_lost(callback_id)
        if access.ledger.is_held(callback_id):
            _refuse_loss(ctx, callback_id)
        elif access.ledger.takes_over_unknown():
            _refuse_loss(ctx, callback_id, unknown=True)


def _refuse_loss(ctx: PlanContext, callback_id: int, *, unknown: bool = False) -> None:
    asked = Asked(ctx.config, planned={}, lost=callback_id, lost_if_unknown=unknown)
    rules.check(ctx.diagnostics, rules.ELSEWHERE, asked)


def _warn_destroy(ctx: PlanContext, prior: State, on_destroy: str) -> None:
    terminated = prior["status"] == Status.TERMINATED
    messages.warn_destroy(ctx.diagnostics, int(prior["callback_id"]), on_destroy, terminated=terminated)
