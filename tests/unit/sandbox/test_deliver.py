"""The call `test` reaches a real HTTPS endpoint."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.unit.sandbox.conftest import Api, data, refusal
from tests.unit.sandbox.endpoint import PASSWORD, USERNAME, Endpoint, endpoint


@pytest.fixture
def hook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Endpoint]:
    with endpoint(tmp_path) as served:
        monkeypatch.setenv("SSL_CERT_FILE", str(served.certificate))
        yield served


def test_a_delivery_is_a_json_post_with_an_event_of_its_own(sandbox: Sandbox, api: Api, hook: Endpoint) -> None:
    sandbox.store.change(7001, url=hook.url)
    answer = data(api.post("test", {"callbackId": 7001}))
    assert set(answer) == {"callbackId", "url", "httpStatus", "responseBody", "testedAt"}
    assert (answer["callbackId"], answer["url"], answer["httpStatus"], answer["responseBody"]) == (
        7001,
        hook.url,
        200,
        "thanks",
    )
    ((scheme, content_type, body),) = hook.received
    assert (scheme, content_type) == ("", "application/json")
    (event,) = data(api.post("event-list"))["events"]
    assert json.loads(body) == {
        "parcelId": event["objectId"],
        "status": "InBoxReady",
        "created": answer["testedAt"],
    }
    assert (event["status"], event["httpStatus"], event["created"]) == ("Delivered", 200, answer["testedAt"])
    assert event["delivered"] is not None


@pytest.mark.parametrize("auth_type", ["Basic", "Digest"])
def test_the_stored_credentials_are_used(sandbox: Sandbox, api: Api, hook: Endpoint, auth_type: str) -> None:
    hook.auth = auth_type
    sandbox.store.change(7001, url=hook.url, httpAuthType=auth_type, username=USERNAME, password="wrong")
    assert data(api.post("test", {"callbackId": 7001}))["httpStatus"] == 401
    sandbox.store.change(7001, password=PASSWORD)
    assert data(api.post("test", {"callbackId": 7001}))["httpStatus"] == 200
    assert [scheme for scheme, _, _ in hook.received] == [auth_type]


def test_without_authentication_the_stored_credentials_stay_at_home(sandbox: Sandbox, api: Api, hook: Endpoint) -> None:
    sandbox.store.change(7001, url=hook.url, username=USERNAME, password=PASSWORD)
    data(api.post("test", {"callbackId": 7001}))
    assert [scheme for scheme, _, _ in hook.received] == [""]


@pytest.mark.parametrize("status", [201, 204, 302, 500])
def test_anything_but_200_is_not_delivered(sandbox: Sandbox, api: Api, hook: Endpoint, status: int) -> None:
    hook.status, hook.location, hook.body = status, hook.url if status == 302 else None, b""
    sandbox.store.change(7001, url=hook.url)
    assert data(api.post("test", {"callbackId": 7001}))["httpStatus"] == status
    (event,) = data(api.post("event-list"))["events"]
    assert (event["status"], event["delivered"], event["httpStatus"]) == ("Error", None, status)
    assert len(hook.received) == 1


def test_a_long_answer_is_shortened(sandbox: Sandbox, api: Api, hook: Endpoint) -> None:
    hook.body = b"x" * 100_000
    sandbox.store.change(7001, url=hook.url)
    assert data(api.post("test", {"callbackId": 7001}))["responseBody"] == "x" * 1000


def test_an_endpoint_that_nobody_vouches_for_is_no_connection(
    sandbox: Sandbox, api: Api, hook: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    sandbox.store.change(7001, url=hook.url + "?token=hidden")
    answer = data(api.post("test", {"callbackId": 7001}))
    assert (answer["httpStatus"], answer["responseBody"]) == (0, "no connection: ConnectError")
    assert hook.received == []


def test_an_endpoint_that_does_not_listen_is_no_connection(sandbox: Sandbox, api: Api) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        sandbox.store.change(7001, url=f"https://127.0.0.1:{silent.getsockname()[1]}/")
        assert data(api.post("test", {"callbackId": 7001}))["httpStatus"] == 0
    entry = data(api.look(7001))
    assert (entry["attempts"], entry["lastHttpStatus"]) == (1, 0)


def test_a_loopback_endpoint_is_reached_past_a_proxy(
    sandbox: Sandbox, api: Api, hook: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    sandbox.store.change(7001, url=hook.url)
    assert data(api.post("test", {"callbackId": 7001}))["httpStatus"] == 200


def test_a_terminated_callback_delivers_no_more(sandbox: Sandbox, api: Api, hook: Endpoint) -> None:
    sandbox.store.change(7001, url=hook.url, status="Terminated")
    assert refusal(api.post("test", {"callbackId": 7001})) == (400, "InvalidParameter")
    assert hook.received == []
