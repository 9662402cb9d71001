"""The call `test` in the model `events`: it answers what is queued, and the delivery follows."""

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.unit.sandbox.conftest import Api, data
from tests.unit.sandbox.endpoint import endpoint


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(lookups="events") as running:
        yield running


def settled(api: Api, number: int) -> dict[str, Any]:
    """Return a delivery once it was attempted."""
    path = f"/v2/callbacks/get-queue-by-id?callBackQueueId={number}"
    deadline = time.monotonic() + 30
    entry: dict[str, Any] = data(api.send("GET", path))
    while not entry["log"]:
        assert time.monotonic() < deadline
        time.sleep(0.01)
        entry = data(api.send("GET", path))
    return entry


@pytest.mark.parametrize(("answer", "status"), [(200, "Delivered"), (503, "Error")])
def test_a_test_is_queued_and_then_delivered(
    sandbox: Sandbox, api: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: int, status: str
) -> None:
    with endpoint(tmp_path) as hook:
        monkeypatch.setenv("SSL_CERT_FILE", str(hook.certificate))
        hook.status = answer
        sandbox.store.change(7001, url=hook.url)
        queued = data(api.post("test", {"callbackId": 7001}))
        assert (queued["status"], queued["test"], queued["log"]) == ("Pending", True, [])
        assert queued["event"] == {
            "callBackEventId": 7001,
            "networkId": 5050,
            "mailboxId": 12345,
            "status": "Suspended",
            "url": hook.url,
            "httpAuthType": "None",
        }
        entry = settled(api, queued["callBackQueueId"])
        assert len(hook.received) == 1
    assert (entry["status"], entry["test"], entry["callsRemaining"]) == (status, True, 0)
    assert [(one["httpStatus"], one["message"]) for one in entry["log"]] == [(answer, "thanks")]


def test_an_endpoint_that_does_not_listen_is_in_the_log(sandbox: Sandbox, api: Api) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        sandbox.store.change(7001, url=f"https://127.0.0.1:{silent.getsockname()[1]}/")
        (attempt,) = settled(api, data(api.post("test", {"callbackId": 7001}))["callBackQueueId"])["log"]
    assert (attempt["httpStatus"], attempt["message"]) == (0, "no connection: ConnectError")


def test_a_test_can_be_delivered_at_once(sandbox: Sandbox, api: Api) -> None:
    sandbox.faults.test_at_once = True
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        sandbox.store.change(7001, url=f"https://127.0.0.1:{silent.getsockname()[1]}/")
        answer = data(api.post("test", {"callbackId": 7001}))
    assert (answer["callbackId"], answer["httpStatus"]) == (7001, 0)


def test_a_sandbox_may_end_while_a_delivery_is_under_way(monkeypatch: pytest.MonkeyPatch) -> None:
    unhandled: list[threading.ExceptHookArgs] = []
    monkeypatch.setattr(threading, "excepthook", unhandled.append)
    before = set(threading.enumerate())
    with socket.socket() as slow:
        slow.bind(("127.0.0.1", 0))
        slow.listen()
        slow.settimeout(30)
        with Sandbox(lookups="events") as sandbox:
            sandbox.store.change(7001, url=f"https://127.0.0.1:{slow.getsockname()[1]}/")
            data(Api(sandbox).post("test", {"callbackId": 7001}))
            attempt, _ = slow.accept()
        attempt.close()
    for thread in set(threading.enumerate()) - before:
        thread.join(30)
    assert unhandled == []
