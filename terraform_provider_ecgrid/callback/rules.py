"""What a configuration of `ecgrid_callback` may say: the contract's paragraph "Refused", as one table.

A rule looks at what is known and leaves the rest: Terraform validates and plans again during apply, when everything
is known. `CONFIGURATION` needs nothing but the configuration, `CHANGE` also the state and what would be sent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tf.types import Unknown
from tf.utils import Diagnostics

from terraform_provider_ecgrid.api.enums import HttpAuthType, Objects, Status
from terraform_provider_ecgrid.callback import validators as problems
from terraform_provider_ecgrid.callback.payload import CREDENTIAL_FIELDS, SCOPE_FIELDS, is_known
from terraform_provider_ecgrid.plugin.authoring import Config, State


class OnDestroy(StrEnum):
    """What the destruction of the resource does to the registration."""

    DELETE = "delete"
    SUSPEND = "suspend"
    TERMINATE = "terminate"
    RETAIN = "retain"


@dataclass(frozen=True)
class Refusal:
    """One thing that is wrong: the attribute to blame, a short noun phrase, what is wrong and how to fix it."""

    attribute: str
    summary: str
    detail: str


@dataclass(frozen=True)
class Asked:
    """What a plan is asked for.

    `prior` is the state (None where there is none), `sent` what would be sent (`callback_payload.changes`, or
    everything of a create), `write_only` whether Terraform can carry write-only values.
    """

    config: Config
    prior: State | None
    planned: State
    sent: dict[str, Any]
    write_only: bool = True

    @property
    def registers(self) -> bool:
        """Say whether a new callback is registered."""
        return self.prior is None and self.config["callback_id"] is None


def check_configuration(diags: Diagnostics, config: Config, *, write_only: bool) -> None:
    """Apply every rule that needs the configuration alone."""
    asked = Asked(config=config, prior=None, planned=config, sent={}, write_only=write_only)
    _apply(diags, CONFIGURATION, asked)


def check_change(diags: Diagnostics, asked: Asked) -> None:
    """Apply every rule that needs the state and what would be sent as well."""
    _apply(diags, CHANGE, asked)


def _apply(diags: Diagnostics, rules: tuple[Rule, ...], asked: Asked) -> None:
    for rule in rules:
        for refusal in rule(asked):
            diags.add_error(refusal.summary, refusal.detail, path=[refusal.attribute])


Rule = Callable[[Asked], Iterator[Refusal]]


def _url_is_https(asked: Asked) -> Iterator[Refusal]:
    url = asked.config["url"]
    if is_known(url) and (problem := problems.with_url(url)):
        yield Refusal("url", "Unusable URL", problem)


def _one_of(attribute: str, allowed: type[StrEnum], otherwise: str = "") -> Rule:
    def rule(asked: Asked) -> Iterator[Refusal]:
        value = asked.config[attribute]
        if is_known(value) and (problem := problems.with_choice(attribute, value, allowed)):
            yield Refusal(attribute, f"Unknown {attribute}", problem + otherwise)

    return rule


def _whole_number(attribute: str, lowest: int) -> Rule:
    def rule(asked: Asked) -> Iterator[Refusal]:
        value = asked.config[attribute]
        if is_known(value) and (problem := problems.with_number(attribute, value, lowest)):
            yield Refusal(attribute, f"Unusable {attribute}", problem)

    return rule


def _one_password(asked: Asked) -> Iterator[Refusal]:
    if is_known(asked.config["password"]) and is_known(asked.config["password_wo"]):
        yield Refusal(
            "password_wo",
            "Two passwords",
            "`password` and `password_wo` are both set, and only one can be sent. Remove `password`: `password_wo` "
            "never reaches the state.",
        )


def _write_only_supported(asked: Asked) -> Iterator[Refusal]:
    if not asked.write_only and asked.config["password_wo"] is not None and asked.config["password_wo"] is not Unknown:
        yield write_only_refusal()


def write_only_refusal() -> Refusal:
    """Return the refusal of `password_wo` for a Terraform that cannot carry write-only values."""
    return Refusal(
        "password_wo",
        "Write-only values not supported",
        "This Terraform cannot carry write-only values and would put `password_wo` into the state. Use Terraform 1.11 "
        "or newer, or use `password`, which is kept in the state.",
    )


def _write_only_supported_by_plan(asked: Asked) -> Iterator[Refusal]:
    if not asked.write_only and asked.config["password_wo"] is not None:
        yield write_only_refusal()


def _version_with_write_only(asked: Asked) -> Iterator[Refusal]:
    if is_known(asked.config["password_wo"]) and asked.config["password_wo_version"] is None:
        yield Refusal(
            "password_wo",
            "No password_wo_version",
            "`password_wo` is set without `password_wo_version`. Terraform keeps nothing of a write-only value, so "
            "only the version can say when to send it. Add `password_wo_version = 1` and raise it with each change.",
        )


def _no_credentials_with_none(asked: Asked) -> Iterator[Refusal]:
    if asked.config["http_auth_type"] == HttpAuthType.NONE:
        yield from _refuse_credentials(asked, "`http_auth_type` is `None`")


def _refuse_credentials(asked: Asked, why: str) -> Iterator[Refusal]:
    for name in ("username", "password", "password_wo"):
        if is_known(asked.config[name]):
            yield Refusal(
                name,
                "Credentials without authentication",
                f"`{name}` is set while {why}, so ECGrid would never use it. Set `http_auth_type` to `Basic` or "
                f"`Digest`, or remove `{name}`.",
            )
            return


def _no_credentials_with_none_held(asked: Asked) -> Iterator[Refusal]:
    if asked.config["http_auth_type"] is not None:
        return
    if asked.registers:
        yield from _refuse_credentials(asked, "`http_auth_type` is not set")
    elif asked.prior is not None and asked.planned["http_auth_type"] == HttpAuthType.NONE:
        yield from _refuse_credentials(asked, "the callback's `http_auth_type` is `None`")


def _whole_credentials(asked: Asked) -> Iterator[Refusal]:
    auth = asked.sent.get("http_auth_type")
    if auth not in (HttpAuthType.BASIC, HttpAuthType.DIGEST):
        return
    missing = [
        words
        for name, words in (("username", "`username`"), ("password", "`password_wo` (or `password`)"))
        if _is_missing(asked.sent.get(name)) and not (name == "password" and _sends_no_password(asked))
    ]
    if missing:
        yield Refusal(
            "http_auth_type",
            "Incomplete credentials",
            f'`http_auth_type = "{auth}"` would be sent without {" and ".join(missing)}. ECGrid never shows the ones '
            f"that it holds, so all are sent together. Set {' and '.join(missing)} as well.",
        )


def _is_missing(value: Any) -> bool:
    # `len` of a secret is that of what it hides.
    return value is None or (value is not Unknown and len(value) == 0)


def _version_change_with_password(asked: Asked) -> Iterator[Refusal]:
    if _sends_no_password(asked):
        yield Refusal(
            "password_wo_version",
            "Version without a password",
            "`password_wo_version` is new or changed, which sends `password_wo`, but `password_wo` is not set. Set "
            "`password_wo`, or remove `password_wo_version`.",
        )


def _sends_no_password(asked: Asked) -> bool:
    """Say whether the version asks for a `password_wo` that is not there."""
    version = asked.planned["password_wo_version"]
    before = asked.prior["password_wo_version"] if asked.prior else None
    return is_known(version) and version != before and asked.config["password_wo"] is None


def _enough_to_register(asked: Asked) -> Iterator[Refusal]:
    if not asked.registers:
        return
    missing = [name for name in ("url", "event") if asked.config[name] is None]
    if missing:
        yield Refusal(
            missing[0],
            "Neither an existing nor a new callback",
            f"To register a new callback, set {' and '.join(f'`{name}`' for name in missing)}. To take over an "
            "existing one, set `callback_id`.",
        )


def _no_scope_when_taking_over(asked: Asked) -> Iterator[Refusal]:
    # Not known yet it may turn out to be null: then a new callback is registered.
    if asked.prior is not None or not is_known(asked.config["callback_id"]):
        return
    for name in SCOPE_FIELDS:
        if is_known(asked.config[name]):
            yield Refusal(
                name,
                "Scope of an existing callback",
                f"`{name}` can be given only when a new callback is registered; ECGrid cannot move an existing one. "
                f"Remove `{name}`, or remove `callback_id` to register a new callback.",
            )


def terminated_refusal(callback_id: int, sent: dict[str, Any]) -> Refusal:
    """Return the refusal of any change to a callback that is `Terminated`, pointing at the first field of it."""
    name = next(iter(sent))
    attribute = name if name in (*CREDENTIAL_FIELDS, "url", "event", "status") else "callback_id"
    return Refusal(
        attribute,
        "Callback is terminated",
        f"Callback {callback_id} is `Terminated`, which is permanent: ECGrid accepts no change to it. Remove "
        "`callback_id` and set `url`, `event` and another `status` to register a new callback in its place, or leave "
        "the terminated one as it is.",
    )


def unknown_status_refusal(callback_id: int) -> Refusal:
    """Return the refusal of a status, not known yet, for a callback that is `Terminated`."""
    return Refusal(
        "status",
        "Unknown status of a terminated callback",
        f"Callback {callback_id} is `Terminated`, which is permanent, and `status` is not known yet: whether "
        "the callback stays as it is or is replaced by a new one would be decided only at apply. Give `status` a value "
        "that is known at plan, or apply first what it depends on (`-target`).",
    )


CONFIGURATION: tuple[Rule, ...] = (
    _url_is_https,
    _one_of("event", Objects, " A callback that has another one at ECGrid keeps it while `event` is left out."),
    _one_of("status", Status),
    _one_of("http_auth_type", HttpAuthType),
    _one_of("on_destroy", OnDestroy),
    _whole_number("callback_id", 1),
    _whole_number("mailbox_id", 0),
    _whole_number("network_id", 0),
    _write_only_supported,
    _one_password,
    _version_with_write_only,
    _no_credentials_with_none,
)

CHANGE: tuple[Rule, ...] = (
    _write_only_supported_by_plan,
    _enough_to_register,
    _no_scope_when_taking_over,
    _no_credentials_with_none_held,
    _version_change_with_password,
    _whole_credentials,
)
