"""Payloads become the API's typed requests. (Apart from `payload`, which a plan needs without pydantic.)"""

from __future__ import annotations

from typing import Any

from pydantic import SecretStr

from terraform_provider_ecgrid.api.requests import CreateCallback, UpdateCallback
from terraform_provider_ecgrid.callback.payload import CLEARED, SCOPE_FIELDS, credentials
from terraform_provider_ecgrid.plugin.authoring import Config, State


def update_request(callback_id: int, changed: dict[str, Any]) -> UpdateCallback:
    """Build the update request; only what is in `changed` is in its payload."""
    return UpdateCallback(callback_id=callback_id, **_secret(changed))


def create_request(planned: State, config: Config) -> CreateCallback:
    """Build the create request from everything configured; `status` is not part of it (ecgrid-api, "create")."""
    fields = {name: planned[name] for name in ("url", "event")}
    fields |= {name: planned[name] for name in SCOPE_FIELDS if config.get(name) is not None}
    return CreateCallback(**_secret(fields | credentials(planned, config)))


def _secret(fields: dict[str, Any]) -> dict[str, Any]:
    """Wrap the one secret that may still be plain text: the empty string which clears a password."""
    if fields.get("password") == CLEARED:
        return fields | {"password": SecretStr(CLEARED)}
    return fields
