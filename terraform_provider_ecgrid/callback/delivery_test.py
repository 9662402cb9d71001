"""`verify_delivery`: ask ECGrid for a test delivery after an apply, and warn where the endpoint does not answer 200."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from terraform_provider_ecgrid.api.enums import Status
from terraform_provider_ecgrid.api.errors import EcgridError
from terraform_provider_ecgrid.callback.urls import origin_of
from terraform_provider_ecgrid.plugin.authoring import CreateContext, State, UpdateContext

if TYPE_CHECKING:
    from terraform_provider_ecgrid.api.client import Client

_TOUCHING = frozenset({"url", "status", "http_auth_type", "username", "password"})
DELIVERED = 200


def verify_delivery(client: Client, ctx: CreateContext | UpdateContext, state: State, sent: Iterable[str]) -> None:
    """Test the endpoint where `verify_delivery` asks for it and `sent` touched url, status or credentials.

    Never an error: one at create would taint a callback that is registered as it was asked for.
    """
    # Where ECGrid lists deliveries, an imported callback's own status is not known, and most are active.
    may_deliver = state["status"] in (None, Status.ACTIVE)
    if not state["verify_delivery"] or not may_deliver or not _TOUCHING.intersection(sent):
        return
    if ctx.stop.is_set():
        # Terraform was asked to stop, and a test waits for an endpoint.
        return
    callback_id = state["callback_id"]
    host = origin_of(state["url"]) if state["url"] else "its endpoint"
    try:
        status = client.test(callback_id).http_status
    except EcgridError as error:
        ctx.diagnostics.add_warning(
            "Delivery not verified",
            f"The apply is done, but the test delivery of callback {callback_id} to {host} could not be asked for. "
            f"{error.headline} Ask ECGrid for one later.",
            path=["verify_delivery"],
        )
        return
    if status != DELIVERED:
        ctx.diagnostics.add_warning(
            "Delivery failed",
            f"The apply is done, but the test delivery of callback {callback_id} to {host} was not answered by 200: "
            f"{outcome(status)}. Look at the endpoint, its certificate and the credentials.",
            path=["verify_delivery"],
        )


def outcome(status: int | None) -> str:
    """Say in words what an endpoint answered to a test delivery; ECGrid counts 200 alone as delivered."""
    if not status:
        return "there was no connection, or ECGrid has not delivered yet"
    if 200 < status < 300:
        return f"it answered HTTP {status}, and ECGrid counts only 200 as delivered"
    return f"it answered HTTP {status}"
