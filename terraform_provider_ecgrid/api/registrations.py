"""ECGrid's registrations, whichever of the vendor's two models the read calls follow.

The vendor describes its read calls in two ways (ecgrid-api, "Two models"): in model Q the queue shows registrations, in
model E an event is a registration. Which one the API follows is learned from what it answers.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial

from terraform_provider_ecgrid.api import _paging
from terraform_provider_ecgrid.api._either_model import SAYS_NOTHING_OF_THE_MODEL, Pages, pages_of_either
from terraform_provider_ecgrid.api._sightings import (
    Listed,
    Listing,
    Sighting,
    listing_of,
    registrations_among,
    shows_nothing,
    together,
)
from terraform_provider_ecgrid.api.account import User
from terraform_provider_ecgrid.api.client import Client
from terraform_provider_ecgrid.api.enums import LookupModel
from terraform_provider_ecgrid.api.errors import (
    EcgridError,
    InvalidParameter,
    NotFound,
    NotListedByNetwork,
    UnreadableAnswer,
)
from terraform_provider_ecgrid.api.models import EventRegistration, QueuePage, Registration

__all__ = ["Listed", "Listing", "LookupModel", "Registrations", "Sighting", "listing_of", "shows_nothing"]


class Registrations:
    """The registrations that one credential sees. Threads may share it.

    Args:
        client: makes the calls.
        network_id: the network to list if the API asks for one; None is the credential's own.
    """

    def __init__(self, client: Client, network_id: int | None = None) -> None:
        self._client = client
        self._network_id = network_id
        self._lock = threading.Lock()
        self._user: User | None = None
        self._model: LookupModel | None = None

    @property
    def model(self) -> LookupModel | None:
        """The model that the API was last seen to follow, None before it has shown anything."""
        return self._model

    def find(self, callback_id: int, remembered: LookupModel | None = None) -> Sighting:
        """Look for a callback by its id: by the model that the API follows, then once by the other.

        Until this run has seen which model that is, a first lookup that fails is an error only if the other one shows
        nothing.

        Args:
            callback_id: 1 to 2147483647.
            remembered: the model that showed the callback before, which counts until this run has seen another.

        Raises:
            EcgridError: see the table at the top of _sightings.py.
        """
        known = self._model
        first = known or remembered or LookupModel.QUEUE
        failed: EcgridError | None = None
        try:
            seen = self.look_up(first, callback_id)
        except EcgridError as error:
            # Until the API has shown what it follows, the call of the other model need not work.
            if known is not None or isinstance(error, SAYS_NOTHING_OF_THE_MODEL):
                raise
            failed, seen = error, Sighting()
        if seen.registration is None:
            try:
                other = self.look_up(first.other, callback_id)
            except EcgridError as error:
                if failed is None or isinstance(error, SAYS_NOTHING_OF_THE_MODEL):
                    raise
                raise failed from None
            if failed is not None and other.registration is None:
                raise failed
            seen = together(seen, other, follows_e=LookupModel.EVENT in (other.model, known or remembered))
        self._model = seen.model or self._model
        return seen

    def read_queue(self, mailbox_id: int | None, spend: Callable[[int], bool]) -> Listing | None:
        """List by model Q as long as that is worth it.

        Args:
            mailbox_id: only callbacks of this mailbox, None for all that the credential sees.
            spend: asked before each page with the number of pages that are missing by the API's own count.

        Returns:
            What the list shows; None if `spend` ended it.

        Raises:
            EcgridError: a page was not answered.
        """
        pages, got, left = self.queue_pages(mailbox_id=mailbox_id), list[QueuePage](), 1
        while left:
            if not spend(left):
                return None
            page = next(pages, None)
            if page is None:
                break
            got.append(page)
            left = 0 if any(entry.is_delivery for entry in page.entries) else _paging.pages_left(got)
        return listing_of(got)

    def list_queue(self, *, mailbox_id: int | None = None, status: str | None = None) -> Listing:
        """List by model Q. Arguments as those of `queue_pages`. Raises `EcgridError`."""
        return listing_of(list(self.queue_pages(mailbox_id=mailbox_id, status=status)))

    def queue_pages(self, *, mailbox_id: int | None = None, status: str | None = None) -> Iterator[QueuePage]:
        """Yield the pages of model Q's queue-list, each asked for when it is needed.

        Args:
            mailbox_id: only callbacks of this mailbox.
            status: only callbacks of this status.

        Raises:
            EcgridError: a page was not answered.
        """
        return _paging.iter_pages(
            lambda page_no, size: self._client.queue_list(
                mailbox_id=mailbox_id, status=status, page_no=page_no, records_per_page=size
            )
        )

    def list_scope(self, network_id: int, mailbox_id: int) -> Listing:
        """List one mailbox of one network by model E, suspended and terminated callbacks included.

        Args:
            network_id: 1 to 2147483647.
            mailbox_id: 0 to 2147483647.

        Raises:
            EcgridError: the list was not answered.
        """
        page = self._client.list_registrations(network_id, mailbox_id)
        by_id: dict[int, Registration] = {one.callback_id: one for one in page.registrations}
        return Listing(dict(sorted(by_id.items())), complete=page.is_of_model_e and not page.missing)

    def iter_listed(
        self, *, mailbox_id: int | None = None, network_id: int | None = None, status: str | None = None
    ) -> Iterator[Listed]:
        """Yield all registrations page by page, each page asked for when it is needed, by the model that shows some.

        Args:
            mailbox_id: only callbacks of this mailbox; None is all of them (model Q) or the credential's own (model E).
            network_id: only callbacks of this network, which model Q cannot; None is all of them (model Q), or the
                network that this object was given, or the credential's own (model E).
            status: only callbacks of this status.

        Raises:
            NotListedByNetwork: `network_id` is given, and the API follows model Q or cannot list that network.
            EcgridError: a page was not answered.
        """
        if network_id is not None:
            return self._of_network(network_id, mailbox_id, status)
        return self._of_either_model(
            partial(self._queue_listed, mailbox_id, status), partial(self._event_listed, mailbox_id, None, status)
        )

    def candidates(self, *, mailbox_id: int | None = None, network_id: int | None = None) -> list[Registration]:
        """Return what may be the registration of a scope: the callbacks of that scope, by the model that shows some.

        Args:
            mailbox_id: 1 to 2147483647; None is no mailbox.
            network_id: 1 to 2147483647, which model Q ignores; None is the network that this object was given, or the
                credential's own.

        Raises:
            EcgridError: a page was not answered.
        """
        pages = self._of_either_model(
            partial(self._queue_listed, mailbox_id, None), partial(self._event_candidates, mailbox_id, network_id)
        )
        return list({one.callback_id: one for page in pages for one in page.registrations}.values())

    def with_deliveries(self, callback_id: int, most: int) -> EventRegistration:
        """Return one callback with its latest deliveries, by model E.

        Args:
            callback_id: 1 to 2147483647.
            most: how many at most, 1 to 32767.

        Raises:
            EcgridError: the registration was not answered.
        """
        return self._client.get_registration(callback_id, queue_count=most)

    def own(self) -> User:
        """Return the user whose credential this is, asked for once. Raises `EcgridError`."""
        with self._lock:
            if self._user is None:
                self._user = self._client.current_user()
            return self._user

    def look_up(self, model: LookupModel, callback_id: int) -> Sighting:
        """Return what the lookup by id of one model says of a callback, 1 to 2147483647. Raises as `find` does."""
        try:
            if model is LookupModel.EVENT:
                return Sighting(self._client.get_registration(callback_id), model, usable=True)
            entries = self._client.get_queue_entry(callback_id)
        except EcgridError as error:
            if not shows_nothing(error):
                raise
            proven = isinstance(error, NotFound) and error.is_object_not_found
            if proven:
                return Sighting(not_found=frozenset({model}), usable=True)
            return Sighting(refusal=error)
        if len(entries) > 1 or any(entry.is_delivery for entry in entries):
            return Sighting(usable=True, deliveries=True)
        return Sighting(entries[0], model, usable=True) if entries else Sighting(usable=True)

    def _of_network(self, network_id: int, mailbox_id: int | None, status: str | None) -> Iterator[Listed]:
        if self._model is LookupModel.QUEUE:
            raise NotListedByNetwork
        try:
            page = next(self._event_listed(mailbox_id, network_id, status), None)
        except (InvalidParameter, UnreadableAnswer):
            page = None
        if page is None:
            raise NotListedByNetwork
        self._model = LookupModel.EVENT if page.registrations else self._model
        yield page

    def _of_either_model(self, by_queue: Pages, by_event: Pages) -> Iterator[Listed]:
        lists = {LookupModel.QUEUE: by_queue, LookupModel.EVENT: by_event}
        for model, page in pages_of_either(lists, self._model):
            self._model = model if page.registrations else self._model
            yield page

    def _queue_listed(self, mailbox_id: int | None, status: str | None) -> Iterator[Listed]:
        """Yield the pages of model Q; none if the first one holds deliveries alone."""
        seen: set[int] = set()
        for number, page in enumerate(self.queue_pages(mailbox_id=mailbox_id, status=status)):
            shown = registrations_among(page.entries)
            if number == 0 and page.entries and not shown:
                return
            fresh = [entry for entry in shown if entry.callback_id not in seen]
            seen.update(entry.callback_id for entry in fresh)
            yield Listed(fresh, page.unreadable)

    def _event_listed(self, mailbox_id: int | None, network_id: int | None, status: str | None) -> Iterator[Listed]:
        """Yield the page of model E; none if the API cannot be asked for it, or answers with something else."""
        network = network_id if network_id is not None else self._network_id or self.own().network_id
        if not network:
            return
        mailbox = mailbox_id if mailbox_id is not None else self.own().mailbox_id or 0
        page = self._client.list_registrations(network, mailbox)
        if page.registrations or page.is_of_model_e:
            yield Listed(
                [one for one in page.registrations if status in (None, one.status)], page.unreadable + page.missing
            )

    def _event_candidates(self, mailbox_id: int | None, network_id: int | None) -> Iterator[Listed]:
        """Yield one page of what model E lists of a scope. Raises `EcgridError` if no list of it was answered."""
        why: EcgridError | None = None
        pages: list[Listed] = []
        # A callback without a mailbox may be listed under 0, or under the credential's own mailbox.
        for mailbox in (mailbox_id,) if mailbox_id else (0, None):
            try:
                pages.extend(self._event_listed(mailbox, network_id, None))
            except EcgridError as error:
                if not shows_nothing(error):
                    raise
                why = why or error
        if pages:
            yield Listed([one for page in pages for one in page.registrations])
        elif why is not None:
            raise why
