"""What a plan says: defaults that depend on the configuration, replacements, refusals, warnings of what will happen.

Nothing that is read here decides a planned value: Terraform plans every change again during apply, and a known value
that differs then is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tf.types import Unknown

from terraform_provider_ecgrid.api.enums import HttpAuthType, Status
from terraform_provider_ecgrid.api.errors import EcgridError
from terraform_provider_ecgrid.callback import messages as warnings
from terraform_provider_ecgrid.callback import payload, rules
from terraform_provider_ecgrid.callback.rules import OnDestroy
from terraform_provider_ecgrid.plugin.authoring import PlanContext, State

if TYPE_CHECKING:
    from terraform_provider_ecgrid.callback.access import Access
    from terraform_provider_ecgrid.callback.private_state import Memory, Replaced

DESTRUCTIVE = (OnDestroy.DELETE, OnDestroy.TERMINATE)


def plan_callback(provider: Access, ctx: PlanContext, prior: State | None, planned: State) -> State:
    """Complete a plan to create (`prior` is None), update or replace a callback."""
    if prior is None and not ctx.private:
        return _plan_new(provider, ctx, None, planned)
    # Late, with pydantic: something that is new has no past to be read.
    from terraform_provider_ecgrid.callback.private_state import Memory

    memory = Memory.load(ctx.private)
    if prior is None:
        return _plan_new(provider, ctx, memory.replaced, planned)
    return _plan_existing(provider, ctx, memory, prior, planned)


def plan_destroy(provider: Access, ctx: PlanContext, prior: State) -> None:
    """Say what the destruction of a callback will do where ECGrid will not see a delete, refuse where it is held."""
    callback_id, on_destroy = int(prior["callback_id"]), prior["on_destroy"]
    provider.ledger.note_state(callback_id, on_destroy)
    _check_loss(provider, ctx, callback_id, on_destroy)
    _warn_of_destroy(ctx, prior)


def default_on_destroy(origin: str | None, callback_id: Any, held: Any = None) -> Any:
    """Return the `on_destroy` of a callback whose configuration has none.

    `origin` is how the callback came to be managed, as far as that is remembered; `callback_id` the configured one,
    known or not, where there is no state; `held` the state's value, which counts where there is no origin.
    """
    if origin is not None:
        return OnDestroy.RETAIN.value if origin == "taken_over" else OnDestroy.DELETE.value
    if held is not None:
        return held
    if callback_id is Unknown:
        return Unknown
    return OnDestroy.DELETE.value if callback_id is None else OnDestroy.RETAIN.value


def _plan_new(provider: Access, ctx: PlanContext, replaced: Replaced | None, planned: State) -> State:
    config, callback_id = ctx.config, ctx.config["callback_id"]
    taking_over = callback_id is not None
    sent = payload.changes(None, planned, config) if taking_over else _created(planned, ctx)
    rules.check_change(
        ctx.diagnostics,
        rules.Asked(config, None, planned, sent, write_only=ctx.capabilities.write_only_attributes_allowed),
    )
    if config["on_destroy"] is None:
        planned["on_destroy"] = default_on_destroy(None, callback_id)
    planned["id"] = str(int(callback_id)) if payload.is_known(callback_id) else Unknown
    # Before the check whether a state holds it: of two addresses of one callback the later has to see the earlier.
    again = payload.is_known(callback_id) and replaced is None and provider.ledger.note_held(int(callback_id))
    _refuse_losing_replacement(provider, ctx, replaced)
    # The planned private state of the first of a replacement's two plans ends here: the new callback has no past yet.
    ctx.private = b""
    ctx.identity = {"callback_id": int(callback_id)} if payload.is_known(callback_id) else None
    if config["status"] == Status.TERMINATED:
        warnings.of_terminating(ctx.diagnostics, callback_id)
    if payload.is_known(callback_id) and not ctx.diagnostics.has_errors():
        _look_at_take_over(provider, ctx, int(callback_id), sent)
        if again:
            warnings.of_duplicate(ctx.diagnostics, int(callback_id))
    return planned


def _check_other_addresses(provider: Access, ctx: PlanContext, callback_id: int) -> None:
    """Warn where another resource of this run is planned to hold the same callback, refuse where it would be lost.

    A plan names no resource. Each is planned once a process, except that a replacement is planned twice: the private
    state of its second plan is what the first one planned, with `replaced` set.
    """
    if provider.ledger.note_held(callback_id):
        warnings.of_duplicate(ctx.diagnostics, callback_id)
    if provider.ledger.is_lost(callback_id):
        _add_destroyed_elsewhere(ctx, callback_id)


def _check_loss(provider: Access, ctx: PlanContext, callback_id: int, on_destroy: str | None) -> None:
    """Refuse to delete or terminate a callback that another address of this run holds."""
    if on_destroy not in DESTRUCTIVE:
        return
    provider.ledger.note_lost(callback_id)
    if provider.ledger.is_held(callback_id):
        _add_destroyed_elsewhere(ctx, callback_id)


def _created(planned: State, ctx: PlanContext) -> dict[str, Any]:
    plain = {name: planned[name] for name in payload.PLAIN_FIELDS if ctx.config[name] is not None}
    return plain | payload.credentials(planned, ctx.config)


def _look_at_take_over(provider: Access, ctx: PlanContext, callback_id: int, sent: dict[str, Any]) -> None:
    try:
        client = provider.client()
        from terraform_provider_ecgrid.callback.find import find_callback  # late, as it loads the client

        found = find_callback(client, callback_id)
    except EcgridError as error:
        warnings.of_unread(provider, ctx.diagnostics, callback_id, error, "The take-over cannot be planned.")
        return
    if found.entry is None:
        warnings.of_unseen_take_over(ctx.diagnostics, callback_id)
        return
    if found.entry.status == Status.TERMINATED and any(map(payload.is_known, sent.values())):
        _refuse(ctx, rules.terminated_refusal(callback_id, sent))
        return
    warnings.of_overwriting(ctx.diagnostics, callback_id, found.entry, sent)


def _plan_existing(provider: Access, ctx: PlanContext, memory: Memory, prior: State, planned: State) -> State:
    config, callback_id = ctx.config, int(prior["callback_id"])
    provider.ledger.note_state(callback_id, prior["on_destroy"])
    for name in payload.SCOPE_FIELDS:
        if prior[name] is None:
            ctx.requires_replace.discard(name)
    sent = payload.changes(prior, planned, config)
    certain = payload.certain_changes(prior, planned, config)
    if _revives_terminated(ctx, prior, planned, sent):
        if planned["status"] is Unknown:
            _refuse(ctx, rules.unknown_status_refusal(callback_id))
        else:
            ctx.requires_replace.add("status")
    replacing = bool(ctx.requires_replace)
    asked = rules.Asked(
        config,
        None if replacing else prior,
        planned,
        _created(planned, ctx) if replacing else (sent if "http_auth_type" in certain else {}),
        write_only=ctx.capabilities.write_only_attributes_allowed,
    )
    rules.check_change(ctx.diagnostics, asked)
    if certain and prior["status"] == Status.TERMINATED and not replacing:
        _refuse(ctx, rules.terminated_refusal(callback_id, certain))
    if config["on_destroy"] is None:
        planned["on_destroy"] = (
            default_on_destroy(None, config["callback_id"])
            if replacing
            else default_on_destroy(memory.origin, config["callback_id"], prior["on_destroy"])
        )
    planned["id"] = prior["id"]
    ctx.identity = {"callback_id": callback_id}
    memory.note_replaced(callback_id, prior)
    ctx.private = memory.dump()
    held = config["callback_id"] if replacing else callback_id
    if payload.is_known(held):
        _check_other_addresses(provider, ctx, int(held))
    if left_out := provider.ledger.unusable_of(callback_id):
        warnings.of_left_out(ctx.diagnostics, callback_id, left_out)
    if replacing:
        _plan_replacement(provider, ctx, memory.replaced, prior, planned)
        return planned
    if prior["status"] != Status.TERMINATED and planned["status"] == Status.TERMINATED:
        warnings.of_terminating(ctx.diagnostics, callback_id)
    warnings.of_ended_management(ctx.diagnostics, callback_id, _ended(memory, prior, planned, ctx, sent))
    return planned


def _revives_terminated(ctx: PlanContext, prior: State, planned: State, sent: dict[str, Any]) -> bool:
    """A terminated callback accepts no change; one that no `callback_id` names is replaced by a new one."""
    return (
        prior["status"] == Status.TERMINATED
        and ctx.config["callback_id"] is None
        and "status" in sent
        and planned["status"] != Status.TERMINATED
    )


def _plan_replacement(
    provider: Access, ctx: PlanContext, replaced: Replaced | None, prior: State, planned: State
) -> None:
    planned["id"] = Unknown
    ctx.identity = None
    if ctx.config["callback_id"] is Unknown and prior["on_destroy"] in DESTRUCTIVE:
        ctx.diagnostics.add_error(
            "Replacement by an unknown callback",
            f"`callback_id` is not known yet, and callback {int(prior['callback_id'])} would be destroyed by "
            f'`on_destroy = "{prior["on_destroy"]}"` to make room. Should it turn out to be the same callback, it '
            'would be lost. Give `callback_id` a value that is known at plan, or apply `on_destroy = "retain"` first.',
            path=["callback_id"],
        )
    _refuse_losing_replacement(provider, ctx, replaced)
    _check_loss(provider, ctx, int(prior["callback_id"]), prior["on_destroy"])
    if ctx.diagnostics.has_errors():
        return
    _warn_of_destroy(ctx, prior)
    if ctx.config["status"] == Status.TERMINATED:
        warnings.of_terminating(ctx.diagnostics, ctx.config["callback_id"])
    if payload.is_known(ctx.config["callback_id"]):
        # Terraform shows no warnings of the second plan of a replacement, so the take-over is looked at in this one.
        _look_at_take_over(provider, ctx, int(ctx.config["callback_id"]), payload.changes(None, planned, ctx.config))


def _refuse_losing_replacement(provider: Access, ctx: PlanContext, replaced: Replaced | None) -> None:
    """Refuse a replacement that would lose the callback, or the scope, that its configuration wants to keep."""
    callback_id = ctx.config["callback_id"]
    if payload.is_known(callback_id):
        on_destroy = None
        if replaced is not None and replaced.callback_id == callback_id:
            on_destroy = replaced.on_destroy
        elif not ctx.private:
            # A tainted object is planned with neither its state nor its private state.
            on_destroy = provider.ledger.on_destroy_of(int(callback_id))
        if on_destroy in DESTRUCTIVE:
            ctx.diagnostics.add_error(
                "Replacement would lose the callback",
                f'Callback {int(callback_id)} is already in the state with `on_destroy = "{on_destroy}"`, so this '
                "plan would destroy the very callback that `callback_id` names. Remove `callback_id` to register a "
                "new callback, or keep this one: `terraform untaint` where the resource is tainted, a `moved` block "
                'where it has a new address, or an apply of `on_destroy = "retain"` first.',
                path=["callback_id"],
            )
    elif callback_id is None and replaced is not None:
        for name in payload.SCOPE_FIELDS:
            held = getattr(replaced, name)
            if held is not None and held > 0 and ctx.config[name] is None:
                ctx.diagnostics.add_error(
                    "Replacement would lose the scope",
                    f"Callback {replaced.callback_id} is registered with `{name}` {held}, and the new callback would "
                    f"be registered without it. Add this line: `{name} = {held}`.",
                    path=[name],
                )


def _ended(memory: Memory, prior: State, planned: State, ctx: PlanContext, sent: dict[str, Any]) -> list[str]:
    """List the attributes whose management ends with this plan; ECGrid keeps what it holds of them."""
    ended = [name for name in ("username", "password") if prior[name] is not None and planned[name] is None]
    if prior["password_wo_version"] is not None and planned["password_wo_version"] is None:
        ended.append("password_wo")
    if (
        memory.http_auth_configured
        and ctx.config["http_auth_type"] is None
        and prior["http_auth_type"] not in (None, HttpAuthType.NONE)
    ):
        ended.append("http_auth_type")
    return [name for name in ended if name.removesuffix("_wo") not in sent]


def _add_destroyed_elsewhere(ctx: PlanContext, callback_id: int) -> None:
    ctx.diagnostics.add_error(
        "Destruction would lose the callback",
        f"This plan deletes or terminates callback {callback_id} at one address while another one holds it. Where the "
        "resource has a new address, add a `moved` block; to forget one of two, run `terraform state rm ADDRESS`; or "
        'apply `on_destroy = "retain"` first.',
    )


def _warn_of_destroy(ctx: PlanContext, prior: State) -> None:
    terminated = prior["status"] == Status.TERMINATED
    warnings.of_destroy(ctx.diagnostics, int(prior["callback_id"]), prior["on_destroy"], terminated=terminated)


def _refuse(ctx: PlanContext, refusal: rules.Refusal) -> None:
    ctx.diagnostics.add_error(refusal.summary, refusal.detail, path=[refusal.attribute])
