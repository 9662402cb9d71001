from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import SecretStr
from tf.types import List, Map, NormalizedJson, Number, Set, String, Unknown

from terraform_provider_ecgrid.plugin.authoring import Object, SensitiveString
from terraform_provider_ecgrid.plugin.authoring.schema import same


def test_object_type() -> None:
    type_ = Object({"id": Number(), "options": NormalizedJson(), "tags": Map(Set(String()))})
    assert json.loads(List(type_).tf_type()) == [
        "list",
        ["object", {"id": "number", "options": "string", "tags": ["map", ["set", "string"]]}],
    ]
    assert type_.decode({"id": 1, "options": '{"a":1}', "tags": Unknown}) == {
        "id": 1,
        "options": {"a": 1},
        "tags": Unknown,
    }
    assert type_.encode({"id": 1, "options": {"a": 1}}) == {"id": 1, "options": '{"a": 1}', "tags": None}
    for whole in (None, Unknown):
        assert type_.decode(whole) is whole
        assert type_.encode(whole) is whole
    with pytest.raises(ValueError, match="unexpected attributes: name"):
        type_.encode({"name": "x"})
    assert same(type_, {"id": 1, "tags": {"a": ["x", "y"]}}, {"id": 1, "options": None, "tags": {"a": ["x", "y"]}})
    assert not same(type_, {"id": 1}, {"id": 2})


def test_sensitive_string_is_never_plain() -> None:
    type_ = SensitiveString()
    secret = type_.decode("hunter2")
    assert secret == SecretStr("hunter2")
    assert "hunter2" not in repr(secret)
    assert type_.encode(secret) == type_.encode("hunter2") == "hunter2"
    assert (type_.decode(None), type_.decode(Unknown), type_.encode(None)) == (None, Unknown, None)
    assert type_.tf_type() == b'"string"'
    assert same(type_, secret, SecretStr("hunter2"))
    assert not same(type_, secret, SecretStr("other"))


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [(None, None, True), (Unknown, Unknown, True), (None, Unknown, False), (None, [], False), (["x"], Unknown, False)],
)
def test_null_and_unknown_are_the_same_as_themselves_alone(a: Any, b: Any, expected: bool) -> None:
    assert same(Set(String()), a, b) is expected
