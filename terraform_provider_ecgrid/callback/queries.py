"""What the data sources and `terraform query` ask: one callback, those that match, their events."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from tf.utils import Diagnostics

from terraform_provider_ecgrid.api.errors import EcgridError
from terraform_provider_ecgrid.api.events import list_events
from terraform_provider_ecgrid.api.registrations import iter_pages, list_all, merge_each
from terraform_provider_ecgrid.callback.filters import DEFAULT_LIMIT
from terraform_provider_ecgrid.callback.find import find_with_mailbox
from terraform_provider_ecgrid.callback.generated_config import unusable
from terraform_provider_ecgrid.callback.messages import read as messages
from terraform_provider_ecgrid.callback.shown import CALLBACK_ATTRIBUTES, EVENT_ATTRIBUTES, values_of
from terraform_provider_ecgrid.callback.state import imported
from terraform_provider_ecgrid.callback.urls import origin_of
from terraform_provider_ecgrid.callback.validators import instant_of
from terraform_provider_ecgrid.plugin.authoring import Config, ListContext, Listed, ReadDataContext, State

if TYPE_CHECKING:
    from terraform_provider_ecgrid.api.client import Client
    from terraform_provider_ecgrid.api.models import QueueEntry
    from terraform_provider_ecgrid.callback.access import Access

_Answer = TypeVar("_Answer")


def read_one(access: Access, ctx: ReadDataContext, config: Config) -> State | None:
    """Read one callback, its mailbox from the queue-list."""
    callback_id = int(config["callback_id"])
    ask = partial(find_with_mailbox, callback_id=callback_id)
    sighting = _answer(access, ctx.diagnostics, f"Callback {callback_id}", ask)
    if sighting is None:
        return None
    if sighting.entry is None:
        messages.error_not_shown(ctx.diagnostics, callback_id)
        return None
    return {"id": str(callback_id)} | values_of(sighting.entry, CALLBACK_ATTRIBUTES)


def read_all(access: Access, ctx: ReadDataContext, config: Config) -> State | None:
    """Read all pages of the callbacks that match."""
    ask = partial(list_all, mailbox_id=_whole(config["mailbox_id"]), status=config["status"])
    listing = _answer(access, ctx.diagnostics, "The list of callbacks", ask)
    if listing is None:
        return None
    if not listing.complete:
        messages.warn_callbacks_incomplete(ctx.diagnostics, len(listing.entries))
    entries = [entry for entry in listing.entries.values() if config["event"] in (None, entry.event)]
    return dict(config) | {"callbacks": [values_of(entry, CALLBACK_ATTRIBUTES) for entry in entries]}


def read_events(access: Access, ctx: ReadDataContext, config: Config) -> State | None:
    """Read all pages of the events, filter by callback, and return the newest up to the limit."""
    ask = partial(
        list_events,
        mailbox_id=_whole(config["mailbox_id"]),
        event=config["event"],
        begin_date=_utc(config["begin_date"]),
        end_date=_utc(config["end_date"]),
    )
    listing = _answer(access, ctx.diagnostics, "The list of events", ask)
    if listing is None:
        return None
    events = [event for event in listing.events if config["callback_id"] in (None, event.callback_id)]
    if not listing.complete:
        messages.warn_events_incomplete(ctx.diagnostics, len(events))
    limit = DEFAULT_LIMIT if config["limit"] is None else int(config["limit"])
    if len(events) > limit:
        configured = config["limit"] is not None
        messages.warn_more_events(ctx.diagnostics, len(events), limit, configured=configured)
    return dict(config) | {"events": [values_of(event, EVENT_ATTRIBUTES) for event in events[:limit]]}


def list_callbacks(access: Access, ctx: ListContext, config: Config) -> Iterator[Listed]:
    """Yield each callback once, ready to be imported, asking for a page when the one before is used up."""
    listed = 0
    try:
        for entry in _entries(access, ctx, config):
            listed += 1
            state = imported(entry.callback_id, entry)
            if ctx.include_resource and (problems := unusable(state)):
                # Asked for where configuration is generated, and Terraform shows no warning of that call itself.
                messages.warn_left_out(ctx.diagnostics, entry.callback_id, problems.values())
            yield Listed({"callback_id": entry.callback_id}, _name_of(entry), state)
    except EcgridError as error:
        messages.error_list_ended(ctx.diagnostics, listed, error)


def _entries(access: Access, ctx: ListContext, config: Config) -> Iterator[QueueEntry]:
    seen: set[int] = set()
    for page in iter_pages(access.client(), mailbox_id=_whole(config["mailbox_id"]), status=config["status"]):
        fresh = [entry for entry in merge_each(page.entries) if entry.callback_id not in seen]
        seen.update(entry.callback_id for entry in fresh)
        yield from (entry for entry in fresh if config["event"] in (None, entry.event))
        if not ctx.wanted():
            return


def _answer(access: Access, diags: Diagnostics, what: str, ask: Callable[[Client], _Answer]) -> _Answer | None:
    """Put a question to ECGrid; None and an error if it cannot be answered. `what` is a noun phrase."""
    try:
        return ask(access.client())
    except EcgridError as error:
        messages.error_no_answer(diags, what, error)
        return None


def _name_of(entry: QueueEntry) -> str:
    where = f" at {origin_of(entry.url)}" if entry.url else ""
    return f"{entry.callback_id} {entry.event or 'unknown event'}{where}"


def _whole(number: float | None) -> int | None:
    return None if number is None else int(number)


def _utc(text: str | None) -> str | None:
    instant = instant_of(text) if text is not None else None
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z") if instant else None
