"""What a plan would destroy that the same plan wants to keep."""

from __future__ import annotations

from collections.abc import Iterator

from tf.types import Unknown

from terraform_provider_ecgrid.api.enums import MAX_ID
from terraform_provider_ecgrid.callback.payload import SCOPE_FIELDS
from terraform_provider_ecgrid.callback.phrases import WHAT_ADDRESS_IS
from terraform_provider_ecgrid.callback.rules.table import Asked, Refusal, Rule
from terraform_provider_ecgrid.callback.schema import STOPPING
from terraform_provider_ecgrid.callback.values import is_known


def _replaced_by_a_known_callback(asked: Asked) -> Iterator[Refusal]:
    replaced = asked.replaced
    if replaced and asked.config["callback_id"] is Unknown and replaced.on_destroy in STOPPING:
        yield Refusal(
            "callback_id",
            "Unknown callback_id in a replacement",
            f"`callback_id` is known only after apply, and this replacement destroys callback {replaced.callback_id} "
            f'(`on_destroy = "{replaced.on_destroy}"`). If `callback_id` turns out to be {replaced.callback_id}, the '
            "callback to keep would be destroyed. Set `callback_id` to a value that is known at plan time, or apply "
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
                f"This replacement would destroy callback {replaced.callback_id} (`on_destroy = "
                f'"{replaced.on_destroy}"`), the same callback that `callback_id` selects. To register a new '
                "callback, remove `callback_id`. To keep this one, remove what causes the replacement (such as "
                '`-replace`), or apply `on_destroy = "retain"` first.',
            )
    elif asked.on_destroy_seen in STOPPING:
        # A tainted resource looks like any other that names the callback, and a forgotten one like any that is kept.
        yield Refusal(
            "callback_id",
            f"Callback {int(callback_id)} is already in the state",
            f'Callback {int(callback_id)} is already in the state, with `on_destroy = "{asked.on_destroy_seen}"`. '
            "Terraform does not tell the provider at which address, or whether this plan destroys it. If this "
            "resource is tainted, run `terraform untaint ADDRESS`. If the resource has a new address, add a `moved` "
            "block. If a `removed` block forgets the callback at another address, apply that block first, without "
            'this resource, or apply `on_destroy = "retain"` there first. To register a new callback, remove '
            f"`callback_id`. {WHAT_ADDRESS_IS}",
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
                f"Callback {asked.replaced.callback_id} is registered with `{name}` {held}, but the new callback "
                f"would be registered without it. Add this line: `{name} = {held}`.",
            )


def _destroyed_nowhere_else(asked: Asked) -> Iterator[Refusal]:
    if asked.lost is not None and asked.lost_if_unknown:
        yield Refusal(
            None,
            f"Destruction may lose callback {asked.lost}",
            f"This plan deletes, suspends or terminates callback {asked.lost}. It also takes over a callback whose "
            f"`callback_id` is known only after apply. If that id turns out to be {asked.lost}, the callback to keep "
            "would be lost. Set `callback_id` to a value that is known at plan time, or apply one of the two changes "
            "first.",
        )
    elif asked.lost is not None:
        yield Refusal(
            None,
            "Destruction would lose the callback",
            f"This plan deletes, suspends or terminates callback {asked.lost} at one address, but another address "
            "also manages it. If the resource has a new address, add a `moved` block. Otherwise, to keep the callback, "
            "run `terraform state rm ADDRESS` for the address that this plan destroys, or first apply `on_destroy = "
            f'"retain"` there. {WHAT_ADDRESS_IS}',
        )


REPLACEMENT: tuple[Rule, ...] = (
    _replaced_by_a_known_callback,
    _replacement_keeps_the_callback,
    _replacement_keeps_the_scope,
)
"""What a replacement destroys and what its configuration names."""

ELSEWHERE: tuple[Rule, ...] = (_destroyed_nowhere_else,)
"""The same callback at two addresses."""
