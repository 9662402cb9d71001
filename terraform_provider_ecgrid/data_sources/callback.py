"""`data.ecgrid_callback`: one callback as ECGrid's lookups show it."""

from __future__ import annotations

from tf import iface
from tf.schema import Attribute, Schema
from tf.types import String
from tf.utils import Diagnostics

from terraform_provider_ecgrid import callback
from terraform_provider_ecgrid.callback.access import Provider
from terraform_provider_ecgrid.callback.schema import required_callback_id
from terraform_provider_ecgrid.callback.shown import CALLBACK_ATTRIBUTES, computed
from terraform_provider_ecgrid.callback.validators import refuse_number
from terraform_provider_ecgrid.plugin.authoring import Config, ReadDataContext, State

_ATTRIBUTES = {name: described for name, described in CALLBACK_ATTRIBUTES.items() if name != "callback_id"}


class CallbackDataSource(iface.DataSource):
    """The data source `ecgrid_callback` (ECGrid's pages get-queue-by-id and queue-list, REST v2.6)."""

    def __init__(self, provider: Provider) -> None:
        self._session = provider.session

    @classmethod
    def get_name(cls) -> str:
        """Return the type's name behind the provider's prefix."""
        return "callback"

    @classmethod
    def get_schema(cls) -> Schema:
        """Describe the data source."""
        return Schema(
            description=(
                "Reads one callback. The read fails if no ECGrid lookup shows the callback. ECGrid may not show a "
                "callback that has not fired yet."
            ),
            attributes=[
                required_callback_id(),
                Attribute("id", String(), computed=True, description="`callback_id` as a string."),
                *computed(_ATTRIBUTES),
            ],
        )

    def validate(self, diags: Diagnostics, type_name: str, config: Config) -> None:  # noqa: ARG002 - the interface's
        """Refuse an id that ECGrid cannot have given."""
        refuse_number(diags, config, "callback_id", 1, required=True)

    def read(self, ctx: ReadDataContext, config: Config) -> State | None:
        """Read the callback."""
        return callback.queries.read_one(self._session, ctx, config)
