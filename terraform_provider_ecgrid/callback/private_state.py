"""What the provider remembers of a callback beside its state: Terraform's private state, as one small versioned model.

No secret is ever in it. It does hold the callback's URL, path and query included, as the state itself does.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal, Protocol

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from terraform_provider_ecgrid.callback.urls import is_same_endpoint
from terraform_provider_ecgrid.callback.values import whole

if TYPE_CHECKING:
    from terraform_provider_ecgrid.api.models import QueueEntry
    from terraform_provider_ecgrid.plugin.authoring import State


# A delivery that was queued longer after a change than this shows the callback as the change left it.
_CLOCKS_DIFFER = timedelta(minutes=5)
_NEVER = datetime.min.replace(tzinfo=UTC)


class Replaced(BaseModel):
    """What a planned replacement is about to destroy, for the second of the two plans that Terraform makes of it."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True, frozen=True)

    # Whatever a state holds, however odd, can be noted: a plan must not fail for it.
    callback_id: int
    on_destroy: str | None = None
    mailbox_id: int | None = None
    network_id: int | None = None


class _Keeper(Protocol):
    """A context of a call, as far as it keeps private state."""

    private: bytes


class PrivateState(BaseModel):
    """One callback's private state.

    `origin` is how Terraform came to manage it. `shown` says that a lookup has shown it at least once,
    `lists_deliveries` that this API was seen to list deliveries in the place of registrations. `outdated_until`
    is when the latest delivery was queued that ECGrid listed right after the last change, `unlearned` when a change was
    made after which ECGrid is still to be asked for that. `url_sent` and `url_answered`
    are the URL of the last request that carried one and what ECGrid made of it. `http_auth_configured` says that the
    configuration last applied had an `http_auth_type`. `replaced` is set between the two plans of a replacement only.
    """

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    version: Literal[1] = 1
    origin: Literal["registered", "taken_over", "imported"] | None = None
    shown: bool = False
    lists_deliveries: bool = False
    outdated_until: AwareDatetime | None = None
    unlearned: AwareDatetime | None = None
    url_sent: str | None = None
    url_answered: str | None = None
    http_auth_configured: bool = False
    replaced: Replaced | None = None

    @classmethod
    @contextmanager
    def of(cls, ctx: _Keeper) -> Iterator[PrivateState]:
        """Load what a context keeps, and save it at the end if it changed, whether or not the block succeeded."""
        private = cls.load(ctx.private)
        before = private.dump()
        try:
            yield private
        finally:
            if (after := private.dump()) != before:
                ctx.private = after

    @classmethod
    def load(cls, private: bytes) -> PrivateState:
        """Read private state. What cannot be read (another version's, or none) is forgotten, which is always safe."""
        if not private:
            return cls()
        try:
            return cls.model_validate_json(private)
        except ValidationError:
            return cls()

    def dump(self) -> bytes:
        """Write private state, as short as it can be: Terraform copies the whole state at each step of an apply."""
        told = self.model_dump(mode="json", exclude_defaults=True)
        return json.dumps({"version": self.version, **told}, ensure_ascii=False, separators=(",", ":")).encode()

    def note_url(self, sent: str, answered: str | None) -> None:
        """Remember what ECGrid made of a URL that was sent; None if the answer has none."""
        self.url_sent, self.url_answered = (None, None) if sent == answered else (sent, answered)
        if answered is None:
            self.unlearned = datetime.now(UTC)

    def note_replaced(self, callback_id: int, prior: State) -> None:
        """Remember the callback that a replacement would destroy, as the state holds it."""
        self.replaced = Replaced(
            callback_id=callback_id,
            on_destroy=prior["on_destroy"],
            mailbox_id=whole(prior["mailbox_id"]),
            network_id=whole(prior["network_id"]),
        )

    def as_configured(self, url: str) -> str:
        """Return the URL that was sent if `url` is what ECGrid made of it, else `url` itself."""
        return self.url_sent if self.url_sent is not None and url == self.url_answered else url

    def learn_from(self, entry: QueueEntry) -> None:
        """Take what a lookup shows right after a change, which is how ECGrid shows it from now on."""
        changed, self.unlearned = self.unlearned, None
        if entry.is_delivery:
            if entry.queued_at is None:
                # It proves nothing, and no other one without a date would.
                self.outdated_until = self.outdated_until or _NEVER
            elif changed is None or entry.queued_at <= changed + _CLOCKS_DIFFER:
                self.outdated_until = entry.queued_at
        elif self.url_answered is None and self.url_sent and is_same_endpoint(entry.url, self.url_sent):
            self.url_answered = entry.url

    def is_outdated(self, entry: QueueEntry) -> bool:
        """Say whether an entry is a delivery from before the last change, which shows the callback as it was then."""
        return (
            entry.is_delivery
            and self.outdated_until is not None
            and (entry.queued_at is None or entry.queued_at <= self.outdated_until)
        )
