from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tf.types import Unknown

from terraform_provider_ecgrid.plugin.authoring import ActionContext
from terraform_provider_ecgrid.plugin.protocol import plugin6_pb2 as pb
from tests.toy_provider import ToyProvider
from tests.unit.plugin.calls.streams import StreamingProvider
from tests.unit.plugin.client import WRITE_ONLY, Client, errors, paths


def invoked(client: Client, **fields: Any) -> list[Any]:
    asked = {"action_type": "test_polish", "config": {"id": 7}} | fields
    return list(client.stream("InvokeAction", **asked))


def kinds(events: list[Any]) -> list[str | None]:
    return [event.WhichOneof("type") for event in events]


def test_schema_and_validation() -> None:
    client = Client(StreamingProvider())
    schema = client.call("GetProviderSchema").action_schemas["test_polish"].schema
    assert [(a.name, a.required) for a in schema.block.attributes] == [("id", True)]
    asked = {"type_name": "test_polish"}
    assert not client.call("ValidateActionConfig", config={"id": Unknown}, **asked).diagnostics
    unknown = client.call("ValidateActionConfig", type_name="test_rub", config={})
    assert len(errors(unknown)) == 1
    assert "test_rub" in str(unknown.diagnostics[0])


def test_plan_may_warn_and_refuse_and_sees_what_is_not_known_yet() -> None:
    def plan(ctx: ActionContext, config: Any) -> None:
        assert ctx.capabilities.write_only_attributes_allowed
        if config["id"] is Unknown:
            ctx.diagnostics.add_warning("Not known", "Yet.")
        else:
            ctx.diagnostics.add_error("Cannot polish", "This one.", path=["id"])

    client = Client(StreamingProvider(plan_action=plan))
    asked = {"action_type": "test_polish", "client_capabilities": WRITE_ONLY}
    (warning,) = client.call("PlanAction", config={"id": Unknown}, **asked).diagnostics
    assert (warning.severity, warning.summary) == (pb.Diagnostic.WARNING, "Not known")
    refused = client.call("PlanAction", config={"id": 1}, **asked)
    assert (errors(refused), paths(refused)) == (["Cannot polish"], [["id"]])


def test_progress_comes_as_it_is_made_and_completed_last() -> None:
    reached: list[str] = []

    def invoke(ctx: ActionContext, config: Any) -> Iterator[str]:
        reached.append("first")
        yield f"polishing {config['id']}"
        reached.append("second")
        yield "shining"

    client = Client(StreamingProvider(invoke=invoke))
    stream = client.stream("InvokeAction", action_type="test_polish", config={"id": 7})
    assert next(stream).progress.message == "polishing 7"
    assert reached == ["first"]
    rest = list(stream)
    assert kinds(rest) == ["progress", "completed"]
    assert not rest[-1].completed.diagnostics


def test_a_failure_is_told_by_the_completed_event() -> None:
    def invoke(ctx: ActionContext, config: Any) -> Iterator[str]:
        yield "polishing"
        ctx.diagnostics.add_error("Scratched", "All over.", path=["id"])

    events = invoked(Client(StreamingProvider(invoke=invoke)))
    assert kinds(events) == ["progress", "completed"]
    assert errors(events[-1].completed) == ["Scratched"]
    assert paths(events[-1].completed) == [["id"]]


def test_an_exception_ends_with_a_completed_event_as_well() -> None:
    """Terraform takes a stream without one for success."""

    def invoke(ctx: ActionContext, config: Any) -> Iterator[str]:
        yield "polishing"
        raise KeyError("a secret")

    events = invoked(Client(StreamingProvider(invoke=invoke)))
    assert kinds(events) == ["progress", "completed"]
    assert errors(events[-1].completed) == ["Unexpected error in the provider"]
    assert "a secret" not in str(events)


def test_an_action_that_the_provider_does_not_have_ends_with_a_completed_event() -> None:
    for client in (Client(StreamingProvider()), Client(ToyProvider())):
        events = invoked(client, action_type="test_rub")
        assert kinds(events) == ["completed"]
        assert len(errors(events[-1].completed)) == 1
    assert not Client(ToyProvider()).call("GetProviderSchema").action_schemas


def test_an_action_sees_a_stop_and_still_completes() -> None:
    def invoke(ctx: ActionContext, config: Any) -> Iterator[str]:
        yield "polishing"
        assert ctx.stop.is_set()
        ctx.diagnostics.add_error("Stopped", "As asked.")

    client = Client(StreamingProvider(invoke=invoke))
    stream = client.stream("InvokeAction", action_type="test_polish", config={"id": 7})
    next(stream)
    client.stop.set()
    (completed,) = stream
    assert errors(completed.completed) == ["Stopped"]


def test_nothing_is_said_to_a_terraform_that_went_away() -> None:
    closed: list[bool] = []

    def invoke(ctx: ActionContext, config: Any) -> Iterator[str]:
        try:
            assert not ctx.alive()
            yield from ["polishing"] * 50
        finally:
            closed.append(True)

    assert invoked(Client(StreamingProvider(invoke=invoke)), alive=lambda: False) == []
    assert closed == [True]
