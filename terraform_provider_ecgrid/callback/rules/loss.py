"""What a plan would destroy that the same plan wants to keep."""

from __future__ import annotations

from collections.abc import Iterator

from tf.types import Unknown

from terraform_provider_ecgrid.api.enums import MAX_ID
from terraform_provider_ecgrid.callback.payload import SCOPE_FIELDS
from terraform_provider_ecgrid.callback.rules.table import Asked, Refusal, Rule
from terraform_provider_ecgrid.callback.schema import STOPPING
from terraform_provider_ecgrid.callback.values import is_known


def _replaced_by_a_known_callback(asked: Asked) -> Iterator[Refusal]:
    replaced = asked.replaced
    if replaced and asked.config["callback_id"] is Unknown and replaced.on_destroy in STOPPING:
        yield Refusal(
            "callback_id",
            "Replacement by an unknown callback",
            f"`callback_id` is not known yet, and this replacement destroys callback {replaced.callback_id} "
            f'(`on_destroy = "{replaced.on_destroy}"`). If `callback_id` turns out to be {replaced.callback_id}, the '
            "callback to keep would be destroyed. Give `callback_id` a value that is known at plan, or apply "
            '`on_destroy = "retain"` first.',
        )


def _replacement_keeps_the_callback(asked: Asked) -> Iterator[Refusal]:
    callback_id, replaced = asked.config["callback_id"], asked.replaced
    if not is_known(callback_id):
        return
    if replaced is not None and replaced.callback_id == callback_id:
        if replaced.on_destroy in STOPPING:
            yield Refusal(
                "callback_id",
                "Replacement would lose the callback",
                f"Callback {replaced.callback_id} would be destroyed by this replacement "
                f'(`on_destroy = "{replaced.on_destroy}"`), and `callback_id` names it. Remove `callback_id` to '
                "register a new callback. To keep this one, drop what asks for the replacement (such as `-replace`), "
                'or apply `on_destroy = "retain"` first.',
            )
    elif asked.on_destroy_seen in STOPPING:
        # A tainted resource looks like any other that names the callback, and a forgotten one like any that is kept.
        yield Refusal(
            "callback_id",
            f"Callback {int(callback_id)} is in the state already",
            f'Callback {int(callback_id)} is in the state with `on_destroy = "{asked.on_destroy_seen}"`. Terraform '
            "does not tell the provider at which address, nor whether this plan destroys it there. If this resource "
            "is tainted, run `terraform untaint ADDRESS`. Remove `callback_id` to register a new callback. If it "
            "has a new address, add a `moved` block. If a `removed` block forgets the callback at another address, "
            'apply that first, without this resource, or apply `on_destroy = "retain"` there first.',
        )


def _replacement_keeps_the_scope(asked: Asked) -> Iterator[Refusal]:
    if asked.replaced is None or asked.config["callback_id"] is not None:
        return
    for name in SCOPE_FIELDS:
        held = getattr(asked.replaced, name)
        if held is not None and 0 < held <= MAX_ID and asked.config[name] is None:
            yield Refusal(
                name,
                "Replacement would lose the scope",
                f"Callback {asked.replaced.callback_id} is registered with `{name}` {held}, and the new callback would "
                f"be registered without it. Add this line: `{name} = {held}`.",
            )


def _destroyed_nowhere_else(asked: Asked) -> Iterator[Refusal]:
    if asked.lost is not None and asked.lost_if_unknown:
        yield Refusal(
            None,
            f"Destruction of callback {asked.lost} beside an unknown take-over",
            f"This plan deletes, suspends or terminates callback {asked.lost}, and takes over a callback whose "
            f"`callback_id` is not known yet. If that turns out to be {asked.lost}, the callback to keep would be "
            "lost. Give `callback_id` a value that is known at plan, or apply one of the two changes first.",
        )
    elif asked.lost is not None:
        yield Refusal(
            None,
            "Destruction would lose the callback",
            f"This plan deletes, suspends or terminates callback {asked.lost} at one address while another one holds "
            "it. If the resource has a new address, add a `moved` block; to forget one of two, run `terraform state rm "
            'ADDRESS`; or apply `on_destroy = "retain"` first.',
        )


REPLACEMENT: tuple[Rule, ...] = (
    _replaced_by_a_known_callback,
    _replacement_keeps_the_callback,
    _replacement_keeps_the_scope,
)
"""What a replacement destroys and what its configuration names."""

ELSEWHERE: tuple[Rule, ...] = (_destroyed_nowhere_else,)
"""The same callback at two addresses."""
