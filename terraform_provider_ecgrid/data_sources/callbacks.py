"""`data.ecgrid_callbacks`: every callback that matches, as ECGrid's queue-list shows them."""

from __future__ import annotations

from tf import iface
from tf.schema import Attribute, Schema
from tf.types import List
from tf.utils import Diagnostics

from terraform_provider_ecgrid.callback.access import Access
from terraform_provider_ecgrid.callback.filters import filter_attributes, refuse_filters
from terraform_provider_ecgrid.data_sources import reading
from terraform_provider_ecgrid.plugin.authoring import Config, Object, ReadDataContext, State


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
                *filter_attributes(),
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
        refuse_filters(diags, config)

    def read(self, ctx: ReadDataContext, config: Config) -> State | None:
        """Read all pages."""
        from terraform_provider_ecgrid.api.registrations import list_all

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
