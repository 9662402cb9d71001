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
            'What raises the event (`event`; `systemObject` in the model "events"), as ECGrid spells it, even if this '
            "provider does not know the value."
        ),
    ),
    "status": (String(), "The status (`status`)."),
    "mailbox_id": (
        Number(),
        'The mailbox (`mailboxId`). In the model "registrations" only ECGrid\'s list shows it; null if no lookup does.',
    ),
    "network_id": (Number(), f"The network (`networkId`). {_E}"),
    "http_auth_type": (String(), f"How ECGrid authenticates at the endpoint (`httpAuthType`). {_E}"),
    "direction": (
        String(),
        f"Which mail the callback is about (`direction`): `InBox`, `OutBox` or `NoDir`. {_E}",
    ),
    "queued_at": (String(), f"When the entry was queued (`queuedAt`), RFC 3339 in UTC. {_Q}"),
    "last_attempt": (
        String(),
        f"When ECGrid last tried to deliver (`lastAttempt`), RFC 3339 in UTC; null before the first attempt. {_Q}",
    ),
    "attempts": (Number(), f"How often ECGrid tried to deliver (`attempts`). {_Q}"),
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
        "The event's id (`callbackEventId`; `callBackQueueId`, the delivery's, in the model \"events\").",
    ),
    "callback_id": (Number(), 'The callback\'s id (`callbackId`; `callBackEventId` in the model "events").'),
    "event": (
        String(),
        'What raised the event (`event`; the registration\'s `systemObject` in the model "events").',
    ),
    "mailbox_id": (Number(), 'The mailbox (`mailboxId`; the registration\'s in the model "events").'),
    "object_id": (
        Number(),
        (
            "The id of the object that the event is about (`objectId`), 64 bits wide. "
            'Null if ECGrid does not show it, as may happen in the model "events".'
        ),
    ),
    "status": (String(), "The state of the delivery (`status`)."),
    "created": (
        String(),
        (
            'When the event happened (`created`), RFC 3339 in UTC. In the model "events": the `date` of the delivery, '
            "or the time of the first attempt; null if there is neither."
        ),
    ),
    "delivered": (
        String(),
        (
            'When the endpoint accepted it (`delivered`), RFC 3339 in UTC; null if it did not. In the model "events": '
            "the time of the last attempt that was answered by 200."
        ),
    ),
    "http_status": (
        Number(),
        (
            "The HTTP status of the endpoint's answer (`httpStatus`). 0 or null if ECGrid could not connect. "
            'In the model "events": the answer to the last attempt.'
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
