"""The toy provider with a `restapi_object` in it, as far as a `moved` block sees one. It asks no API."""

from __future__ import annotations

import json

from tf import iface
from tf.schema import Attribute, Schema
from tf.types import Map, String

from terraform_provider_ecgrid.plugin.authoring import CreateContext, State
from tests.toy_provider import Counter, ToyProvider


class RestapiObject(Counter):
    """Has the id that it is given, and keeps what it would send and be answered."""

    @classmethod
    def get_name(cls) -> str:
        return "object"

    @classmethod
    def get_schema(cls) -> Schema:
        return Schema(
            attributes=[
                Attribute("object_id", String(), "The id.", required=True),
                Attribute("data", String(), "JSON to send.", required=True),
                Attribute("id", String(), "The id.", computed=True),
                Attribute("api_data", Map(String()), "What the API answered.", computed=True),
            ]
        )

    def create(self, ctx: iface.CreateContext, planned: State) -> State:
        assert isinstance(ctx, CreateContext)
        ctx.private = b'{"schema_version":"0"}'
        answered = {name: str(value) for name, value in json.loads(planned["data"]).items()}
        return {**planned, "id": planned["object_id"], "api_data": answered}


class RestapiProvider(ToyProvider):
    """Objects."""

    def get_model_prefix(self) -> str:
        return "restapi_"

    def full_name(self) -> str:
        return "registry.terraform.io/mastercard/restapi"

    def get_resources(self) -> list[type[iface.Resource]]:
        return [RestapiObject]
