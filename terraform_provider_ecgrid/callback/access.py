"""What the callback's rooms need of a run: the one client, and what the run has seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from terraform_provider_ecgrid.api.client import Client
    from terraform_provider_ecgrid.api.registrations import Registrations
    from terraform_provider_ecgrid.callback.pages import Pages
    from terraform_provider_ecgrid.callback.run_ledger import RunLedger


class Access(Protocol):
    """A run's way to ECGrid."""

    @property
    def ledger(self) -> RunLedger:
        """What this run has seen of the callbacks that Terraform manages."""

    @property
    def pages(self) -> Pages:
        """What this run has read of ECGrid in pages. Raises `ProviderNotReady` as `client` does."""

    @property
    def registrations(self) -> Registrations:
        """The lookups of this run. Raises `ProviderNotReady` as `client` does."""

    def client(self) -> Client:
        """Return the one client of this run. Raises `ProviderNotReady` while an argument is not known yet."""


class Provider(Protocol):
    """The provider, as the faces see it."""

    @property
    def session(self) -> Access:
        """The run that the provider is configured for."""
