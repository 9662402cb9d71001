from __future__ import annotations

import json

import httpx
import pytest

from terraform_provider_ecgrid.api.shapes import shape_of


def body(content: object) -> str:
    return shape_of("GET /v2/x", httpx.Response(200, content=json.dumps(content))).body


@pytest.mark.parametrize(
    ("content", "shape"),
    [
        (None, "4 bytes of no known type"),
        (True, "boolean"),
        (7, "number"),
        (7.5, "number"),
        ("Zq7", "string(3)"),
        ([], "[]"),
        ({}, "{}"),
        ([1, "ab", "abcd", None], "4 x number or string(2-4) or null"),
        ({"a": [{"b": 1}, {"b": None, "c": []}]}, "{a: 2 x {b: number or null, c?: []}}"),
    ],
)
def test_a_shape_has_names_types_and_lengths(content: object, shape: str) -> None:
    assert body(content) == shape


@pytest.mark.parametrize("name", ["password", "sessionId", "apiKey", "AccessToken", "httpAuthentication"])
def test_the_length_of_what_may_be_a_secret_is_not_told(name: str) -> None:
    assert body({name: "Zq7token"}) == f"{{{name}: string}}"


@pytest.mark.parametrize(
    "name", ["jane@example.com", "7001", "https://app.example.com/in", "a b", "", "x" * 41, "é", "Zq7token42"]
)
def test_a_name_that_may_be_a_value_is_not_told(name: str) -> None:
    assert body({name: 1}) == "{(another name): number}"


def test_an_answer_that_is_no_json_is_told_by_its_size_and_type() -> None:
    html = httpx.Response(502, text="<p>Zq7</p>", headers={"Content-Type": "text/html; charset=utf-8"})
    assert shape_of("POST /v2/mailboxes/12345", html).body == "10 bytes of text/html"
    assert shape_of("POST /v2/x", httpx.Response(204)).body == "no body"
    hostile = httpx.Response(200, text="x", headers={"Content-Type": "Zq7 \x1b[2J"})
    assert shape_of("POST /v2/x", hostile).body == "1 bytes of no known type"


def test_an_id_in_a_path_is_not_told() -> None:
    assert shape_of("GET /v2/mailboxes/12345", httpx.Response(200)).call == "GET /v2/mailboxes/{id}"


def test_a_shape_is_never_endless() -> None:
    deep: object = 1
    for _ in range(400):
        deep = {"a": [deep]}
    assert len(body(deep)) < 100
    assert len(body({"".join(("a", chr(97 + n // 26), chr(97 + n % 26))): 1 for n in range(500)})) < 1000
