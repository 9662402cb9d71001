"""The schema of `ecgrid_callback`, its identity, and `on_destroy`. The descriptions become the documentation."""

from enum import StrEnum
from typing import Any

from tf.schema import Attribute, Schema
from tf.types import Bool, Number, String, Unknown

from terraform_provider_ecgrid.api.enums import MAX_ID, HttpAuthType, Objects, Status
from terraform_provider_ecgrid.api.hidden_urls import HIDDEN_URLS
from terraform_provider_ecgrid.plugin.authoring import IdentityAttribute, IdentitySchema, SensitiveString, WriteOnly


class OnDestroy(StrEnum):
    """What the destruction of the resource does to the registration."""

    DELETE = "delete"
    SUSPEND = "suspend"
    TERMINATE = "terminate"
    RETAIN = "retain"


STOPPING = (OnDestroy.DELETE, OnDestroy.SUSPEND, OnDestroy.TERMINATE)
"""After these the callback delivers nothing."""


def default_on_destroy(origin: str | None, callback_id: Any, held: Any = None) -> Any:
    """Return the `on_destroy` of a callback whose configuration has none; `Unknown` while it cannot be told.

    Args:
        origin: how the callback came to be managed, as far as that is remembered.
        callback_id: the configured one, known or not.
        held: the state's value, which counts without an origin.
    """
    if origin is not None:
        return OnDestroy.RETAIN.value if origin == "taken_over" else OnDestroy.DELETE.value
    if held is not None:
        return held
    if callback_id is Unknown:
        return Unknown
    return OnDestroy.DELETE.value if callback_id is None else OnDestroy.RETAIN.value


def names(*values: str) -> str:
    """Return values as a description lists them."""
    return ", ".join(f"`{value}`" for value in values)


def required_callback_id() -> Attribute:
    """Describe the argument `callback_id` of a block that names one callback."""
    return Attribute(
        "callback_id",
        Number(),
        required=True,
        description=f"The callback's id (`callbackId`), a whole number from 1 to {MAX_ID}.",
    )


CALLBACK_IDENTITY = IdentitySchema(
    (IdentityAttribute("callback_id", Number(), "The callback's id at ECGrid (`callbackId`)."),)
)


class _Url(String):
    """A string of which no text shows more than scheme and host once Terraform has sent it, in whichever call."""

    def decode(self, value: Any) -> Any:
        """Note the URL, and return it."""
        HIDDEN_URLS.add(value)
        return value


CALLBACK_SCHEMA = Schema(
    version=0,
    description=(
        "A callback of ECGrid: the registration of an HTTPS endpoint to which ECGrid posts an event's data. With "
        "`callback_id` an existing callback is taken over, without it a new one is registered. What the plan shows as "
        "changed is what is sent, in place, by `POST /v2/callbacks/update`."
    ),
    attributes=[
        Attribute(
            "callback_id",
            Number(),
            optional=True,
            computed=True,
            requires_replace=True,
            description=(
                f"The id (`callbackId`, a whole number from 1 to {MAX_ID}) of an existing callback to take over. Omit "
                "it to register a new callback. A change to another id replaces the resource; removing the "
                "argument changes nothing."
            ),
        ),
        Attribute("id", String(), computed=True, description="`callback_id` as a string."),
        Attribute(
            "url",
            _Url(),
            optional=True,
            computed=True,
            description=(
                "The endpoint that ECGrid posts to (`url`): an `https://` URL with a host and without credentials in "
                "it. Required to register a new callback. If omitted otherwise, it stays as it is. A change is made in "
                "place."
            ),
        ),
        Attribute(
            "event",
            String(),
            optional=True,
            computed=True,
            description=(
                "What raises the event (`event`, an `Objects` value): "
                f"{names(*Objects)}. Usual for callbacks are `Parcel`, `Interchange`, `Interconnect`, `User`, "
                "`Mailbox` and `Network`. Required to register a new callback. If omitted otherwise, it stays as it "
                "is. A change is made in place."
            ),
        ),
        Attribute(
            "status",
            String(),
            optional=True,
            computed=True,
            description=(
                f"The callback's status (`status`): {names(*Status)}. `Active` delivers, `Suspended` pauses, "
                "`Terminated` is permanent. Defaults to `Active` for a new callback. If omitted otherwise, it stays "
                "as it is. A change is made in place, except away from `Terminated`: without `callback_id` that "
                "replaces the resource, with it the plan is refused."
            ),
        ),
        Attribute(
            "mailbox_id",
            Number(),
            optional=True,
            computed=True,
            requires_replace=True,
            description=(
                f"The mailbox (`mailboxId`, a whole number from 0 to {MAX_ID}) that a new callback is registered for. "
                "If omitted, it is registered without one. Refused in a take-over. ECGrid cannot change it: another "
                "value replaces the resource, unless the state holds none yet."
            ),
        ),
        Attribute(
            "network_id",
            Number(),
            optional=True,
            computed=True,
            requires_replace=True,
            description=(
                f"The network (`networkId`, a whole number from 0 to {MAX_ID}) that a new callback is registered for, "
                "which needs the role `NetworkAdmin`. If omitted, it is registered without one. Refused in a "
                "take-over. ECGrid cannot change it: another value replaces the resource, unless the state holds none "
                "yet."
            ),
        ),
        Attribute(
            "http_auth_type",
            String(),
            optional=True,
            computed=True,
            description=(
                f"How ECGrid authenticates at the endpoint (`httpAuthType`): {names(*HttpAuthType)}. `Basic` and "
                "`Digest` need `username` and a password; a change to `None` also clears the ones that ECGrid holds. "
                "If omitted, it stays as it is, and a new callback has none. A change is made in place. A change "
                "made elsewhere is seen only if ECGrid's lookups show it."
            ),
        ),
        Attribute(
            "username",
            String(),
            optional=True,
            description=(
                "The user name for the endpoint (`username`). A change is made in place and sends the password along. "
                "ECGrid never returns it, so a change made elsewhere is not seen. If it is removed, Terraform stops "
                "managing it, and ECGrid keeps what it holds."
            ),
        ),
        Attribute(
            "password",
            SensitiveString(),
            optional=True,
            sensitive=True,
            description=(
                "The password for the endpoint (`password`). It is kept in the state; `password_wo` never is. "
                "Conflicts with `password_wo`. A change is made in place. ECGrid never returns it, so a change made "
                "elsewhere is not seen. If it is removed, Terraform stops managing it, and ECGrid keeps what it "
                "holds."
            ),
        ),
        WriteOnly(
            "password_wo",
            SensitiveString(),
            optional=True,
            sensitive=True,
            description=(
                "The password for the endpoint (`password`), write-only: this provider never puts it into a plan or "
                "a state. Terraform itself copies a literal, and the value of a variable that is not `ephemeral`, "
                "into a saved plan. Needs `password_wo_version` and Terraform 1.11 or newer. Conflicts with `password`."
            ),
        ),
        Attribute(
            "password_wo_version",
            Number(),
            optional=True,
            description=(
                "Any number. A change to another value sends `password_wo`; a changed `password_wo` alone sends "
                "nothing. Not sent to ECGrid."
            ),
        ),
        Attribute(
            "on_destroy",
            String(),
            optional=True,
            computed=True,
            description=(
                "What destroying the resource does to the callback: `delete` removes it, `suspend` pauses it, "
                "`terminate` ends it permanently, `retain` leaves it as it is. The value of the last apply counts. "
                "Defaults to `delete` for a callback that Terraform registered or imported, and to `retain` for one "
                "that was taken over by `callback_id` or a `moved` block. A change alone sends nothing."
            ),
        ),
        Attribute(
            "verify_delivery",
            Bool(),
            optional=True,
            description=(
                "Whether to ask ECGrid for a test delivery (`POST /v2/callbacks/test`) after an apply that touched the "
                "URL, the status or the credentials of an `Active` callback. Anything but 200 is a warning. Defaults "
                "to `false`. A change alone sends nothing."
            ),
        ),
    ],
)
