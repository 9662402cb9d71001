from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tf.types import Unknown

from terraform_provider_ecgrid.plugin.authoring import ListContext, Listed
from terraform_provider_ecgrid.plugin.codec import values
from terraform_provider_ecgrid.plugin.protocol import plugin6_pb2 as pb
from tests.toy_provider import ToyProvider
from tests.unit.plugin.calls.scripted import state
from tests.unit.plugin.calls.streams import StreamingProvider
from tests.unit.plugin.client import Client, errors

CONFIG = {"colour": None}
_ENOUGH = 50


def thing(number: int) -> Listed:
    return Listed({"id": number}, f"thing {number}", state(id=number, name="n"))


class Source:
    """Lists more things than any test takes, and notes how far it came and whether it was closed."""

    def __init__(self, error_at: int = 0, raise_at: int = 0) -> None:
        self.reached = 0
        self.closed = False
        self.ctx: ListContext | None = None
        self.config: Any = None
        self._error_at = error_at
        self._raise_at = raise_at

    def __call__(self, ctx: ListContext, config: Any) -> Iterator[Listed]:
        self.ctx, self.config = ctx, config
        try:
            while self.reached < _ENOUGH:
                self.reached += 1
                if self.reached == self._error_at:
                    ctx.diagnostics.add_error("Broken", "In the middle.")
                if self.reached == self._raise_at:
                    raise KeyError("a secret")
                yield thing(self.reached)
        finally:
            self.closed = True


def listed(source: Any, **fields: Any) -> list[Any]:
    client = Client(StreamingProvider(list=source))
    return list(client.stream("ListResource", type_name="test_thing", config=CONFIG, **fields))


def test_schema_and_validation_of_the_config_block() -> None:
    def validate(diags: Any, config: Any) -> None:
        if config["colour"] is not Unknown:
            diags.add_error("Wrong colour", "Not this one.", path=["colour"])

    client = Client(StreamingProvider(validate_list=validate))
    schema = client.call("GetProviderSchema").list_resource_schemas
    assert [a.name for a in schema["test_thing"].block.attributes] == ["colour"]
    asked = {"type_name": "test_thing"}
    assert errors(client.call("ValidateListResourceConfig", config={"colour": "red"}, **asked)) == ["Wrong colour"]
    assert not client.call("ValidateListResourceConfig", config={"colour": Unknown}, **asked).diagnostics


def test_an_instance_has_identity_and_name_and_its_state_where_that_is_asked_for() -> None:
    source = Source()
    (event,) = listed(source, limit=1)
    assert values.decode(event.identity.identity_data) == {"id": 1}
    assert event.display_name == "thing 1"
    assert not event.HasField("resource_object")
    assert not event.diagnostic
    (event,) = listed(source, limit=1, include_resource_object=True)
    assert values.decode(event.resource_object)["name"] == "n"
    assert source.config == CONFIG
    assert source.ctx is not None
    assert (source.ctx.limit, source.ctx.include_resource) == (1, True)


def test_the_config_block_may_be_left_out() -> None:
    source = Source()
    client = Client(StreamingProvider(list=source, validate_list=lambda diags, config: None))
    assert not client.call("ValidateListResourceConfig", type_name="test_thing", config=None).diagnostics
    assert len(list(client.stream("ListResource", type_name="test_thing", config=None, limit=1))) == 1
    assert source.config == CONFIG


def test_the_first_is_sent_before_the_second_is_known() -> None:
    source = Source()
    stream = Client(StreamingProvider(list=source)).stream("ListResource", type_name="test_thing", config=CONFIG)
    next(stream)
    assert source.reached == 1


def test_nothing_beyond_the_limit_is_asked_for() -> None:
    source = Source()
    assert len(listed(source, limit=3)) == 3
    assert source.reached == 3
    assert source.closed


def test_an_error_in_the_middle_ends_the_list_and_comes_last() -> None:
    source = Source(error_at=3)
    *found, last = listed(source)
    assert [event.display_name for event in found] == ["thing 1", "thing 2", "thing 3"]
    assert [d.summary for d in last.diagnostic] == ["Broken"]
    assert source.reached == 3


def test_an_exception_in_the_middle_is_an_error_without_its_values_and_what_came_before_stays() -> None:
    *found, last = listed(Source(raise_at=3))
    assert len(found) == 2
    assert [d.summary for d in last.diagnostic] == ["Unexpected error in the provider"]
    assert "a secret" not in str(last)


def test_warnings_come_with_everything_that_was_listed() -> None:
    def source(ctx: ListContext, config: Any) -> Iterator[Listed]:
        ctx.diagnostics.add_warning("Look", "Here.")
        yield thing(1)
        yield thing(2)

    *found, last = listed(source)
    assert len(found) == 2
    assert [(d.severity, d.summary) for d in last.diagnostic] == [(pb.Diagnostic.WARNING, "Look")]


def test_a_terraform_that_goes_away_or_stops_ends_the_list() -> None:
    source = Source()
    there = iter([True, True, False])
    client = Client(StreamingProvider(list=source))
    stream = client.stream("ListResource", alive=lambda: next(there), type_name="test_thing", config=CONFIG)
    assert len(list(stream)) == 2
    assert source.closed

    source = Source()
    client = Client(StreamingProvider(list=source))
    stream = client.stream("ListResource", type_name="test_thing", config=CONFIG)
    next(stream)
    client.stop.set()
    assert list(stream) == []
    assert source.closed


def test_an_instance_without_identity_is_an_error() -> None:
    (event,) = listed(lambda ctx, config: iter([Listed({"id": None}, "x")]))
    assert [d.summary for d in event.diagnostic] == ["Instance without an identity"]


def test_a_list_resource_that_the_provider_does_not_have_is_an_error() -> None:
    client = Client(ToyProvider())
    assert not client.call("GetProviderSchema").list_resource_schemas
    (event,) = client.stream("ListResource", type_name="toy_counter", config={})
    (complaint,) = event.diagnostic
    assert "list resource" in complaint.summary + complaint.detail
