"""What the log shows, and what it never shows."""

import io
import json
from typing import Any

import pytest

from terraform_provider_ecgrid.sandbox.gate import Recorded
from terraform_provider_ecgrid.sandbox.request_log import line
from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.unit.sandbox.conftest import Api


def described(body: dict[str, Any] | None = None, path: str = "/v2/callbacks/update", **query: str) -> str:
    return line(Recorded("POST", path, query, body, {"x-api-key": "hidden"}, 200))


def test_a_request_is_one_line_without_its_password() -> None:
    body = {"callbackId": 7001, "status": "Active", "username": "u", "password": "hidden"}
    assert described(body) == (
        'POST /v2/callbacks/update {"callbackId": 7001, "status": "Active", "username": "u", "password": "***"} -> 200'
    )


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://example.com/a", "https://example.com/a"),
        ("https://example.com/a?token=hidden", "https://example.com/a?***"),
        ("https://example.com/a#hidden", "https://example.com/a#***"),
        ("https://me:hidden@example.com/a", "https://***@example.com/a"),
        ("https://[hidden", "***"),
    ],
)
def test_a_url_is_shown_without_what_may_be_secret(url: str, shown: str) -> None:
    assert f'"url": "{shown}"' in described({"url": url})


@pytest.mark.parametrize("body", [{"Password": "hidden"}, {"passwrod": "hidden"}, {"url": ["hidden"]}], ids=str)
def test_a_field_that_the_api_does_not_know_is_masked(body: dict[str, Any]) -> None:
    assert "hidden" not in described(body)


def test_query_parameters_are_masked_but_for_the_id() -> None:
    shown = described(None, "/v2/callbacks/get-queue-by-id", callbackId="7001", key="hidden")
    assert shown == "POST /v2/callbacks/get-queue-by-id?callbackId=7001&key=*** -> 200"
    shown = described(None, "/v2/callbacks/get-queue-by-id", callBackQueueId="8000000001")
    assert shown == "POST /v2/callbacks/get-queue-by-id?callBackQueueId=8000000001 -> 200"


def test_the_fields_of_either_model_are_shown() -> None:
    body = {"networkId": 5050, "mailboxId": 0, "showInactive": True, "view": "failed", "maxDays": 7}
    assert f"/v2/callbacks/queue-list {json.dumps(body)} -> 200" in described(body, "/v2/callbacks/queue-list")
    body = {"callBackEventId": 7001, "queueCount": 25}
    assert f"get-event-by-id {json.dumps(body)} -> 200" in described(body, "/v2/callbacks/get-event-by-id")


def test_a_request_cannot_write_lines_of_its_own() -> None:
    assert "\n" not in described({"event": "a\nb", "a\nb": 1}, "/v2/a\nb", **{"callbackId": "1\n2", "c\nd": "e"})


def test_a_sandbox_logs_every_request_of_the_api_and_no_secret() -> None:
    log = io.StringIO()
    with Sandbox(log=log) as sandbox:
        api = Api(sandbox)
        sandbox.faults.add("update", status=503)
        api.post("update", {"callbackId": 7001, "password": "hidden"})
        api.post("update", {"callbackId": 7001, "password": "hidden"})
        api.send("POST", "/v2/callbacks/update", content=b'{"password": "hidden"')
        api.send("GET", "/")
    lines = log.getvalue().splitlines()
    assert [text.rpartition(" -> ")[2] for text in lines] == ["503", "200", "400"]
    assert "hidden" not in log.getvalue()
    assert sandbox.api_key not in log.getvalue()
    assert sandbox.requests[0].body == {"callbackId": 7001, "password": "hidden"}
    assert sandbox.requests[0].headers["x-api-key"] == sandbox.api_key
