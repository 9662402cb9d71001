"""What an answer tells of credentials is hidden in its own words, and in those of every later answer."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from terraform_provider_ecgrid.api import errors
from terraform_provider_ecgrid.api.hidden_urls import HIDDEN_URLS
from tests.unit.api.support import Script, client_of, failure, ok, refusal

SESSION = "Zq7-5e551d-Wk9"


@pytest.mark.parametrize(
    "body",
    [
        {"success": True, "data": {"userId": 1, "login": "x", "sessionId": SESSION}},
        {"success": True, "data": {"userId": 1, "login": "x"}, "SessionID": SESSION},
        {"success": True, "data": {"userId": 1, "session": {"value": SESSION, "kind": "web"}}},
        {"success": True, "data": {"userId": 1, "session-ids": [SESSION]}},
        {"success": True, "data": SESSION},
        {"success": False, "errorCode": SESSION, "message": "over", "sessionId": SESSION},
        {"success": True, "data": {"userId": 1, "httpAuthentication": {"type": "Basic", "password": SESSION}}},
        {"message": f"a gateway's of {SESSION}", "headers": {"cookie": SESSION}},
    ],
)
def test_a_credential_that_an_answer_held_is_never_shown(body: dict[str, Any]) -> None:
    client = client_of(Script(httpx.Response(200, json=body), refusal(400, "InvalidParameter", f"no {SESSION} here")))
    shown = ""
    try:
        client.get_mailbox(1)
    except errors.EcgridError as error:
        shown = str(error)
    assert SESSION not in shown
    with pytest.raises(errors.InvalidParameter, match=r"no \(hidden\) here"):
        client.delete(7001)


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("endpoint refused Authorization: Basic dTpadzdzZWNyZXQ=", "endpoint refused Authorization: (hidden)"),
        ("refused Proxy-Authorization: Bearer Zq7.Wk9 twice", "refused Proxy-Authorization: (hidden) twice"),
        ('{"x-api-key": "Zq7secret"}', '{"x-api-key": (hidden)}'),
        ("Cookie: sid=Zq7secret; a=b", "Cookie: (hidden); a=b"),
        ('"sessionId": ["Zq7secret"]', '"sessionId": [(hidden)]'),
        ("Authorization: required", "Authorization: required"),
    ],
)
def test_a_credential_that_only_its_name_tells_is_hidden(words: str, kept: str) -> None:
    assert getattr(failure(refusal(400, "InvalidParameter", words)), "message", "") == kept


def test_the_text_of_an_xml_element_with_a_secrets_name_is_hidden() -> None:
    fault = "<?xml?><s:Fault><a:SessionID>Zq7</a:SessionID><Password x='1'>Wk9</Password><m>over</m></s:Fault>"
    error = failure(httpx.Response(500, content=fault, headers={"Content-Type": "application/xml"}))
    assert "beginning with “over”" in str(error)


@pytest.mark.parametrize(
    "data",
    [{"endpoint": "https://hooks.example.com/Zq7token"}, {"urls": ["https://hooks.example.com/Zq7token"]}],
)
def test_a_url_is_known_by_its_looks_too(data: dict[str, Any]) -> None:
    client = client_of(Script(ok(data), refusal(400, "InvalidParameter", "no Zq7token here")))
    client.current_user()
    with pytest.raises(errors.InvalidParameter, match=r"no \(hidden\) here"):
        client.current_user()
    assert HIDDEN_URLS.parts_in("zq7token")
