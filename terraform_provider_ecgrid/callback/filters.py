"""The filters that every list of callbacks takes, as a data source and in `terraform query`."""

from __future__ import annotations

from tf.schema import Attribute
from tf.types import Number, String
from tf.utils import Diagnostics

from terraform_provider_ecgrid.api.enums import MAX_ID, Objects, Status
from terraform_provider_ecgrid.callback.schema import names
from terraform_provider_ecgrid.callback.validators import refuse_choice, refuse_number
from terraform_provider_ecgrid.plugin.authoring import Config

DEFAULT_LIMIT = 1000
"""How many events are returned unless `limit` says otherwise."""


def filter_attributes() -> list[Attribute]:
    """Describe the arguments `mailbox_id`, `network_id`, `status` and `event`."""
    return [
        Attribute(
            "mailbox_id",
            Number(),
            optional=True,
            description=(
                f"Only callbacks of this mailbox (`mailboxId`), a whole number from 0 to {MAX_ID}. If omitted: of "
                "every mailbox, which ECGrid may refuse to a user without the role `NetworkAdmin`, or, if ECGrid lists "
                "one mailbox of one network at a time, of the credential's own."
            ),
        ),
        Attribute(
            "network_id",
            Number(),
            optional=True,
            description=(
                f"Only callbacks of this network (`networkId`), a whole number from 1 to {MAX_ID}. If ECGrid does not "
                "list by network for this credential, this is an error. The provider's `network_id` is used only if "
                "ECGrid asks for a network."
            ),
        ),
        Attribute(
            "status",
            String(),
            optional=True,
            description=f"Only callbacks of this status (`status`): {names(*Status)}. Omit it for any.",
        ),
        Attribute(
            "event",
            String(),
            optional=True,
            description=(
                f"Only callbacks of this event: {names(*Objects)}. Omit it for any. ECGrid has no such filter, "
                "so the provider applies it."
            ),
        ),
    ]


def refuse_filters(diags: Diagnostics, config: Config) -> None:
    """Add an error for each filter that can match nothing."""
    refuse_number(diags, config, "mailbox_id", 0)
    refuse_number(diags, config, "network_id", 1)
    refuse_choice(diags, config, "status", Status)
    refuse_choice(diags, config, "event", Objects)
