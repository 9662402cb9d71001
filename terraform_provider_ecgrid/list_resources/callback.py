"""`list "ecgrid_callback"`: the callbacks of an account, page by page, ready to be imported."""

from __future__ import annotations

from collections.abc import Iterator

from tf.schema import Schema
from tf.utils import Diagnostics

from terraform_provider_ecgrid import callback
from terraform_provider_ecgrid.callback.access import Provider
from terraform_provider_ecgrid.callback.filters import filter_attributes, refuse_filters
from terraform_provider_ecgrid.plugin.authoring import Config, ListContext, Listed, ListResource


class CallbackListResource(ListResource):
    """The list resource `ecgrid_callback` (ECGrid's page queue-list, REST v2.6)."""

    def __init__(self, provider: Provider) -> None:
        self._session = provider.session

    @classmethod
    def get_name(cls) -> str:
        """Return the name of the resource that is listed."""
        return "callback"

    @classmethod
    def get_schema(cls) -> Schema:
        """Describe the `config` block."""
        return Schema(
            description=(
                "Lists the matching callbacks, ready to be imported (Terraform 1.14 and newer). If ECGrid lists only "
                "one mailbox of one network at a time, the credential's own mailbox and network are used unless you "
                "set `mailbox_id` and `network_id`."
            ),
            attributes=filter_attributes(),
        )

    def validate(self, diags: Diagnostics, type_name: str, config: Config) -> None:  # noqa: ARG002 - the interface's
        """Refuse filters that can match nothing."""
        refuse_filters(diags, config)

    def list(self, ctx: ListContext, config: Config) -> Iterator[Listed]:
        """Yield the callbacks that match."""
        return callback.queries.list_callbacks(self._session, ctx, config)
