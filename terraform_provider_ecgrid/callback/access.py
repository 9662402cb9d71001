"""What a resource needs of the provider: the one API client, and what this process has seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    # The client brings httpx and pydantic along, which half of the processes that Terraform starts never need.
    from terraform_provider_ecgrid.api.client import Client
    from terraform_provider_ecgrid.callback.pages import Sweep
    from terraform_provider_ecgrid.callback.run_ledger import RunLedger
    from terraform_provider_ecgrid.callback.shared_listing import SharedListing


class Access(Protocol):
    """The provider, as resources see it."""

    @property
    def ledger(self) -> RunLedger:
        """What this process has seen of the callbacks that Terraform manages."""

    @property
    def shared_listing(self) -> SharedListing:
        """The one queue-list of this process that is good for what cannot change."""

    @property
    def sweep(self) -> Sweep:
        """What this process has read of the managed callbacks in pages. The client's writes end it."""

    def client(self) -> Client:
        """Return the one client of this process. Raises `ProviderNotReady` while an argument is not known yet."""
