"""`action "ecgrid_callback_test"`: a test delivery to an endpoint, which fails unless it is answered by 200."""

from __future__ import annotations

from collections.abc import Iterator

from tf.schema import Schema
from tf.utils import Diagnostics

from terraform_provider_ecgrid import callback
from terraform_provider_ecgrid.callback.access import Provider
from terraform_provider_ecgrid.callback.schema import required_callback_id
from terraform_provider_ecgrid.callback.validators import refuse_number
from terraform_provider_ecgrid.plugin.authoring import Action, ActionContext, Config


class CallbackTestAction(Action):
    """The action `ecgrid_callback_test` (ECGrid's page "Test Callback", REST v2.6)."""

    def __init__(self, provider: Provider) -> None:
        self._session = provider.session

    @classmethod
    def get_name(cls) -> str:
        """Return the type's name behind the provider's prefix."""
        return "callback_test"

    @classmethod
    def get_schema(cls) -> Schema:
        """Describe the `config` block."""
        return Schema(
            description=(
                "Requests a test delivery to a callback's endpoint and shows the endpoint's answer (Terraform 1.14 "
                "and newer). The action fails unless the endpoint answers 200, because ECGrid counts only 200 as "
                "delivered."
            ),
            attributes=[required_callback_id()],
        )

    def validate(self, diags: Diagnostics, type_name: str, config: Config) -> None:  # noqa: ARG002 - the interface's
        """Refuse an id that ECGrid cannot have given."""
        refuse_number(diags, config, "callback_id", 1, required=True)

    def plan(self, ctx: ActionContext, config: Config) -> None:
        """Refuse such an id if it was not known before: Terraform does not validate a second time."""
        self.validate(ctx.diagnostics, "", config)

    def invoke(self, ctx: ActionContext, config: Config) -> Iterator[str]:
        """Ask for the delivery, show progress while the endpoint is awaited, and judge the answer."""
        self.plan(ctx, config)
        if not ctx.diagnostics.has_errors():
            yield from callback.delivery_test.invoke_test(self._session, ctx, int(config["callback_id"]))
