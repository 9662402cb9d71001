"""What the provider remembers of a callback beside its state: Terraform's private state, as one small versioned model.

No secret is ever in it. It does hold the callback's URL, path and query included, as the state itself does.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

if TYPE_CHECKING:
    from terraform_provider_ecgrid.api.models import QueueEntry


class Replaced(BaseModel):
    """What a planned replacement is about to destroy, for the second of the two plans that Terraform makes of it."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True, frozen=True)

    callback_id: int
    on_destroy: str | None = None
    mailbox_id: int | None = None
    network_id: int | None = None


class Memory(BaseModel):
    """One callback's private state.

    `origin` is how Terraform came to manage it. `shown` says that a lookup has shown it at least once,
    `lists_deliveries` that this API was seen to list deliveries in the place of registrations. `outdated_until`
    is when the latest delivery was queued that ECGrid listed right after the last change. `url_sent` and `url_answered`
    are the URL of the last request that carried one and what ECGrid made of it. `http_auth_configured` says that the
    configuration last applied had an `http_auth_type`. `replaced` is set between the two plans of a replacement only.
    """

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    version: Literal[1] = 1
    origin: Literal["registered", "taken_over", "imported"] | None = None
    shown: bool = False
    lists_deliveries: bool = False
    outdated_until: datetime | None = None
    url_sent: str | None = None
    url_answered: str | None = None
    http_auth_configured: bool = False
    replaced: Replaced | None = None

    @classmethod
    def load(cls, private: bytes) -> Memory:
        """Read private state. What cannot be read (another version's, or none) is forgotten, which is always safe."""
        if not private:
            return cls()
        try:
            return cls.model_validate_json(private)
        except ValidationError:
            return cls()

    def dump(self) -> bytes:
        """Write private state."""
        return self.model_dump_json(exclude_none=True).encode()

    def note_url(self, sent: str, answered: str | None) -> None:
        """Remember what ECGrid made of a URL that was sent; an answer without one took it as it was."""
        self.url_sent = sent
        self.url_answered = answered or sent

    def as_configured(self, url: str) -> str:
        """Return the URL that was sent where `url` is what ECGrid made of it, else `url` itself."""
        return self.url_sent if self.url_sent is not None and url == self.url_answered else url

    def is_outdated(self, entry: QueueEntry) -> bool:
        """Say whether an entry is a delivery from before the last change, which shows the callback as it was then."""
        return (
            entry.is_delivery
            and self.outdated_until is not None
            and entry.queued_at is not None
            and entry.queued_at <= self.outdated_until
        )
