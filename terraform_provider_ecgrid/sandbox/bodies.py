"""What a request may carry (REST v2.6), except the lookups: one class per call, as strict as the documented tables.

Field names are the API's in camelCase; an unknown field, an explicit null and a value of another type are refused,
because a sandbox that overlooks a client's mistake does not help anyone.
"""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel

Objects = Literal[
    "System", "User", "Network", "Mailbox", "ECGridID", "Interconnect", "Migration", "Parcel", "Interchange",
    "CarbonCopy", "CallBackEvent", "AS2", "Comm", "GISB", "InterconnectNote", "PriceList", "Contract", "Invoice",
]  # fmt: skip
HTTPAuthType = Literal["None", "Basic", "Digest"]
Status = Literal["Development", "Active", "Preproduction", "Suspended", "Terminated"]


_INT32_MAX = 2**31 - 1


def _https(url: str) -> str:
    try:
        parts = urlsplit(url)
        usable = parts.scheme.lower() == "https" and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    if not usable or any(character.isspace() or not character.isprintable() for character in url):
        raise ValueError("must be an https:// URL with a host")
    return url


def _moment(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("must be an ISO 8601 date and time") from None
    return timestamp(moment)


def timestamp(moment: datetime) -> str:
    """Write a moment as the API writes it: ISO 8601 in UTC with whole seconds, `2026-05-07T09:00:00Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


Id = Annotated[int, Field(ge=1, le=_INT32_MAX)]
Scope = Annotated[int, Field(ge=0, le=_INT32_MAX)]
Url = Annotated[str, AfterValidator(_https)]
Moment = Annotated[str, AfterValidator(_moment)]
PageNo = Annotated[int, Field(ge=1, le=_INT32_MAX)]
RecordsPerPage = Annotated[int, Field(ge=1, le=500)]


class Body(BaseModel):
    """A request body in the API's spelling."""

    model_config = ConfigDict(extra="forbid", strict=True, alias_generator=to_camel, hide_input_in_errors=True)

    @model_validator(mode="before")
    @classmethod
    def refuse_null(cls, given: Any) -> Any:
        """Refuse an explicit null: the vendor's pages say only that a field can be omitted."""
        if isinstance(given, dict):
            nulls = [str(name) for name, value in given.items() if value is None]
            if nulls:
                raise ValueError(f"{', '.join(nulls)}: null is not allowed; omit the field")
        return given

    def given(self) -> dict[str, Any]:
        """Return the fields that the request really carried, under the API's names."""
        return self.model_dump(by_alias=True, exclude_unset=True)


class CreateBody(Body):
    """`POST /v2/callbacks/create`; `username` and `password` are required unless the authentication is `None`."""

    url: Url
    event: Objects
    mailbox_id: Scope = 0
    network_id: Scope = 0
    http_auth_type: HTTPAuthType = "None"
    username: str | None = None
    password: str | None = None

    @model_validator(mode="after")
    def credentials(self) -> "CreateBody":
        """Refuse `Basic` and `Digest` without both credentials."""
        if self.http_auth_type != "None" and not (self.username and self.password):
            raise ValueError(f"username and password are required with httpAuthType {self.http_auth_type}")
        return self


class UpdateBody(Body):
    """`POST /v2/callbacks/update`; an omitted field stays as it is."""

    callback_id: Id
    url: Url | None = None
    event: Objects | None = None
    status: Status | None = None
    http_auth_type: HTTPAuthType | None = None
    username: str | None = None
    password: str | None = None


class CallbackIdBody(Body):
    """`DELETE /v2/callbacks` and `POST /v2/callbacks/test`."""

    callback_id: Id


class MailboxListBody(Body):
    """`POST /v2/mailboxes/list`; `networkId` 0 is any network."""

    network_id: Scope = 0
    status: Status | None = None
    page_no: PageNo = 1
    records_per_page: RecordsPerPage = 25
