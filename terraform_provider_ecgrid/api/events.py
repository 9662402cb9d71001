"""What ECGrid delivered, or tried to deliver, by model Q: every page of event-list."""

from __future__ import annotations

from dataclasses import dataclass

from terraform_provider_ecgrid.api._lenient import EARLIEST, moment
from terraform_provider_ecgrid.api._paging import is_complete, iter_pages
from terraform_provider_ecgrid.api.client import Client
from terraform_provider_ecgrid.api.models import Event


@dataclass(frozen=True)
class EventListing:
    """What event-list shows.

    Attributes:
        events: one per id, newest first.
        complete: whether every page was answered, and every entry could be read.
    """

    events: list[Event]
    complete: bool


def list_events(
    client: Client,
    *,
    mailbox_id: int | None = None,
    event: str | None = None,
    begin_date: str | None = None,
    end_date: str | None = None,
) -> EventListing:
    """Return all events that match.

    Args:
        mailbox_id: only events of this mailbox.
        event: a value of `Objects`.
        begin_date, end_date: ISO 8601.

    Raises:
        EcgridError: a page was not answered.
    """
    pages = list(
        iter_pages(
            lambda page_no, size: client.list_deliveries(
                mailbox_id=mailbox_id,
                event=event,
                begin_date=begin_date,
                end_date=end_date,
                page_no=page_no,
                records_per_page=size,
            )
        )
    )
    by_id = {one.callback_event_id: one for page in pages for one in page.events}
    newest_first = sorted(
        by_id.values(), key=lambda one: (moment(one.created) or EARLIEST, one.callback_event_id), reverse=True
    )
    return EventListing(newest_first, is_complete(pages))
