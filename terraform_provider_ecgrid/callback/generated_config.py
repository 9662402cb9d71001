"""The configuration that Terraform writes for an imported callback (Terraform 1.14 and newer)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from terraform_provider_ecgrid.api.enums import HttpAuthType, Objects, Status
from terraform_provider_ecgrid.callback import validators
from terraform_provider_ecgrid.plugin.authoring import Config, State

if TYPE_CHECKING:
    from terraform_provider_ecgrid.callback.access import Access

_WRITTEN = ("url", "event", "status", "http_auth_type")


def generated_config(access: Access, state: State) -> Config:
    """Return `url`, `event`, `status` and `http_auth_type`: what a person decides. The rest is what ECGrid decided.

    A value that would be refused in a configuration is omitted, and `callback_id` stands for the callback instead.
    Terraform shows no warning of this call, so the plan that follows it in the same process has to say so: the run
    ledger tells it.
    """
    refused = unusable(state)
    config = {name: state[name] for name in _WRITTEN if state[name] is not None and name not in refused}
    if not refused:
        return config
    callback_id = int(state["callback_id"])
    access.ledger.note_unusable(callback_id, refused.values())
    return {"callback_id": callback_id} | config


def unusable(state: State) -> dict[str, str]:
    """Return what a configuration cannot hold of an imported callback: attribute → why."""
    found = {
        "url": state["url"] is not None and validators.problem_with_url(state["url"]),
        "event": state["event"] is not None and validators.problem_with_choice("event", state["event"], Objects),
        "status": state["status"] is not None and validators.problem_with_choice("status", state["status"], Status),
        "http_auth_type": state["http_auth_type"] is not None
        and validators.problem_with_choice("http_auth_type", state["http_auth_type"], HttpAuthType),
    }
    return {name: problem for name, problem in found.items() if problem}
