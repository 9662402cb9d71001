"""What the data sources share: asking ECGrid, and the attributes of a callback as the lookups show it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from tf.schema import Attribute
from tf.types import Number, String, TfType
from tf.utils import Diagnostics

from terraform_provider_ecgrid.callback.access import Access

if TYPE_CHECKING:
    from terraform_provider_ecgrid.api.client import Client
    from terraform_provider_ecgrid.api.models import QueueEntry

_Answer = TypeVar("_Answer")

CALLBACK_ATTRIBUTES: dict[str, tuple[TfType, str]] = {
    "callback_id": (Number(), "The callback's id (`callbackId`)."),
    "url": (String(), "The endpoint (`url`)."),
    "event": (String(), "What raises the event (`event`), as ECGrid spells it, known to this provider or not."),
    "status": (
        String(),
        "The status (`status`). Where ECGrid's lookups show deliveries instead of registrations it is a delivery's.",
    ),
    "mailbox_id": (Number(), "The mailbox (`mailboxId`); null where no lookup shows it."),
    "queued_at": (String(), "When the entry was queued (`queuedAt`), RFC 3339 in UTC."),
    "last_attempt": (String(), "When ECGrid last tried to deliver (`lastAttempt`), RFC 3339 in UTC; null before."),
    "attempts": (Number(), "How often ECGrid tried (`attempts`)."),
    "last_http_status": (
        Number(),
        "What the endpoint answered last (`lastHttpStatus`); 0 or null for no connection or no attempt.",
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


def values_of(entry: QueueEntry) -> dict[str, Any]:
    """Return the attributes of a callback as the lookups show it."""
    return {
        "callback_id": entry.callback_id,
        "url": entry.url,
        "event": entry.event,
        "status": entry.status,
        "mailbox_id": entry.mailbox_id,
        "queued_at": entry.queued_at_text,
        "last_attempt": entry.last_attempt_text,
        "attempts": entry.attempts,
        "last_http_status": entry.last_http_status,
    }


def ask(provider: Access, diags: Diagnostics, what: str, question: Callable[[Client], _Answer]) -> _Answer | None:
    """Put a question to ECGrid; None and an error diagnostic where it cannot be answered.

    `what` is the noun phrase of what is read, such as "Callback 7001".
    """
    from terraform_provider_ecgrid.api.errors import EcgridError
    from terraform_provider_ecgrid.callback.failures import add_failure

    try:
        return question(provider.client())
    except EcgridError as error:
        add_failure(diags, f"{what} not read", error, unasked=f"{what} cannot be read.")
    return None
