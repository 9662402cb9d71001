"""The provider block: its arguments, the environment behind them, and the one API client that all resources share."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeGuard

from tf import iface
from tf.schema import Attribute, Schema
from tf.types import Number, String, Unknown
from tf.utils import Diagnostics

from terraform_provider_ecgrid import __version__
from terraform_provider_ecgrid.api.base_url import DEFAULT_BASE_URL, problem_with_base_url
from terraform_provider_ecgrid.api.errors import ProviderNotReady
from terraform_provider_ecgrid.callback.pages import Sweep
from terraform_provider_ecgrid.callback.run_ledger import RunLedger
from terraform_provider_ecgrid.callback.shared_listing import SharedListing
from terraform_provider_ecgrid.plugin.authoring import (
    Action,
    Config,
    ConfigureContext,
    ListResource,
    Secret,
    SensitiveString,
    conceal,
)

if TYPE_CHECKING:
    # The client brings httpx and pydantic along, which half of the processes that Terraform starts never need.
    from terraform_provider_ecgrid.api.client import AccessToken, ApiKey, Client

_MAX_TIMEOUT = 3600
_MAX_RETRIES = 100


class _Settings(NamedTuple):
    base_url: str
    credential: Callable[[], ApiKey | AccessToken]
    request_timeout: float
    max_retries: int
    user_agent: str


class EcgridProvider(iface.Provider):
    """The provider `ecgrid`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._settings: _Settings | None = None
        self._unknown: tuple[str, ...] = ()
        self._client: Client | None = None
        self._stop = threading.Event()
        self._ledger = RunLedger()
        self._shared_listing = SharedListing()
        self._sweep = Sweep()

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
                "Manages the callbacks (webhook registrations) of ECGrid, the EDI network of Loren Data. Every "
                "argument is optional; one credential has to come from the configuration or the environment."
            ),
            attributes=[
                Attribute(
                    "api_key",
                    SensitiveString(),
                    optional=True,
                    sensitive=True,
                    description=(
                        "The API key, sent as `X-API-Key`. Defaults to the environment variable `ECGRID_API_KEY`. "
                        "Conflicts with `access_token`."
                    ),
                ),
                Attribute(
                    "access_token",
                    SensitiveString(),
                    optional=True,
                    sensitive=True,
                    description=(
                        "A short-lived access token (JWT), sent as `Authorization: Bearer`. Defaults to the "
                        "environment variable `ECGRID_ACCESS_TOKEN`. Conflicts with `api_key`."
                    ),
                ),
                Attribute(
                    "base_url",
                    String(),
                    optional=True,
                    description=(
                        "Where the API lives. Defaults to the environment variable `ECGRID_BASE_URL`, then to "
                        f"`{DEFAULT_BASE_URL}`. Plain `http://` is accepted for loopback hosts only."
                    ),
                ),
                Attribute(
                    "request_timeout",
                    Number(),
                    optional=True,
                    description=f"Seconds for one HTTP attempt, more than 0 and up to {_MAX_TIMEOUT}. Defaults to 30.",
                ),
                Attribute(
                    "max_retries",
                    Number(),
                    optional=True,
                    description=(
                        "Further attempts after the first where a request may be repeated, a whole number from 0 to "
                        f"{_MAX_RETRIES}. Defaults to 4."
                    ),
                ),
            ],
        )

    def get_resources(self) -> list[type[iface.Resource]]:
        """List the resource types."""
        from terraform_provider_ecgrid.resources.callback import CallbackResource

        return [CallbackResource]

    def get_data_sources(self) -> list[type[iface.DataSource]]:
        """List the data source types."""
        from terraform_provider_ecgrid.data_sources.callback import CallbackDataSource
        from terraform_provider_ecgrid.data_sources.callback_events import CallbackEventsDataSource
        from terraform_provider_ecgrid.data_sources.callbacks import CallbacksDataSource

        return [CallbackDataSource, CallbacksDataSource, CallbackEventsDataSource]

    def get_list_resources(self) -> list[type[ListResource]]:
        """List the resource types that `terraform query` can list."""
        from terraform_provider_ecgrid.list_resources.callback import CallbackListResource

        return [CallbackListResource]

    def get_actions(self) -> list[type[Action]]:
        """List the action types."""
        from terraform_provider_ecgrid.actions.callback_test import CallbackTestAction

        return [CallbackTestAction]

    def validate_config(self, diags: Diagnostics, config: Config) -> None:
        """Refuse what can be seen to be wrong in the provider block; values not known yet are left to the next call."""
        if _known(config.get("api_key")) and _known(config.get("access_token")):
            diags.add_error(
                "Two credentials",
                "`api_key` and `access_token` are both configured, and only one can be sent. Remove one of them.",
                path=["access_token"],
            )
        base_url = config.get("base_url")
        if _known(base_url) and (problem := problem_with_base_url(base_url)):
            diags.add_error("Unusable base URL", problem, path=["base_url"])
        timeout = config.get("request_timeout")
        if _known(timeout) and not 0 < timeout <= _MAX_TIMEOUT:
            diags.add_error(
                "Unusable timeout",
                f"`request_timeout` is in seconds and must be more than 0 and at most {_MAX_TIMEOUT}.",
                path=["request_timeout"],
            )
        retries = config.get("max_retries")
        if _known(retries) and not (0 <= retries <= _MAX_RETRIES and retries == int(retries)):
            diags.add_error(
                "Unusable number of retries",
                f"`max_retries` must be a whole number from 0 to {_MAX_RETRIES}.",
                path=["max_retries"],
            )

    def configure_provider(self, diags: Diagnostics, config: Config) -> None:
        """Configure without knowing who asks, for servers that know of no context."""
        self.configure_with_context(ConfigureContext(diags), config)

    def configure_with_context(self, ctx: ConfigureContext, config: Config) -> None:
        """Take the arguments, and the environment where one is left out. No request is made here."""
        diags = ctx.diagnostics
        self.validate_config(diags, config)
        unknown = tuple(name for name, value in config.items() if value is Unknown)
        self._stop = ctx.stop
        # A provider under a debugger outlives one run of Terraform; what it has seen, and whom it asked, does not.
        self._ledger, self._shared_listing, self._sweep = RunLedger(), SharedListing(), Sweep()
        self._settings, self._client, self._unknown = None, None, unknown
        if diags.has_errors():
            return
        credential = _credential(config)
        if credential is None and not {"api_key", "access_token"}.intersection(unknown):
            diags.add_error(
                "No credential",
                "ECGrid needs an API key or an access token. Set `api_key` or `access_token` in the provider block, or "
                "the environment variable ECGRID_API_KEY or ECGRID_ACCESS_TOKEN. An empty value counts as unset.",
            )
            return
        if credential is None or unknown:
            return
        base_url: str = config.get("base_url") or os.environ.get("ECGRID_BASE_URL") or DEFAULT_BASE_URL
        if problem := problem_with_base_url(base_url):
            # Only the environment's value is still unchecked here.
            diags.add_error("Unusable base URL", f"{problem} It comes from the environment variable ECGRID_BASE_URL.")
            return
        timeout, retries = config.get("request_timeout"), config.get("max_retries")
        appended = os.environ.get("TF_APPEND_USER_AGENT", "").strip()
        self._settings = _Settings(
            base_url=base_url,
            credential=credential,
            request_timeout=30.0 if timeout is None else float(timeout),
            max_retries=4 if retries is None else int(retries),
            user_agent=f"terraform-provider-ecgrid/{__version__} {appended}".strip(),
        )

    @property
    def ledger(self) -> RunLedger:
        """What this process has seen of the callbacks that Terraform manages."""
        return self._ledger

    @property
    def shared_listing(self) -> SharedListing:
        """The one queue-list of this process that is good for what cannot change."""
        return self._shared_listing

    @property
    def sweep(self) -> Sweep:
        """What this process has read of the managed callbacks in pages. The client's writes end it."""
        return self._sweep

    def client(self) -> Client:
        """Return the one client of this process, made when it is first needed.

        Raises `ProviderNotReady` while an argument of the provider is not known yet.
        """
        from terraform_provider_ecgrid.api.client import Client

        if self._settings is None:
            raise ProviderNotReady(self._unknown)
        with self._lock:
            if self._client is None:
                settings = self._settings
                self._client = Client(
                    settings.base_url,
                    settings.credential(),
                    request_timeout=settings.request_timeout,
                    max_retries=settings.max_retries,
                    user_agent=settings.user_agent,
                    stop=self._stop,
                    on_write=self._sweep.end,
                )
            return self._client


def _known(value: Any) -> TypeGuard[Any]:
    # An empty credential in the configuration is an unset one, as an empty variable is.
    if value is None or value is Unknown:
        return False
    return bool(value.get_secret_value()) if hasattr(value, "get_secret_value") else True


class _Held:
    """A secret of the environment until the client is made, when `pydantic.SecretStr` takes it over."""

    def __init__(self, text: str) -> None:
        self._text = text

    def get_secret_value(self) -> str:
        """Return the secret as it is."""
        return self._text


def _credential(config: Config) -> Callable[[], ApiKey | AccessToken] | None:
    """Find the credential, and return what makes it.

    Its class comes with all that the client needs, which a plan of nothing but new callbacks does without.
    """
    found = next(_credentials(config), None)
    if found is None:
        return None
    conceal(found[0])
    return partial(_made, *found)


def _credentials(config: Config) -> Iterator[tuple[Secret, str, bool]]:
    """Yield those that there are, where each is from, and whether it is an API key.

    Configuration beats environment; in the environment the API key beats the token.
    """
    for argument, is_key in (("api_key", True), ("access_token", False)):
        if _known(secret := config.get(argument)):
            yield secret, f"the provider's argument `{argument}`", is_key
    for variable, is_key in (("ECGRID_API_KEY", True), ("ECGRID_ACCESS_TOKEN", False)):
        if text := os.environ.get(variable):
            yield _Held(text), f"the environment variable {variable}", is_key


def _made(secret: Secret, origin: str, is_key: bool) -> ApiKey | AccessToken:
    from pydantic import SecretStr

    from terraform_provider_ecgrid.api.client import AccessToken, ApiKey

    value = SecretStr(secret.get_secret_value())
    return ApiKey(value, origin) if is_key else AccessToken(value, origin)
