"""What the reviewer of a plan is warned of."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from tf.types import Unknown
from tf.utils import Diagnostics

from terraform_provider_ecgrid.api.enums import MAX_ID
from terraform_provider_ecgrid.callback.messages.failures import quoted, sentence_check
from terraform_provider_ecgrid.callback.payload import clears_credentials
from terraform_provider_ecgrid.callback.schema import OnDestroy
from terraform_provider_ecgrid.callback.state import status_or_none
from terraform_provider_ecgrid.callback.urls import behind_origin, origin_of
from terraform_provider_ecgrid.callback.values import is_known

if TYPE_CHECKING:
    from terraform_provider_ecgrid.api.models import Registration

_IMPORT_INSTEAD = (
    "Remove the `moved` block, import the callback instead (`terraform import ecgrid_callback.NAME ID`), and have a "
    "`removed` block with `destroy = false` forget the old resource."
)


def warn_destroy(diags: Diagnostics, callback_id: int, on_destroy: str | None, *, terminated: bool = False) -> None:
    """Warn unless ECGrid will see a delete. `terminated` says that the callback is `Terminated` already."""
    if on_destroy == OnDestroy.RETAIN:
        diags.add_warning(
            "Callback stays registered",
            f'Callback {callback_id} will only be forgotten by Terraform (`on_destroy = "retain"`): it stays '
            'registered at ECGrid and goes on as it is. Apply `on_destroy = "delete"` first if it is to be removed.',
        )
    elif on_destroy == OnDestroy.SUSPEND and terminated:
        diags.add_warning(
            "Callback stays registered, suspended",
            f"Callback {callback_id} is `Terminated`, which is permanent, so it will not be suspended "
            '(`on_destroy = "suspend"`): it stays registered at ECGrid as it is. Apply `on_destroy = "delete"` first '
            "if it is to be removed.",
        )
    elif on_destroy == OnDestroy.SUSPEND:
        diags.add_warning(
            "Callback stays registered, suspended",
            f'Callback {callback_id} will be suspended (`on_destroy = "suspend"`): it stays registered at ECGrid and '
            'delivers nothing until it is activated again. Apply `on_destroy = "delete"` first if it is to be '
            "removed.",
        )
    elif on_destroy == OnDestroy.TERMINATE:
        diags.add_warning(
            "Callback will be terminated for ever",
            f'Callback {callback_id} will be terminated (`on_destroy = "terminate"`), which is permanent: it can never '
            'be activated again. Apply `on_destroy = "suspend"` or another value first if that is not wanted.',
        )


def warn_terminating(diags: Diagnostics, callback_id: Any) -> None:
    """Warn that a status `Terminated` is permanent."""
    name = f"callback {int(callback_id)}" if is_known(callback_id) else "the callback"
    diags.add_warning(
        f"Termination of {name} is permanent",
        f'`status = "Terminated"` ends {name} for ever: ECGrid accepts no change to it afterwards. Use `Suspended` '
        "to pause delivery.",
        path=["status"],
    )


def warn_duplicate(diags: Diagnostics, callback_id: int) -> None:
    """Warn that two resources of one run manage the same callback."""
    diags.add_warning(
        f"Callback {callback_id} managed twice",
        f"Callback {callback_id} is in this run under two resources, and each apply of one would undo what the other "
        "configures. Keep one of them; `terraform state rm ADDRESS` forgets the other without touching the callback.",
        path=["callback_id"],
    )


def warn_unseen_take_over(diags: Diagnostics, callback_id: int) -> None:
    """Warn that what a take-over overwrites cannot be told."""
    diags.add_warning(
        f"Callback {callback_id} to take over not shown",
        f"No lookup of ECGrid shows callback {callback_id}, so what this take-over overwrites cannot be told. A "
        "callback that has not fired yet may be shown by none; an id that does not exist fails at apply. "
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
        fate = "cleared" if clears_credentials(changes) else "replaced by the configured"
        lines.append(f"- {held}: {fate}, whatever ECGrid holds (it does not show them)")
    if lines:
        diags.add_warning(
            f"Take-over overwrites callback {callback_id}",
            f"Applying this takes over callback {callback_id} and overwrites what ECGrid holds:\n" + "\n".join(lines),
            path=["callback_id"],
        )


def warn_left_at_ecgrid(diags: Diagnostics, callback_id: int, ended: list[str]) -> None:
    """Warn that ECGrid keeps what Terraform stops managing."""
    if not ended:
        return
    names = ", ".join(f"`{name}`" for name in ended)
    diags.add_warning(
        f"ECGrid keeps the credentials of callback {callback_id}",
        f"{names} of callback {callback_id} will no longer be managed, and nothing is sent for it: ECGrid keeps the "
        'old ones. To clear them, set `http_auth_type = "None"` and omit `username`, `password` and `password_wo`.',
        path=[ended[0]],
    )


def error_not_movable(diags: Diagnostics, source_type: str, allowed: Collection[str]) -> None:
    """Say that a `moved` block names a type that stands for no callback."""
    diags.add_error(
        "Move from this type not supported",
        f"A `moved` block can turn a {_either(allowed)} into an `ecgrid_callback`, but not a `{source_type}`. "
        f"{_IMPORT_INSTEAD}",
    )


def error_no_id_to_move(diags: Diagnostics, source_type: str, places: Collection[str], *, several: bool) -> None:
    """Say that the state to be moved names no callback, or `several`. No value is shown: any of them may be secret."""
    found = "several that differ were found" if several else "none was found"
    diags.add_error(
        "No callback id in the moved state",
        f"The id of the callback, a whole number from 1 to {MAX_ID}, was looked for in {_either(places)} of the state "
        f"of the `{source_type}`, and {found}. {_IMPORT_INSTEAD}",
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
        return f"{change} ({'same path and query' if same else 'path or query differ'})"
    return f"stays at {_shown(name, old)}, {'spelled differently' if same else 'but path or query differ'}"


def _either(names: Collection[str]) -> str:
    *others, last = (f"`{name}`" for name in names)
    return f"{', '.join(others)} or {last}"
