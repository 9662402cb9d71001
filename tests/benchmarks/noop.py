"""A resource with a callback's attributes that does nothing: what Terraform and `tf`'s own server cost by themselves.

Terraform copies and writes its whole state as it goes, so only a state of the same size is a fair floor.
"""

from __future__ import annotations

from typing import Any

from tf import iface
from tf.schema import Schema
from tf.types import Unknown
from tf.utils import Diagnostics

from terraform_provider_ecgrid.callback.schema import CALLBACK_SCHEMA

_State = dict[str, Any]
_MADE = {"id": "7001", "callback_id": 7001, "status": "Active", "http_auth_type": "None", "on_destroy": "delete"}


class _Callback(iface.Resource):
    def __init__(self, provider: NoopProvider) -> None:
        pass

    @classmethod
    def get_name(cls) -> str:
        return "callback"

    @classmethod
    def get_schema(cls) -> Schema:
        return CALLBACK_SCHEMA

    def validate(self, diags: Diagnostics, type_name: str, config: _State) -> None:
        pass

    def plan(self, ctx: iface.PlanContext, current: _State | None, planned: _State) -> _State | None:
        return planned

    def create(self, ctx: iface.CreateContext, planned: _State) -> _State:
        return {name: _MADE.get(name, 0) if value is Unknown else value for name, value in planned.items()}

    def read(self, ctx: iface.ReadContext, current: _State) -> _State | None:
        return current

    def update(self, ctx: iface.UpdateContext, current: _State, planned: _State) -> _State:
        return planned

    def delete(self, ctx: iface.DeleteContext, current: _State) -> None:
        pass

    def import_(self, ctx: iface.ImportContext, id: str) -> _State | None:  # noqa: A002 - `tf` names it so
        return None

    def upgrade(self, ctx: iface.UpgradeContext, version: int, old: _State) -> _State:
        return old


class NoopProvider(iface.Provider):
    """The provider `example/noop`, whose one resource is `noop_callback`."""

    def get_model_prefix(self) -> str:
        return "noop_"

    def full_name(self) -> str:
        return "registry.terraform.io/example/noop"

    def get_provider_schema(self, diags: Diagnostics) -> Schema:
        return Schema()

    def validate_config(self, diags: Diagnostics, config: _State) -> None:
        pass

    def configure_provider(self, diags: Diagnostics, config: _State) -> None:
        pass

    def get_data_sources(self) -> list[type[iface.DataSource]]:
        return []

    def get_resources(self) -> list[type[iface.Resource]]:
        return [_Callback]
