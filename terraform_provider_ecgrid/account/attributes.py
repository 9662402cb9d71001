"""The attributes of mailboxes and users as ECGrid shows them."""

from __future__ import annotations

from tf.types import Number, String, TfType

MAILBOX_ATTRIBUTES: dict[str, tuple[TfType, str]] = {
    "mailbox_id": (Number(), "The mailbox's id (`mailboxId`)."),
    "network_id": (Number(), "The network that the mailbox belongs to (`networkId`)."),
    "name": (
        String(),
        "The mailbox's name (`name`), or its company's name (`companyName`) if ECGrid shows no mailbox name.",
    ),
    "unique_id": (String(), "The mailbox's unique id (`uniqueId`)."),
    "description": (String(), "The mailbox's description (`description`); null if ECGrid shows none."),
    "status": (String(), "The mailbox's status (`status`)."),
}

USER_ATTRIBUTES: dict[str, tuple[TfType, str]] = {
    "user_id": (Number(), "The user's id (`userId`)."),
    "login": (String(), "The user's login (`login`)."),
    "email": (String(), "The user's email address (`email`)."),
    "network_id": (Number(), "The user's network (`networkId`)."),
    "mailbox_id": (Number(), "The user's mailbox (`mailboxId`)."),
    "auth_level": (
        String(),
        "The user's role (`authLevel`). Network-level calls require the role `NetworkAdmin`.",
    ),
    "status": (String(), "The user's status (`status`)."),
}
