"""A resource that wants to know the states of its type is shown each one: Terraform never leaves that call out."""

from __future__ import annotations

from typing import Any

from pydantic import SecretStr
from tf import iface

from tests.unit.plugin.calls.scripted import ScriptedProvider, Thing, state
from tests.unit.plugin.client import Client, errors


class Watcher(Thing):
    def state_seen(self, state: dict[str, Any]) -> None:
        self.does["state_seen"](state)


class Watched(ScriptedProvider):
    def get_resources(self) -> list[type[iface.Resource]]:
        return [Watcher]


def upgrade(provider: ScriptedProvider, stored: dict[str, Any] | None, version: int = 0) -> Any:
    return Client(provider).call("UpgradeResourceState", type_name="test_thing", version=version, raw_state=stored)


def test_a_state_is_shown_in_the_present_schema() -> None:
    seen: list[Any] = []
    answer = upgrade(Watched(state_seen=seen.append), {"id": 5, "name": "a", "password": "secret", "dropped": 1})
    assert errors(answer) == []
    assert seen == [state(id=5, name="a", password=SecretStr("secret"))]


def test_a_state_that_cannot_be_read_is_not_shown() -> None:
    seen: list[Any] = []
    assert errors(upgrade(Watched(state_seen=seen.append), {"id": 5}, version=9)) != []
    assert seen == []
