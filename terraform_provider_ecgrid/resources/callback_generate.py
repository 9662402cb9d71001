"""The configuration that Terraform writes for an imported callback (Terraform 1.14 and newer)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from terraform_provider_ecgrid.api.enums import Objects, Status
from terraform_provider_ecgrid.plugin.contexts import Config, State
from terraform_provider_ecgrid.resources import problems

if TYPE_CHECKING:
    from terraform_provider_ecgrid.plugin.generation import GenerateContext


def generated_config(ctx: GenerateContext, state: State) -> Config:
    """Return `url`, `event` and `status`: what a person decides. The rest is what ECGrid decided.

    A value that would be refused in a configuration is left out with a warning, and `callback_id` stands for the
    callback instead.
    """
    asked = {name: state[name] for name in ("url", "event", "status") if state[name] is not None}
    refused = {
        "url": "url" in asked and problems.with_url(asked["url"]),
        "event": "event" in asked and problems.with_choice("event", asked["event"], Objects),
        "status": "status" in asked and problems.with_choice("status", asked["status"], Status),
    }
    config = {name: value for name, value in asked.items() if not refused[name]}
    if len(config) == len(asked):
        return config
    callback_id = int(state["callback_id"])
    sentences = " ".join(problem for problem in refused.values() if problem)
    ctx.diagnostics.add_warning(
        "Value left out of the generated configuration",
        f"Callback {callback_id} holds what a configuration cannot: {sentences} It is left out, `callback_id` is "
        "written instead, and the callback stays as it is.",
    )
    return {"callback_id": callback_id} | config
