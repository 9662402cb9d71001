"""`ecgrid_callback`: the calls of its life in the order in which Terraform makes them.

Each call has a file of its own, imported when it is first made: half of the processes that Terraform starts only ask
for schemas and validate, and the API's models and HTTP client cost them a tenth of a second.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tf import iface
from tf.schema import Schema
from tf.utils import Diagnostics

from terraform_provider_ecgrid.callback.schema import CALLBACK_IDENTITY, CALLBACK_SCHEMA
from terraform_provider_ecgrid.plugin.authoring import (
    Config,
    CreateContext,
    DeleteContext,
    GenerateContext,
    IdentitySchema,
    ImportContext,
    PlanContext,
    ReadContext,
    State,
    UpdateContext,
    ValidateContext,
)

if TYPE_CHECKING:
    from terraform_provider_ecgrid.callback.access import Access


class CallbackResource(iface.Resource):
    """The resource `ecgrid_callback` (ECGrid's page "Update Callback" and its siblings, REST v2.6)."""

    def __init__(self, provider: Access) -> None:
        self._provider = provider

    @classmethod
    def get_name(cls) -> str:
        """Return the type's name behind the provider's prefix."""
        return "callback"

    @classmethod
    def get_schema(cls) -> Schema:
        """Describe the resource."""
        return CALLBACK_SCHEMA

    @classmethod
    def get_identity_schema(cls) -> IdentitySchema:
        """Describe the identity."""
        return CALLBACK_IDENTITY

    def validate(self, diags: Diagnostics, type_name: str, config: Config) -> None:
        """Refuse what the configuration alone shows to be wrong."""
        self.validate_with_context(ValidateContext(diags, type_name), config)

    def validate_with_context(self, ctx: ValidateContext, config: Config) -> None:
        """Refuse what the configuration alone shows to be wrong, or this Terraform cannot carry."""
        from terraform_provider_ecgrid.callback.rules import check_configuration

        check_configuration(ctx.diagnostics, config, write_only=ctx.capabilities.write_only_attributes_allowed)

    def state_seen(self, state: State) -> None:
        """Note what the destruction of a callback would end: a tainted one is planned as if it were new."""
        self._provider.ledger.note_state(int(state["callback_id"]), state["on_destroy"])

    def import_(self, ctx: ImportContext, id: str) -> State | None:  # noqa: A002 - the interface's name
        """Import by id or identity."""
        from terraform_provider_ecgrid.callback.read import import_callback

        return import_callback(self._provider, ctx, id)

    def generate_config(self, ctx: GenerateContext, state: State) -> Config:  # noqa: ARG002 - the interface's
        """Return the configuration that `-generate-config-out` writes."""
        from terraform_provider_ecgrid.callback.generated_config import generated_config

        return generated_config(self._provider, state)

    def read(self, ctx: ReadContext, current: State) -> State | None:
        """Refresh."""
        from terraform_provider_ecgrid.callback.read import read_callback

        return read_callback(self._provider, ctx, current)

    def plan(self, ctx: PlanContext, current: State | None, planned: State) -> State | None:
        """Complete the plan of a creation, an update or a replacement."""
        from terraform_provider_ecgrid.callback.plan import plan_callback

        return plan_callback(self._provider, ctx, current, planned)

    def plan_destroy(self, ctx: PlanContext, current: State) -> None:
        """Say what a destroy will do."""
        from terraform_provider_ecgrid.callback.plan import plan_destroy

        plan_destroy(self._provider, ctx, current)

    def create(self, ctx: CreateContext, planned: State) -> State | None:
        """Register a new callback, or take over an existing one."""
        from terraform_provider_ecgrid.callback.update import create_callback

        return create_callback(self._provider, ctx, planned)

    def update(self, ctx: UpdateContext, current: State, planned: State) -> State | None:
        """Change the callback in place."""
        from terraform_provider_ecgrid.callback.update import update_callback

        return update_callback(self._provider, ctx, current, planned)

    def delete(self, ctx: DeleteContext, current: State) -> None:
        """Destroy the callback as `on_destroy` says."""
        from terraform_provider_ecgrid.callback.destroy import destroy_callback

        destroy_callback(self._provider, ctx, current)
