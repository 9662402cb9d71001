"""The API's enumerations (page "ENUMs", REST v2.6), in the API's spelling, and the range of its ids.

Without pydantic on purpose: schemas and validation need these names, and most processes send no request.
"""

from __future__ import annotations

from enum import StrEnum

MAX_ID = 2147483647
"""The largest id. The smallest is 1; a scope may be 0."""


class Objects(StrEnum):
    """What can raise an event (`Objects`)."""

    SYSTEM = "System"
    USER = "User"
    NETWORK = "Network"
    MAILBOX = "Mailbox"
    ECGRID_ID = "ECGridID"
    INTERCONNECT = "Interconnect"
    MIGRATION = "Migration"
    PARCEL = "Parcel"
    INTERCHANGE = "Interchange"
    CARBON_COPY = "CarbonCopy"
    CALLBACK_EVENT = "CallBackEvent"
    AS2 = "AS2"
    COMM = "Comm"
    GISB = "GISB"
    INTERCONNECT_NOTE = "InterconnectNote"
    PRICE_LIST = "PriceList"
    CONTRACT = "Contract"
    INVOICE = "Invoice"


class HttpAuthType(StrEnum):
    """How ECGrid authenticates at the endpoint (`HTTPAuthType`)."""

    NONE = "None"
    BASIC = "Basic"
    DIGEST = "Digest"


class Status(StrEnum):
    """A registration's status (`Status`). For a callback, `Terminated` is permanent."""

    DEVELOPMENT = "Development"
    ACTIVE = "Active"
    PREPRODUCTION = "Preproduction"
    SUSPENDED = "Suspended"
    TERMINATED = "Terminated"


class Direction(StrEnum):
    """Which mail of a mailbox a callback is about (`direction`, in model E alone)."""

    NO_DIRECTION = "NoDir"
    OUT_BOX = "OutBox"
    IN_BOX = "InBox"


class AuthLevel(StrEnum):
    """The role of a user (`authLevel`). Network-level calls need `NetworkAdmin`."""

    ROOT = "Root"
    TECH_OPS = "TechOps"
    NET_OPS = "NetOps"
    NETWORK_ADMIN = "NetworkAdmin"
    NETWORK_USER = "NetworkUser"
    MAILBOX_ADMIN = "MailboxAdmin"
    MAILBOX_USER = "MailboxUser"
    TP_USER = "TPUser"
    GENERAL = "General"


class LookupModel(StrEnum):
    """Which of the vendor's two descriptions of the read calls the API follows (not the API's own word)."""

    QUEUE = "queue"
    EVENT = "event"

    @property
    def other(self) -> LookupModel:
        """The other one."""
        return LookupModel.EVENT if self is LookupModel.QUEUE else LookupModel.QUEUE
