"""The attributes of callbacks and events as the lookups show them, for the data sources."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from tf.schema import Attribute
from tf.types import Number, String, TfType

if TYPE_CHECKING:
    from terraform_provider_ecgrid.api.models import Event, Registration

CALLBACK_ATTRIBUTES: dict[str, tuple[TfType, str]] = {
    "callback_id": (Number(), "The callback's id (`callbackId`)."),
    "url": (String(), "The endpoint (`url`)."),
    "event": (String(), "What raises the event (`event`), as ECGrid spells it, known to this provider or not."),
    "status": (String(), "The status (`status`)."),
    "mailbox_id": (Number(), "The mailbox (`mailboxId`); null if no lookup shows it."),
    "network_id": (Number(), "The network (`networkId`); null if no lookup shows it."),
    "http_auth_type": (
        String(),
        "How ECGrid authenticates at the endpoint (`httpAuthType`); null if no lookup shows it.",
    ),
    "direction": (
        String(),
        "Which mail the callback is about (`direction`): `InBox`, `OutBox` or `NoDir`; null if no lookup shows it.",
    ),
    "queued_at": (String(), "When the entry was queued (`queuedAt`), RFC 3339 in UTC."),
    "last_attempt": (String(), "When ECGrid last tried to deliver (`lastAttempt`), RFC 3339 in UTC; null before."),
    "attempts": (Number(), "How often ECGrid tried (`attempts`)."),
    "last_http_status": (
        Number(),
        "What the endpoint answered last (`lastHttpStatus`); 0 or null for no connection or no attempt.",
    ),
}

EVENT_ATTRIBUTES: dict[str, tuple[TfType, str]] = {
    "callback_event_id": (Number(), "The event's id (`callbackEventId`)."),
    "callback_id": (Number(), "The callback's id (`callbackId`)."),
    "event": (String(), "What raised the event (`event`)."),
    "mailbox_id": (Number(), "The mailbox (`mailboxId`)."),
    "object_id": (Number(), "The id of the object that it is about (`objectId`), 64 bits wide."),
    "status": (String(), "The delivery's state (`status`)."),
    "created": (String(), "When the event happened (`created`), RFC 3339 in UTC."),
    "delivered": (String(), "When the endpoint took it (`delivered`), RFC 3339 in UTC; null if it did not."),
    "http_status": (Number(), "What the endpoint answered (`httpStatus`); 0 or null for no connection."),
}


def computed(attributes: dict[str, tuple[TfType, str]]) -> list[Attribute]:
    """Return computed attributes from names, types and descriptions."""
    return [
        Attribute(name, type_, computed=True, description=description)
        for name, (type_, description) in attributes.items()
    ]


def object_description(intro: str, attributes: dict[str, tuple[TfType, str]]) -> str:
    """Return the description of a list of objects, which has no place for descriptions of its own attributes."""
    return intro + "\n" + "\n".join(f"  - `{name}`: {words}" for name, (_, words) in attributes.items())


def values_of(shown: Registration | Event, attributes: Iterable[str]) -> dict[str, Any]:
    """Return attributes of what a lookup shows."""
    return {name: getattr(shown, name) for name in attributes}
