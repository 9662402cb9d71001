from __future__ import annotations

import json
import logging
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from terraform_provider_ecgrid.api._scrub import Scrubber
from terraform_provider_ecgrid.api._traffic import BODIES, log_attempt
from terraform_provider_ecgrid.api.hidden_urls import HIDDEN_URLS

from .support import BASE, KEY

PASSWORD, PATH = "n3wP@ssword!", "hook-2b7c?token=q-9d41ff"
SENT = {
    "callbackId": 7001,
    "url": f"https://app.example.com/{PATH}",
    "event": "Parcel",
    "httpAuthType": "Basic",
    "username": "webhook_user",
    "password": PASSWORD,
}


class Captured:
    """The records of one logger at one level, and their fields as text."""

    def __init__(self, caplog: pytest.LogCaptureFixture) -> None:
        self._caplog = caplog

    @property
    def records(self) -> list[dict[str, Any]]:
        return [vars(record) | {"text": record.getMessage()} for record in self._caplog.records]

    @property
    def everything(self) -> str:
        return "\n".join(str(record) for record in self.records)

    def body(self, name: str) -> Any:
        (record,) = [record for record in self.records if record["levelno"] == BODIES]
        return json.loads(record[name])


@pytest.fixture
def debug(caplog: pytest.LogCaptureFixture) -> Captured:
    caplog.set_level(logging.DEBUG, "terraform_provider_ecgrid.api._traffic")
    return Captured(caplog)


@pytest.fixture
def trace(caplog: pytest.LogCaptureFixture) -> Captured:
    caplog.set_level(BODIES, "terraform_provider_ecgrid.api._traffic")
    return Captured(caplog)


def update(**changed: object) -> httpx.Request:
    return httpx.Request("POST", f"{BASE}/v2/callbacks/update", json=SENT | changed, headers={"X-API-Key": KEY})


def attempt(
    outcome: httpx.Response | httpx.RequestError, request: httpx.Request | None = None, scrub: Scrubber | None = None
) -> None:
    request = request or update()
    log_attempt(request, outcome, attempt=2, seconds=0.0123, scrub=scrub or scrubber(request))


def scrubber(request: httpx.Request) -> Scrubber:
    """What the client's own hides of a request before it is sent."""
    scrub = Scrubber()
    key, token = request.headers.get("X-API-Key", ""), request.headers.get("Authorization", "").rpartition(" ")[2]
    sent = json.loads(request.content) if request.content[:1] == b"{" else {}
    for secret in filter(None, (key, token, sent.get("password"))):
        scrub.hide(SecretStr(secret))
    HIDDEN_URLS.add(sent.get("url") or "")
    return scrub


def test_an_answered_request_is_one_line_with_fields(debug: Captured) -> None:
    attempt(httpx.Response(200, json={"success": True}, headers={"X-Request-Id": "0HN7:00000001"}))
    (record,) = debug.records
    assert record["text"] == "request to ECGrid"
    assert record["levelno"] == logging.DEBUG
    fields = ("method", "path", "status", "duration_ms", "attempt", "request_id")
    assert [record[name] for name in fields] == ["POST", "/v2/callbacks/update", 200, 12, 2, "0HN7:00000001"]


def test_a_request_without_an_answer_names_the_failures_type_and_not_its_text(debug: Captured) -> None:
    attempt(httpx.ConnectTimeout(f"no connection for {PASSWORD}"))
    (record,) = debug.records
    assert record["failure"] == "ConnectTimeout"
    assert "status" not in record
    assert PASSWORD not in debug.everything


def test_bodies_and_headers_are_in_no_line_at_debug(debug: Captured) -> None:
    attempt(httpx.Response(200, json={"data": SENT}, headers={"Set-Cookie": "session=1f2e"}))
    for text in (PASSWORD, KEY, PATH, "webhook_user", "app.example.com", "1f2e"):
        assert text not in debug.everything


def test_the_path_is_the_apis_own_without_query_and_without_the_base_urls(debug: Captured) -> None:
    url = "https://proxy.example.com/tenant-8f31/v2/callbacks/get-queue-by-id?callbackId=7001"
    attempt(httpx.Response(404), httpx.Request("GET", url))
    assert debug.records[0]["path"] == "/v2/callbacks/get-queue-by-id"


def test_nothing_is_logged_and_nothing_read_above_debug(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "terraform_provider_ecgrid.api._traffic")
    # Whatever looks at them fails.
    log_attempt(None, None, attempt=1, seconds=0, scrub=None)  # type: ignore[arg-type]  # see above
    assert caplog.records == []


@pytest.mark.parametrize("name", ["X-Request-Id", "x-correlation-id", "Request-Id", "traceparent"])
def test_the_request_id_comes_from_any_usual_header(debug: Captured, name: str) -> None:
    attempt(httpx.Response(200, headers={name: "00-84c1fd40-85d1-00"}))
    assert debug.records[0]["request_id"] == "00-84c1fd40-85d1-00"


@pytest.mark.parametrize("claimed", ["two words", "/hook-2b7c", "q-9d41ff", KEY, "x" * 129, '{"a":1}'])
def test_a_request_id_that_is_invalid_or_secret_is_omitted(debug: Captured, claimed: str) -> None:
    attempt(httpx.Response(200, headers={"X-Request-Id": claimed}))
    assert "request_id" not in debug.records[0]
    assert claimed not in debug.everything


def test_at_trace_the_bodies_follow_masked(trace: Captured) -> None:
    attempt(httpx.Response(200, json={"success": True, "data": SENT | {"apiKey": KEY, "accessToken": "t", "id": 5}}))
    assert [record["text"] for record in trace.records] == ["request to ECGrid", "bodies of a request to ECGrid"]
    assert trace.body("request_body") == SENT | {"url": "https://app.example.com", "password": "(hidden)"}
    hidden = dict.fromkeys(("password", "username", "apiKey", "accessToken"), "(hidden)")
    shown = SENT | {"url": "https://app.example.com", "id": 5} | hidden
    assert trace.body("response_body") == {"success": True, "data": shown}
    for text in (PASSWORD, KEY, "hook-2b7c", "q-9d41ff"):
        assert text not in trace.everything


def test_credentials_of_an_answer_are_masked_wherever_they_stand(trace: Captured) -> None:
    secret = {"type": "Basic", "user": "u-2b", "password": "pw-of-another"}
    data = {"userId": 1, "SessionID": "s-1f", "queue": [{"event": {"httpAuthentication": secret}}]}
    attempt(httpx.Response(200, json={"success": True, "data": data}))
    shown = {"httpAuthentication": {"type": "Basic", "user": "(hidden)", "password": "(hidden)"}}
    assert trace.body("response_body")["data"] == {"userId": 1, "SessionID": "(hidden)", "queue": [{"event": shown}]}


def test_an_empty_password_is_shown_because_it_says_that_credentials_are_cleared(trace: Captured) -> None:
    attempt(httpx.Response(200, json={}), update(username="", password=""))
    assert trace.body("request_body")["password"] == ""


def test_the_query_of_a_get_is_shown_at_trace(trace: Captured) -> None:
    attempt(httpx.Response(200, json={}), httpx.Request("GET", f"{BASE}/v2/callbacks/get-queue-by-id?callbackId=7001"))
    assert trace.body("request_query") == {"callbackId": "7001"}


@pytest.mark.parametrize(
    "value",
    [
        f"Cannot deliver to https://app.example.com/{PATH} now",
        f"/{PATH} is taken",
        "token=q-9d41ff",
        f"the password {PASSWORD} is weak",
        f"key {KEY} of yours",
        {f"https://app.example.com/{PATH}": 1},
        [[f"https://user:{PASSWORD}@app.example.com/{PATH}"]],
    ],
)
def test_free_text_of_an_answer_gives_nothing_away(trace: Captured, value: object) -> None:
    attempt(httpx.Response(400, json={"success": False, "errorCode": "InvalidParameter", "message": value}))
    assert trace.body("response_body")["errorCode"] == "InvalidParameter"
    for text in (PASSWORD, KEY, "hook-2b7c", "q-9d41ff"):
        assert text not in trace.everything


def test_a_url_field_that_holds_no_url_is_hidden(trace: Captured) -> None:
    attempt(httpx.Response(200, json={"data": {"url": "other.example.com/elsewhere?x=91f2"}}))
    assert trace.body("response_body") == {"data": {"url": "(hidden)"}}


def test_the_clients_scrubber_knows_more_than_one_request(trace: Captured) -> None:
    scrub = Scrubber()
    scrub.hide(SecretStr("pw-of-another"))
    HIDDEN_URLS.add("https://app.example.com/elsewhere-91f2")
    attempt(httpx.Response(200, json={"message": "/elsewhere-91f2 has pw-of-another"}), scrub=scrub)
    assert "91f2" not in trace.everything
    assert "pw-of-another" not in trace.everything


def test_what_an_endpoint_was_sent_and_answered_is_a_length(trace: Captured) -> None:
    attempt(httpx.Response(200, json={"data": {"responseBody": "<b>private</b>", "payload": '{"parcelId": 1}'}}))
    assert trace.body("response_body")["data"] == {"responseBody": "(14 characters)", "payload": "(15 characters)"}


@pytest.mark.parametrize("content", [b"<html>secret-9f</html>", b'{"password": "secret-9f', b"\xff\xfe\x00secret-9f"])
def test_of_a_body_that_is_not_json_type_and_length_are_shown(trace: Captured, content: bytes) -> None:
    attempt(httpx.Response(502, content=content, headers={"Content-Type": "text/html; x=secret-9f"}))
    assert trace.records[1]["response_body"] == f"({len(content)} bytes of text/html)"
    assert "secret-9f" not in trace.everything


def test_a_long_list_is_cut(trace: Captured) -> None:
    attempt(httpx.Response(200, json={"data": {"queueEntries": [{"callbackId": n} for n in range(500)]}}))
    entries = trace.body("response_body")["data"]["queueEntries"]
    assert entries[0] == {"callbackId": 0}
    assert entries[20:] == ["(and 480 more)"]


def test_a_body_of_any_depth_ends(trace: Captured) -> None:
    attempt(httpx.Response(200, json={"data": json.loads("[" * 200 + '"https://a.example.com/deep-1b"' + "]" * 200)}))
    assert "(and deeper)" in trace.records[1]["response_body"]
    attempt(httpx.Response(200, content=b"[" * 100_000))
    assert "deep-1b" not in trace.everything


def test_what_cannot_be_logged_costs_the_request_nothing(debug: Captured) -> None:
    class Broken(Scrubber):
        def __call__(self, text: str, limit: int = 0) -> str:
            raise RuntimeError(PASSWORD)

    log_attempt(update(), httpx.Response(200, headers={"X-Request-Id": "1"}), attempt=1, seconds=0, scrub=Broken())
    assert [record["text"] for record in debug.records] == ["an attempt could not be logged: RuntimeError"]
    assert PASSWORD not in debug.everything
