from __future__ import annotations

import logging
from typing import Any

import pytest
from pydantic import SecretStr
from tf.types import Unknown

from terraform_provider_ecgrid.plugin.authoring import Capabilities
from terraform_provider_ecgrid.plugin.codec import values
from terraform_provider_ecgrid.plugin.protocol import plugin6_pb2 as pb
from tests.unit.plugin.calls.scripted import ScriptedProvider, as_proposed, state
from tests.unit.plugin.client import WRITE_ONLY, Client, errors, paths

SECRET = "hunter2-is-secret"


def plan(does: Any, prior: Any, proposed: Any, config: Any = None, **fields: Any) -> Any:
    """Plan, with the resource's `plan` in the test's hands."""
    fields = {"config": proposed if config is None else config, **fields}
    client = Client(ScriptedProvider(plan=does))
    return client.call(
        "PlanResourceChange", type_name="test_thing", prior_state=prior, proposed_new_state=proposed, **fields
    )


def apply(prior: Any, planned: Any, config: Any = None, *, fields: Any = None, **does: Any) -> Any:
    """Apply, with the resource's methods in the test's hands."""
    client = Client(ScriptedProvider(**does))
    return client.call(
        "ApplyResourceChange",
        type_name="test_thing",
        prior_state=prior,
        planned_state=planned,
        config=config,
        **(fields or {}),
    )


def identity(answer: Any, field: str) -> Any:
    return values.decode(getattr(answer, field).identity_data) if answer.HasField(field) else "unset"


def test_create_plan_asks_the_resource_after_filling_defaults() -> None:
    seen: list[Any] = []

    def does(ctx: Any, current: Any, planned: Any) -> Any:
        seen.append((current, dict(planned), ctx.changed_fields, ctx.requires_replace))
        return {**planned, "mode": "from plan"}

    answer = plan(does, None, state(name="a"))
    filled = {**state(name="a"), "id": Unknown, "mode": "usual"}
    assert seen == [(None, filled, {"id", "name", "mode"}, set())]
    assert values.decode(answer.planned_state) == {**filled, "mode": "from plan"}


def test_create_plan_keeps_a_configured_computed_value() -> None:
    answer = plan(as_proposed, None, state(mode="mine"))
    assert values.decode(answer.planned_state)["mode"] == "mine"


def test_update_plan_tells_what_changed_and_what_replaces() -> None:
    seen: list[Any] = []

    def does(ctx: Any, current: Any, planned: Any) -> Any:
        seen.append((current["name"], planned["name"], ctx.changed_fields, ctx.requires_replace))
        return planned

    prior = state(id=1, name="a", mode="m", options='{"a": 1, "b": 2}', tags={"x": "y"})
    answer = plan(does, prior, {**prior, "name": "b", "options": '{"b":2,"a":1}', "mode": Unknown})
    assert seen == [("a", "b", {"name", "mode"}, {"name"})]
    assert [p.steps[0].attribute_name for p in answer.requires_replace] == ["name"]


def test_answer_replaces_what_plan_says_and_nothing_else() -> None:
    def does(ctx: Any, current: Any, planned: Any) -> Any:
        ctx.requires_replace.discard("name")
        ctx.requires_replace.add("mode")
        return planned

    prior = state(id=1, name="a", mode="m")
    answer = plan(does, prior, {**prior, "name": "b", "mode": "n"})
    assert [p.steps[0].attribute_name for p in answer.requires_replace] == ["mode"]


def test_write_only_value_is_in_config_and_never_in_the_planned_state() -> None:
    seen: list[Any] = []

    def does(ctx: Any, current: Any, planned: Any) -> Any:
        seen.append(ctx.config["password_wo"])
        return {**planned, "password_wo": ctx.config["password_wo"]}

    answer = plan(does, None, state(), state(password_wo=SECRET), client_capabilities=WRITE_ONLY)
    assert seen == [SecretStr(SECRET)]
    assert SECRET.encode() not in answer.SerializeToString()
    assert values.decode(answer.planned_state)["password_wo"] is None


def test_plan_knows_the_capabilities_and_the_stop() -> None:
    seen: list[Any] = []

    def does(ctx: Any, current: Any, planned: Any) -> Any:
        seen.append((ctx.capabilities, ctx.type_name))
        return planned

    plan(does, None, state(), client_capabilities=WRITE_ONLY)
    plan(does, None, state())
    assert [caps for caps, _ in seen] == [Capabilities(write_only_attributes_allowed=True), Capabilities()]
    assert seen[0][1] == "test_thing"


def test_private_state_goes_through_plan() -> None:
    def does(ctx: Any, current: Any, planned: Any) -> Any:
        ctx.private += b"-planned"
        return planned

    assert plan(does, None, state(), prior_private=b"prior").planned_private == b"prior-planned"


@pytest.mark.parametrize(
    ("given", "planned"),
    [({"id": 1}, {"id": 1}), ({"id": Unknown}, "unset"), ({"id": None}, "unset"), ({}, "unset"), (None, "unset")],
)
def test_planned_identity_is_unset_while_a_part_is_unknown(given: Any, planned: Any) -> None:
    def does(ctx: Any, current: Any, planned: Any) -> Any:
        assert ctx.identity == {"id": 7}
        ctx.identity = given
        return planned

    prior = state(id=7)
    assert identity(plan(does, prior, prior, prior_identity={"id": 7}), "planned_identity") == planned


def test_known_value_is_planned_in_the_spelling_of_the_prior_state() -> None:
    prior = state(id=1, options='{"a": 1, "b": 2}')
    answer = plan(as_proposed, prior, {**prior, "options": '{"b":2,"a":1}'})
    assert values.decode(answer.planned_state)["options"] == '{"a": 1, "b": 2}'


def test_configured_spelling_is_kept_where_there_is_no_prior_one() -> None:
    answer = plan(as_proposed, None, state(options='{"b":2,"a":1}'))
    assert values.decode(answer.planned_state)["options"] == '{"b":2,"a":1}'


def test_destroy_plan_asks_and_echoes() -> None:
    seen: list[Any] = []

    def does(ctx: Any, current: Any) -> None:
        seen.append((current["name"], ctx.private, ctx.identity, ctx.config))
        ctx.diagnostics.add_warning("Stays registered", "Really.")

    answer = Client(ScriptedProvider(plan_destroy=does)).call(
        "PlanResourceChange",
        type_name="test_thing",
        prior_state=state(name="a"),
        proposed_new_state=None,
        prior_private=b"p",
        prior_identity={"id": 1},
    )
    assert seen == [("a", b"p", {"id": 1}, {})]
    assert answer.planned_state.msgpack == b"\xc0"
    assert answer.planned_private == b"p"
    assert identity(answer, "planned_identity") == {"id": 1}
    assert [d.severity for d in answer.diagnostics] == [pb.Diagnostic.WARNING]


def test_plan_that_returns_nothing_is_an_error_unless_it_says_why() -> None:
    assert errors(plan(lambda ctx, current, planned: None, None, state())) == ["No planned state"]

    def does(ctx: Any, current: Any, planned: Any) -> Any:
        ctx.diagnostics.add_error("Refused", path=["parts", (0,), "size"])

    answer = plan(does, None, state())
    assert errors(answer) == ["Refused"]
    assert paths(answer) == [["parts", 0, "size"]]


def test_create_gets_config_private_and_identity_and_answers_all_three() -> None:
    seen: list[Any] = []

    def create(ctx: Any, planned: Any) -> Any:
        seen.append((planned["password_wo"], ctx.config["password_wo"], ctx.private, ctx.identity, planned["id"]))
        ctx.private, ctx.identity = b"new", {"id": 5}
        return {**planned, "id": 5, "password_wo": ctx.config["password_wo"]}

    planned = state(id=Unknown, password=SECRET)
    answer = apply(
        None, planned, state(password_wo="other-secret"), create=create, fields={"planned_private": b"planned"}
    )
    assert seen == [(None, SecretStr("other-secret"), b"planned", None, Unknown)]
    assert values.decode(answer.new_state) == state(id=5, password=SECRET)
    assert answer.private == b"new"
    assert identity(answer, "new_identity") == {"id": 5}


def test_create_that_returns_a_state_and_an_error_answers_both() -> None:
    def create(ctx: Any, planned: Any) -> Any:
        ctx.private = b"kept"
        ctx.diagnostics.add_error("Half done", "The second call failed.")
        return {**planned, "id": 5}

    answer = apply(None, state(id=Unknown), create=create)
    assert values.decode(answer.new_state)["id"] == 5
    assert answer.private == b"kept"
    assert errors(answer) == ["Half done"]


def test_create_that_raises_leaves_nothing_but_keeps_what_was_said(caplog: pytest.LogCaptureFixture) -> None:
    def create(ctx: Any, planned: Any) -> Any:
        ctx.private = b"lost"
        ctx.diagnostics.add_warning("Said before")
        raise KeyError(SECRET)

    with caplog.at_level(logging.DEBUG):
        answer = apply(None, state(id=Unknown), create=create)
    assert answer.new_state.msgpack == b"\xc0"
    assert answer.private == b""
    assert [d.summary for d in answer.diagnostics] == ["Said before", "Unexpected error in the provider"]
    assert "ApplyResourceChange of test_thing failed with KeyError" in answer.diagnostics[1].detail
    assert SECRET not in str(answer)
    (record,) = caplog.records
    shown = record.__dict__["traceback"]
    assert "test_change.py" in shown
    assert SECRET not in caplog.text + shown


@pytest.mark.parametrize("raises", [True, False])
@pytest.mark.parametrize("action", ["update", "delete"])
def test_failed_change_leaves_everything_as_it_was(action: str, raises: bool) -> None:
    # Null beside an error makes Terraform keep the prior object, private state and identity included; the prior
    # private state is not in the request, so a non-null state would store the planned one.
    def fails(ctx: Any, *_: Any) -> None:
        ctx.private = b"must not be stored"
        if raises:
            raise RuntimeError(SECRET)
        ctx.diagnostics.add_error("Refused")

    prior = state(id=5, name="a")
    answer = apply(prior, None if action == "delete" else state(id=5, name="b"), **{action: fails})
    assert answer.new_state.msgpack == b"\xc0"
    assert answer.private == b""
    assert identity(answer, "new_identity") == "unset"
    assert errors(answer) == ["Unexpected error in the provider" if raises else "Refused"]


def test_delete_answers_null() -> None:
    seen: list[Any] = []
    answer = apply(
        state(id=5),
        None,
        delete=lambda ctx, current: seen.append((current["id"], ctx.private)),
        fields={"planned_private": b"p"},
    )
    assert seen == [(5, b"p")]
    assert answer.new_state.msgpack == b"\xc0"
    assert not answer.diagnostics


@pytest.mark.parametrize("prior", [None, state(id=5)])
def test_apply_that_says_nothing_is_an_error(prior: Any) -> None:
    answer = apply(prior, state(id=5), create=lambda *_: None, update=lambda *_: None)
    assert errors(answer) == ["No new state"]
    assert answer.new_state.msgpack == b"\xc0"


def test_unknown_in_a_new_state_is_an_error_that_names_it_and_loses_nothing_else() -> None:
    answer = apply(
        None, state(id=Unknown), create=lambda ctx, planned: {**planned, "name": "a", "parts": [{"size": Unknown}]}
    )
    assert errors(answer) == ["Unknown value in a new state"] * 2
    assert paths(answer) == [["id"], ["parts"]]
    assert values.decode(answer.new_state) == state(name="a", parts=[{"size": None}])


def test_value_that_cannot_be_sent_is_an_error_that_names_it_and_loses_nothing_else() -> None:
    odd = {"id": 5, "name": object(), "mode": "half a pair \ud800", "surprise": 1}
    answer = apply(None, state(id=Unknown), create=lambda ctx, planned: {**planned, **odd})
    assert errors(answer) == ["Unexpected attribute", "Unusable value", "Unusable value"]
    assert paths(answer) == [[], ["name"], ["mode"]]
    assert values.decode(answer.new_state) == state(id=5)


def test_diagnostic_that_is_no_unicode_does_not_cost_the_state() -> None:
    def create(ctx: Any, planned: Any) -> Any:
        ctx.diagnostics.add_warning("Odd \ud800")
        return {**planned, "id": 5}

    answer = apply(None, state(id=Unknown), create=create)
    assert values.decode(answer.new_state)["id"] == 5
    assert answer.diagnostics[0].summary == "Odd \ufffd"


def test_new_state_is_in_the_spelling_of_the_plan() -> None:
    planned = state(id=5, options='{"b":2,"a":1}')
    answer = apply(state(id=5), planned, update=as_proposed)
    assert values.decode(answer.new_state)["options"] == '{"b":2,"a":1}'
