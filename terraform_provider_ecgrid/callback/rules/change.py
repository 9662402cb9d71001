"""What the values of a plan show to be wrong, with the state that they change."""

from __future__ import annotations

from collections.abc import Iterator

from tf.types import Unknown

from terraform_provider_ecgrid.api.enums import HttpAuthType, Status
from terraform_provider_ecgrid.callback.payload import CREDENTIAL_FIELDS, PLAIN_FIELDS, SCOPE_FIELDS
from terraform_provider_ecgrid.callback.rules.configuration import credentials_without_use, write_only_supported
from terraform_provider_ecgrid.callback.rules.table import Asked, Refusal, Rule
from terraform_provider_ecgrid.callback.values import is_empty, is_known


def _status_of_terminated_is_known(asked: Asked) -> Iterator[Refusal]:
    # With a `callback_id` the change itself is refused as soon as it is known.
    unknown = asked.planned["status"] is Unknown and asked.config["callback_id"] is None
    if unknown and asked.status == Status.TERMINATED:
        yield Refusal(
            "status",
            "Unknown status of a terminated callback",
            f"Callback {asked.callback_id} is `Terminated`, which is permanent, and `status` is known only after "
            "apply. The plan therefore cannot show whether the callback is kept or replaced. Set `status` to a value "
            "that is known at plan time, or first apply the resource that `status` depends on (`-target`).",
        )


def _enough_to_register(asked: Asked) -> Iterator[Refusal]:
    if not asked.registers:
        return
    missing = [name for name in ("url", "event") if asked.config[name] is None]
    if len(missing) > 1:
        yield Refusal(
            missing[0],
            "Missing callback_id, or url and event",
            "To register a new callback, set `url` and `event`. To take over an existing one, set `callback_id`.",
        )
    elif missing:
        name = missing[0]
        yield Refusal(
            name, f"Missing {name}", f"`{name}` is not set. To register a new callback, set `{name}` as well."
        )


def _no_scope_when_taking_over(asked: Asked) -> Iterator[Refusal]:
    # Not known yet it may turn out to be null: then a new callback is registered.
    if asked.prior is not None or not is_known(asked.config["callback_id"]):
        return
    for name in SCOPE_FIELDS:
        if is_known(asked.config[name]):
            yield Refusal(
                name,
                "Scope set for an existing callback",
                "`callback_id` takes over an existing callback, and ECGrid cannot change its "
                f"{name.removesuffix('_id')}. Remove `{name}`, or remove `callback_id` to register a new callback.",
            )


def _no_credentials_with_none_held(asked: Asked) -> Iterator[Refusal]:
    if asked.config["http_auth_type"] is not None:
        return
    if asked.registers:
        yield from credentials_without_use(asked, "`http_auth_type` is not set")
    elif asked.prior is not None and asked.planned["http_auth_type"] == HttpAuthType.NONE:
        yield from credentials_without_use(asked, "the callback's `http_auth_type` is `None`")


def _version_change_with_password(asked: Asked) -> Iterator[Refusal]:
    if _sends_no_password(asked):
        yield Refusal(
            "password_wo_version",
            "password_wo_version without password_wo",
            "`password_wo_version` is new or changed, so `password_wo` would be sent, but `password_wo` is not set. "
            f"Set `password_wo`, or remove `password_wo_version`.{_perhaps_ignored(asked, ['`password_wo`'])}",
        )


def _perhaps_ignored(asked: Asked, names: list[str]) -> str:
    """Terraform plans with the state's value of what `ignore_changes` names, and does not say so."""
    if asked.prior is None:
        return ""
    is_it, it = (f"{names[0]} is", "it") if len(names) == 1 else ("they are", "them")
    return f" If {is_it} already set, remove {it} from `ignore_changes` for this apply."


def _whole_credentials(asked: Asked) -> Iterator[Refusal]:
    auth = asked.changes.get("http_auth_type")
    if auth not in (HttpAuthType.BASIC, HttpAuthType.DIGEST):
        return
    if asked.prior is not None and "http_auth_type" not in asked.certain:
        return
    missing: dict[str, str] = {}
    username, password = asked.changes.get("username"), asked.changes.get("password")
    if is_empty(username):
        missing["`username`"] = "missing" if username is None else "empty"
    if password is None:
        if not _sends_no_password(asked):
            missing["`password_wo` (or `password`)"] = "missing"
    elif is_empty(password):
        missing["`password`" if asked.config["password_wo"] is None else "`password_wo`"] = "empty"
    if missing:
        what = " and ".join(f"{name} is {how}" for name, how in missing.items())
        together = "" if asked.registers else " ECGrid never returns stored credentials, so both must be sent."
        yield Refusal(
            "http_auth_type",
            "Incomplete credentials",
            f"`{auth}` needs a user name and a password, but {what}.{together} Set {' and '.join(missing)}."
            f"{_perhaps_ignored(asked, list(missing))}",
        )


def _sends_no_password(asked: Asked) -> bool:
    """Say whether the version asks for a `password_wo` that is not there."""
    version = asked.planned["password_wo_version"]
    before = asked.prior["password_wo_version"] if asked.prior else None
    return is_known(version) and version != before and asked.config["password_wo"] is None


def _no_change_to_terminated(asked: Asked) -> Iterator[Refusal]:
    if asked.status == Status.TERMINATED and asked.certain:
        name = next(iter(asked.certain))
        yield Refusal(
            name if name in (*CREDENTIAL_FIELDS, *PLAIN_FIELDS) else "callback_id",
            "Callback is terminated",
            f"Callback {asked.callback_id} is `Terminated`, which is permanent. ECGrid accepts no changes to it. To "
            "register a new callback instead, remove `callback_id` and set `url`, `event` and another `status`. To "
            "keep the terminated callback, undo the change in the configuration.",
        )


CHANGE: tuple[Rule, ...] = (
    _status_of_terminated_is_known,
    write_only_supported,
    _enough_to_register,
    _no_scope_when_taking_over,
    _no_credentials_with_none_held,
    _version_change_with_password,
    _whole_credentials,
    _no_change_to_terminated,
)

TAKE_OVER: tuple[Rule, ...] = (_no_change_to_terminated,)
"""What a lookup shows of the callback that is to be taken over."""
