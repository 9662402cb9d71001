"""The mailboxes that one credential sees: every page of their list."""

from __future__ import annotations

from dataclasses import dataclass

from terraform_provider_ecgrid.api._paging import is_complete, iter_pages
from terraform_provider_ecgrid.api.account import Mailbox
from terraform_provider_ecgrid.api.client import Client


@dataclass(frozen=True)
class MailboxListing:
    """What the list shows.

    Attributes:
        mailboxes: one per id, in the order of their ids.
        complete: whether every page was answered, and every entry could be read.
    """

    mailboxes: list[Mailbox]
    complete: bool


def list_mailboxes(client: Client, *, network_id: int | None = None, status: str | None = None) -> MailboxListing:
    """Return all mailboxes that match.

    Args:
        network_id: only mailboxes of this network; None is every one that the credential sees.
        status: a value of `Status`.

    Raises:
        EcgridError: a page was not answered.
    """
    pages = list(
        iter_pages(
            lambda page_no, size: client.list_mailboxes(
                network_id=network_id, status=status, page_no=page_no, records_per_page=size
            ),
            short_page_ends=False,
        )
    )
    by_id = {one.mailbox_id: one for page in pages for one in page.mailboxes}
    # An API that does not know a filter would list the rest as well.
    matching = [
        one
        for one in by_id.values()
        if network_id in (None, one.network_id or network_id) and status in (None, one.status or status)
    ]
    return MailboxListing(sorted(matching, key=lambda one: one.mailbox_id), is_complete(pages))
