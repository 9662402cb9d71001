"""The events of a data source, from whichever of the vendor's models the API follows.

Model Q lists the deliveries of an account; model E shows those of one registration, in its queue.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from terraform_provider_ecgrid.api.enums import LookupModel
from terraform_provider_ecgrid.api.errors import AccessDenied, EcgridError
from terraform_provider_ecgrid.api.events import EventListing, list_events
from terraform_provider_ecgrid.api.registrations import shows_nothing
from terraform_provider_ecgrid.api.requests import MOST_DELIVERIES
from terraform_provider_ecgrid.callback.messages.delivery import DELIVERED
from terraform_provider_ecgrid.callback.shown import EVENT_ATTRIBUTES, values_of
from terraform_provider_ecgrid.callback.validators import instant_of
from terraform_provider_ecgrid.callback.values import whole
from terraform_provider_ecgrid.plugin.authoring import Config

if TYPE_CHECKING:
    from terraform_provider_ecgrid.api.models import Delivery, EventRegistration
    from terraform_provider_ecgrid.api.registrations import Registrations
    from terraform_provider_ecgrid.callback.access import Access


@dataclass(frozen=True)
class Events:
    """Events that match, newest first.

    Attributes:
        values: the attributes of each.
        complete: whether every entry could be read.
        needs_callback_id: whether the API shows events of one callback alone, and none is named.
    """

    values: list[dict[str, Any]]
    complete: bool = True
    needs_callback_id: bool = False


def read(access: Access, config: Config, limit: int) -> Events:
    """Read the events that match `config`; of model E no more than one above `limit`. Raises `EcgridError`."""
    callback_id = whole(config["callback_id"])
    reads = access.registrations
    refused: EcgridError | None = None
    empty: Events | None = None
    if reads.model is not LookupModel.EVENT:
        try:
            listing = _listing(access, config)
        except EcgridError as error:
            if not shows_nothing(error):
                raise
            refused = error
        else:
            if listing.events or (listing.complete and (callback_id is None or reads.model is LookupModel.QUEUE)):
                own = [event for event in listing.events if callback_id in (None, event.callback_id)]
                return Events([values_of(event, EVENT_ATTRIBUTES) for event in own], listing.complete)
            # An incomplete list without events holds registrations, as model E lists them. An empty one proves nothing:
            # an API of model E may answer model Q's question with it.
            empty = Events([]) if listing.complete else None
        if callback_id is None and refused is not None and _model_of(reads) is not LookupModel.EVENT:
            raise refused
    if callback_id is None:
        return Events([], needs_callback_id=True)
    try:
        registration = reads.with_deliveries(callback_id, min(limit + 1, MOST_DELIVERIES))
    except EcgridError as error:
        if not shows_nothing(error):
            raise
        if empty is not None:
            return empty
        raise (refused if isinstance(refused, AccessDenied) else error) from None
    return Events(_of_registration(registration, config))


def _listing(access: Access, config: Config) -> EventListing:
    return list_events(
        access.client(),
        mailbox_id=whole(config["mailbox_id"]),
        event=config["event"],
        begin_date=_utc(config["begin_date"]),
        end_date=_utc(config["end_date"]),
    )


def _model_of(reads: Registrations) -> LookupModel | None:
    """Return the model that the API follows, finding it out by a list if need be; None if that shows nothing."""
    if reads.model is None:
        try:
            next(reads.iter_listed(), None)
        except EcgridError as error:
            if not shows_nothing(error):
                raise
    return reads.model


def _of_registration(registration: EventRegistration, config: Config) -> list[dict[str, Any]]:
    if config["mailbox_id"] not in (None, registration.mailbox_id) or config["event"] not in (None, registration.event):
        return []
    begin, end = (instant_of(config[name]) if config[name] else None for name in ("begin_date", "end_date"))
    dated = [(_created(delivery), delivery) for delivery in registration.deliveries]
    within = [
        (created, delivery)
        for created, delivery in dated
        if (begin is None or (created is not None and created >= begin))
        and (end is None or (created is not None and created <= end))
    ]
    oldest = datetime.min.replace(tzinfo=UTC)
    within.sort(key=lambda one: (one[0] or oldest, one[1].queue_id), reverse=True)
    return [_values(registration, delivery) for _, delivery in within]


def _values(registration: EventRegistration, delivery: Delivery) -> dict[str, Any]:
    attempts = delivery.attempts
    arrived = [attempt.call_date_time for attempt in attempts if attempt.http_status == DELIVERED]
    return {
        "callback_event_id": delivery.queue_id,
        "callback_id": registration.callback_id,
        "event": registration.event,
        "mailbox_id": registration.mailbox_id,
        "object_id": delivery.object_id,
        "status": delivery.status,
        "created": _created_text(delivery),
        "delivered": arrived[-1] if arrived else None,
        "http_status": attempts[-1].http_status if attempts else None,
    }


def _created_text(delivery: Delivery) -> str | None:
    return delivery.date or (delivery.attempts[0].call_date_time if delivery.attempts else None)


def _created(delivery: Delivery) -> datetime | None:
    text = _created_text(delivery)
    try:
        instant = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return instant.replace(tzinfo=UTC) if instant is not None and instant.tzinfo is None else instant


def _utc(text: str | None) -> str | None:
    instant = instant_of(text) if text is not None else None
    if instant is None:
        return None
    # An offset may lead out of the calendar, and nothing was delivered there.
    first, last = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    return min(max(instant, first), last).astimezone(UTC).isoformat().replace("+00:00", "Z")
