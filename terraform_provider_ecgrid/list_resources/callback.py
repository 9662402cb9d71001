"""`list "ecgrid_callback"`: the callbacks of an account, page by page, ready to be imported."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tf.schema import Schema
from tf.utils import Diagnostics

from terraform_provider_ecgrid.callback.access import Access
from terraform_provider_ecgrid.callback.filters import filter_attributes, refuse_filters
from terraform_provider_ecgrid.plugin.authoring import Config, ListContext, Listed, ListResource

if TYPE_CHECKING:
    from terraform_provider_ecgrid.api.models import QueueEntry


class CallbackListResource(ListResource):
    """The list resource `ecgrid_callback` (ECGrid's page queue-list, REST v2.6)."""

    def __init__(self, provider: Access) -> None:
        self._provider = provider

    @classmethod
    def get_name(cls) -> str:
        """Return the name of the resource that is listed."""
        return "callback"

    @classmethod
    def get_schema(cls) -> Schema:
        """Describe the `config` block."""
        return Schema(
            description=(
                "Lists the callbacks that match, each ready to be imported (Terraform 1.14 and newer). Where ECGrid's "
                "lookups show deliveries instead of registrations, a callback that has not fired is not among them."
            ),
            attributes=filter_attributes(),
        )

    def validate(self, diags: Diagnostics, type_name: str, config: Config) -> None:  # noqa: ARG002 - the interface's
        """Refuse filters that can match nothing."""
        refuse_filters(diags, config)

    def list(self, ctx: ListContext, config: Config) -> Iterator[Listed]:
        """Yield each callback once, asking for a page when the one before is used up."""
        from terraform_provider_ecgrid.api.errors import EcgridError
        from terraform_provider_ecgrid.callback.failures import add_failure
        from terraform_provider_ecgrid.callback.generated_config import unusable
        from terraform_provider_ecgrid.callback.messages import of_left_out
        from terraform_provider_ecgrid.callback.state import imported

        listed = 0
        try:
            for entry in self._entries(ctx, config):
                listed += 1
                state = imported(entry.callback_id, entry)
                if ctx.include_resource and (left_out := unusable(state)):
                    # Asked for where configuration is generated, and Terraform shows no warning of that call itself.
                    of_left_out(ctx.diagnostics, entry.callback_id, left_out.values())
                yield Listed({"callback_id": entry.callback_id}, _name_of(entry), state)
        except EcgridError as error:
            add_failure(
                ctx.diagnostics,
                "List of callbacks ended early",
                error,
                f"{listed} callbacks had been listed until then, and there may be more.",
                unasked="The callbacks cannot be listed.",
            )

    def _entries(self, ctx: ListContext, config: Config) -> Iterator[QueueEntry]:
        from terraform_provider_ecgrid.api.registrations import iter_pages, merge_each

        mailbox_id = None if config["mailbox_id"] is None else int(config["mailbox_id"])
        seen: set[int] = set()
        for page in iter_pages(self._provider.client(), mailbox_id=mailbox_id, status=config["status"]):
            fresh = [entry for entry in merge_each(page.entries) if entry.callback_id not in seen]
            seen.update(entry.callback_id for entry in fresh)
            yield from (entry for entry in fresh if config["event"] in (None, entry.event))
            if not ctx.wanted():
                return


def _name_of(entry: QueueEntry) -> str:
    from terraform_provider_ecgrid.callback.urls import origin_of

    where = f" at {origin_of(entry.url)}" if entry.url else ""
    return f"{entry.callback_id} {entry.event or 'unknown event'}{where}"
