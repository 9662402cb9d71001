"""What the data sources and `terraform query` ask: one callback, those that match, their events."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from tf.utils import Diagnostics

from terraform_provider_ecgrid.api.errors import EcgridError, NotListedByNetwork
from terraform_provider_ecgrid.api.models import Registration
from terraform_provider_ecgrid.api.registrations import Listed as Page
from terraform_provider_ecgrid.callback import events
from terraform_provider_ecgrid.callback.filters import DEFAULT_LIMIT
from terraform_provider_ecgrid.callback.find import Found, find_with_scope
from terraform_provider_ecgrid.callback.generated_config import unusable
from terraform_provider_ecgrid.callback.messages import read as messages
from terraform_provider_ecgrid.callback.shown import CALLBACK_ATTRIBUTES, values_of
from terraform_provider_ecgrid.callback.state import imported
from terraform_provider_ecgrid.callback.urls import origin_of
from terraform_provider_ecgrid.callback.values import whole
from terraform_provider_ecgrid.plugin.authoring import Config, ListContext, Listed, ReadDataContext, State

if TYPE_CHECKING:
    from terraform_provider_ecgrid.callback.access import Access

_Answer = TypeVar("_Answer")


def read_one(access: Access, ctx: ReadDataContext, config: Config) -> State | None:
    """Read one callback, and its mailbox, which model Q shows in the queue-list alone."""
    callback_id = int(config["callback_id"])
    what = f"Callback {callback_id}"
    found = answer_or_error(access, ctx.diagnostics, what, partial(_find, access, callback_id))
    if found is None:
        return None
    if found.hidden_by is not None:
        messages.error_no_answer(ctx.diagnostics, access.ledger, what, found.hidden_by)
        return None
    if found.registration is None:
        messages.error_not_shown(ctx.diagnostics, callback_id)
        return None
    return {"id": str(callback_id)} | values_of(found.registration, CALLBACK_ATTRIBUTES)


def read_all(access: Access, ctx: ReadDataContext, config: Config) -> State | None:
    """Read all pages of the callbacks that match."""
    pages = answer_or_error(access, ctx.diagnostics, "The list of callbacks", lambda: list(_listed(access, config)))
    if pages is None:
        return None
    by_id = {one.callback_id: one for page in pages for one in page.registrations}
    if any(page.unreadable for page in pages):
        messages.warn_callbacks_incomplete(ctx.diagnostics, len(by_id))
    shown = [by_id[callback_id] for callback_id in sorted(by_id)]
    matching = [values_of(one, CALLBACK_ATTRIBUTES) for one in shown if config["event"] in (None, one.event)]
    return dict(config) | {"callbacks": matching}


def read_events(access: Access, ctx: ReadDataContext, config: Config) -> State | None:
    """Return the newest events that match, up to the limit."""
    limit = DEFAULT_LIMIT if config["limit"] is None else int(config["limit"])
    read = answer_or_error(access, ctx.diagnostics, "The list of events", partial(events.read, access, config, limit))
    if read is None:
        return None
    if read.needs_callback_id:
        messages.error_events_of_one_callback(ctx.diagnostics)
        return None
    if not read.complete:
        messages.warn_events_incomplete(ctx.diagnostics, len(read.values))
    if len(read.values) > limit and config["limit"] is None:
        messages.warn_more_events(ctx.diagnostics, len(read.values), limit)
    return dict(config) | {"events": read.values[:limit]}


def list_callbacks(access: Access, ctx: ListContext, config: Config) -> Iterator[Listed]:
    """Yield each callback once, ready to be imported, asking for a page when the one before is used up."""
    listed = 0
    try:
        for registration in _matching(access, ctx, config):
            listed += 1
            state = imported(registration.callback_id, registration)
            if ctx.include_resource and (problems := unusable(state)):
                # Asked for where configuration is generated, and Terraform shows no warning of that call itself.
                messages.warn_left_out(ctx.diagnostics, registration.callback_id, problems.values())
            yield Listed({"callback_id": registration.callback_id}, _name_of(registration), state)
    except NotListedByNetwork:
        messages.error_not_by_network(ctx.diagnostics)
    except EcgridError as error:
        messages.error_list_ended(ctx.diagnostics, access.ledger, listed, error)


def _matching(access: Access, ctx: ListContext, config: Config) -> Iterator[Registration]:
    for page in _listed(access, config):
        yield from (one for one in page.registrations if config["event"] in (None, one.event))
        if not ctx.wanted():
            return


def _listed(access: Access, config: Config) -> Iterator[Page]:
    return access.registrations.iter_listed(
        mailbox_id=whole(config["mailbox_id"]), network_id=whole(config["network_id"]), status=config["status"]
    )


def _find(access: Access, callback_id: int) -> Found:
    return find_with_scope(access.registrations, callback_id)[0]


def answer_or_error(access: Access, diags: Diagnostics, what: str, ask: Callable[[], _Answer]) -> _Answer | None:
    """Put a question to ECGrid; None and an error if it cannot be answered. `what` is a noun phrase."""
    try:
        return ask()
    except NotListedByNetwork:
        messages.error_not_by_network(diags)
    except EcgridError as error:
        messages.error_no_answer(diags, access.ledger, what, error)
    return None


def _name_of(registration: Registration) -> str:
    where = f" at {origin_of(registration.url)}" if registration.url else ""
    return f"{registration.callback_id} {registration.event or 'unknown event'}{where}"
