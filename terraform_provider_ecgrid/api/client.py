"""The ECGrid callbacks API (REST v2.6): one method per call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from pydantic import ValidationError

from terraform_provider_ecgrid.api import _answers as answers
from terraform_provider_ecgrid.api._caller import Caller
from terraform_provider_ecgrid.api._connection import AccessToken, ApiKey
from terraform_provider_ecgrid.api._failures import Exchange, unreadable
from terraform_provider_ecgrid.api._lenient import Answer
from terraform_provider_ecgrid.api.account import Mailbox, MailboxPage, User, Version
from terraform_provider_ecgrid.api.errors import EcgridError, NotFound
from terraform_provider_ecgrid.api.models import (
    Callback,
    Delivery,
    DeliveryTest,
    EventPage,
    EventRegistration,
    QueueEntry,
    QueuePage,
    RegistrationPage,
)
from terraform_provider_ecgrid.api.requests import (
    PAGE_SIZE,
    CallbackReference,
    CreateCallback,
    DeliveriesQuery,
    DeliveryReference,
    MailboxesQuery,
    QueueQuery,
    RegistrationReference,
    RegistrationsQuery,
    UpdateCallback,
)

__all__ = ["AccessToken", "ApiKey", "Client"]

_Model = TypeVar("_Model", bound=Answer)


class Client(Caller):
    """All calls of one account. Threads may share it. Every method raises `EcgridError`; errors.py has the kinds."""

    def update(self, request: UpdateCallback) -> Callback | None:
        """`POST /v2/callbacks/update`: change the fields that the request holds.

        Returns the record; None if the API says no more than that the change was made.
        """
        self._on_write()
        exchange = self._attempt("POST", "/v2/callbacks/update", request)
        data = answers.data_of(exchange, wrote=True)
        if data is None or data is True:
            return None
        callback = _as(Callback, data, exchange)
        _require_id(callback.callback_id, request.callback_id, exchange)
        return callback

    def create(self, request: CreateCallback) -> Callback:
        """`POST /v2/callbacks/create`: register a callback, and return its record.

        Sent again only if it surely was not carried out.
        """
        self._on_write()
        exchange = self._attempt("POST", "/v2/callbacks/create", request, repeatable=False)
        try:
            return _as(Callback, answers.data_of(exchange, wrote=True), exchange)
        except EcgridError as error:
            error.answered_id = answers.id_in(exchange)
            if error.answered_id is not None:
                error.may_have_been_carried_out = True
            raise

    def delete(self, callback_id: int) -> bool:
        """`DELETE /v2/callbacks`: delete a callback. Returns false only if the API says so.

        If an earlier attempt may have deleted the callback, `ObjectNotFound` counts as deleted.
        """
        self._on_write()
        exchange = self._attempt("DELETE", "/v2/callbacks", CallbackReference(callback_id=callback_id))
        try:
            return not answers.is_no(answers.data_of(exchange, wrote=True))
        except NotFound as error:
            if error.is_object_not_found and error.may_have_been_carried_out:
                return True
            raise

    def get_queue_entry(self, callback_id: int) -> list[QueueEntry]:
        """`GET /v2/callbacks/get-queue-by-id` of model Q: return the entries of this callback.

        One, if the API shows registrations; any number, none included, if it shows deliveries, whosever they are.
        """
        reference = CallbackReference(callback_id=callback_id)
        exchange = self._attempt("GET", "/v2/callbacks/get-queue-by-id", reference)
        data = answers.data_of(exchange)
        if isinstance(data, list) or (isinstance(data, Mapping) and "queueEntries" in data):
            page = _as(QueuePage, data, exchange)
            own = [entry for entry in page.entries if entry.callback_id == callback_id]
            shown = own or [entry for entry in page.entries if entry.is_delivery]
            if page.listed and not shown:
                raise unreadable(exchange, "it shows another callback")
            return shown
        entry = _as(QueueEntry, data, exchange)
        if not entry.is_delivery:
            _require_id(entry.callback_id, callback_id, exchange)
        return [entry]

    def queue_list(
        self,
        *,
        mailbox_id: int | None = None,
        status: str | None = None,
        page_no: int = 1,
        records_per_page: int = PAGE_SIZE,
    ) -> QueuePage:
        """`POST /v2/callbacks/queue-list` of model Q: return one page, from 1, of at most 500 entries."""
        query = QueueQuery(mailbox_id=mailbox_id, status=status, page_no=page_no, records_per_page=records_per_page)
        exchange = self._attempt("POST", "/v2/callbacks/queue-list", query)
        return _as(QueuePage, answers.page_of(exchange), exchange)

    def list_deliveries(
        self,
        *,
        mailbox_id: int | None = None,
        event: str | None = None,
        begin_date: str | None = None,
        end_date: str | None = None,
        page_no: int = 1,
        records_per_page: int = PAGE_SIZE,
    ) -> EventPage:
        """`POST /v2/callbacks/event-list` of model Q: return one page, from 1, of deliveries; dates in ISO 8601."""
        query = DeliveriesQuery(
            mailbox_id=mailbox_id,
            event=event,
            begin_date=begin_date,
            end_date=end_date,
            page_no=page_no,
            records_per_page=records_per_page,
        )
        exchange = self._attempt("POST", "/v2/callbacks/event-list", query)
        return _as(EventPage, answers.page_of(exchange), exchange)

    def get_registration(self, callback_id: int, *, queue_count: int = 1) -> EventRegistration:
        """`POST /v2/callbacks/get-event-by-id` of model E: a registration and its latest deliveries."""
        reference = RegistrationReference(callback_id=callback_id, queue_count=queue_count)
        exchange = self._attempt("POST", "/v2/callbacks/get-event-by-id", reference)
        registration = _as(EventRegistration, answers.data_of(exchange), exchange)
        _require_id(registration.callback_id, callback_id, exchange)
        return registration

    def list_registrations(self, network_id: int, mailbox_id: int) -> RegistrationPage:
        """`POST /v2/callbacks/event-list` of model E: return the registrations of a mailbox, inactive ones included."""
        query = RegistrationsQuery(network_id=network_id, mailbox_id=mailbox_id)
        exchange = self._attempt("POST", "/v2/callbacks/event-list", query)
        return _as(RegistrationPage, answers.page_of(exchange), exchange)

    def get_delivery(self, queue_id: int) -> Delivery:
        """`GET /v2/callbacks/get-queue-by-id` of model E: return a delivery by its `callBackQueueId`."""
        reference = DeliveryReference(queue_id=queue_id)
        exchange = self._attempt("GET", "/v2/callbacks/get-queue-by-id", reference)
        delivery = _as(Delivery, answers.data_of(exchange), exchange)
        _require_id(delivery.queue_id, queue_id, exchange)
        return delivery

    def test(self, callback_id: int) -> DeliveryTest:
        """`POST /v2/callbacks/test`: make ECGrid call the endpoint, and return the outcome, or what was queued.

        Sent again only if it surely was not carried out.
        """
        reference = CallbackReference(callback_id=callback_id)
        exchange = self._attempt("POST", "/v2/callbacks/test", reference, repeatable=False)
        outcome = _as(DeliveryTest, answers.data_of(exchange), exchange)
        if outcome.callback_id is not None or outcome.queue_id is None:
            _require_id(outcome.callback_id, callback_id, exchange)
        return outcome

    def current_user(self) -> User:
        """`GET /v2/users/me`: return the user whose credential this is."""
        exchange = self._attempt("GET", "/v2/users/me", None)
        return _as(User, answers.data_of(exchange), exchange)

    def get_mailbox(self, mailbox_id: int) -> Mailbox:
        """`GET /v2/mailboxes/{id}`: return one mailbox."""
        exchange = self._attempt("GET", f"/v2/mailboxes/{mailbox_id}", None)
        mailbox = _as(Mailbox, answers.data_of(exchange), exchange)
        _require_id(mailbox.mailbox_id, mailbox_id, exchange)
        return mailbox

    def list_mailboxes(
        self,
        *,
        network_id: int | None = None,
        status: str | None = None,
        page_no: int = 1,
        records_per_page: int = PAGE_SIZE,
    ) -> MailboxPage:
        """`POST /v2/mailboxes/list`: return one page, from 1, of at most 500 mailboxes."""
        query = MailboxesQuery(network_id=network_id, status=status, page_no=page_no, records_per_page=records_per_page)
        exchange = self._attempt("POST", "/v2/mailboxes/list", query)
        return _as(MailboxPage, answers.page_of(exchange), exchange)

    def version(self) -> str | None:
        """`GET /v2/auth/version`: return the version that the API says it has, None if it says none."""
        exchange = self._attempt("GET", "/v2/auth/version", None)
        return _as(Version, answers.data_of(exchange), exchange).version


def _as(model: type[_Model], data: object, exchange: Exchange) -> _Model:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        wrong = ", ".join(sorted({str(part["loc"][0]) for part in error.errors(include_input=False) if part["loc"]}))
        why = f"{wrong} is missing or not as documented" if wrong else "its data is not as documented"
        # Not chained: pydantic's error keeps the input, which may hold credentials.
        raise unreadable(exchange, why) from None


def _require_id(answered: int | None, asked: int, exchange: Exchange) -> None:
    if answered != asked:
        raise unreadable(exchange, f"it has the id {answered} instead of {asked}")
