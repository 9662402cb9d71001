"""`data.ecgrid_callback_events`: what ECGrid delivered, or tried to, newest first."""

from __future__ import annotations

from tf import iface
from tf.schema import Attribute, Schema
from tf.types import List, Number, String
from tf.utils import Diagnostics

from terraform_provider_ecgrid import callback
from terraform_provider_ecgrid.api.enums import MAX_ID, Objects
from terraform_provider_ecgrid.callback.access import Provider
from terraform_provider_ecgrid.callback.filters import DEFAULT_LIMIT
from terraform_provider_ecgrid.callback.schema import names
from terraform_provider_ecgrid.callback.shown import EVENT_ATTRIBUTES, object_description
from terraform_provider_ecgrid.callback.validators import refuse_choice, refuse_date, refuse_number
from terraform_provider_ecgrid.plugin.authoring import Config, Object, ReadDataContext, State


class CallbackEventsDataSource(iface.DataSource):
    """The data source `ecgrid_callback_events` (ECGrid's page event-list, REST v2.6)."""

    def __init__(self, provider: Provider) -> None:
        self._session = provider.session

    @classmethod
    def get_name(cls) -> str:
        """Return the type's name behind the provider's prefix."""
        return "callback_events"

    @classmethod
    def get_schema(cls) -> Schema:
        """Describe the data source."""
        return Schema(
            description=(
                "Lists callback deliveries, newest first, up to `limit`. As many pages are read as that takes."
            ),
            attributes=[
                Attribute(
                    "mailbox_id",
                    Number(),
                    optional=True,
                    description=(
                        f"Returns only events of this mailbox (`mailboxId`), a whole number from 0 to {MAX_ID}. Omit "
                        "it to include every mailbox."
                    ),
                ),
                Attribute(
                    "callback_id",
                    Number(),
                    optional=True,
                    description=(
                        f"Returns only events of this callback, a whole number from 1 to {MAX_ID}. Omit it to "
                        'include every callback. Required in the model "events", which shows the deliveries of only '
                        "one callback at a time."
                    ),
                ),
                Attribute(
                    "event",
                    String(),
                    optional=True,
                    description=(
                        f"Returns only this kind of event (`event`): {names(*Objects)}. Omit it to include every kind."
                    ),
                ),
                Attribute(
                    "begin_date",
                    String(),
                    optional=True,
                    description=(
                        "Returns only events from this time on (`beginDate`), in RFC 3339 format with an offset, "
                        "such as `2026-05-07T09:00:00Z`. Omit it to start with the first event."
                    ),
                ),
                Attribute(
                    "end_date",
                    String(),
                    optional=True,
                    description=(
                        "Returns only events up to this time (`endDate`), in RFC 3339 format with an offset. Omit it "
                        "to include all events up to now."
                    ),
                ),
                Attribute(
                    "limit",
                    Number(),
                    optional=True,
                    description=(
                        "The maximum number of events to return, a whole number from 1. If more match, the newest "
                        f"are returned. Defaults to {DEFAULT_LIMIT}, with a warning if more match."
                    ),
                ),
                Attribute(
                    "events",
                    List(Object({name: type_ for name, (type_, _) in EVENT_ATTRIBUTES.items()})),
                    computed=True,
                    description=object_description(
                        "The matching events, newest first. An empty list if none match. Each event has:",
                        EVENT_ATTRIBUTES,
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
        refuse_date(diags, config, "begin_date")
        refuse_date(diags, config, "end_date")

    def read(self, ctx: ReadDataContext, config: Config) -> State | None:
        """Read the events that match."""
        return callback.queries.read_events(self._session, ctx, config)
