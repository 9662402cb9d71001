"""`data.ecgrid_callback_events`: what ECGrid delivered, or tried to, newest first."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tf import iface
from tf.schema import Attribute, Schema
from tf.types import List, Number, String, TfType
from tf.utils import Diagnostics

from terraform_provider_ecgrid.api.enums import MAX_ID, Objects
from terraform_provider_ecgrid.callback.access import Access
from terraform_provider_ecgrid.callback.payload import is_known
from terraform_provider_ecgrid.callback.schema import names
from terraform_provider_ecgrid.callback.validators import refuse_choice, refuse_number
from terraform_provider_ecgrid.data_sources import reading
from terraform_provider_ecgrid.plugin.authoring import Config, Object, ReadDataContext, State

if TYPE_CHECKING:
    from terraform_provider_ecgrid.api.client import Client
    from terraform_provider_ecgrid.api.models import Event

_LIMIT = 1000

_EVENT_ATTRIBUTES: dict[str, tuple[TfType, str]] = {
    "callback_event_id": (Number(), "The event's id (`callbackEventId`)."),
    "callback_id": (Number(), "The callback's id (`callbackId`)."),
    "event": (String(), "What raised the event (`event`)."),
    "mailbox_id": (Number(), "The mailbox (`mailboxId`)."),
    "object_id": (Number(), "The id of the object that it is about (`objectId`), 64 bits wide."),
    "status": (String(), "The delivery's state (`status`)."),
    "created": (String(), "When the event happened (`created`), RFC 3339 in UTC."),
    "delivered": (String(), "When the endpoint took it (`delivered`), RFC 3339 in UTC; null where it did not."),
    "http_status": (Number(), "What the endpoint answered (`httpStatus`); 0 or null for no connection."),
}


class CallbackEventsDataSource(iface.DataSource):
    """The data source `ecgrid_callback_events` (ECGrid's page event-list, REST v2.6)."""

    def __init__(self, provider: Access) -> None:
        self._provider = provider

    @classmethod
    def get_name(cls) -> str:
        """Return the type's name behind the provider's prefix."""
        return "callback_events"

    @classmethod
    def get_schema(cls) -> Schema:
        """Describe the data source."""
        return Schema(
            description="Lists what ECGrid delivered to callbacks, or tried to, newest first. All pages are read.",
            attributes=[
                Attribute(
                    "mailbox_id",
                    Number(),
                    optional=True,
                    description=(
                        f"Only events of this mailbox (`mailboxId`), a whole number from 0 to {MAX_ID}. Left out: of "
                        "any."
                    ),
                ),
                Attribute(
                    "callback_id",
                    Number(),
                    optional=True,
                    description=(
                        f"Only events of this callback, a whole number from 1 to {MAX_ID}. Left out: of any. ECGrid "
                        "knows no such filter, so this one is the provider's."
                    ),
                ),
                Attribute(
                    "event",
                    String(),
                    optional=True,
                    description=f"Only this kind of event (`event`): {names(*Objects)}. Left out: any.",
                ),
                Attribute(
                    "begin_date",
                    String(),
                    optional=True,
                    description=(
                        "Only events from this time on (`beginDate`), RFC 3339 with an offset, such as "
                        "`2026-05-07T09:00:00Z`. Left out: from the first on."
                    ),
                ),
                Attribute(
                    "end_date",
                    String(),
                    optional=True,
                    description="Only events up to this time (`endDate`), RFC 3339 with an offset. Left out: to now.",
                ),
                Attribute(
                    "limit",
                    Number(),
                    optional=True,
                    description=(
                        f"How many events to return at most, a whole number from 1. Defaults to {_LIMIT}. Where more "
                        "match, the newest are returned with a warning."
                    ),
                ),
                Attribute(
                    "events",
                    List(Object({name: type_ for name, (type_, _) in _EVENT_ATTRIBUTES.items()})),
                    computed=True,
                    description=reading.object_description(
                        "The events, newest first, an empty list where none matches, each with:", _EVENT_ATTRIBUTES
                    ),
                ),
            ],
        )

    def validate(self, diags: Diagnostics, type_name: str, config: Config) -> None:  # noqa: ARG002 - the interface's
        """Refuse filters that can match nothing, and dates that leave the time zone open."""
        refuse_number(diags, config, "mailbox_id", 0)
        refuse_number(diags, config, "callback_id", 1)
        refuse_number(diags, config, "limit", 1)
        refuse_choice(diags, config, "event", Objects)
        for name in ("begin_date", "end_date"):
            if is_known(config[name]) and _instant(config[name]) is None:
                diags.add_error(
                    f"Unusable {name}",
                    f"`{name}` must be a date and time with an offset (RFC 3339). Write it like "
                    "`2026-05-07T09:00:00Z` or `2026-05-07T11:00:00+02:00`.",
                    path=[name],
                )

    def read(self, ctx: ReadDataContext, config: Config) -> State | None:
        """Read all pages, filter by callback, and return the newest up to the limit."""
        listed = reading.ask(
            self._provider, ctx.diagnostics, "The list of events", lambda client: _events(client, config)
        )
        if listed is None:
            return None
        events, complete = listed
        if not complete:
            ctx.diagnostics.add_warning(
                "List of events incomplete",
                f"ECGrid counts more events than it listed; {len(events)} were read. Run Terraform again, or narrow "
                "`begin_date` and `end_date`.",
            )
        limit = _LIMIT if config["limit"] is None else int(config["limit"])
        if len(events) > limit:
            ctx.diagnostics.add_warning(
                "More events than the limit",
                f"{len(events)} events match and the newest {limit} are returned. Raise `limit`, or narrow "
                "`begin_date` and `end_date`.",
                path=["limit"] if config["limit"] is not None else None,
            )
        return dict(config) | {"events": [_values(event) for event in events[:limit]]}


def _events(client: Client, config: Config) -> tuple[list[Event], bool]:
    from terraform_provider_ecgrid.api.events import list_events

    listing = list_events(
        client,
        mailbox_id=None if config["mailbox_id"] is None else int(config["mailbox_id"]),
        event=config["event"],
        begin_date=_utc(config["begin_date"]),
        end_date=_utc(config["end_date"]),
    )
    wanted = config["callback_id"]
    return [event for event in listing.events if wanted in (None, event.callback_id)], listing.complete


def _values(event: Event) -> dict[str, Any]:
    return {
        "callback_event_id": event.callback_event_id,
        "callback_id": event.callback_id,
        "event": event.event,
        "mailbox_id": event.mailbox_id,
        "object_id": event.object_id,
        "status": event.status,
        "created": event.created_text,
        "delivered": event.delivered_text,
        "http_status": event.http_status,
    }


def _instant(text: str) -> datetime | None:
    """Return the instant that an RFC 3339 text names; None for anything else, one without an offset included."""
    try:
        value = datetime.fromisoformat(text.upper())  # RFC 3339 takes `t` and `z` as well
    except ValueError:
        return None
    return value if value.tzinfo is not None and "T" in text.upper() else None


def _utc(text: str | None) -> str | None:
    instant = _instant(text) if text is not None else None
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z") if instant else None
