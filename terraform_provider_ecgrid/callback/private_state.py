"""What the provider remembers of a callback beside its state: Terraform's private state, as one small versioned model.

No secret is ever in it. It does hold the callback's URL, path and query included, as the state itself does.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from terraform_provider_ecgrid.api.enums import MAX_ID, LookupModel
from terraform_provider_ecgrid.api.hidden_urls import HIDDEN_URLS
from terraform_provider_ecgrid.callback.schema import STOPPING, OnDestroy, default_on_destroy
from terraform_provider_ecgrid.callback.urls import is_same_endpoint
from terraform_provider_ecgrid.callback.values import whole

if TYPE_CHECKING:
    from terraform_provider_ecgrid.api.models import Registration
    from terraform_provider_ecgrid.callback.state import Differences
    from terraform_provider_ecgrid.plugin.authoring import State


_Scope = Annotated[int, Field(ge=0, le=MAX_ID)]


class Replaced(BaseModel):
    """What a planned replacement is about to destroy, for the second of the two plans that Terraform makes of it."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True, frozen=True, defer_build=True)

    # Whatever a state holds, however odd, can be noted: a plan must not fail for it.
    callback_id: int
    on_destroy: str | None = None
    mailbox_id: int | None = None
    network_id: int | None = None


class Denied(BaseModel):
    """What ECGrid answered in place of what was sent."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True, frozen=True, defer_build=True)

    url: str | None = None
    event: str | None = None
    status: str | None = None
    http_auth_type: str | None = None


class _Keeper(Protocol):
    """A context of a call, as far as it keeps private state."""

    private: bytes


class PrivateState(BaseModel):
    """One callback's private state.

    `origin` is how Terraform came to manage it. `shown_by` is the model whose lookup has shown it last, and `scope` the
    network and the mailbox that model E showed. `deliveries_seen` says that model Q's lookups were seen to show
    deliveries where registrations were expected, so that an absence there proves nothing. `url_sent` is the URL of the
    last request that carried one; `url_answered` and `url_shown` are the spellings of it that ECGrid answered and that
    a lookup showed afterwards; `url_unseen` says that no lookup has shown that URL yet. `denied` is what ECGrid
    answered in place of what a create or a take-over sent, until a refresh puts it into the state. `replaced` is set
    between the two plans of a replacement only, and `url_before`, the URL that a take-over will replace, between plan
    and apply.
    """

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True, defer_build=True)

    version: Literal[1] = 1
    origin: Literal["registered", "taken_over", "imported"] | None = None
    shown_by: LookupModel | None = None
    scope: tuple[_Scope, _Scope] | None = None
    deliveries_seen: bool = False
    url_sent: str | None = None
    url_answered: str | None = None
    url_shown: str | None = None
    url_unseen: bool = False
    denied: Denied | None = None
    replaced: Replaced | None = None
    url_before: str | None = None

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
            loaded = cls.model_validate_json(private)
        except ValidationError:
            return cls()
        urls = (loaded.url_sent, loaded.url_answered, loaded.url_shown, loaded.url_before)
        for url in filter(None, (*urls, (loaded.denied or Denied()).url)):
            HIDDEN_URLS.add(url)
        return loaded

    def dump(self) -> bytes:
        """Write private state, as short as it can be: Terraform copies the whole state at each step of an apply."""
        told = self.model_dump(mode="json", exclude_defaults=True)
        return json.dumps({"version": self.version, **told}, separators=(",", ":")).encode()

    def spellings_of(self, url: str | None) -> frozenset[str]:
        """Return how ECGrid spells a URL, as far as that is known: `url` itself, and what it made of it."""
        others = (self.url_answered, self.url_shown) if url is not None and url == self.url_sent else ()
        return frozenset(one for one in (url, *others) if one is not None)

    def note_url(self, sent: str, answered: str | None) -> None:
        """Remember what ECGrid made of a URL that was sent; None if the answer has none."""
        self.url_sent, self.url_answered = (None, None) if sent == answered else (sent, answered)
        self.url_shown, self.url_unseen = None, True

    def note_shown_url(self, sent: str | None, shown: str | None) -> None:
        """Remember how the first lookup that shows a URL which was sent spells it: another spelling is a change."""
        if sent is None or not self.url_unseen or not is_same_endpoint(shown, sent):
            return
        self.url_unseen = False
        if shown not in (sent, self.url_answered):
            self.url_sent, self.url_shown = sent, shown

    def note_denied(self, different: Differences) -> None:
        """Remember what ECGrid answered in place of what was sent; Terraform wants the planned state all the same."""
        self.denied = Denied.model_validate({name: shown for name, (_, shown) in different.items()})

    def take_denied(self) -> State:
        """Return what a refresh has to put into the state, once."""
        denied, self.denied = self.denied, None
        return denied.model_dump(exclude_none=True) if denied else {}

    def forget_denied(self, sent: Collection[str]) -> None:
        """Forget what ECGrid answered in place of these fields, because they were sent again."""
        if self.denied is not None:
            left = self.denied.model_dump(exclude_none=True, exclude=set(sent))
            self.denied = Denied.model_validate(left) if left else None

    def note_seen(self, registration: Registration | None, model: LookupModel | None, *, deliveries: bool) -> None:
        """Remember which model's lookup shows the callback (None: none does), and whether deliveries were seen."""
        self.deliveries_seen = self.deliveries_seen or deliveries
        if registration is None or model is None:
            return
        self.shown_by = model
        if model is LookupModel.EVENT and registration.network_id is not None and registration.mailbox_id is not None:
            self.scope = registration.network_id, registration.mailbox_id

    def is_just_moved(self, state: State) -> bool:
        """Say whether a `moved` block made this state of another type's, and nothing was read since.

        The move itself cannot note it here: some Terraforms keep the private state of the other type.
        """
        return self.origin is None and all(state[name] is None for name in ("url", "event", "status"))

    def note_replaced(self, callback_id: int, prior: State) -> None:
        """Remember the callback that a replacement would destroy, as the state holds it."""
        self.replaced = Replaced(
            callback_id=callback_id,
            on_destroy=self.on_destroy_of(prior),
            mailbox_id=whole(prior["mailbox_id"]),
            network_id=whole(prior["network_id"]),
        )

    def on_destroy_of(self, state: State) -> str:
        """Return what destroying a callback does. A state that somebody edited may hold none, or a value unknown here.

        Such a value asks for none of the ways that end a callback.
        """
        on_destroy = str(state["on_destroy"] or default_on_destroy(self.origin, int(state["callback_id"])))
        return on_destroy if on_destroy in STOPPING else OnDestroy.RETAIN.value

    def as_configured(self, url: str) -> str:
        """Return the URL that was sent if `url` is what ECGrid made of it, else `url` itself."""
        return self.url_sent if self.url_sent is not None and url in (self.url_answered, self.url_shown) else url
