"""The ECGrid callbacks API (REST v2.6): one method for each call, nothing else."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import TypeVar

from pydantic import ValidationError

from terraform_provider_ecgrid import __version__
from terraform_provider_ecgrid.api import _answers as answers
from terraform_provider_ecgrid.api import _retry as retry
from terraform_provider_ecgrid.api._connection import AccessToken, ApiKey, connect, origin_of
from terraform_provider_ecgrid.api._http import httpx
from terraform_provider_ecgrid.api._pause import Pause
from terraform_provider_ecgrid.api._scrub import Scrubber
from terraform_provider_ecgrid.api.errors import NotFound
from terraform_provider_ecgrid.api.models import (
    PAGE_SIZE,
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
    ServiceVersion,
    UpdateCallback,
)

__all__ = ["AccessToken", "ApiKey", "Client"]

_Model = TypeVar("_Model", bound=Answer)


class Client:
    """All calls of one account. Threads may share it. Every method raises `EcgridError` (see errors.py for the kinds).

    Args:
        base_url: scheme and host, such as `https://rest.ecgrid.io`.
        credential: an `ApiKey` or an `AccessToken`.
        request_timeout: seconds for one HTTP attempt, more than 0.
        max_retries: further attempts after the first, from 0; retry.py says what is sent again.
        user_agent: the header of this name.
        stop: once set, nothing is sent again and every wait ends.
        on_write: is called before each create, update and delete.
        transport: takes the place of the network in tests.

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
        """Show path and query of this callback's URL in no error, such as one that quotes what an update replaces."""
        self._scrub.hide_url(url)

    def update(self, request: UpdateCallback) -> Callback:
        """`POST /v2/callbacks/update`: changes the fields that the request holds; the record afterwards."""
        self._on_write()
        data, call = self._send("POST", "/v2/callbacks/update", request)
        callback = _as(Callback, data, call)
        _require_id(callback.callback_id, request.callback_id, call)
        return callback

    def create(self, request: CreateCallback) -> Callback:
        """`POST /v2/callbacks/create`: registers a callback; its record. Sent again only if surely not carried out."""
        self._on_write()
        data, call = self._send("POST", "/v2/callbacks/create", request, repeatable=False)
        return _as(Callback, data, call)

    def delete(self, callback_id: int) -> bool:
        """`DELETE /v2/callbacks`: what the API says, true for deleted.

        Where an earlier attempt may have deleted the callback, not finding it counts as deleted.
        """
        self._on_write()
        call = self._attempt("DELETE", "/v2/callbacks", CallbackReference(callback_id=callback_id))
        try:
            data = answers.data_of(call)
        except NotFound as error:
            if error.may_have_been_carried_out:
                return True
            raise
        if not isinstance(data, bool):
            raise answers.unreadable(call, "it does not say whether the callback was deleted")
        return data

    def get_queue_entry(self, callback_id: int) -> list[QueueEntry]:
        """`GET /v2/callbacks/get-queue-by-id`: the entries of this callback.

        One, where the API lists registrations; any number, none included, where it lists deliveries.
        """
        data, call = self._send("GET", "/v2/callbacks/get-queue-by-id", CallbackReference(callback_id=callback_id))
        if data is None:
            return []
        if isinstance(data, list) or (isinstance(data, Mapping) and "queueEntries" in data):
            page = _as(QueuePage, data, call)
            entries = [entry for entry in page.entries if entry.callback_id == callback_id]
            if page.listed and not entries:
                raise answers.unreadable(call, "it is about another callback")
            return entries
        entry = _as(QueueEntry, data, call)
        _require_id(entry.callback_id, callback_id, call)
        return [entry]

    def queue_list(
        self,
        *,
        mailbox_id: int | None = None,
        status: str | None = None,
        page_no: int = 1,
        records_per_page: int = PAGE_SIZE,
    ) -> QueuePage:
        """`POST /v2/callbacks/queue-list`: one page (from 1, at most 500 entries); lookup.py reads them all."""
        query = QueueQuery(mailbox_id=mailbox_id, status=status, page_no=page_no, records_per_page=records_per_page)
        return _as(QueuePage, *self._send("POST", "/v2/callbacks/queue-list", query))

    def event_list(
        self,
        *,
        mailbox_id: int | None = None,
        event: str | None = None,
        begin_date: str | None = None,
        end_date: str | None = None,
        page_no: int = 1,
        records_per_page: int = PAGE_SIZE,
    ) -> EventPage:
        """`POST /v2/callbacks/event-list`: one page (from 1, at most 500 entries); dates in ISO 8601."""
        query = EventQuery(
            mailbox_id=mailbox_id,
            event=event,
            begin_date=begin_date,
            end_date=end_date,
            page_no=page_no,
            records_per_page=records_per_page,
        )
        return _as(EventPage, *self._send("POST", "/v2/callbacks/event-list", query))

    def get_event(self, callback_event_id: int) -> EventDetail:
        """`POST /v2/callbacks/get-event-by-id`: one event and what was sent for it."""
        reference = EventReference(callback_event_id=callback_event_id)
        data, call = self._send("POST", "/v2/callbacks/get-event-by-id", reference)
        event = _as(EventDetail, data, call)
        _require_id(event.callback_event_id, callback_event_id, call)
        return event

    def test(self, callback_id: int) -> DeliveryTest:
        """`POST /v2/callbacks/test`: ECGrid really calls the endpoint. Sent again only if surely not carried out."""
        reference = CallbackReference(callback_id=callback_id)
        data, call = self._send("POST", "/v2/callbacks/test", reference, repeatable=False)
        outcome = _as(DeliveryTest, data, call)
        _require_id(outcome.callback_id, callback_id, call)
        return outcome

    def version(self) -> str:
        """`GET /v2/auth/version`: the version of the API."""
        return _as(ServiceVersion, *self._send("GET", "/v2/auth/version")).version

    def close(self) -> None:
        """Closes the connections. The client cannot be used afterwards."""
        self._http.close()

    def _send(
        self, method: str, path: str, request: Request | None = None, *, repeatable: bool = True
    ) -> tuple[object, answers.Call]:
        call = self._attempt(method, path, request, repeatable=repeatable)
        return answers.data_of(call), call

    def _attempt(self, method: str, path: str, request: Request | None, *, repeatable: bool = True) -> answers.Call:
        fields = request.payload() if request else None
        http_request = (
            self._http.build_request(method, path, params={name: str(value) for name, value in (fields or {}).items()})
            if method == "GET"
            else self._http.build_request(method, path, json=fields)
        )
        if isinstance(request, CreateCallback | UpdateCallback):
            if request.url:
                self._scrub.hide_url(request.url)
            if request.password:
                self._scrub.hide(request.password)
        sent = retry.send(
            self._http,
            http_request,
            max_retries=self._max_retries,
            repeatable=repeatable,
            stop=self._stop,
            pause=self._pause,
            scrub=self._scrub,
        )
        return answers.Call(self._http.base_url.host, self._timeout, self._scrub, origin_of(self._credential), sent)


def _as(model: type[_Model], data: object, call: answers.Call) -> _Model:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        wrong = ", ".join(sorted({str(part["loc"][0]) for part in error.errors(include_input=False) if part["loc"]}))
        why = f"{wrong} is missing or not as documented" if wrong else "its data is not what the API documents"
        # Not chained: pydantic's error keeps the input, which may hold credentials.
        raise answers.unreadable(call, why) from None


def _require_id(answered: int, asked: int, call: answers.Call) -> None:
    if answered != asked:
        raise answers.unreadable(call, f"it is about the id {answered}, not {asked}")
