"""A log line and an error name a request by the same id."""

from __future__ import annotations

import logging

import httpx
import pytest

from terraform_provider_ecgrid.api import errors
from terraform_provider_ecgrid.api.requests import UpdateCallback

from .support import KEY, Script, client_of

BODY = {"success": False, "errorCode": "InternalError", "traceId": "b:1"}
HEADERS = {"X-Request-Id": "h:1"}


@pytest.mark.parametrize(
    ("answer", "named"),
    [
        (httpx.Response(200, json=BODY, headers=HEADERS), "b:1"),
        (httpx.Response(200, json=BODY), "b:1"),
        (httpx.Response(302, json=BODY, headers=HEADERS), "b:1"),
        (httpx.Response(500, json={"TraceID": "b:2"}, headers=HEADERS), "b:2"),
        (httpx.Response(500, json={"TraceId": "b:2", "traceId": "b:1"}), "b:1"),
        (httpx.Response(500, json={"traceId": "two words"}, headers=HEADERS), "h:1"),
        (httpx.Response(503, text="no JSON", headers={"traceparent": "00-1-01"}), "00-1-01"),
        (httpx.Response(500, json=[{"traceId": "b:1"}]), ""),
        (httpx.Response(400, json={"title": "Bad", "status": 400, "traceId": "two words"}), ""),
        (httpx.Response(400, json={"title": "Bad", "status": 400, "traceId": KEY}), ""),
        (httpx.Response(400, json={"title": "Bad", "status": 400, "traceId": 7}), ""),
    ],
)
def test_one_id_is_logged_and_told(answer: httpx.Response, named: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "terraform_provider_ecgrid.api._traffic")
    client = client_of(Script(answer), max_retries=0)
    with pytest.raises(errors.EcgridError) as caught:
        client.update(UpdateCallback(callback_id=7001))
    assert getattr(caplog.records[0], "request_id", "") == named
    assert (f"trace id is {named}." in str(caught.value)) is bool(named)
    assert ("trace id" in str(caught.value)) is bool(named)
