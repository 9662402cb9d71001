"""What the ECGrid callbacks API (REST v2.6) is sent and what it answers, as pydantic models.

Requests are strict: they forbid what the API does not know and reveal a secret in `payload()` alone. Answers are
lenient: names in any case, numbers as text and unknown fields are accepted. No `repr` shows a callback's URL, because
its path or query may carry a token.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, ClassVar, Self

from pydantic import AliasGenerator, BaseModel, ConfigDict, Field, SecretStr, model_validator
from pydantic.alias_generators import to_camel

from terraform_provider_ecgrid.api._lenient import (
    OR_NONE,
    AuthTypeName,
    EventName,
    Identifier,
    OptionalNumber,
    OptionalText,
    StatusName,
    moment,
)
from terraform_provider_ecgrid.api.enums import MAX_ID, Status

PAGE_SIZE = 500
"""The most entries that the API puts on one page (`recordsPerPage`)."""

_NAMES = AliasGenerator(alias=to_camel)
_CallbackId = Annotated[int, Field(strict=True, ge=1, le=MAX_ID)]
_Scope = Annotated[int, Field(strict=True, ge=0, le=MAX_ID)]


class Request(BaseModel):
    """What is sent. A field that is None is omitted from the JSON, which the API reads as "stays as it is"."""

    model_config = ConfigDict(
        alias_generator=_NAMES, populate_by_name=True, extra="forbid", frozen=True, hide_input_in_errors=True
    )

    def payload(self) -> dict[str, object]:
        """The JSON body, in the order of the fields. The only place that reveals a secret."""
        fields = self.model_dump(by_alias=True, exclude_none=True)
        return {
            name: value.get_secret_value() if isinstance(value, SecretStr) else value for name, value in fields.items()
        }


class UpdateCallback(Request):
    """`POST /v2/callbacks/update`; the fields and their order are those of the page "Update Callback".

    Args:
        callback_id: 1 to 2147483647.
        url, event, status, http_auth_type, username, password: the new value; None leaves the field as it is, an empty
            string is sent.
    """

    callback_id: _CallbackId
    url: str | None = Field(default=None, repr=False)
    event: str | None = None
    status: str | None = None
    http_auth_type: str | None = None
    username: str | None = None
    password: SecretStr | None = None


class CreateCallback(Request):
    """`POST /v2/callbacks/create`. The API has no `status` here: a new callback is `Active`.

    Args:
        url: an HTTPS address.
        event: a value of `Objects`.
        mailbox_id, network_id: the scope, 0 to 2147483647; None is not scoped.
        http_auth_type: a value of `HttpAuthType`; anything but `None` needs `username` and `password`.
    """

    url: str = Field(repr=False)
    event: str
    mailbox_id: _Scope | None = None
    network_id: _Scope | None = None
    http_auth_type: str | None = None
    username: str | None = None
    password: SecretStr | None = None


class CallbackReference(Request):
    """The body or query of delete, test and get-queue-by-id: the callback's id, 1 to 2147483647."""

    callback_id: _CallbackId


class EventReference(Request):
    """The body of `POST /v2/callbacks/get-event-by-id`: the event's id, 1 to 2147483647."""

    callback_event_id: _CallbackId


class QueueQuery(Request):
    """The body of `POST /v2/callbacks/queue-list`: filters, the page from 1, and its size."""

    mailbox_id: _Scope | None = None
    status: str | None = None
    page_no: int = Field(default=1, ge=1)
    records_per_page: int = PAGE_SIZE


class EventQuery(Request):
    """The body of `POST /v2/callbacks/event-list`: filters, dates in ISO 8601, the page from 1, and its size."""

    mailbox_id: _Scope | None = None
    event: str | None = None
    begin_date: str | None = None
    end_date: str | None = None
    page_no: int = Field(default=1, ge=1)
    records_per_page: int = PAGE_SIZE


class Answer(BaseModel):
    """What came back: field names in any case (the vendor's pages differ), unknown fields ignored."""

    model_config = ConfigDict(
        alias_generator=_NAMES, populate_by_name=True, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    @model_validator(mode="before")
    @classmethod
    def _known_names(cls, data: Any) -> Any:
        if not isinstance(data, Mapping):
            return data
        aliases = [info.alias or name for name, info in cls.model_fields.items()]
        known = {_folded(alias): alias for alias in aliases} | {
            _folded(name): info.alias or name for name, info in cls.model_fields.items()
        }
        found = {known[_folded(key)]: value for key, value in data.items() if _folded(key) in known}
        exact = {alias: data[alias] for alias in aliases if alias in data}
        return found | exact


def _folded(name: object) -> str:
    return str(name).replace("_", "").casefold()


class Callback(Answer):
    """The callback record that create and update answer with. Credentials, should they come, are discarded."""

    callback_id: Identifier
    url: OptionalText = Field(default=None, repr=False)
    event: EventName = None
    mailbox_id: OptionalNumber = None
    network_id: OptionalNumber = None
    http_auth_type: AuthTypeName = None
    status: StatusName = None


class QueueEntry(Answer):
    """One entry of get-queue-by-id or queue-list: a registration or, in the other reading, one delivery attempt.

    Times are kept as the API wrote them (`…_text`). As instants they are None if they cannot be read.
    """

    callback_id: Identifier
    url: OptionalText = Field(default=None, repr=False)
    event: EventName = None
    status: StatusName = None
    queued_at_text: OptionalText = Field(default=None, alias="queuedAt")
    last_attempt_text: OptionalText = Field(default=None, alias="lastAttempt")
    attempts: OptionalNumber = None
    last_http_status: OptionalNumber = None
    mailbox_id: OptionalNumber = None
    network_id: OptionalNumber = None
    call_back_queue_id: OptionalNumber = None
    calls_remaining: OptionalNumber = None
    next_call: OptionalText = None

    @property
    def queued_at(self) -> datetime | None:
        """When the entry was queued."""
        return moment(self.queued_at_text)

    @property
    def last_attempt(self) -> datetime | None:
        """When ECGrid last tried to deliver."""
        return moment(self.last_attempt_text)

    @property
    def is_delivery(self) -> bool:
        """Whether this entry is a delivery attempt: it has a field or a status that no registration has."""
        if self.model_fields_set & {"call_back_queue_id", "calls_remaining", "next_call"}:
            return True
        return self.status is not None and self.status not in set(Status)


class _Page(Answer):
    """One page of a list, which may come without its envelope. In `listed`, None is an entry that cannot be read."""

    list_name: ClassVar[str]

    total_records: OptionalNumber = None
    records_per_page: OptionalNumber = None
    listed: tuple[Answer | None, ...] | None

    @model_validator(mode="before")
    @classmethod
    def _bare_list(cls, data: Any) -> Any:
        return {cls.list_name: data} if isinstance(data, list) else data

    @model_validator(mode="after")
    def _has_list(self) -> Self:
        # A page without its list would otherwise read as a complete and empty listing.
        if self.listed is None and self.total_records != 0:
            raise ValueError("the list is missing")
        return self


class QueuePage(_Page):
    """One page of queue-list. In `listed`, None is an entry that names no callback."""

    list_name = "queueEntries"

    listed: tuple[Annotated[QueueEntry | None, OR_NONE], ...] | None = Field(default=None, alias="queueEntries")

    @property
    def entries(self) -> tuple[QueueEntry, ...]:
        """The entries that name a callback."""
        return tuple(entry for entry in self.listed or () if entry is not None)


class Event(Answer):
    """One entry of event-list. Times as in `QueueEntry`."""

    callback_event_id: Identifier
    callback_id: OptionalNumber = None
    event: EventName = None
    mailbox_id: OptionalNumber = None
    object_id: OptionalNumber = None
    status: OptionalText = None
    created_text: str = Field(alias="created")
    delivered_text: OptionalText = Field(default=None, alias="delivered")
    http_status: OptionalNumber = None

    @property
    def created(self) -> datetime | None:
        """When the event happened."""
        return moment(self.created_text)


class EventDetail(Event):
    """The answer of get-event-by-id: an event and what was sent for it (`payload`, JSON as text)."""

    payload: OptionalText = Field(default=None, repr=False)
    attempts: OptionalNumber = None
    last_attempt_text: OptionalText = Field(default=None, alias="lastAttempt")


class EventPage(_Page):
    """One page of event-list. In `listed`, None is not an event: it has no `callbackEventId` or no `created`."""

    list_name = "events"

    listed: tuple[Annotated[Event | None, OR_NONE], ...] | None = Field(default=None, alias="events")

    @property
    def events(self) -> tuple[Event, ...]:
        """The entries that are events."""
        return tuple(event for event in self.listed or () if event is not None)

    @property
    def dropped(self) -> int:
        """How many entries are not events."""
        return len(self.listed or ()) - len(self.events)


class DeliveryTest(Answer):
    """The answer of test. `http_status` None or 0: no connection, or not delivered yet."""

    callback_id: Identifier
    url: OptionalText = Field(default=None, repr=False)
    http_status: OptionalNumber = None
