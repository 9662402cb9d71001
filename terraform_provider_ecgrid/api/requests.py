"""What the ECGrid callbacks API is sent (REST v2.6), as pydantic models.

Requests are strict: they forbid what the API does not know, and reveal a secret in `body()` alone. No model shows a
callback's URL in its `repr`, because the URL's path or query may carry a token.
"""

from typing import Annotated

from pydantic import AliasGenerator, BaseModel, ConfigDict, Field, SecretStr
from pydantic.alias_generators import to_camel

from terraform_provider_ecgrid.api.enums import MAX_ID

PAGE_SIZE = 500
"""The most entries that the API puts on one page (`recordsPerPage`)."""

MOST_DELIVERIES = 32767
"""The most deliveries of one callback that the API answers with (`queueCount`)."""

_Id = Annotated[int, Field(strict=True, ge=1, le=MAX_ID)]
_Scope = Annotated[int, Field(strict=True, ge=0, le=MAX_ID)]


class Request(BaseModel):
    """What is sent. A field that is None is not in the JSON, which the API reads as "stays as it is"."""

    model_config = ConfigDict(
        alias_generator=AliasGenerator(alias=to_camel),
        populate_by_name=True,
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
        defer_build=True,  # as in `_lenient.Answer`
    )

    def body(self) -> dict[str, object]:
        """Return the JSON body, in the order of the fields. The only place that reveals a secret."""
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

    callback_id: _Id
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
    """The body or query of delete, test and model Q's get-queue-by-id: the callback's id, 1 to 2147483647."""

    callback_id: _Id


class QueueQuery(Request):
    """The body of model Q's `POST /v2/callbacks/queue-list`: filters, the page from 1, its size of 1 to 500."""

    mailbox_id: _Scope | None = None
    status: str | None = None
    page_no: int = Field(default=1, ge=1)
    records_per_page: int = Field(default=PAGE_SIZE, ge=1, le=PAGE_SIZE)


class DeliveriesQuery(Request):
    """The body of model Q's `POST /v2/callbacks/event-list`: filters, dates in ISO 8601, the page from 1, its size."""

    mailbox_id: _Scope | None = None
    event: str | None = None
    begin_date: str | None = None
    end_date: str | None = None
    page_no: int = Field(default=1, ge=1)
    records_per_page: int = Field(default=PAGE_SIZE, ge=1, le=PAGE_SIZE)


class RegistrationReference(Request):
    """The body of model E's `POST /v2/callbacks/get-event-by-id`.

    Args:
        callback_id: the registration's id, 1 to 2147483647.
        queue_count: how many of its latest deliveries to answer with, 1 to 32767.
    """

    callback_id: _Id = Field(alias="callBackEventId")
    queue_count: int = Field(default=1, ge=1, le=MOST_DELIVERIES)


class RegistrationsQuery(Request):
    """The body of model E's `POST /v2/callbacks/event-list`.

    Args:
        network_id: 1 to 2147483647.
        mailbox_id: 0 to 2147483647.
        show_inactive: whether to list suspended and terminated registrations as well.
    """

    network_id: _Id
    mailbox_id: _Scope
    show_inactive: bool = True


class DeliveryReference(Request):
    """The query of model E's `GET /v2/callbacks/get-queue-by-id`: the delivery's id, 64 bits wide."""

    queue_id: int = Field(alias="callBackQueueId", ge=1)


class MailboxesQuery(Request):
    """The body of `POST /v2/mailboxes/list`: filters, the page from 1, its size of 1 to 500."""

    network_id: _Id | None = None
    status: str | None = None
    page_no: int = Field(default=1, ge=1)
    records_per_page: int = Field(default=PAGE_SIZE, ge=1, le=PAGE_SIZE)
