"""`data.ecgrid_callbacks`: every callback that matches, as ECGrid's queue-list shows them."""

from __future__ import annotations

from tf import iface
from tf.schema import Attribute, Schema
from tf.types import List, Number, String
from tf.utils import Diagnostics

from terraform_provider_ecgrid.api.enums import Objects, Status
from terraform_provider_ecgrid.data_sources import reading
from terraform_provider_ecgrid.plugin.contexts import Config, ReadDataContext, State
from terraform_provider_ecgrid.plugin.schema import Object
from terraform_provider_ecgrid.resources.access import Access
from terraform_provider_ecgrid.resources.callback_schema import names
from terraform_provider_ecgrid.resources.problems import MAX_ID, refuse_choice, refuse_number


class CallbacksDataSource(iface.DataSource):
    """The data source `ecgrid_callbacks` (ECGrid's page queue-list, REST v2.6)."""

    def __init__(self, provider: Access) -> None:
        self._provider = provider

    @classmethod
    def get_name(cls) -> str:
        """Return the type's name behind the provider's prefix."""
        return "callbacks"

    @classmethod
    def get_schema(cls) -> Schema:
        """Describe the data source."""
        return Schema(
            description=(
                "Lists callbacks: all pages, one object a callback, in the order of their ids. Where ECGrid's lookups "
                "show deliveries instead of registrations, a callback that has not fired is not among them."
            ),
            attributes=[
                Attribute(
                    "mailbox_id",
                    Number(),
                    optional=True,
                    description=(
                        f"Only callbacks of this mailbox (`mailboxId`), a whole number from 0 to {MAX_ID}. Left out: "
                        "of every mailbox, which ECGrid may refuse to a user without the role `NetworkAdmin`."
                    ),
                ),
                Attribute(
                    "status",
                    String(),
                    optional=True,
                    description=f"Only callbacks of this status (`status`): {names(*Status)}. Left out: of any.",
                ),
                Attribute(
                    "event",
                    String(),
                    optional=True,
                    description=(
                        f"Only callbacks of this event: {names(*Objects)}. Left out: of any. ECGrid knows no such "
                        "filter, so this one is the provider's."
                    ),
                ),
                Attribute(
                    "callbacks",
                    List(Object({name: type_ for name, (type_, _) in reading.CALLBACK_ATTRIBUTES.items()})),
                    computed=True,
                    description=reading.object_description(
                        "The callbacks, an empty list where none matches, each with:", reading.CALLBACK_ATTRIBUTES
                    ),
                ),
            ],
        )

    def validate(self, diags: Diagnostics, type_name: str, config: Config) -> None:  # noqa: ARG002 - the interface's
        """Refuse filters that can match nothing."""
        refuse_number(diags, config, "mailbox_id", 0)
        refuse_choice(diags, config, "status", Status)
        refuse_choice(diags, config, "event", Objects)

    def read(self, ctx: ReadDataContext, config: Config) -> State | None:
        """Read all pages."""
        from terraform_provider_ecgrid.api.lookup import list_all

        mailbox_id = config["mailbox_id"]
        listing = reading.ask(
            self._provider,
            ctx.diagnostics,
            "The list of callbacks",
            lambda client: list_all(
                client, mailbox_id=None if mailbox_id is None else int(mailbox_id), status=config["status"]
            ),
        )
        if listing is None:
            return None
        if not listing.complete:
            ctx.diagnostics.add_warning(
                "List of callbacks incomplete",
                f"ECGrid counts more callbacks than it listed; {len(listing.entries)} were read. Run Terraform again: "
                "the list may have changed while it was read.",
            )
        entries = [entry for entry in listing.entries.values() if config["event"] in (None, entry.event)]
        return dict(config) | {"callbacks": [reading.values_of(entry) for entry in entries]}
