"""The schema of `ecgrid_callback`. Its descriptions are the source of the documentation."""

from tf.schema import Attribute, Schema
from tf.types import Bool, Number, String

from terraform_provider_ecgrid.api.enums import HttpAuthType, Objects, Status
from terraform_provider_ecgrid.plugin.contexts import IdentityAttribute, IdentitySchema
from terraform_provider_ecgrid.plugin.schema import SensitiveString, WriteOnly
from terraform_provider_ecgrid.resources.problems import MAX_ID


def _names(*names: str) -> str:
    return ", ".join(f"`{name}`" for name in names)


CALLBACK_IDENTITY = IdentitySchema(
    (
        IdentityAttribute(
            "callback_id", Number(), required_for_import=True, description="The callback's id at ECGrid (`callbackId`)."
        ),
    )
)

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
                f"The id (`callbackId`, 1 to {MAX_ID}) of an existing callback to take over. Leave it out to register "
                "a new callback. A change to another id replaces the resource; removing the argument changes nothing."
            ),
        ),
        Attribute("id", String(), computed=True, description="`callback_id` as a string."),
        Attribute(
            "url",
            String(),
            optional=True,
            computed=True,
            description=(
                "The HTTPS endpoint that ECGrid posts to (`url`), without credentials in it. Required when a new "
                "callback is registered."
            ),
        ),
        Attribute(
            "event",
            String(),
            optional=True,
            computed=True,
            description=(
                "What raises the event (`event`, an `Objects` value): "
                f"{_names(*Objects)}. Usual for callbacks are `Parcel`, `Interchange`, `Interconnect`, `User`, "
                "`Mailbox` and `Network`. Required when a new callback is registered."
            ),
        ),
        Attribute(
            "status",
            String(),
            optional=True,
            computed=True,
            description=(
                f"The callback's status (`status`): {_names(*Status)}. `Active` delivers, `Suspended` pauses, "
                "`Terminated` is permanent. A new callback is `Active`."
            ),
        ),
        Attribute(
            "mailbox_id",
            Number(),
            optional=True,
            computed=True,
            requires_replace=True,
            description=(
                f"The mailbox (`mailboxId`, 0 to {MAX_ID}) that a new callback is registered for. ECGrid cannot change "
                "it: another value replaces the resource, except where the state holds none yet."
            ),
        ),
        Attribute(
            "network_id",
            Number(),
            optional=True,
            computed=True,
            requires_replace=True,
            description=(
                f"The network (`networkId`, 0 to {MAX_ID}) that a new callback is registered for. ECGrid cannot change "
                "it: another value replaces the resource, except where the state holds none yet."
            ),
        ),
        Attribute(
            "http_auth_type",
            String(),
            optional=True,
            computed=True,
            description=(
                f"How ECGrid authenticates at the endpoint (`httpAuthType`): {_names(*HttpAuthType)}. `Basic` and "
                "`Digest` need `username` and a password; a change to `None` also clears the ones that ECGrid holds. "
                "ECGrid does not return it on reads, so a change made elsewhere is not seen."
            ),
        ),
        Attribute(
            "username",
            String(),
            optional=True,
            description=(
                "The user name for the endpoint (`username`). ECGrid never returns it, so a change made elsewhere is "
                "not seen. Removing it ends its management; ECGrid keeps what it holds."
            ),
        ),
        Attribute(
            "password",
            SensitiveString(),
            optional=True,
            sensitive=True,
            description=(
                "The password for the endpoint (`password`). It is kept in the state; `password_wo` never is. "
                "Conflicts with `password_wo`. ECGrid never returns it."
            ),
        ),
        WriteOnly(
            "password_wo",
            SensitiveString(),
            optional=True,
            sensitive=True,
            description=(
                "The password for the endpoint (`password`), write-only: it is in no plan and no state. Needs "
                "`password_wo_version` and Terraform 1.11 or newer. Conflicts with `password`."
            ),
        ),
        Attribute(
            "password_wo_version",
            Number(),
            optional=True,
            description=(
                "Any number; a change to another value sends `password_wo`. A changed `password_wo` alone sends "
                "nothing."
            ),
        ),
        Attribute(
            "on_destroy",
            String(),
            optional=True,
            computed=True,
            description=(
                "What destroying the resource does to the callback: `delete` removes it, `suspend` pauses it, "
                "`terminate` ends it for ever, `retain` leaves it as it is. The value of the last apply counts. "
                "Defaults to `delete` for a callback that Terraform registered or imported, and to `retain` for one "
                "that was taken over by `callback_id`."
            ),
        ),
        Attribute(
            "verify_delivery",
            Bool(),
            optional=True,
            description=(
                "Whether to ask ECGrid for a test delivery (`POST /v2/callbacks/test`) after an apply that touched the "
                "URL, the status or the credentials of an `Active` callback. Anything but 200 is a warning. Defaults "
                "to `false`."
            ),
        ),
    ],
)
