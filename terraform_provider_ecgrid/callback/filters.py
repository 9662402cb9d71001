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
                f"Returns only callbacks of this mailbox (`mailboxId`), a whole number from 0 to {MAX_ID}. If "
                "omitted, callbacks of every mailbox are returned, which ECGrid may refuse without the role "
                "`NetworkAdmin`. If ECGrid lists only one mailbox at a time, the credential's own mailbox is used."
            ),
        ),
        Attribute(
            "network_id",
            Number(),
            optional=True,
            description=(
                f"Returns only callbacks of this network (`networkId`), a whole number from 1 to {MAX_ID}. The read "
                "fails if ECGrid does not list callbacks by network for this credential. The provider's `network_id` "
                "is used only if ECGrid requires a network."
            ),
        ),
        Attribute(
            "status",
            String(),
            optional=True,
            description=(
                f"Returns only callbacks with this status (`status`): {names(*Status)}. Omit it to include every "
                "status."
            ),
        ),
        Attribute(
            "event",
            String(),
            optional=True,
            description=(
                f"Returns only callbacks with this event: {names(*Objects)}. Omit it to include every event. ECGrid "
                "cannot filter by event, so the provider filters the list."
            ),
        ),
    ]


def refuse_filters(diags: Diagnostics, config: Config) -> None:
    """Add an error for each filter that can match nothing."""
    refuse_number(diags, config, "mailbox_id", 0)
    refuse_number(diags, config, "network_id", 1)
    refuse_choice(diags, config, "status", Status)
    refuse_choice(diags, config, "event", Objects)
