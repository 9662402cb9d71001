"""What a request to one of the four lookups may carry: a class per call and per model of the lookups.

As the vendor's platform does, these classes match the names of a JSON body without case and ignore names that the same
call has in the other model alone. A name of neither model is refused.
"""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from terraform_provider_ecgrid.sandbox.bodies import Body, Id, Moment, Objects, PageNo, RecordsPerPage, Scope, Status

_INT64_MAX = 2**63 - 1


class _LookupBody(Body):
    ignored: ClassVar[frozenset[str]] = frozenset()

    @model_validator(mode="before")
    @classmethod
    def match_names(cls, given: Any) -> Any:
        """Write every known name as the API does, and drop those of the other model."""
        if not isinstance(given, dict):
            return given
        known = {str(field.alias).lower(): str(field.alias) for field in cls.model_fields.values()}
        ignored = {name.lower() for name in cls.ignored}
        return {
            known.get(str(name).lower(), name): value
            for name, value in given.items()
            if str(name).lower() not in ignored
        }


class CallbackIdQuery(BaseModel):
    """`GET get-queue-by-id` in the model `registrations`, whose parameters arrive as text."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    callbackId: Id  # noqa: N815 -- the oldest FastAPI that is allowed ignores an alias in a model of the query


class EntriesBody(_LookupBody):
    """`POST queue-list` in the model `registrations`."""

    ignored = frozenset({"networkId", "view", "maxDays"})

    mailbox_id: Scope | None = None
    status: Status | None = None
    page_no: PageNo = 1
    records_per_page: RecordsPerPage = 100


class DeliveriesBody(_LookupBody):
    """`POST event-list` in the model `registrations`; both dates are inclusive."""

    ignored = frozenset({"networkId", "showInactive"})

    mailbox_id: Scope | None = None
    event: Objects | None = None
    begin_date: Moment | None = None
    end_date: Moment | None = None
    page_no: PageNo = 1
    records_per_page: RecordsPerPage = 100


class DeliveryBody(_LookupBody):
    """`POST get-event-by-id` in the model `registrations`."""

    ignored = frozenset({"queueCount"})

    callback_event_id: Id


class RegistrationBody(_LookupBody):
    """`POST get-event-by-id` in the model `events`; `queueCount` is how many deliveries are wanted at most."""

    call_back_event_id: Id
    queue_count: Annotated[int, Field(ge=1, le=32767)] = 25


class RegistrationsBody(_LookupBody):
    """`POST event-list` in the model `events`."""

    ignored = frozenset({"event", "beginDate", "endDate", "pageNo", "recordsPerPage"})

    network_id: Id
    mailbox_id: Scope
    show_inactive: bool = False


class QueueIdQuery(BaseModel):
    """`GET get-queue-by-id` in the model `events`; `callbackId` is the other model's, and ignored."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    callBackQueueId: Annotated[int, Field(ge=1, le=_INT64_MAX)]  # noqa: N815 -- as above
    callbackId: str | None = None  # noqa: N815 -- as above


class QueueBody(_LookupBody):
    """`POST queue-list` in the model `events`; `maxDays` is required with the view `failed` alone."""

    ignored = frozenset({"status", "pageNo", "recordsPerPage"})

    network_id: Id
    mailbox_id: Scope
    view: Literal["pending", "failed"] = "pending"
    max_days: Annotated[int, Field(ge=1, le=365)] | None = None
