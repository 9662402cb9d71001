"""What a resource needs of the provider: the one API client, and what this process has seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    # The client brings httpx and pydantic along, which half of the processes that Terraform starts never need.
    from terraform_provider_ecgrid.api.client import Client
    from terraform_provider_ecgrid.callback.pages import Sweep
    from terraform_provider_ecgrid.callback.run_ledger import Journal
    from terraform_provider_ecgrid.callback.shared_listing import SharedListing


class Access(Protocol):
    """The provider, as resources see it."""

    @property
    def journal(self) -> Journal:
        """What this process has seen of the callbacks that Terraform manages."""

    @property
    def shared_listing(self) -> SharedListing:
        """The one queue-list of this process that is good for what cannot change."""

    @property
    def sweep(self) -> Sweep:
        """What this process has read of the managed callbacks in pages. The client's writes end it."""

    def client(self) -> Client:
        """Return the one client of this process. Raises `ProviderNotReadyError`."""


class ProviderNotReadyError(Exception):
    """The provider block holds arguments that are not known yet, so no request can be made.

    `arguments` are their names.
    """

    def __init__(self, arguments: tuple[str, ...]) -> None:
        super().__init__("provider arguments are not known yet")
        self.arguments = arguments

    @property
    def sentence(self) -> str:
        """Says which arguments are missing and what to do."""
        names = " and ".join(f"`{name}`" for name in self.arguments)
        return (
            f"The provider's {names} will be known only after other resources were applied. "
            "Apply those first (`terraform apply -target=...`), or give the provider a value that is known at plan."
        )
