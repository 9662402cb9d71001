"""The schema of `ecgrid_callback`, its identity, and `on_destroy`. The descriptions become the documentation."""

from enum import StrEnum
from typing import Any

from tf.schema import Attribute, Schema
from tf.types import Bool, Number, String, Unknown

from terraform_provider_ecgrid.api.enums import MAX_ID, HttpAuthType, Objects, Status
from terraform_provider_ecgrid.api.hidden_urls import HIDDEN_URLS
from terraform_provider_ecgrid.plugin.authoring import (
    IdentityAttribute,
    IdentitySchema,
    ReadOnly,
    SensitiveString,
    WriteOnly,
)


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
        "Manages an ECGrid callback, which registers an HTTPS endpoint that ECGrid posts event data to. If "
        "`callback_id` is set, the resource takes over that existing callback. Otherwise it registers a new one. An "
        "update sends what the plan shows as changed, with `POST /v2/callbacks/update`."
    ),
    attributes=[
        Attribute(
            "callback_id",
            Number(),
            optional=True,
            computed=True,
            requires_replace=True,
            description=(
                f"The id (`callbackId`, a whole number from 1 to {MAX_ID}) of an existing callback to take over. "
                "Omit it to register a new callback. Changing it to another id replaces the resource. Removing it "
                "changes nothing."
            ),
        ),
        ReadOnly(
            "id",
            String(),
            "`callback_id` as a string.",
            instead="To take over an existing callback, set `callback_id`.",
        ),
        Attribute(
            "url",
            _Url(),
            optional=True,
            computed=True,
            description=(
                "The HTTPS URL that ECGrid posts to (`url`). It must have a host and must not contain credentials. "
                "Required to register a new callback. If omitted for an existing callback, ECGrid keeps the current "
                "value. Changes are made in place."
            ),
        ),
        Attribute(
            "event",
            String(),
            optional=True,
            computed=True,
            description=(
                f"The kind of event that triggers the callback (`event`, an `Objects` value): {names(*Objects)}. "
                "Callbacks usually use `Parcel`, `Interchange`, `Interconnect`, `User`, `Mailbox` or `Network`. "
                "Required to register a new callback. If omitted for an existing callback, ECGrid keeps the current "
                "value. Changes are made in place."
            ),
        ),
        Attribute(
            "status",
            String(),
            optional=True,
            computed=True,
            description=(
                f"The callback's status (`status`): {names(*Status)}. `Active` delivers events, `Suspended` pauses "
                "delivery, and `Terminated` is permanent. If omitted, a new callback is `Active`, and an existing "
                "callback keeps its status. Changes are made in place. ECGrid cannot change the status of a "
                "`Terminated` callback: without `callback_id`, the change replaces the resource; with `callback_id`, "
                "the plan fails."
            ),
        ),
        Attribute(
            "mailbox_id",
            Number(),
            optional=True,
            computed=True,
            requires_replace=True,
            description=(
                f"The mailbox (`mailboxId`, a whole number from 0 to {MAX_ID}) to register a new callback for. If "
                "omitted, the callback is registered without a mailbox. Cannot be set when taking over a callback. "
                "ECGrid cannot move a callback to another mailbox, so changing this value replaces the resource, "
                "unless the state has no value yet."
            ),
        ),
        Attribute(
            "network_id",
            Number(),
            optional=True,
            computed=True,
            requires_replace=True,
            description=(
                f"The network (`networkId`, a whole number from 0 to {MAX_ID}) to register a new callback for. "
                "Requires the role `NetworkAdmin`. If omitted, the callback is registered without a network. Cannot "
                "be set when taking over a callback. ECGrid cannot move a callback to another network, so changing "
                "this value replaces the resource, unless the state has no value yet."
            ),
        ),
        Attribute(
            "http_auth_type",
            String(),
            optional=True,
            computed=True,
            description=(
                f"How ECGrid authenticates to the endpoint (`httpAuthType`): {names(*HttpAuthType)}. `Basic` and "
                "`Digest` require `username` and a password. Changing the value to `None` also clears the "
                "credentials stored at ECGrid. If omitted, a new callback has no authentication, and an existing "
                "callback keeps its value. Changes are made in place. Changes made outside Terraform are detected "
                "only if ECGrid's lookups show this value."
            ),
        ),
        Attribute(
            "username",
            String(),
            optional=True,
            description=(
                "The user name that ECGrid sends to the endpoint (`username`). Changing it sends the password too. "
                "Changes are made in place. ECGrid never returns it, so changes made outside Terraform are not "
                "detected. If you remove it, Terraform stops managing it and ECGrid keeps the current value."
            ),
        ),
        Attribute(
            "password",
            SensitiveString(),
            optional=True,
            sensitive=True,
            description=(
                "The password that ECGrid sends to the endpoint (`password`). It is stored in the state; "
                "`password_wo` is not. Conflicts with `password_wo`. Changes are made in place. ECGrid never returns "
                "it, so changes made outside Terraform are not detected. If you remove it, Terraform stops managing "
                "it and ECGrid keeps the current value."
            ),
        ),
        WriteOnly(
            "password_wo",
            SensitiveString(),
            optional=True,
            sensitive=True,
            description=(
                "The password that ECGrid sends to the endpoint (`password`), as a write-only argument. The provider "
                "never stores it in a plan or in the state. Terraform itself stores a literal value, and the value "
                "of a variable that is not `ephemeral`, in a saved plan. Requires `password_wo_version` and "
                "Terraform 1.11 or newer. Conflicts with `password`."
            ),
        ),
        Attribute(
            "password_wo_version",
            Number(),
            optional=True,
            description=(
                "A number of your choice. Changing it sends `password_wo`. Changing `password_wo` alone sends "
                "nothing. The number itself is not sent to ECGrid."
            ),
        ),
        Attribute(
            "on_destroy",
            String(),
            optional=True,
            computed=True,
            description=(
                "What happens to the callback when the resource is destroyed: `delete` removes it, `suspend` pauses "
                "it, `terminate` ends it permanently, and `retain` leaves it unchanged. A destroy uses the value "
                "from the last apply. Defaults to `delete` for a callback that Terraform registered or imported, and "
                "to `retain` for a callback that was taken over with `callback_id` or a `moved` block. Changing it "
                "alone sends nothing."
            ),
        ),
        Attribute(
            "verify_delivery",
            Bool(),
            optional=True,
            description=(
                "Whether to request a test delivery (`POST /v2/callbacks/test`) after an apply that set or changed "
                "the URL, the status or the credentials of an `Active` callback. The provider warns if the endpoint "
                "does not answer 200. Defaults to `false`. Changing it alone sends nothing."
            ),
        ),
    ],
)
