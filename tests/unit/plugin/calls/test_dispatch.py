from __future__ import annotations

import logging
import threading
from typing import Any

import pytest
from google.protobuf.message_factory import GetMessageClass

from terraform_provider_ecgrid.plugin.calls.dispatch import CallTable
from terraform_provider_ecgrid.plugin.protocol import plugin6_pb2 as pb
from tests.toy_provider import ToyProvider
from tests.unit.plugin.calls.scripted import ScriptedProvider, state
from tests.unit.plugin.client import METHODS, Client, errors

SERVED = {
    "GetMetadata",
    "GetProviderSchema",
    "GetResourceIdentitySchemas",
    "GenerateResourceConfig",
    "InvokeAction",
    "ListResource",
    "PlanAction",
    "ValidateActionConfig",
    "ValidateListResourceConfig",
    "GetFunctions",
    "ValidateProviderConfig",
    "ValidateResourceConfig",
    "ValidateDataResourceConfig",
    "ConfigureProvider",
    "UpgradeResourceState",
    "UpgradeResourceIdentity",
    "ReadResource",
    "PlanResourceChange",
    "ApplyResourceChange",
    "ImportResourceState",
    "MoveResourceState",
    "ReadDataSource",
}
SILENT = {"GetMetadata", "GetProviderSchema", "GetResourceIdentitySchemas", "GetFunctions"}
ANSWERED = set(METHODS) - {"StopProvider"}  # which the router answers


def answers(server: CallTable, name: str, request: bytes) -> list[Any]:
    path = f"/tfplugin6.Provider/{name}"
    answer = GetMessageClass(METHODS[name].output_type)
    if METHODS[name].server_streaming:
        return [answer.FromString(data) for data in server.streaming()[path](request, lambda: True)]
    return [answer.FromString(server.unary()[path](request))]


def complaints(answer: Any) -> list[str]:
    if isinstance(answer, pb.CallFunction.Response):
        return [answer.error.text]
    if isinstance(answer, pb.InvokeAction.Event):
        return errors(answer.completed)
    if isinstance(answer, pb.ListResource.Event):
        return [d.summary for d in answer.diagnostic]
    return errors(answer)


def test_every_call_of_the_protocol_has_an_answer() -> None:
    server = CallTable(ToyProvider(), threading.Event())
    assert len(METHODS) == 36
    assert {path.rpartition("/")[2] for path in [*server.unary(), *server.streaming()]} == ANSWERED
    assert set(server.streaming()) == {
        f"/tfplugin6.Provider/{name}" for name in ("ListResource", "ReadStateBytes", "InvokeAction")
    }


@pytest.mark.parametrize(
    ("name", "request_"),
    [
        *((name, b"\xff\xff\xff") for name in sorted(ANSWERED - SILENT)),
        # An absent configuration of the provider is an empty one.
        *((name, b"") for name in sorted(ANSWERED - SILENT - {"ValidateProviderConfig", "ConfigureProvider"})),
    ],
)
def test_nothing_raises_and_everything_says_what_is_wrong(name: str, request_: bytes) -> None:
    (answer,) = answers(CallTable(ToyProvider(), threading.Event()), name, request_)
    (complaint,) = complaints(answer)
    assert (f"{name} not supported" in complaint) is (name not in SERVED)


class Broken(ToyProvider):
    # From Python 3.12 on a protocol class is looked for in the class, where nothing can break.
    get_actions = get_list_resources = ToyProvider.get_resources

    def __getattribute__(self, name: str) -> Any:
        if name.startswith(("get_", "validate_", "configure_")):
            raise RuntimeError("sec" + "ret")
        return super().__getattribute__(name)


@pytest.mark.parametrize("name", sorted(SERVED - {"GetFunctions"}))
def test_broken_provider_is_a_diagnostic_in_every_call(name: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        (answer,) = answers(CallTable(Broken(), threading.Event()), name, b"")
    (complaint,) = complaints(answer)
    assert "Unexpected error in the provider" in complaint
    assert "RuntimeError" in str(answer)
    assert "secret" not in str(answer) + caplog.text


def test_threads_share_a_server() -> None:
    client = Client(ScriptedProvider(read=lambda ctx, current: {**current, "name": str(current["id"])}))
    wrong: list[Any] = []

    def refresh(number: int) -> None:
        answer = client.call("ReadResource", type_name="test_thing", current_state=state(id=number))
        if answer.diagnostics or str(number).encode() not in answer.new_state.msgpack:
            wrong.append(answer)

    threads = [threading.Thread(target=refresh, args=(number,)) for number in range(1000, 1016)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
