"""The four lookups in the model `events`: an event is a registration, the queue shows deliveries.

The platform refuses a request of the wrong shape, which every request of the other model is, by RFC 7807. In a list
mailbox 0 stands for all mailboxes of the network, one of the two meanings that the vendor gives it.
"""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query

from terraform_provider_ecgrid.sandbox.bodies import timestamp
from terraform_provider_ecgrid.sandbox.directory import NETWORK
from terraform_provider_ecgrid.sandbox.errors import ApiError, success
from terraform_provider_ecgrid.sandbox.event_records import FIRST_QUEUE_ID, delivery, registration
from terraform_provider_ecgrid.sandbox.lookup_bodies import QueueBody, QueueIdQuery, RegistrationBody, RegistrationsBody
from terraform_provider_ecgrid.sandbox.platform_route import PlatformRoute, refused
from terraform_provider_ecgrid.sandbox.routing import Answer, NetworkAdmin, TheWorld, missing
from terraform_provider_ecgrid.sandbox.store import Record
from terraform_provider_ecgrid.sandbox.world import World

_INACTIVE = ("Suspended", "Terminated")

router = APIRouter(prefix="/v2/callbacks", route_class=PlatformRoute)


@router.post("/get-event-by-id")
def get_event_by_id(body: RegistrationBody, world: TheWorld, _known: NetworkAdmin) -> Answer:
    """Answer one registration with its last deliveries, the newest first."""
    callback = _visible(world).get(body.call_back_event_id)
    if callback is None:
        raise missing("callback event", body.call_back_event_id)
    own = [one for one in world.store.deliveries() if one["callbackId"] == body.call_back_event_id]
    return success(registration(world, callback, _newest_first(own)[: body.queue_count]))


@router.post("/event-list")
def event_list(body: RegistrationsBody, world: TheWorld, network_admin: NetworkAdmin) -> Answer:
    """Answer the registrations of a scope, without their deliveries."""
    _check_scope(body.network_id, body.mailbox_id, network_admin=network_admin)
    found = [
        registration(world, callback, ())
        for callback in _visible(world).values()
        if _in_scope(world, callback, body.network_id, body.mailbox_id)
        and (body.show_inactive or callback["status"] not in _INACTIVE)
    ]
    return success({"count": len(found), "events": found})


@router.get("/get-queue-by-id")
def get_queue_by_id(query: Annotated[QueueIdQuery, Query()], world: TheWorld, _known: NetworkAdmin) -> Answer:
    """Answer one delivery."""
    callbacks = _visible(world)
    for one in world.store.deliveries():
        if FIRST_QUEUE_ID + one["callbackEventId"] == query.callBackQueueId and one["callbackId"] in callbacks:
            return success(delivery(world, one, callbacks[one["callbackId"]]))
    raise missing("queue entry", query.callBackQueueId)


@router.post("/queue-list")
def queue_list(body: QueueBody, world: TheWorld, network_admin: NetworkAdmin) -> Answer:
    """Answer the deliveries of a scope that wait, or those that failed, the newest first."""
    if body.view == "failed" and body.max_days is None:
        raise refused("missing", "maxDays", "Field required")
    if body.view == "pending" and body.max_days is not None:
        raise refused("value_error", "maxDays", "Not allowed if view is pending")
    _check_scope(body.network_id, body.mailbox_id, network_admin=network_admin)
    status = "Error" if body.view == "failed" else "Pending"
    since = timestamp(datetime.now(UTC) - timedelta(days=body.max_days)) if body.max_days else ""
    callbacks = _visible(world)
    found = [
        delivery(world, one, callback)
        for one in _newest_first(world.store.deliveries())
        if one["status"] == status
        and one["created"] >= since
        and (callback := callbacks.get(one["callbackId"]))
        and _in_scope(world, callback, body.network_id, body.mailbox_id)
    ]
    return success({"count": len(found), "queue": found})


def _visible(world: World) -> dict[int, Record]:
    hidden = ("Suspended",) if world.faults.hide_suspended else ()
    return {one["callbackId"]: one for one in world.store.all() if one["status"] not in hidden}


def _check_scope(network_id: int, mailbox_id: int, *, network_admin: bool) -> None:
    if not network_admin and (network_id != NETWORK or mailbox_id == 0):
        raise ApiError("AccessDenied", "Listing a whole network requires the role NetworkAdmin.")


def _in_scope(world: World, callback: Record, network_id: int, mailbox_id: int) -> bool:
    return world.network_of(callback) == network_id and mailbox_id in (0, callback["mailboxId"])


def _newest_first(deliveries: list[Record]) -> list[Record]:
    return sorted(deliveries, key=lambda one: (one["created"], one["callbackEventId"]), reverse=True)
