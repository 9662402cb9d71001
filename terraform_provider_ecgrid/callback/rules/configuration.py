"""What the configuration alone shows to be wrong."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from tf.types import Unknown
from tf.utils import Diagnostics

from terraform_provider_ecgrid.api.enums import HttpAuthType, Objects, Status
from terraform_provider_ecgrid.callback import validators
from terraform_provider_ecgrid.callback.phrases import quoted_names
from terraform_provider_ecgrid.callback.rules.table import Asked, Refusal, Rule, check
from terraform_provider_ecgrid.callback.schema import OnDestroy
from terraform_provider_ecgrid.callback.values import is_empty, is_known
from terraform_provider_ecgrid.plugin.authoring import Config


def check_configuration(diags: Diagnostics, config: Config, *, write_only: bool) -> None:
    """Add an error for everything that the configuration alone shows to be wrong."""
    check(diags, CONFIGURATION, Asked(config, planned=config, write_only=write_only))


def _url_is_https(asked: Asked) -> Iterator[Refusal]:
    url = asked.config["url"]
    if is_known(url) and (problem := validators.problem_with_url(url)):
        yield Refusal("url", "Invalid URL", problem)


def _one_of(attribute: str, allowed: type[StrEnum], if_existing: str = "") -> Rule:
    def rule(asked: Asked) -> Iterator[Refusal]:
        value = asked.config[attribute]
        if is_known(value) and (problem := validators.problem_with_choice(attribute, value, allowed)):
            more = "" if asked.config["callback_id"] is None else if_existing
            yield Refusal(attribute, f"Invalid {attribute}", problem + more)

    return rule


def _whole_number(attribute: str, lowest: int) -> Rule:
    def rule(asked: Asked) -> Iterator[Refusal]:
        value = asked.config[attribute]
        if is_known(value) and (problem := validators.problem_with_number(attribute, value, lowest)):
            yield Refusal(attribute, f"Invalid {attribute}", problem)

    return rule


def _one_password(asked: Asked) -> Iterator[Refusal]:
    if is_known(asked.config["password"]) and is_known(asked.config["password_wo"]):
        yield Refusal(
            "password_wo",
            "Two passwords",
            "`password` and `password_wo` are both set, but only one can be sent. Remove `password`, because "
            "`password_wo` is never stored in the state.",
        )


def write_only_supported(asked: Asked) -> Iterator[Refusal]:
    """Refuse `password_wo` if Terraform or OpenTofu cannot carry write-only values."""
    if not asked.write_only and asked.config["password_wo"] is not None:
        yield Refusal(
            "password_wo",
            "Write-only values not supported",
            "This version of Terraform or OpenTofu does not support write-only values and would store `password_wo` in "
            "the state. Use version 1.11 or newer of either, or use `password`, which is stored in the state.",
        )


def _write_only_supported(asked: Asked) -> Iterator[Refusal]:
    if asked.config["password_wo"] is not Unknown:
        yield from write_only_supported(asked)


def _version_with_write_only(asked: Asked) -> Iterator[Refusal]:
    if is_known(asked.config["password_wo"]) and asked.config["password_wo_version"] is None:
        yield Refusal(
            "password_wo",
            "Missing password_wo_version",
            "`password_wo` is set without `password_wo_version`. Terraform does not store write-only values, so it "
            "sends one only when the version changes. Add `password_wo_version = 1` and raise it with each change.",
        )


def credentials_without_use(asked: Asked, why: str) -> Iterator[Refusal]:
    """Refuse credentials that ECGrid would never use, unless they are empty beside `None`, as a module's default is.

    `why` is half a sentence.
    """
    empty_counts = asked.planned["http_auth_type"] != HttpAuthType.NONE
    given = [
        name
        for name in ("username", "password", "password_wo")
        if asked.config[name] is not None and (empty_counts or not is_empty(asked.config[name]))
    ]
    certain = next((name for name in given if is_known(asked.config[name])), None)
    if certain is None:
        return
    if "password_wo" in given and asked.config["password_wo_version"] is not None:
        given.append("password_wo_version")
    names, (are, them) = quoted_names(given), ("is", "it") if len(given) == 1 else ("are", "them")
    yield Refusal(
        certain,
        "Credentials without authentication",
        f"{names} {are} set, but {why}, so ECGrid would never use {them}. Set `http_auth_type` to `Basic` or "
        f"`Digest`, or remove {names}.",
    )


def _no_credentials_with_none(asked: Asked) -> Iterator[Refusal]:
    if asked.config["http_auth_type"] == HttpAuthType.NONE:
        yield from credentials_without_use(asked, "`http_auth_type` is `None`")


CONFIGURATION: tuple[Rule, ...] = (
    _url_is_https,
    _one_of("event", Objects, " If the callback has another event at ECGrid, omit `event` to keep it."),
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
