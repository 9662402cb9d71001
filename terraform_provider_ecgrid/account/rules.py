"""Which arguments of the data sources are refused."""

from __future__ import annotations

from tf.utils import Diagnostics

from terraform_provider_ecgrid.callback.validators import refuse_number
from terraform_provider_ecgrid.callback.values import is_known
from terraform_provider_ecgrid.plugin.authoring import Config


def refuse_mailbox(diags: Diagnostics, config: Config) -> None:
    """Add an error unless either the id or the name of a mailbox is given, and each can be one."""
    refuse_number(diags, config, "mailbox_id", 1)
    refuse_number(diags, config, "network_id", 1)
    mailbox_id, name = config["mailbox_id"], config["name"]
    if is_known(mailbox_id) and is_known(name):
        diags.add_error(
            "Both mailbox_id and name",
            "`mailbox_id` and `name` are both set, but only one can select the mailbox. Remove one of them.",
            path=["name"],
        )
    elif mailbox_id is None and name is None:
        diags.add_error(
            "Neither mailbox_id nor name",
            "Neither `mailbox_id` nor `name` is set. Set one of them to select the mailbox.",
            path=["mailbox_id"],
        )
    elif name == "":
        diags.add_error(
            "Invalid name", "`name` is empty. Set it to the mailbox's name, or use `mailbox_id`.", path=["name"]
        )
