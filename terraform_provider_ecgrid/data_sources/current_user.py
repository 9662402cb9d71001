"""`data.ecgrid_current_user`: the user whose credential the provider has."""

from __future__ import annotations

from tf import iface
from tf.schema import Attribute, Schema
from tf.types import String
from tf.utils import Diagnostics

from terraform_provider_ecgrid import account
from terraform_provider_ecgrid.account.access import Provider
from terraform_provider_ecgrid.account.attributes import USER_ATTRIBUTES
from terraform_provider_ecgrid.callback.shown import computed
from terraform_provider_ecgrid.plugin.authoring import Config, ReadDataContext, State


class CurrentUserDataSource(iface.DataSource):
    """The data source `ecgrid_current_user` (`GET /v2/users/me`)."""

    def __init__(self, provider: Provider) -> None:
        self._session = provider.session

    @classmethod
    def get_name(cls) -> str:
        """Return the type's name behind the provider's prefix."""
        return "current_user"

    @classmethod
    def get_schema(cls) -> Schema:
        """Describe the data source."""
        return Schema(
            description=(
                "Reads the user that the provider's credential belongs to. Attributes that ECGrid does not show are "
                "null."
            ),
            attributes=[
                Attribute("id", String(), computed=True, description="`user_id` as a string."),
                *computed(USER_ATTRIBUTES),
            ],
        )

    def validate(self, diags: Diagnostics, type_name: str, config: Config) -> None:
        """There is no argument that could be wrong."""

    def read(self, ctx: ReadDataContext, config: Config) -> State | None:  # noqa: ARG002 - the interface's
        """Read the user."""
        return account.queries.read_current_user(self._session, ctx)
