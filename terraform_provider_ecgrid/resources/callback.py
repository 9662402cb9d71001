"""`ecgrid_callback`: the calls of its life in the order in which Terraform makes them."""

from __future__ import annotations

from tf import iface
from tf.schema import Schema

from terraform_provider_ecgrid import callback
from terraform_provider_ecgrid.callback.access import Provider
from terraform_provider_ecgrid.callback.schema import CALLBACK_IDENTITY, CALLBACK_SCHEMA
from terraform_provider_ecgrid.plugin.authoring import (
    Config,
    CreateContext,
    DeleteContext,
    GenerateContext,
    IdentitySchema,
    ImportContext,
    MoveContext,
    PlanContext,
    ReadContext,
    State,
    UpdateContext,
    ValidateContext,
)


class CallbackResource(iface.Resource):
    """The resource `ecgrid_callback` (ECGrid's page "Update Callback" and its siblings, REST v2.6)."""

    def __init__(self, provider: Provider) -> None:
        self._session = provider.session

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

    def validate_with_context(self, ctx: ValidateContext, config: Config) -> None:
        """Refuse what the configuration alone shows to be wrong, or this Terraform cannot carry."""
        write_only = ctx.capabilities.write_only_attributes_allowed
        callback.rules.check_configuration(ctx.diagnostics, config, write_only=write_only)

    def state_seen(self, state: State) -> None:
        """Note what the destruction of a callback would end: a tainted one is planned as if it were new."""
        self._session.ledger.note_state(int(state["callback_id"]), state["on_destroy"])

    def import_(self, ctx: ImportContext, id: str) -> State | None:  # noqa: A002 - the interface's name
        """Import by id or identity."""
        return callback.read.import_callback(self._session, ctx, id)

    def move(self, ctx: MoveContext, source: State) -> State | None:
        """Take over the callback that a resource of another type stands for."""
        return callback.move.moved_from(ctx, source)

    def generate_config(self, ctx: GenerateContext, state: State) -> Config:  # noqa: ARG002 - the interface's
        """Return the configuration that `-generate-config-out` writes."""
        return callback.generated_config.generated_config(self._session, state)

    def read(self, ctx: ReadContext, current: State) -> State | None:
        """Refresh."""
        return callback.read.read_callback(self._session, ctx, current)

    def plan(self, ctx: PlanContext, current: State | None, planned: State) -> State | None:
        """Complete the plan of a creation, an update or a replacement."""
        return callback.plan.plan_callback(self._session, ctx, current, planned)

    def plan_destroy(self, ctx: PlanContext, current: State) -> None:
        """Say what a destroy will do."""
        callback.plan.plan_destroy(self._session, ctx, current)

    def create(self, ctx: CreateContext, planned: State) -> State | None:
        """Register a new callback, or take over an existing one."""
        return callback.create.create_callback(self._session, ctx, planned)

    def update(self, ctx: UpdateContext, current: State, planned: State) -> State | None:
        """Change the callback in place."""
        return callback.update.update_callback(self._session, ctx, current, planned)

    def delete(self, ctx: DeleteContext, current: State) -> None:
        """Destroy the callback as `on_destroy` says."""
        callback.destroy.destroy_callback(self._session, ctx, current)
