"""`data.ecgrid_callbacks`: every callback that matches."""

from __future__ import annotations

from tf import iface
from tf.schema import Attribute, Schema
from tf.types import List
from tf.utils import Diagnostics

from terraform_provider_ecgrid import callback
from terraform_provider_ecgrid.callback.access import Provider
from terraform_provider_ecgrid.callback.filters import filter_attributes, refuse_filters
from terraform_provider_ecgrid.callback.shown import CALLBACK_ATTRIBUTES, object_description
from terraform_provider_ecgrid.plugin.authoring import Config, Object, ReadDataContext, State


class CallbacksDataSource(iface.DataSource):
    """The data source `ecgrid_callbacks` (ECGrid's page queue-list, REST v2.6)."""

    def __init__(self, provider: Provider) -> None:
        self._session = provider.session

    @classmethod
    def get_name(cls) -> str:
        """Return the type's name behind the provider's prefix."""
        return "callbacks"

    @classmethod
    def get_schema(cls) -> Schema:
        """Describe the data source."""
        return Schema(
            description=(
                "Lists the matching callbacks in the order of their ids. All pages are read. If ECGrid lists only "
                "one mailbox of one network at a time, the credential's own mailbox and network are used unless you "
                "set `mailbox_id` and `network_id`."
            ),
            attributes=[
                *filter_attributes(),
                Attribute(
                    "callbacks",
                    List(Object({name: type_ for name, (type_, _) in CALLBACK_ATTRIBUTES.items()})),
                    computed=True,
                    description=object_description(
                        "The matching callbacks. An empty list if none match. Each callback has:", CALLBACK_ATTRIBUTES
                    ),
                ),
            ],
        )

    def validate(self, diags: Diagnostics, type_name: str, config: Config) -> None:  # noqa: ARG002 - the interface's
        """Refuse filters that can match nothing."""
        refuse_filters(diags, config)

    def read(self, ctx: ReadDataContext, config: Config) -> State | None:
        """Read the callbacks that match."""
        return callback.queries.read_all(self._session, ctx, config)
