"""`data.ecgrid_mailbox`: one mailbox, by its id or by its name."""

from __future__ import annotations

from tf import iface
from tf.schema import Attribute, Schema
from tf.types import Number, String
from tf.utils import Diagnostics

from terraform_provider_ecgrid import account
from terraform_provider_ecgrid.account.access import Provider
from terraform_provider_ecgrid.account.attributes import MAILBOX_ATTRIBUTES
from terraform_provider_ecgrid.account.rules import refuse_mailbox
from terraform_provider_ecgrid.api.enums import MAX_ID
from terraform_provider_ecgrid.callback.shown import computed
from terraform_provider_ecgrid.plugin.authoring import Config, ReadDataContext, State

_READ_ONLY = {name: MAILBOX_ATTRIBUTES[name] for name in ("unique_id", "description", "status")}


class MailboxDataSource(iface.DataSource):
    """The data source `ecgrid_mailbox` (`GET /v2/mailboxes/{id}` and `POST /v2/mailboxes/list`)."""

    def __init__(self, provider: Provider) -> None:
        self._session = provider.session

    @classmethod
    def get_name(cls) -> str:
        """Return the type's name behind the provider's prefix."""
        return "mailbox"

    @classmethod
    def get_schema(cls) -> Schema:
        """Describe the data source."""
        return Schema(
            description="Reads one mailbox, by its id or by its name. Set either `mailbox_id` or `name`.",
            attributes=[
                Attribute(
                    "mailbox_id",
                    Number(),
                    optional=True,
                    computed=True,
                    description=(
                        f"The mailbox's id (`mailboxId`), a whole number from 1 to {MAX_ID}. Conflicts with `name`."
                    ),
                ),
                Attribute(
                    "name",
                    String(),
                    optional=True,
                    computed=True,
                    description=(
                        "The mailbox's name (`name`), unique id (`uniqueId`) or company name (`companyName`). The "
                        "whole name must match; case is ignored. The read fails if no mailbox or several mailboxes "
                        "match. Conflicts with `mailbox_id`. If omitted, this is the mailbox's name, or its "
                        "company's name if ECGrid shows no mailbox name."
                    ),
                ),
                Attribute(
                    "network_id",
                    Number(),
                    optional=True,
                    computed=True,
                    description=(
                        f"The network that the mailbox belongs to (`networkId`), a whole number from 1 to {MAX_ID}. "
                        "Set it if mailboxes of several networks have the same name."
                    ),
                ),
                Attribute("id", String(), computed=True, description="`mailbox_id` as a string."),
                *computed(_READ_ONLY),
            ],
        )

    def validate(self, diags: Diagnostics, type_name: str, config: Config) -> None:  # noqa: ARG002 - the interface's
        """Refuse arguments that name no mailbox, or name it twice."""
        refuse_mailbox(diags, config)

    def read(self, ctx: ReadDataContext, config: Config) -> State | None:
        """Read the mailbox."""
        return account.queries.read_mailbox(self._session, ctx, config)
