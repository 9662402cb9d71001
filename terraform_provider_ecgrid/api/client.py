"""The ECGrid callbacks API (REST v2.6): one method per call."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import TypeVar

from pydantic import ValidationError

from terraform_provider_ecgrid import __version__
from terraform_provider_ecgrid.api import _answers as answers
from terraform_provider_ecgrid.api import _retry as retry
from terraform_provider_ecgrid.api._connection import AccessToken, ApiKey, connect, source_sentence
from terraform_provider_ecgrid.api._http import httpx
from terraform_provider_ecgrid.api._pause import Pause
from terraform_provider_ecgrid.api._scrub import Scrubber
from terraform_provider_ecgrid.api.errors import NotFound
from terraform_provider_ecgrid.api.models import (
    Answer,
    Callback,
    CallbackReference,
    CreateCallback,
    DeliveryTest,
    EventDetail,
    EventPage,
    EventQuery,
    EventReference,
    QueueEntry,
    QueuePage,
    QueueQuery,
    Request,
    UpdateCallback,
)

__all__ = ["AccessToken", "ApiKey", "Client"]

_Model = TypeVar("_Model", bound=Answer)


class Client:
    """All calls of one account. Threads may share it. Every method raises `EcgridError` (see errors.py for the kinds).

    Args:
        base_url: scheme and host, such as `https://rest.ecgrid.io`.
        credential: an `ApiKey` or an `AccessToken`.
        request_timeout: the limit of one HTTP attempt in seconds, more than 0.
        max_retries: further attempts after the first, from 0; see _retry.py for what is sent again.
        user_agent: the header of this name.
        stop: once set, nothing is sent again and every wait ends.
        on_write: called before each create, update and delete.
        transport: replaces the network in tests.

    Raises:
        Unauthorized, NotConnected: one of the arguments, or a proxy or certificate variable, cannot be used.
    """

    def __init__(
        self,
        base_url: str,
        credential: ApiKey | AccessToken,
        *,
        request_timeout: float = 30.0,
        max_retries: int = 4,
        user_agent: str = f"terraform-provider-ecgrid/{__version__}",
        stop: threading.Event | None = None,
        on_write: Callable[[], None] = lambda: None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._http = connect(
            base_url, credential, request_timeout=request_timeout, user_agent=user_agent, transport=transport
        )
        self._credential = credential
        # One for all calls: an error may quote another callback's password or address than that of its request.
        self._scrub = Scrubber()
        self._scrub.hide(credential.value)
        self._pause = Pause()
        self._timeout = request_timeout
        self._max_retries = max_retries
        self._stop = stop or threading.Event()
        self._on_write = on_write

    def hide(self, url: str) -> None:
        """Keep path and query of this URL out of every error, such as one that quotes what an update replaces."""
        self._scrub.hide_url(url)

    def update(self, request: UpdateCallback) -> Callback:
        """`POST /v2/callbacks/update`: change the fields that the request holds, and return the record."""
        self._on_write()
        data, exchange = self._send("POST", "/v2/callbacks/update", request)
        callback = _as(Callback, data, exchange)
        _require_id(callback.callback_id, request.callback_id, exchange)
        return callback

    def create(self, request: CreateCallback) -> Callback:
        """`POST /v2/callbacks/create`: register a callback, and return its record.

        Sent again only if it surely was not carried out.
        """
        self._on_write()
        data, exchange = self._send("POST", "/v2/callbacks/create", request, repeatable=False)
        return _as(Callback, data, exchange)

    def delete(self, callback_id: int) -> bool:
        """`DELETE /v2/callbacks`: delete a callback, and return what the API says: true for deleted.

        If an earlier attempt may have deleted the callback, a 404 counts as deleted.
        """
        self._on_write()
        exchange = self._attempt("DELETE", "/v2/callbacks", CallbackReference(callback_id=callback_id))
        try:
            data = answers.data_of(exchange)
        except NotFound as error:
            if error.may_have_been_carried_out:
                return True
            raise
        if not isinstance(data, bool):
            raise answers.unreadable(exchange, "it does not say whether the callback was deleted")
        return data

    def get_queue_entry(self, callback_id: int) -> list[QueueEntry]:
        """`GET /v2/callbacks/get-queue-by-id`: return the entries of this callback.

        One, if the API lists registrations; any number, none included, if it lists deliveries.
        """
        data, exchange = self._send("GET", "/v2/callbacks/get-queue-by-id", CallbackReference(callback_id=callback_id))
        if data is None:
            return []
        if isinstance(data, list) or (isinstance(data, Mapping) and "queueEntries" in data):
            page = _as(QueuePage, data, exchange)
            entries = [entry for entry in page.entries if entry.callback_id == callback_id]
            if page.listed and not entries:
                raise answers.unreadable(exchange, "it is about another callback")
            return entries
        entry = _as(QueueEntry, data, exchange)
        _require_id(entry.callback_id, callback_id, exchange)
        return [entry]

    def queue_list(self, *, mailbox_id: int | None = None, status: str | None = None, page_no: int = 1) -> QueuePage:
        """`POST /v2/callbacks/queue-list`: return one page (from 1) of 500 entries; registrations.py reads them all."""
        query = QueueQuery(mailbox_id=mailbox_id, status=status, page_no=page_no)
        return _as(QueuePage, *self._send("POST", "/v2/callbacks/queue-list", query))

    def event_list(
        self,
        *,
        mailbox_id: int | None = None,
        event: str | None = None,
        begin_date: str | None = None,
        end_date: str | None = None,
        page_no: int = 1,
    ) -> EventPage:
        """`POST /v2/callbacks/event-list`: return one page (from 1) of 500 entries; dates in ISO 8601."""
        query = EventQuery(
            mailbox_id=mailbox_id, event=event, begin_date=begin_date, end_date=end_date, page_no=page_no
        )
        return _as(EventPage, *self._send("POST", "/v2/callbacks/event-list", query))

    def get_event(self, callback_event_id: int) -> EventDetail:
        """`POST /v2/callbacks/get-event-by-id`: return one event and what was sent for it."""
        reference = EventReference(callback_event_id=callback_event_id)
        data, exchange = self._send("POST", "/v2/callbacks/get-event-by-id", reference)
        event = _as(EventDetail, data, exchange)
        _require_id(event.callback_event_id, callback_event_id, exchange)
        return event

    def test(self, callback_id: int) -> DeliveryTest:
        """`POST /v2/callbacks/test`: make ECGrid call the endpoint, and return the outcome.

        Sent again only if it surely was not carried out.
        """
        reference = CallbackReference(callback_id=callback_id)
        data, exchange = self._send("POST", "/v2/callbacks/test", reference, repeatable=False)
        outcome = _as(DeliveryTest, data, exchange)
        _require_id(outcome.callback_id, callback_id, exchange)
        return outcome

    def close(self) -> None:
        """Close the connections. The client cannot be used afterwards."""
        self._http.close()

    def _send(
        self, method: str, path: str, request: Request, *, repeatable: bool = True
    ) -> tuple[object, answers.Exchange]:
        exchange = self._attempt(method, path, request, repeatable=repeatable)
        return answers.data_of(exchange), exchange

    def _attempt(self, method: str, path: str, request: Request, *, repeatable: bool = True) -> answers.Exchange:
        fields = request.payload()
        http_request = (
            self._http.build_request(method, path, params={name: str(value) for name, value in fields.items()})
            if method == "GET"
            else self._http.build_request(method, path, json=fields)
        )
        if isinstance(request, CreateCallback | UpdateCallback):
            if request.url:
                self._scrub.hide_url(request.url)
            if request.password:
                self._scrub.hide(request.password)
        attempts = retry.send(
            self._http,
            http_request,
            max_retries=self._max_retries,
            repeatable=repeatable,
            stop=self._stop,
            pause=self._pause,
            scrub=self._scrub,
        )
        return answers.Exchange(
            host=self._http.base_url.host,
            timeout=self._timeout,
            scrub=self._scrub,
            credential=source_sentence(self._credential),
            attempts=attempts,
        )


def _as(model: type[_Model], data: object, exchange: answers.Exchange) -> _Model:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        wrong = ", ".join(sorted({str(part["loc"][0]) for part in error.errors(include_input=False) if part["loc"]}))
        why = f"{wrong} is missing or not as documented" if wrong else "its data is not what the API documents"
        # Not chained: pydantic's error keeps the input, which may hold credentials.
        raise answers.unreadable(exchange, why) from None


def _require_id(answered: int, asked: int, exchange: answers.Exchange) -> None:
    if answered != asked:
        raise answers.unreadable(exchange, f"it is about the id {answered}, not {asked}")
