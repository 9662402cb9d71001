"""The four lookups in the model `registrations`: the queue shows registrations, an event is a delivery.

Its refusals are in the API's envelope.
"""

from typing import Annotated

from fastapi import APIRouter, Query

from terraform_provider_ecgrid.sandbox.errors import ApiError, success
from terraform_provider_ecgrid.sandbox.lookup_bodies import CallbackIdQuery, DeliveriesBody, DeliveryBody, EntriesBody
from terraform_provider_ecgrid.sandbox.queue_entries import entries, latest_entry
from terraform_provider_ecgrid.sandbox.routing import Answer, NetworkAdmin, TheWorld, missing, page, shown

_EVENT = (
    "callbackEventId", "callbackId", "event", "mailboxId", "objectId", "status", "created", "delivered", "httpStatus",
)  # fmt: skip

router = APIRouter(prefix="/v2/callbacks")


@router.get("/get-queue-by-id")
def get_queue_by_id(query: Annotated[CallbackIdQuery, Query()], world: TheWorld, _known: NetworkAdmin) -> Answer:
    """Answer the queue entry of one callback."""
    entry = latest_entry(entries(world), query.callbackId)
    if entry is None:
        raise missing("callback", query.callbackId)
    return success(shown(world, entry))


@router.post("/queue-list")
def queue_list(body: EntriesBody, world: TheWorld, network_admin: NetworkAdmin) -> Answer:
    """Answer one page of queue entries."""
    if body.mailbox_id is None and (world.faults.queue_list_needs_mailbox or not network_admin):
        raise ApiError("AccessDenied", "A list without mailboxId requires the role NetworkAdmin.")
    found = [
        shown(world, entry)
        for entry in entries(world)
        if body.mailbox_id in (None, entry["mailboxId"]) and body.status in (None, entry["status"])
    ]
    return success(page(body, "queueEntries", found))


@router.post("/event-list")
def event_list(body: DeliveriesBody, world: TheWorld, network_admin: NetworkAdmin) -> Answer:
    """Answer one page of events, the newest first."""
    if body.mailbox_id is None and not network_admin:
        raise ApiError("AccessDenied", "A list without mailboxId requires the role NetworkAdmin.")
    if body.begin_date and body.end_date and body.begin_date > body.end_date:
        raise ApiError("InvalidParameter", "beginDate is later than endDate.")
    found = [
        {name: one[name] for name in _EVENT}
        for one in world.store.deliveries()
        if body.mailbox_id in (None, one["mailboxId"])
        and body.event in (None, one["event"])
        and (body.begin_date is None or body.begin_date <= one["created"])
        and (body.end_date is None or one["created"] <= body.end_date)
    ]
    found.sort(key=lambda one: (one["created"], one["callbackEventId"]), reverse=True)
    return success(page(body, "events", found))


@router.post("/get-event-by-id")
def get_event_by_id(body: DeliveryBody, world: TheWorld, _known: NetworkAdmin) -> Answer:
    """Answer one event with the payload that was sent."""
    for one in world.store.deliveries():
        if one["callbackEventId"] == body.callback_event_id:
            return success({name: one[name] for name in (*_EVENT, "payload", "attempts", "lastAttempt")})
    raise missing("event", body.callback_event_id)
