"""The provider block: its schema, its validation, and the lists of types."""

from __future__ import annotations

from tf import iface
from tf.schema import Attribute, Schema
from tf.types import Number, String
from tf.utils import Diagnostics

from terraform_provider_ecgrid.actions.callback_test import CallbackTestAction
from terraform_provider_ecgrid.api.base_url import DEFAULT_BASE_URL, problem_with_base_url
from terraform_provider_ecgrid.api.enums import MAX_ID
from terraform_provider_ecgrid.callback.validators import problem_with_number
from terraform_provider_ecgrid.callback.values import shortened
from terraform_provider_ecgrid.data_sources.callback import CallbackDataSource
from terraform_provider_ecgrid.data_sources.callback_events import CallbackEventsDataSource
from terraform_provider_ecgrid.data_sources.callbacks import CallbacksDataSource
from terraform_provider_ecgrid.data_sources.current_user import CurrentUserDataSource
from terraform_provider_ecgrid.data_sources.mailbox import MailboxDataSource
from terraform_provider_ecgrid.data_sources.mailboxes import MailboxesDataSource
from terraform_provider_ecgrid.list_resources.callback import CallbackListResource
from terraform_provider_ecgrid.plugin.authoring import Action, Config, ConfigureContext, ListResource, SensitiveString
from terraform_provider_ecgrid.resources.callback import CallbackResource
from terraform_provider_ecgrid.session import (
    DEFAULT_RETRIES,
    DEFAULT_TIMEOUT,
    Session,
    configured_credentials,
    is_set,
    refuse_unsendable,
    session_of,
)

_MAX_TIMEOUT = 3600
_MAX_RETRIES = 100


class EcgridProvider(iface.Provider):
    """The provider `ecgrid`."""

    def __init__(self) -> None:
        self.session = Session()

    def get_model_prefix(self) -> str:
        """Return the prefix of all type names."""
        return "ecgrid_"

    def full_name(self) -> str:
        """Return the source address."""
        return "registry.terraform.io/ecgrid/ecgrid"

    def get_provider_schema(self, diags: Diagnostics) -> Schema:  # noqa: ARG002 - the interface's signature
        """Describe the provider block."""
        return Schema(
            description=(
                "Manages the callbacks (webhook registrations) of ECGrid, the EDI network of Loren Data. All "
                "arguments are optional, but the provider needs one credential, from the configuration or from the "
                "environment."
            ),
            attributes=[
                Attribute(
                    "api_key",
                    SensitiveString(),
                    optional=True,
                    sensitive=True,
                    description=(
                        "The API key, sent as `X-API-Key`. Can also be set with the environment variable "
                        "`ECGRID_API_KEY`. Conflicts with `access_token`."
                    ),
                ),
                Attribute(
                    "access_token",
                    SensitiveString(),
                    optional=True,
                    sensitive=True,
                    description=(
                        "A short-lived access token (JWT), sent as `Authorization: Bearer`. Can also be set with the "
                        "environment variable `ECGRID_ACCESS_TOKEN`. Conflicts with `api_key`."
                    ),
                ),
                Attribute(
                    "base_url",
                    String(),
                    optional=True,
                    description=(
                        "The URL of the API, without `/v2`. Can also be set with the environment variable "
                        f"`ECGRID_BASE_URL`. Defaults to `{DEFAULT_BASE_URL}`. Plain `http://` is accepted only for "
                        "this machine (`127.0.0.1`, `localhost`)."
                    ),
                ),
                Attribute(
                    "network_id",
                    Number(),
                    optional=True,
                    description=(
                        "The network to use if ECGrid requires one to list callbacks, a whole number from 1 to "
                        f"{MAX_ID}. Can also be set with the environment variable `ECGRID_NETWORK_ID`. If omitted, "
                        "the credential's own network is used."
                    ),
                ),
                Attribute(
                    "request_timeout",
                    Number(),
                    optional=True,
                    description=(
                        f"The timeout of one HTTP attempt in seconds, more than 0 and at most {_MAX_TIMEOUT}. "
                        f"Defaults to {DEFAULT_TIMEOUT}."
                    ),
                ),
                Attribute(
                    "max_retries",
                    Number(),
                    optional=True,
                    description=(
                        "The maximum number of retries of a request that can be repeated safely, a whole number from "
                        f"0 to {_MAX_RETRIES}. Defaults to {DEFAULT_RETRIES}."
                    ),
                ),
            ],
        )

    def get_resources(self) -> list[type[iface.Resource]]:
        """List the resource types."""
        return [CallbackResource]

    def get_data_sources(self) -> list[type[iface.DataSource]]:
        """List the data source types."""
        return [
            CallbackDataSource,
            CallbacksDataSource,
            CallbackEventsDataSource,
            MailboxDataSource,
            MailboxesDataSource,
            CurrentUserDataSource,
        ]

    def get_list_resources(self) -> list[type[ListResource]]:
        """List the resource types that `terraform query` can list."""
        return [CallbackListResource]

    def get_actions(self) -> list[type[Action]]:
        """List the action types."""
        return [CallbackTestAction]

    def validate_config(self, diags: Diagnostics, config: Config) -> None:
        """Refuse what can be seen to be wrong in the provider block; values not known yet are left to the next call."""
        if is_set(config.get("api_key")) and is_set(config.get("access_token")):
            diags.add_error(
                "Two credentials",
                "`api_key` and `access_token` are both set, but only one can be sent. Remove one of them.",
                path=["access_token"],
            )
        for credential in configured_credentials(config):
            refuse_unsendable(diags, credential)
        base_url = config.get("base_url")
        if is_set(base_url) and (problem := problem_with_base_url(base_url)):
            diags.add_error("Invalid base URL", problem, path=["base_url"])
        network_id = config.get("network_id")
        if is_set(network_id) and (problem := problem_with_number("network_id", network_id, 1)):
            diags.add_error("Invalid network_id", problem, path=["network_id"])
        timeout = config.get("request_timeout")
        if is_set(timeout) and not 0 < timeout <= _MAX_TIMEOUT:
            diags.add_error(
                "Invalid timeout",
                f"`request_timeout` is {shortened(timeout)}, but must be more than 0 and at most {_MAX_TIMEOUT} "
                f"seconds. Correct it, or remove it to use the default, {DEFAULT_TIMEOUT}.",
                path=["request_timeout"],
            )
        retries = config.get("max_retries")
        if is_set(retries) and not (0 <= retries <= _MAX_RETRIES and retries == int(retries)):
            diags.add_error(
                "Invalid number of retries",
                f"`max_retries` is {shortened(retries)}, but must be a whole number from 0 to {_MAX_RETRIES}. "
                f"Correct it, or remove it to use the default, {DEFAULT_RETRIES}.",
                path=["max_retries"],
            )

    def configure_provider(self, diags: Diagnostics, config: Config) -> None:
        """Configure for a server that has no contexts, such as `tf`'s own."""
        self.configure_with_context(ConfigureContext(diags), config)

    def configure_with_context(self, ctx: ConfigureContext, config: Config) -> None:
        """Begin a run. A provider under a debugger outlives one; what it has seen, and whom it asked, does not."""
        self.validate_config(ctx.diagnostics, config)
        self.session = session_of(ctx.diagnostics, config, ctx.stop)
