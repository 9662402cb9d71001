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
            description="Lists what ECGrid delivered to callbacks, or tried to, newest first. All pages are read.",
            attributes=[
                Attribute(
                    "mailbox_id",
                    Number(),
                    optional=True,
                    description=(
                        f"Only events of this mailbox (`mailboxId`), a whole number from 0 to {MAX_ID}. Omit it "
                        "for any."
                    ),
                ),
                Attribute(
                    "callback_id",
                    Number(),
                    optional=True,
                    description=(
                        f"Only events of this callback, a whole number from 1 to {MAX_ID}. Omit it for any. ECGrid "
                        "may show one callback's deliveries only; then it is required."
                    ),
                ),
                Attribute(
                    "event",
                    String(),
                    optional=True,
                    description=f"Only this kind of event (`event`): {names(*Objects)}. Omit it for any.",
                ),
                Attribute(
                    "begin_date",
                    String(),
                    optional=True,
                    description=(
                        "Only events from this time on (`beginDate`), RFC 3339 with an offset, such as "
                        "`2026-05-07T09:00:00Z`. Omit it to begin with the first event."
                    ),
                ),
                Attribute(
                    "end_date",
                    String(),
                    optional=True,
                    description="Only events up to this time (`endDate`), RFC 3339 with an offset. Defaults to now.",
                ),
                Attribute(
                    "limit",
                    Number(),
                    optional=True,
                    description=(
                        "How many events to return at most, a whole number from 1. Defaults to "
                        f"{DEFAULT_LIMIT}. If more match, the newest are returned with a warning."
                    ),
                ),
                Attribute(
                    "events",
                    List(Object({name: type_ for name, (type_, _) in EVENT_ATTRIBUTES.items()})),
                    computed=True,
                    description=object_description(
                        "The events, newest first, an empty list if none matches, each with:", EVENT_ATTRIBUTES
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
