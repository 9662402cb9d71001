"""What the rooms around callbacks need of a run: the same as a callback's, and the mailboxes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from terraform_provider_ecgrid.callback.access import Access as CallbackAccess

if TYPE_CHECKING:
    from terraform_provider_ecgrid.api.mailboxes import Mailboxes


class Access(CallbackAccess, Protocol):
    """A run's way to ECGrid."""

    @property
    def mailboxes(self) -> Mailboxes:
        """The mailboxes of this run's credential. Raises `ProviderNotReady` as `client` does."""


class Provider(Protocol):
    """The provider, as the faces see it."""

    @property
    def session(self) -> Access:
        """The run that the provider is configured for."""
