"""What a `moved` block brings from another type: the id alone, or an error that says where it was looked for."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from tf.utils import Diagnostics

from terraform_provider_ecgrid.callback.move import moved_from
from terraform_provider_ecgrid.callback.private_state import PrivateState
from terraform_provider_ecgrid.callback.read import read_callback
from terraform_provider_ecgrid.plugin.authoring import MoveContext, ReadContext, State
from terraform_provider_ecgrid.session import Session
from tests.unit.callback.scripted_access import held

SECRETS = {
    "data": '{"password": "s3cr3t"}',
    "api_data": {"url": "https://a.example.com/?token=s3cr3t", "apiKey": "s3cr3t"},
    "output": {"value": {"password": "s3cr3t"}, "type": ["object", {"password": "string"}]},
    "input": "s3cr3t",
}


def move(source_type: str, source: Any) -> tuple[State | None, MoveContext]:
    ctx = MoveContext(Diagnostics(), "ecgrid_callback", source_type)
    return moved_from(ctx, source), ctx


def of_any_type(value: dict[str, Any]) -> dict[str, Any]:
    """Write a value as Terraform stores an attribute whose type is not fixed."""
    return {"value": value, "type": ["object", dict.fromkeys(value, "number")]}


@pytest.mark.parametrize(
    ("source_type", "source", "callback_id"),
    [
        ("restapi_object", {"id": "7001"}, 7001),
        ("restapi_object", {"id": "orders", "api_data": {"callbackId": "7001", "url": "https://a"}}, 7001),
        ("restapi_object", {"id": "1234567", "api_data": {"callbackId": "1.234567e+06"}}, 1234567),
        ("restapi_object", {"id": "orders", "output": '{"callbackId": 7001}'}, 7001),
        ("restapi_object", {"id": "2147483647", "api_data": None}, 2147483647),
        ("terraform_data", {"id": "d91f", "input": of_any_type({"callback_id": 7001})}, 7001),
        ("terraform_data", {"id": "d91f", "input": None, "output": of_any_type({"callbackId": 7001})}, 7001),
        ("terraform_data", {"input": {"value": '{"callbackId": "7001"}', "type": "string"}}, 7001),
    ],
)
def test_the_id_is_taken_and_nothing_else(source_type: str, source: State, callback_id: int) -> None:
    state, ctx = move(source_type, SECRETS | source)
    assert state == held(callback_id=callback_id, id=str(callback_id), on_destroy="retain")
    assert ctx.identity == {"callback_id": callback_id}
    assert ctx.diagnostics.diagnostics == []


@pytest.mark.parametrize("source_type", ["restapi_object", "terraform_data"])
@pytest.mark.parametrize(
    "value", ["orders", "", None, True, 0, -1, "0", "7001.5", "2147483648", " 7001", "7_001", "٧٠٠١", "1e+99", [7001]]
)
def test_what_is_no_id_is_refused_with_where_one_was_looked_for(
    source_type: str, value: Any, caplog: pytest.LogCaptureFixture
) -> None:
    place = {"id": value} if source_type == "restapi_object" else {"input": of_any_type({"callback_id": value})}
    with caplog.at_level(logging.DEBUG):
        state, ctx = move(source_type, SECRETS | place)
    assert state is None
    (error,) = ctx.diagnostics.diagnostics
    assert error.summary == "No callback id in the moved state"
    detail = error.detail or ""
    assert "`api_data.callbackId`" in detail or "`input.callback_id`" in detail
    assert "has no callback id" in detail
    assert "terraform import ecgrid_callback.NAME ID" in detail
    assert "s3cr3t" not in detail + caplog.text


def test_two_ids_that_differ_are_none() -> None:
    state, ctx = move("restapi_object", {"id": "12345", "api_data": {"callbackId": "7001"}})
    assert state is None
    assert "has several different callback ids" in (ctx.diagnostics.diagnostics[0].detail or "")


@pytest.mark.parametrize("source", [None, [], "7001", {"id": "7001"}])
def test_another_type_is_refused_with_what_can_be_moved(source: Any) -> None:
    state, ctx = move("null_resource", source)
    assert state is None
    (error,) = ctx.diagnostics.diagnostics
    assert error.summary == "Move from this type not supported"
    named = ("`restapi_object` or `terraform_data`", "`null_resource`", "terraform import ecgrid_callback.NAME ID")
    assert all(words in (error.detail or "") for words in named)


def test_a_state_that_is_no_object_holds_no_id() -> None:
    sources: list[Any] = [None, [], "7001"]
    assert [move("terraform_data", source)[0] for source in sources] == [None] * 3


def test_a_refresh_that_could_ask_nobody_leaves_the_move_to_the_next() -> None:
    state, _ = move("restapi_object", {"id": "7001"})
    assert state is not None
    ctx = ReadContext(Diagnostics(), "ecgrid_callback", private=json.dumps({"schema_version": "0"}).encode())
    assert read_callback(Session(unknown=("base_url",)), ctx, state) == state
    assert PrivateState.load(ctx.private).is_just_moved(state)
