"""What the reviewer of a plan is warned of."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from tf.types import Unknown
from tf.utils import Diagnostics

from terraform_provider_ecgrid.api.enums import MAX_ID
from terraform_provider_ecgrid.callback.messages.failures import quoted, sentence_check
from terraform_provider_ecgrid.callback.payload import clears_credentials
from terraform_provider_ecgrid.callback.phrases import WHAT_ADDRESS_IS, quoted_names
from terraform_provider_ecgrid.callback.schema import OnDestroy
from terraform_provider_ecgrid.callback.state import status_or_none
from terraform_provider_ecgrid.callback.urls import behind_origin, origin_of
from terraform_provider_ecgrid.callback.values import is_known

if TYPE_CHECKING:
    from terraform_provider_ecgrid.api.models import Registration
    from terraform_provider_ecgrid.callback.private_state import Replaced

_FATES = {
    OnDestroy.DELETE.value: "deleted",
    OnDestroy.SUSPEND.value: "suspended",
    OnDestroy.TERMINATE.value: "terminated",
    OnDestroy.RETAIN.value: "removed from the state (it stays registered)",
}

_IMPORT_INSTEAD = (
    "Remove the `moved` block and import the callback instead (`terraform import ecgrid_callback.NAME ID`). To "
    "forget the old resource, use a `removed` block with `destroy = false`."
)


def warn_destroy(diags: Diagnostics, callback_id: int, on_destroy: str | None, *, terminated: bool = False) -> None:
    """Warn unless ECGrid will see a delete. `terminated` says that the callback is `Terminated` already."""
    if on_destroy == OnDestroy.RETAIN:
        diags.add_warning(
            "Callback stays registered",
            f'Callback {callback_id} will only be removed from the state (`on_destroy = "retain"`). It stays '
            'registered at ECGrid unchanged. To delete it, first apply `on_destroy = "delete"`.',
        )
    elif on_destroy == OnDestroy.SUSPEND and terminated:
        diags.add_warning(
            "Callback stays registered, terminated",
            f"Callback {callback_id} is `Terminated`, which is permanent, so it will not be suspended (`on_destroy = "
            '"suspend"`). It stays registered at ECGrid unchanged. To delete it, first apply `on_destroy = "delete"`.',
        )
    elif on_destroy == OnDestroy.SUSPEND:
        diags.add_warning(
            "Callback stays registered, suspended",
            f'Callback {callback_id} will be suspended (`on_destroy = "suspend"`). It stays registered at ECGrid and '
            'delivers nothing until it is activated again. To delete it, first apply `on_destroy = "delete"`.',
        )
    elif on_destroy == OnDestroy.TERMINATE:
        diags.add_warning(
            "Callback will be terminated permanently",
            f'Callback {callback_id} will be terminated (`on_destroy = "terminate"`), which is permanent. It can '
            'never be activated again. To prevent this, first apply another value, such as `on_destroy = "suspend"`.',
        )


def warn_terminating(diags: Diagnostics, callback_id: Any) -> None:
    """Warn that a status `Terminated` is permanent."""
    name = f"callback {int(callback_id)}" if is_known(callback_id) else "the callback"
    diags.add_warning(
        f"Termination of {name} is permanent",
        f'`status = "Terminated"` ends {name} permanently. ECGrid accepts no changes to it afterwards. To pause '
        "delivery, use `Suspended` instead.",
        path=["status"],
    )


def warn_duplicate(diags: Diagnostics, callback_id: int) -> None:
    """Warn that two resources of one run manage the same callback."""
    diags.add_warning(
        f"Callback {callback_id} managed twice",
        f"Two resources in this run manage callback {callback_id}, and each apply of one would undo the changes of "
        "the other. Keep one of them. For the other, run `terraform state rm ADDRESS`, which does not change the "
        f"callback, then remove that resource from the configuration. {WHAT_ADDRESS_IS}",
        path=["callback_id"],
    )


def warn_unseen_take_over(diags: Diagnostics, callback_id: int, replaced: Replaced | None = None) -> None:
    """Warn that what a take-over overwrites cannot be told; `replaced` is what the plan destroys for it."""
    before = ""
    if replaced is not None:
        fate = _FATES.get(replaced.on_destroy or "", "destroyed")
        before = f" By then, callback {replaced.callback_id} is already {fate}, unless `create_before_destroy` is set."
    diags.add_warning(
        f"Callback {callback_id} not shown by ECGrid",
        f"No ECGrid lookup shows callback {callback_id}, so the plan cannot list what the take-over overwrites. "
        f"ECGrid may not show a callback that has not fired yet. If the id does not exist, the apply fails.{before} "
        f"{sentence_check(callback_id)}",
        path=["callback_id"],
    )


def warn_overwriting(diags: Diagnostics, callback_id: int, entry: Registration, changes: dict[str, Any]) -> None:
    """Warn of what a take-over overwrites: field, old and new value.

    Of the credentials only the names are told: either may be a secret, and ECGrid shows none that it holds.
    """
    before = {
        "url": entry.url,
        "event": entry.event,
        "status": status_or_none(entry.status),
        "http_auth_type": entry.http_auth_type,
    }
    lines = [
        f"- {name}: {_change_of(name, old, changes[name])}"
        for name, old in before.items()
        if name in changes and old != changes[name]
    ]
    held = ", ".join(f"`{name}`" for name in ("username", "password") if name in changes)
    if held:
        fate = "cleared" if clears_credentials(changes) else "replaced by the configured values"
        lines.append(f"- {held}: {fate} (ECGrid does not show the current ones)")
    if lines:
        diags.add_warning(
            f"Take-over overwrites callback {callback_id}",
            f"This apply takes over callback {callback_id} and overwrites these values at ECGrid:\n" + "\n".join(lines),
            path=["callback_id"],
        )


def warn_left_at_ecgrid(diags: Diagnostics, callback_id: int, ended: list[str]) -> None:
    """Warn that ECGrid keeps what Terraform stops managing."""
    if not ended:
        return
    names = ", ".join(f"`{name}`" for name in ended)
    diags.add_warning(
        f"ECGrid keeps the credentials of callback {callback_id}",
        f"Terraform will stop managing {names} of callback {callback_id}. Nothing is sent, so ECGrid keeps the old "
        'values. To clear them, set `http_auth_type = "None"` and omit `username`, `password` and `password_wo`.',
        path=[ended[0]],
    )


def error_not_movable(diags: Diagnostics, source_type: str, allowed: Collection[str]) -> None:
    """Say that a `moved` block names a type that stands for no callback."""
    diags.add_error(
        "Move from this type not supported",
        f"A `moved` block can move a {quoted_names(allowed, 'or')} to an `ecgrid_callback`, but not a `{source_type}`. "
        f"{_IMPORT_INSTEAD}",
    )


def error_no_id_to_move(diags: Diagnostics, source_type: str, places: Collection[str], *, several: bool) -> None:
    """Say that the state to be moved names no callback, or `several`. No value is shown: any of them may be secret."""
    found = "several different callback ids" if several else "no callback id"
    diags.add_error(
        "No callback id in the moved state",
        f"The state of the `{source_type}` has {found}. The provider looked for a whole number from 1 to {MAX_ID} in "
        f"{quoted_names(places, 'or')}. {_IMPORT_INSTEAD}",
    )


def _shown(name: str, value: Any) -> str:
    if value is Unknown:
        return "a value known after apply"
    if value is None:
        return "a value that ECGrid does not show"
    return quoted(origin_of(value) if name == "url" else value)


def _change_of(name: str, old: Any, new: Any) -> str:
    change = f"{_shown(name, old)} becomes {_shown(name, new)}"
    if name != "url" or not (is_known(old) and is_known(new)):
        return change
    same = behind_origin(old) == behind_origin(new)
    if origin_of(old) != origin_of(new):
        return f"{change} ({'same path and query' if same else 'different path or query'})"
    return f"{'only the spelling' if same else 'the path or query'} changes; {_shown(name, old)} stays"
