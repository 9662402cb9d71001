"""`data.ecgrid_mailboxes`: every mailbox that matches."""

from __future__ import annotations

from tf import iface
from tf.schema import Attribute, Schema
from tf.types import List, Number, String
from tf.utils import Diagnostics

from terraform_provider_ecgrid import account
from terraform_provider_ecgrid.account.access import Provider
from terraform_provider_ecgrid.account.attributes import MAILBOX_ATTRIBUTES
from terraform_provider_ecgrid.api.enums import MAX_ID, Status
from terraform_provider_ecgrid.callback.schema import names
from terraform_provider_ecgrid.callback.shown import object_description
from terraform_provider_ecgrid.callback.validators import refuse_choice, refuse_number
from terraform_provider_ecgrid.plugin.authoring import Config, Object, ReadDataContext, State


class MailboxesDataSource(iface.DataSource):
    """The data source `ecgrid_mailboxes` (`POST /v2/mailboxes/list`)."""

    def __init__(self, provider: Provider) -> None:
        self._session = provider.session

    @classmethod
    def get_name(cls) -> str:
        """Return the type's name behind the provider's prefix."""
        return "mailboxes"

    @classmethod
    def get_schema(cls) -> Schema:
        """Describe the data source."""
        return Schema(
            description="Lists the matching mailboxes in the order of their ids. All pages are read.",
            attributes=[
                Attribute(
                    "network_id",
                    Number(),
                    optional=True,
                    description=(
                        f"Returns only mailboxes of this network (`networkId`), a whole number from 1 to {MAX_ID}. "
                        "If omitted, all mailboxes that the credential can see are returned. The provider's "
                        "`network_id` is not used here."
                    ),
                ),
                Attribute(
                    "status",
                    String(),
                    optional=True,
                    description=(
                        f"Returns only mailboxes with this status (`status`): {names(*Status)}. Omit it to include "
                        "every status."
                    ),
                ),
                Attribute(
                    "mailboxes",
                    List(Object({name: type_ for name, (type_, _) in MAILBOX_ATTRIBUTES.items()})),
                    computed=True,
                    description=object_description(
                        "The matching mailboxes. An empty list if none match. Each mailbox has:", MAILBOX_ATTRIBUTES
                    ),
                ),
            ],
        )

    def validate(self, diags: Diagnostics, type_name: str, config: Config) -> None:  # noqa: ARG002 - the interface's
        """Refuse filters that can match nothing."""
        refuse_number(diags, config, "network_id", 1)
        refuse_choice(diags, config, "status", Status)

    def read(self, ctx: ReadDataContext, config: Config) -> State | None:
        """Read the mailboxes that match."""
        return account.queries.read_mailboxes(self._session, ctx, config)
