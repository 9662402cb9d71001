"""The mailboxes that one credential sees: every page of their list."""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from terraform_provider_ecgrid.api._paging import is_complete, iter_pages
from terraform_provider_ecgrid.api.account import Mailbox, MailboxPage
from terraform_provider_ecgrid.api.client import Client


@dataclass(frozen=True)
class MailboxListing:
    """What the list shows.

    Attributes:
        mailboxes: those that match, one per id, in the order of their ids.
        read: how many could be read.
        complete: whether every page was answered, and every entry could be read.
    """

    mailboxes: Sequence[Mailbox]
    read: int
    complete: bool


class Mailboxes:
    """The mailboxes that one credential sees. Threads may share it."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._lock = threading.Lock()
        self._kept: dict[int | None, MailboxListing] = {}

    def matching(self, *, network_id: int | None = None, status: str | None = None) -> MailboxListing:
        """List all mailboxes that match.

        Args:
            network_id: only mailboxes of this network; None is every one that the credential sees.
            status: a value of `Status`.

        Raises:
            EcgridError: a page was not answered.
        """
        pages = list(
            iter_pages(
                lambda page_no, size: self._client.list_mailboxes(
                    network_id=network_id, status=status, page_no=page_no, records_per_page=size
                ),
                short_page_ends=False,
            )
        )
        return _listing(pages, network_id, status)

    def named(self, name: str, network_id: int | None = None) -> MailboxListing:
        """List the mailboxes whose name, unique id or company name is `name`, without case.

        A configuration asks for many names, so they share one list. It is read again for a name that it lacks.

        Args:
            name: not empty.
            network_id: as in `matching`.

        Raises:
            EcgridError: a page was not answered.
        """
        with self._lock:
            kept = self._kept.get(network_id)
            found = _named(name, kept.mailboxes) if kept else []
            if kept is None or not found:
                kept = self._kept[network_id] = self.matching(network_id=network_id)
                found = _named(name, kept.mailboxes)
        return MailboxListing(found, kept.read, kept.complete)


def _named(name: str, mailboxes: Iterable[Mailbox]) -> list[Mailbox]:
    return [mailbox for mailbox in mailboxes if name.casefold() in mailbox.names]


def _listing(pages: Sequence[MailboxPage], network_id: int | None, status: str | None) -> MailboxListing:
    by_id = {one.mailbox_id: one for page in pages for one in page.mailboxes}
    # An API that does not know a filter would list the rest as well.
    matching = [
        by_id[number]
        for number in sorted(by_id)
        if network_id in (None, by_id[number].network_id or network_id)
        and status in (None, by_id[number].status or status)
    ]
    return MailboxListing(matching, len(by_id), is_complete(pages))
