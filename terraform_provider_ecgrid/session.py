"""One run of Terraform: arguments and environment become the one client, beside what the run has seen."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple, TypeGuard

from tf.types import Unknown
from tf.utils import Diagnostics

from terraform_provider_ecgrid import __version__
from terraform_provider_ecgrid.api.base_url import DEFAULT_BASE_URL, problem_with_base_url, without_space_around
from terraform_provider_ecgrid.api.credential import Source, problem_with_credential
from terraform_provider_ecgrid.api.enums import MAX_ID
from terraform_provider_ecgrid.api.errors import ProviderNotReady
from terraform_provider_ecgrid.callback.run_ledger import RunLedger
from terraform_provider_ecgrid.plugin.authoring import Config, Secret, conceal, fit_to_show

if TYPE_CHECKING:
    from terraform_provider_ecgrid.api.client import Client
    from terraform_provider_ecgrid.api.mailboxes import Mailboxes
    from terraform_provider_ecgrid.api.registrations import Registrations
    from terraform_provider_ecgrid.callback.pages import Pages

DEFAULT_TIMEOUT = 30
"""Seconds of one HTTP attempt."""
DEFAULT_RETRIES = 4

_MOST_QUOTED = 40
"""Characters of a variable that an error quotes."""


class Credential(NamedTuple):
    """A secret, where it was taken from, and whether it is an API key or an access token."""

    secret: Secret
    source: Source
    is_key: bool


class Settings(NamedTuple):
    """What the client is made of, and the network to list. `request_timeout` is in seconds."""

    base_url: str
    base_url_source: Source | None
    credential: Credential
    request_timeout: float
    max_retries: int
    user_agent: str
    network_id: int | None


class Session:
    """What the calls of one run share. Threads share it.

    Args:
        settings: what the client is made of; None if there is none to be made.
        unknown: the provider's arguments that are not known yet.
        stop: set once Terraform asks to stop.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        unknown: tuple[str, ...] = (),
        stop: threading.Event | None = None,
    ) -> None:
        self.ledger = RunLedger()
        self._settings = settings
        self._unknown = unknown
        self._stop = stop or threading.Event()
        self._lock = threading.Lock()
        self._connected: tuple[Client, Registrations, Pages, Mailboxes] | None = None

    def client(self) -> Client:
        """Return the one client of this run, made when it is first needed.

        Raises `ProviderNotReady` while an argument of the provider is not known yet.
        """
        return self._connect()[0]

    @property
    def registrations(self) -> Registrations:
        """The lookups of this run. Raises `ProviderNotReady`."""
        return self._connect()[1]

    @property
    def pages(self) -> Pages:
        """What this run has read of ECGrid in lists; the client's writes end them. Raises `ProviderNotReady`."""
        return self._connect()[2]

    @property
    def mailboxes(self) -> Mailboxes:
        """The mailboxes of this run's credential. Raises `ProviderNotReady`."""
        return self._connect()[3]

    def _connect(self) -> tuple[Client, Registrations, Pages, Mailboxes]:
        settings = self._settings
        if settings is None:
            raise ProviderNotReady(self._unknown)
        with self._lock:
            if self._connected is None:
                # Late: httpx and pydantic take 110 ms, and half of the processes that Terraform starts need neither.
                from pydantic import SecretStr

                from terraform_provider_ecgrid.api.client import AccessToken, ApiKey, Client
                from terraform_provider_ecgrid.api.mailboxes import Mailboxes
                from terraform_provider_ecgrid.api.registrations import Registrations
                from terraform_provider_ecgrid.callback.pages import Pages

                secret, source, is_key = settings.credential
                value, pages = SecretStr(secret.get_secret_value()), Pages()
                client = Client(
                    settings.base_url,
                    ApiKey(value, source) if is_key else AccessToken(value, source),
                    request_timeout=settings.request_timeout,
                    max_retries=settings.max_retries,
                    user_agent=settings.user_agent,
                    stop=self._stop,
                    on_write=pages.end,
                    base_url_source=settings.base_url_source,
                )
                self._connected = client, Registrations(client, settings.network_id), pages, Mailboxes(client)
            return self._connected


def session_of(diags: Diagnostics, config: Config, stop: threading.Event) -> Session:
    """Begin a run with the provider's arguments, and the environment for those that are null. No request is made."""
    unknown = tuple(name for name, value in config.items() if value is Unknown)
    return Session(None if diags.has_errors() else _settings(diags, config, unknown), unknown, stop)


def is_set(value: Any) -> TypeGuard[Any]:
    """Say whether an argument of the provider is known and not null. An empty credential counts as null."""
    if value is None or value is Unknown:
        return False
    return bool(value.get_secret_value()) if hasattr(value, "get_secret_value") else True


def refuse_unsendable(diags: Diagnostics, credential: Credential) -> None:
    """Add an error if no header can carry a credential."""
    text, source = credential.secret.get_secret_value(), credential.source
    problem = problem_with_credential(text)
    if problem is None:
        return
    name = "API key" if credential.is_key else "access token"
    subject = f"The environment variable {source.name}" if source.is_variable else source.short
    fix = f"Correct the value where it is stored. You do not need a new {name}."
    blank = not text.strip()
    if blank:
        instead = "unset it" if source.is_variable else "remove it to use the environment"
        fix = f"Set it to a valid {name}, or {instead}."
    diags.add_error(
        f"Invalid {name}",
        f"{subject} {problem}. {fix}",
        # Terraform quotes the line that a path leads to, and a literal with it.
        path=[source.name] if blank and not source.is_variable else None,
    )


def _settings(diags: Diagnostics, config: Config, unknown: tuple[str, ...]) -> Settings | None:
    credential = next(_credentials(config), None)
    comes_later = not {"api_key", "access_token"}.isdisjoint(unknown)
    if credential is not None:
        conceal(credential.secret)
        if not comes_later:
            # Only the environment's value is still unchecked here.
            refuse_unsendable(diags, credential)
    elif not comes_later:
        diags.add_error(
            "No credential",
            "ECGrid needs an API key or an access token. Set `api_key` or `access_token` in the provider block, or "
            "the environment variable ECGRID_API_KEY or ECGRID_ACCESS_TOKEN. An empty value counts as unset.",
        )
    if credential is None or unknown or diags.has_errors():
        return None
    base_url, base_url_source = _base_url(config)
    if problem := problem_with_base_url(base_url):
        # Only the environment's value is still unchecked here.
        diags.add_error("Invalid base URL", f"{problem} The value comes from the environment variable ECGRID_BASE_URL.")
        return None
    network_id = config.get("network_id")
    if network_id is None and (text := os.environ.get("ECGRID_NETWORK_ID", "").strip()):
        network_id = int(text) if re.fullmatch(r"[0-9]{1,10}", text) else 0
        if not 1 <= network_id <= MAX_ID:
            diags.add_error(
                "Invalid network_id",
                f'`network_id` must be a whole number from 1 to {MAX_ID}, not "{fit_to_show(text)[:_MOST_QUOTED]}". '
                "The value comes from the environment variable ECGRID_NETWORK_ID.",
            )
            return None
    timeout, retries = config.get("request_timeout"), config.get("max_retries")
    appended = os.environ.get("TF_APPEND_USER_AGENT", "").strip()
    return Settings(
        base_url=base_url,
        base_url_source=base_url_source,
        credential=credential,
        request_timeout=float(DEFAULT_TIMEOUT if timeout is None else timeout),
        max_retries=int(DEFAULT_RETRIES if retries is None else retries),
        network_id=None if network_id is None else int(network_id),
        user_agent=f"terraform-provider-ecgrid/{__version__} {appended}".strip(),
    )


class _Held:
    """A secret of the environment until the client is made, when `pydantic.SecretStr` takes it over."""

    def __init__(self, text: str) -> None:
        self._text = text

    def get_secret_value(self) -> str:
        """Return the secret as it is."""
        return self._text


def _base_url(config: Config) -> tuple[str, Source | None]:
    """Return the base URL and where it was taken from; None for the default."""
    if configured := config.get("base_url"):
        return without_space_around(configured), Source("base_url", is_variable=False)
    if inherited := without_space_around(os.environ.get("ECGRID_BASE_URL", "")):
        return inherited, Source("ECGRID_BASE_URL", is_variable=True)
    return DEFAULT_BASE_URL, None


def configured_credentials(config: Config) -> Iterator[Credential]:
    """Yield those of the provider block, which beat those of the environment."""
    for argument, is_key in (("api_key", True), ("access_token", False)):
        if is_set(secret := config.get(argument)):
            yield Credential(secret, Source(argument, is_variable=False), is_key)


def _credentials(config: Config) -> Iterator[Credential]:
    """Yield those that there are, the one to use first. In the environment the API key beats the token."""
    yield from configured_credentials(config)
    for variable, is_key in (("ECGRID_API_KEY", True), ("ECGRID_ACCESS_TOKEN", False)):
        if text := os.environ.get(variable):
            yield Credential(_Held(text), Source(variable, is_variable=True), is_key)
