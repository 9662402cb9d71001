from __future__ import annotations

from typing import Any

import pytest
from pydantic import SecretStr
from tf import iface
from tf.types import Unknown

from terraform_provider_ecgrid.plugin.authoring import Capabilities
from terraform_provider_ecgrid.plugin.codec import values
from terraform_provider_ecgrid.plugin.protocol import plugin6_pb2 as pb
from tests.toy_provider import ToyProvider
from tests.unit.plugin.calls.scripted import ScriptedProvider, Thing, state
from tests.unit.plugin.client import WRITE_ONLY, Client, errors, paths


def read(does: Any, current: Any, **fields: Any) -> Any:
    return Client(ScriptedProvider(read=does)).call(
        "ReadResource", type_name="test_thing", current_state=current, **fields
    )


def test_read_answers_state_private_and_identity() -> None:
    def does(ctx: Any, current: Any) -> Any:
        assert (ctx.private, ctx.identity) == (b"p", None)
        assert ctx.capabilities == Capabilities(write_only_attributes_allowed=True)
        ctx.private, ctx.identity = b"q", {"id": 5}
        return {**current, "name": "drifted"}

    answer = read(does, state(id=5, name="a"), private=b"p", client_capabilities=WRITE_ONLY)
    assert values.decode(answer.new_state) == state(id=5, name="drifted")
    assert answer.private == b"q"
    assert values.decode(answer.new_identity.identity_data) == {"id": 5}


def test_read_keeps_secrets_and_the_spelling_of_the_state() -> None:
    seen: list[Any] = []

    def does(ctx: Any, current: Any) -> Any:
        seen.append((current["password"], current["options"]))
        return current

    current = state(id=5, password="secret", options='{"b":2,"a":1}')
    assert values.decode(read(does, current).new_state) == current
    assert seen == [(SecretStr("secret"), {"a": 1, "b": 2})]


def test_read_of_what_is_gone_answers_null() -> None:
    answer = read(lambda ctx, current: None, state(id=5), current_identity={"id": 5})
    assert answer.new_state.msgpack == b"\xc0"
    assert not answer.HasField("new_identity")


@pytest.mark.parametrize("raises", [True, False])
def test_failed_read_changes_nothing(raises: bool) -> None:
    def does(ctx: Any, current: Any) -> Any:
        ctx.private, ctx.identity = b"q", {"id": 6}
        if raises:
            raise RuntimeError("secret")
        ctx.diagnostics.add_error("Unreachable")

    current = state(id=5)
    answer = read(does, current, private=b"p", current_identity={"id": 5})
    assert values.decode(answer.new_state) == current
    assert answer.private == b"p"
    assert values.decode(answer.new_identity.identity_data) == {"id": 5}
    assert errors(answer) == ["Unexpected error in the provider" if raises else "Unreachable"]
    assert "secret" not in str(answer)


def test_read_that_leaves_something_unknown_is_an_error() -> None:
    answer = read(lambda ctx, current: {**current, "mode": Unknown}, state(id=5))
    assert errors(answer) == ["Unknown value in a new state"]
    assert paths(answer) == [["mode"]]


def test_state_that_a_type_cannot_read_is_an_error_that_names_the_attribute() -> None:
    answer = read(lambda ctx, current: current, {**state(id="secret"), "options": "{secret"})
    assert errors(answer) == ["Unusable value"]
    assert paths(answer) == [["id"]]
    answer = read(lambda ctx, current: current, state(options="{secret"))
    assert paths(answer) == [["options"]]
    assert "secret" not in str(answer.diagnostics)


def test_unknown_type_is_an_error() -> None:
    answer = Client(ScriptedProvider()).call("ReadResource", type_name="test_nothing", current_state=state())
    assert errors(answer) == ["Unknown resource"]
    answer = Client(ScriptedProvider()).call("ReadDataSource", type_name="test_nothing", config={})
    assert errors(answer) == ["Unknown data source"]


def test_validation_knows_the_capabilities_and_sees_write_only_values() -> None:
    seen: list[Any] = []

    def does(ctx: Any, config: Any) -> None:
        seen.append((ctx.capabilities, config["password_wo"], config["name"]))
        ctx.diagnostics.add_warning("Looked at", path=["name"])

    answer = Client(ScriptedProvider(validate=does)).call(
        "ValidateResourceConfig",
        type_name="test_thing",
        config=state(password_wo="secret", name=Unknown),
        client_capabilities=WRITE_ONLY,
    )
    assert seen == [(Capabilities(write_only_attributes_allowed=True), SecretStr("secret"), Unknown)]
    assert paths(answer) == [["name"]]


def import_(does: Any, **fields: Any) -> Any:
    return Client(ScriptedProvider(**{"import": does})).call("ImportResourceState", type_name="test_thing", **fields)


def test_import_by_identity_has_no_id() -> None:
    def does(ctx: Any, id_: str) -> Any:
        assert (id_, ctx.identity) == ("", {"id": 5})
        ctx.private = b"imported"
        return {"id": ctx.identity["id"]}

    (imported,) = import_(does, identity={"id": 5}).imported_resources
    assert values.decode(imported.state) == state(id=5)
    assert imported.private == b"imported"
    assert values.decode(imported.identity.identity_data) == {"id": 5}


def test_failed_import_imports_nothing() -> None:
    def does(ctx: Any, id_: str) -> Any:
        ctx.diagnostics.add_error("No such thing")
        return {"id": 5}

    answer = import_(does, id="5")
    assert errors(answer) == ["No such thing"]
    assert not answer.imported_resources
    assert errors(import_(lambda ctx, id_: 1 / 0, id="5")) == ["Unexpected error in the provider"]


def test_present_state_is_not_upgraded_but_fitted_to_the_schema() -> None:
    # ToyProvider's upgrade would fail on it: there is no title.
    stored = {"id": "toy-a", "name": "a", "value": 123456789012345678901234567890, "colour": "red"}
    answer = Client(ToyProvider()).call("UpgradeResourceState", type_name="toy_counter", version=1, raw_state=stored)
    upgraded = values.decode(answer.upgraded_state)
    assert set(upgraded) == {"id", "name", "step", "options", "value"}
    assert upgraded["value"] == "123456789012345678901234567890"
    assert upgraded["step"] is None


def test_stored_value_of_what_has_become_write_only_is_dropped() -> None:
    stored = {"id": 5, "password_wo": "secret"}
    answer = Client(ScriptedProvider()).call("UpgradeResourceState", type_name="test_thing", raw_state=stored)
    assert values.decode(answer.upgraded_state) == state(id=5)


def test_state_of_a_newer_provider_is_refused() -> None:
    answer = Client(ToyProvider()).call("UpgradeResourceState", type_name="toy_counter", version=2, raw_state={})
    assert errors(answer) == ["State of a newer provider"]
    answer = Client(ToyProvider()).call(
        "UpgradeResourceState", type_name="toy_counter", version=0, raw_state=pb.RawState(flatmap={"id": "1"})
    )
    assert errors(answer) == ["State of Terraform 0.11"]


def move(does: Any, source: Any) -> Any:
    return Client(ScriptedProvider(move=does)).call(
        "MoveResourceState", target_type_name="test_thing", source_type_name="other_thing", source_state=source
    )


def test_move_answers_state_private_and_identity() -> None:
    def does(ctx: Any, source: Any) -> Any:
        assert (ctx.type_name, ctx.source_type, ctx.private, source) == ("test_thing", "other_thing", b"", {"key": "5"})
        ctx.private, ctx.identity = b"moved", {"id": 5}
        return {"id": 5}

    answer = move(does, {"key": "5"})
    assert values.decode(answer.target_state) == state(id=5)
    assert answer.target_private == b"moved"
    assert values.decode(answer.target_identity.identity_data) == {"id": 5}
    assert Client(ScriptedProvider()).call("GetProviderSchema").server_capabilities.move_resource_state


def test_failed_move_moves_nothing() -> None:
    def does(ctx: Any, source: Any) -> Any:
        ctx.diagnostics.add_error("No such thing")
        return {"id": 5}

    answer = move(does, {})
    assert errors(answer) == ["No such thing"]
    assert not answer.HasField("target_state")
    assert errors(move(lambda ctx, source: 1 / 0, {})) == ["Unexpected error in the provider"]
    assert errors(move(lambda ctx, source: None, {})) == ["No moved state"]
    assert errors(move(does, pb.RawState(json=b"s3cret"))) == ["Unreadable state"]


def test_move_to_a_resource_that_knows_no_other_type_is_refused() -> None:
    answer = Client(ToyProvider()).call("MoveResourceState", target_type_name="toy_counter")
    assert errors(answer) == ["Move between types not supported"]


def test_stop_is_seen_by_what_runs() -> None:
    seen: list[Any] = []

    def does(ctx: Any, current: Any) -> Any:
        seen.append(ctx.stop)
        return current

    client = Client(ScriptedProvider(read=does))
    client.call("ReadResource", type_name="test_thing", current_state=state())
    assert not seen[0].is_set()
    client.stop.set()
    assert seen[0].is_set()


def test_state_of_an_older_schema_is_upgraded() -> None:
    client = Client(ToyProvider())
    old = {"id": "toy-a", "title": "a", "step": 1, "options": None, "value": 0, "colour": "red"}
    answer = client.call("UpgradeResourceState", type_name="toy_counter", version=0, raw_state=old)
    assert values.decode(answer.upgraded_state) == {"id": "toy-a", "name": "a", "step": 1, "options": None, "value": 0}


def test_import_fills_what_the_provider_leaves_out_with_null() -> None:
    client = Client(ToyProvider())
    answer = client.call("ImportResourceState", type_name="toy_counter", id="toy-a")
    (imported,) = answer.imported_resources
    assert imported.type_name == "toy_counter"
    assert values.decode(imported.state) == {"id": "toy-a", "name": "a", "step": 1, "options": None, "value": 0}
    missing = client.call("ImportResourceState", type_name="toy_counter", id="missing")
    assert errors(missing) == ["Nothing to import"]
    assert "'missing'" in missing.diagnostics[0].detail
    assert not missing.imported_resources


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
