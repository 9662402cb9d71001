"""What the ECGrid callbacks API answers (REST v2.6), in either of the vendor's models, as pydantic models.

Answers are read leniently: names in any case and in any of the vendor's spellings, numbers as text, enumerations as
numbers; unknown fields are ignored. No model shows a callback's URL in its `repr`, because the URL's path or query may
carry a token.
"""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Self

from pydantic import Field, model_validator

from terraform_provider_ecgrid.api._lenient import (
    OR_NONE,
    Answer,
    AuthTypeName,
    DirectionName,
    EventName,
    Identifier,
    LongIdentifier,
    OptionalNumber,
    OptionalText,
    RequiredText,
    ScopeNumber,
    StatusName,
    folded,
    is_usable_id,
)

_DELIVERY_FIELDS = frozenset(("callbackqueueid", "callsremaining", "nextcall"))
_DELIVERY_STATES = frozenset(("pending", "completed", "delivered", "error", "failed", "canceled"))
_EVENT_SPELLINGS = ("systemObject", "callBackEvent")


def _by_folded_name(data: object) -> dict[str, Any]:
    return {folded(name): value for name, value in data.items()} if isinstance(data, Mapping) else {}


def _nested_in(come: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the registration that is nested in a delivery of model E's, by the names of its fields."""
    nested = come.get("callbackevent", come.get("event"))
    return _by_folded_name(nested) if isinstance(nested, Mapping) else None


class Callback(Answer):
    """The record that create and update answer with. Credentials, should they come, are discarded."""

    spellings: ClassVar = {
        "callback_id": ("callBackEventId", "callBackQueueId"),
        "url": ("callBackUrl",),
        "event": _EVENT_SPELLINGS,
        "http_auth_type": ("httpAuthentication",),
    }

    callback_id: Identifier
    url: OptionalText = Field(default=None, repr=False)
    event: EventName = None
    mailbox_id: ScopeNumber = None
    network_id: ScopeNumber = None
    http_auth_type: AuthTypeName = None
    status: StatusName = None


class Registration(Callback):
    """A registration as a lookup shows it. What its model does not show is None.

    `direction` is model E's alone; `queued_at`, `last_attempt`, `attempts` and `last_http_status` are model Q's, the
    times as the API writes them.
    """

    direction: DirectionName = None
    queued_at: OptionalText = None
    last_attempt: OptionalText = None
    attempts: OptionalNumber = None
    last_http_status: OptionalNumber = None


class QueueEntry(Registration):
    """One entry of model Q's get-queue-by-id or queue-list: a registration, or a delivery in the place of one.

    A delivery of model E's, which nests its registration, has that one's id.
    """

    spellings: ClassVar = {}

    call_back_queue_id: OptionalNumber = None
    calls_remaining: OptionalNumber = None
    next_call: OptionalText = None

    @model_validator(mode="before")
    @classmethod
    def _id_of_the_nested(cls, data: Any) -> Any:
        come = _by_folded_name(data)
        nested = _nested_in(come)
        if is_usable_id(come.get("callbackid")) or "callbackqueueid" not in come or nested is None:
            return data
        return come | {"callbackid": nested.get("callbackeventid")}

    @property
    def is_delivery(self) -> bool:
        """Whether this entry is a delivery, and so shows no registration: it has a field or a state of one."""
        if self.model_fields_set & {"call_back_queue_id", "calls_remaining", "next_call"}:
            return True
        return self.status is not None and self.status.casefold() in _DELIVERY_STATES


class LogEntry(Answer):
    """One attempt to deliver, of model E's. `http_status` None or 0: no connection."""

    call_date_time: OptionalText = None
    http_status: OptionalNumber = None


class Delivery(Answer):
    """One delivery of model E's, without the registration nested in it. Its times are as the API writes them."""

    queue_id: LongIdentifier = Field(alias="callBackQueueId")
    status: OptionalText = None
    date: OptionalText = None
    object_id: OptionalNumber = None
    log: tuple[Annotated[LogEntry | None, OR_NONE], ...] | None = None

    @property
    def attempts(self) -> tuple[LogEntry, ...]:
        """The attempts that can be read, in the order of the answer."""
        return tuple(entry for entry in self.log or () if entry is not None)


class EventRegistration(Registration):
    """A registration of model E: the answer of get-event-by-id, and one entry of event-list.

    Anything else under the same names is refused: under model Q the same call answers a delivery.
    """

    spellings: ClassVar = {
        "url": ("callBackUrl",),
        "event": _EVENT_SPELLINGS,
        "http_auth_type": ("httpAuthentication",),
    }

    callback_id: Identifier = Field(alias="callBackEventId")
    queue: tuple[Annotated[Delivery | None, OR_NONE], ...] | None = None

    @model_validator(mode="before")
    @classmethod
    def _is_a_registration(cls, data: Any) -> Any:
        if isinstance(data, Mapping):
            names = {folded(name) for name in data}
            of_a_delivery = names & (_DELIVERY_FIELDS | {"payload", "callbackid"})
            if of_a_delivery or not names & {"url", "callbackurl", "systemobject"}:
                raise ValueError("not a registration")
        return data

    @property
    def deliveries(self) -> tuple[Delivery, ...]:
        """The latest deliveries that can be read."""
        return tuple(delivery for delivery in self.queue or () if delivery is not None)


class Page(Answer):
    """What the pages of every list have in common. Fields of paging may stand beside the API's `data` as well."""

    total_records: OptionalNumber = None
    page_no: OptionalNumber = None
    records_per_page: OptionalNumber = None
    listed: tuple[Any, ...] | None = None

    @model_validator(mode="before")
    @classmethod
    def _bare_list(cls, data: Any) -> Any:
        return {cls.model_fields["listed"].alias: data} if isinstance(data, list) else data

    @model_validator(mode="after")
    def _has_its_list(self) -> Self:
        # A page without its list would otherwise read as a whole list with nothing in it.
        if self.listed is None and not self.counts_none:
            raise ValueError(f"{type(self).model_fields['listed'].alias} is missing")
        return self

    @property
    def counts_none(self) -> bool:
        """Whether the API says that the list has no entries."""
        return self.total_records == 0

    @property
    def unreadable(self) -> int:
        """How many entries cannot be read."""
        return sum(entry is None for entry in self.listed or ())


class QueuePage(Page):
    """One page of model Q's queue-list."""

    listed: tuple[Annotated[QueueEntry | None, OR_NONE], ...] | None = Field(default=None, alias="queueEntries")

    @property
    def entries(self) -> tuple[QueueEntry, ...]:
        """The entries that name a callback."""
        return tuple(entry for entry in self.listed or () if entry is not None)


class RegistrationPage(Page):
    """All that model E's event-list answers."""

    count: OptionalNumber = None
    listed: tuple[Annotated[EventRegistration | None, OR_NONE], ...] | None = Field(default=None, alias="events")

    @property
    def registrations(self) -> tuple[EventRegistration, ...]:
        """The entries that are registrations."""
        return tuple(entry for entry in self.listed or () if entry is not None)

    @property
    def counts_none(self) -> bool:
        """Whether the API says that the list has no entries."""
        return self.count == 0

    @property
    def missing(self) -> int:
        """How many more registrations the API counts than it lists."""
        return max(0, (self.count or 0) - len(self.listed or ()))

    @property
    def is_of_model_e(self) -> bool:
        """Whether nothing but registrations came, and no paging, which model Q's list of deliveries has.

        The list need not be whole: see `missing`.
        """
        paged = self.model_fields_set & {"total_records", "page_no", "records_per_page"}
        return not paged and not self.unreadable


class Event(Answer):
    """One entry of model Q's event-list: a delivery. Its times are as the API writes them."""

    callback_event_id: Identifier
    callback_id: OptionalNumber = None
    event: EventName = None
    mailbox_id: OptionalNumber = None
    object_id: OptionalNumber = None
    status: OptionalText = None
    created: RequiredText
    delivered: OptionalText = None
    http_status: OptionalNumber = None


class EventPage(Page):
    """One page of model Q's event-list."""

    listed: tuple[Annotated[Event | None, OR_NONE], ...] | None = Field(default=None, alias="events")

    @property
    def events(self) -> tuple[Event, ...]:
        """The entries that are deliveries."""
        return tuple(event for event in self.listed or () if event is not None)


class DeliveryTest(Answer):
    """What test answers, but the response body.

    `http_status` None or 0 is no connection, or not delivered yet. With a `queue_id` the delivery is only queued.
    """

    spellings: ClassVar = {"callback_id": ("callBackEventId",), "url": ("callBackUrl",)}

    callback_id: Identifier | None = None
    url: OptionalText = Field(default=None, repr=False)
    http_status: OptionalNumber = None
    queue_id: Annotated[LongIdentifier | None, OR_NONE] = Field(default=None, alias="callBackQueueId")

    @model_validator(mode="before")
    @classmethod
    def _of_the_nested(cls, data: Any) -> Any:
        """Read id and URL, where they are missing, in the registration that model E nests in a delivery."""
        come = _by_folded_name(data)
        nested = _nested_in(come)
        if nested is None:
            return data
        shown = {"callbackid": nested.get("callbackeventid"), "url": nested.get("url") or nested.get("callbackurl")}
        given = {name: value for name, value in come.items() if value is not None}
        return shown | {name: value for name, value in given.items() if name != "callbackid" or is_usable_id(value)}
