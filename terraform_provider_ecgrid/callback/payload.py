"""Planned values become payloads: the only place where a difference turns into what is sent.

What the plan shows as changed is what is sent, and no more. Credentials are the exception: ECGrid answers none of
them, so as soon as one of them changes to a value all configured ones travel together.
"""

from __future__ import annotations

from typing import Any

from tf.types import Unknown

from terraform_provider_ecgrid.api.enums import HttpAuthType
from terraform_provider_ecgrid.callback.values import is_empty
from terraform_provider_ecgrid.plugin.authoring import Config, State

PLAIN_FIELDS = ("url", "event", "status")
CREDENTIAL_TRIGGERS = ("http_auth_type", "username", "password", "password_wo_version")
CREDENTIAL_FIELDS = ("http_auth_type", "username", "password")
SCOPE_FIELDS = ("mailbox_id", "network_id")
CLEARED = ""


def changes(prior: State | None, planned: State, config: Config) -> dict[str, Any]:
    """Return what one update would send, by the API fields' names in snake case.

    `prior` is None when an existing callback is taken over: then everything that is configured is sent. Values may
    still be `Unknown` while this is asked at plan time. A change to the authentication type `None` also clears the
    credentials that ECGrid holds, by empty strings.
    """
    changed = {
        name: planned[name]
        for name in PLAIN_FIELDS
        if planned[name] is not None
        and (config.get(name) is not None if prior is None else planned[name] != prior[name])
    }
    if not _credentials_change(prior, planned, config):
        return changed
    changed |= credentials(planned, config)
    was_none = prior is not None and prior["http_auth_type"] == HttpAuthType.NONE
    if changed.get("http_auth_type") == HttpAuthType.NONE and not was_none:
        changed |= {"username": CLEARED, "password": CLEARED}
    return changed


def certain_changes(prior: State | None, planned: State, config: Config) -> dict[str, Any]:
    """Return what an update would send whatever becomes of the values that are unknown yet: each may stay as it is."""
    at_rest = {name: (prior or {}).get(name) if value is Unknown else value for name, value in planned.items()}
    return changes(prior, at_rest, config)


def credentials(planned: State, config: Config) -> dict[str, Any]:
    """Return all configured credential fields with their planned values.

    `ignore_changes` holds because planned values are taken; only `password_wo` has none and comes from `config`. It
    comes first: beside it a planned `password` can only be one that `ignore_changes` kept. An empty one beside the type
    `None` counts as not configured.
    """
    found: dict[str, Any] = {}
    if config.get("http_auth_type") is not None and planned["http_auth_type"] is not None:
        found["http_auth_type"] = planned["http_auth_type"]
    if planned["username"] is not None:
        found["username"] = planned["username"]
    if config.get("password_wo") is not None:
        found["password"] = config["password_wo"]
    elif planned["password"] is not None:
        found["password"] = planned["password"]
    return {name: value for name, value in found.items() if not _is_unused(name, value, planned)}


def registration(planned: State, config: Config) -> dict[str, Any]:
    """Return what a registration would send, but for the scope: the create, and the update that sets a status."""
    return {name: planned[name] for name in PLAIN_FIELDS if config[name] is not None} | credentials(planned, config)


def left_at_ecgrid(prior: State, planned: State, changed: dict[str, Any]) -> list[str]:
    """Return the credentials that Terraform stops managing with this plan; ECGrid keeps what it holds of them.

    `changed` is what `changes` returns. A removed `http_auth_type` is none of them: it is computed, so the state keeps
    it.
    """
    ended = [name for name in ("username", "password") if not is_empty(prior[name]) and planned[name] is None]
    if prior["password_wo_version"] is not None and planned["password_wo_version"] is None:
        ended.append("password_wo")
    return [name for name in ended if name.removesuffix("_wo") not in changed]


def clears_credentials(changed: dict[str, Any]) -> bool:
    """Say whether an update would also clear the credentials that ECGrid holds."""
    return changed.get("http_auth_type") == HttpAuthType.NONE and changed.get("username") == CLEARED


def without_clearing(changed: dict[str, Any]) -> dict[str, Any]:
    """Return the update without the empty credentials, for an API that refuses them."""
    return {name: value for name, value in changed.items() if name not in ("username", "password")}


def _credentials_change(prior: State | None, planned: State, config: Config) -> bool:
    if prior is None:
        return any(config.get(name) is not None for name in CREDENTIAL_TRIGGERS)
    return any(
        planned[name] is not None and planned[name] != prior[name] and not _is_unused(name, planned[name], planned)
        for name in CREDENTIAL_TRIGGERS
    )


def _is_unused(name: str, value: Any, planned: State) -> bool:
    return name in ("username", "password") and is_empty(value) and planned["http_auth_type"] == HttpAuthType.NONE
