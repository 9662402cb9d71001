"""The attributes of callbacks and events as the lookups show them, for the data sources."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from tf.schema import Attribute
from tf.types import Number, String, TfType

if TYPE_CHECKING:
    from terraform_provider_ecgrid.api.models import Event, Registration

_Q = 'Null in the model "events".'
_E = 'Null in the model "registrations".'

CALLBACK_ATTRIBUTES: dict[str, tuple[TfType, str]] = {
    "callback_id": (Number(), 'The callback\'s id (`callbackId`; `callBackEventId` in the model "events").'),
    "url": (String(), "The endpoint (`url`)."),
    "event": (
        String(),
        (
            'The kind of event that triggers the callback (`event`; `systemObject` in the model "events"), as ECGrid '
            "writes it. It may be a value that this provider does not know."
        ),
    ),
    "status": (String(), "The status (`status`)."),
    "mailbox_id": (
        Number(),
        (
            'The mailbox (`mailboxId`). In the model "registrations", only ECGrid\'s list shows it. Null if no lookup '
            "shows it."
        ),
    ),
    "network_id": (Number(), f"The network (`networkId`). {_E}"),
    "http_auth_type": (String(), f"How ECGrid authenticates to the endpoint (`httpAuthType`). {_E}"),
    "direction": (
        String(),
        f"The direction of the mail that the callback reports (`direction`): `InBox`, `OutBox` or `NoDir`. {_E}",
    ),
    "queued_at": (String(), f"When the entry was queued (`queuedAt`), in RFC 3339 format in UTC. {_Q}"),
    "last_attempt": (
        String(),
        (
            "When ECGrid last tried to deliver (`lastAttempt`), in RFC 3339 format in UTC. Null before the first "
            f"attempt. {_Q}"
        ),
    ),
    "attempts": (Number(), f"The number of delivery attempts (`attempts`). {_Q}"),
    "last_http_status": (
        Number(),
        (
            "The HTTP status of the endpoint's last answer (`lastHttpStatus`). 0 or null if ECGrid could not connect "
            f"or has not tried yet. {_Q}"
        ),
    ),
}

EVENT_ATTRIBUTES: dict[str, tuple[TfType, str]] = {
    "callback_event_id": (
        Number(),
        "The event's id (`callbackEventId`; in the model \"events\", the delivery's `callBackQueueId`).",
    ),
    "callback_id": (Number(), 'The callback\'s id (`callbackId`; `callBackEventId` in the model "events").'),
    "event": (
        String(),
        'The kind of event (`event`; in the model "events", the registration\'s `systemObject`).',
    ),
    "mailbox_id": (Number(), 'The mailbox (`mailboxId`; in the model "events", the registration\'s).'),
    "object_id": (
        Number(),
        (
            "The id of the object that the event is about (`objectId`), a 64-bit number. Null if ECGrid does not "
            'show it, which can happen in the model "events".'
        ),
    ),
    "status": (String(), "The state of the delivery (`status`)."),
    "created": (
        String(),
        (
            'When the event happened (`created`), in RFC 3339 format in UTC. In the model "events", this is the '
            "delivery's `date`, or else the time of the first attempt. Null if there is neither."
        ),
    ),
    "delivered": (
        String(),
        (
            "When the endpoint accepted the delivery (`delivered`), in RFC 3339 format in UTC. Null if it did not. "
            'In the model "events", this is the time of the last attempt that the endpoint answered with 200.'
        ),
    ),
    "http_status": (
        Number(),
        (
            "The HTTP status of the endpoint's answer (`httpStatus`). 0 or null if ECGrid could not connect "
            'or has not tried yet. In the model "events", this is the answer to the last attempt.'
        ),
    ),
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
