from __future__ import annotations

from typing import Any

from terraform_provider_ecgrid.plugin.codec import values
from tests.toy_provider import ToyProvider
from tests.unit.plugin.calls.scripted import ScriptedProvider
from tests.unit.plugin.client import Client, errors


def test_provider_without_identities_has_none() -> None:
    client = Client(ToyProvider())
    assert not client.call("GetResourceIdentitySchemas").identity_schemas
    assert errors(client.call("UpgradeResourceIdentity", type_name="toy_counter", raw_identity={})) == ["No identity"]


def test_identity_is_described_and_upgraded() -> None:
    client = Client(ScriptedProvider())
    schema = client.call("GetResourceIdentitySchemas").identity_schemas["test_thing"]
    assert schema.version == 1
    (part,) = schema.identity_attributes
    assert (part.name, part.type, part.description) == ("id", b'"number"', "The id.")
    assert (part.required_for_import, part.optional_for_import) == (True, False)

    def upgrade(version: int, raw: Any) -> Any:
        return client.call("UpgradeResourceIdentity", type_name="test_thing", version=version, raw_identity=raw)

    assert values.decode(upgrade(0, {"id": 5, "region": "eu"}).upgraded_identity.identity_data) == {"id": 5}
    assert not upgrade(0, {"region": "eu"}).HasField("upgraded_identity")
    assert errors(upgrade(2, {"id": 5})) == ["Identity of a newer provider"]
