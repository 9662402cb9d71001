"""What the tests of the API client share: an API that answers by script, and a server on a real socket."""

import json
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from terraform_provider_ecgrid.api.client import AccessToken, ApiKey, Client
from terraform_provider_ecgrid.api.errors import EcgridError
from terraform_provider_ecgrid.api.requests import UpdateCallback

KEY = "key-5e55a0c1-never-shown"
BASE = "https://rest.ecgrid.io"
RECORD: dict[str, Any] = {
    "callbackId": 7001,
    "url": "https://app.example.com/webhooks/ecgrid-v2",
    "event": "Parcel",
    "mailboxId": 12345,
    "networkId": 0,
    "httpAuthType": "Basic",
    "status": "Active",
}
NESTED: dict[str, Any] = {
    "callBackQueueId": 2**40,
    "status": "Completed",
    "callsRemaining": 2,
    "nextCall": None,
    "test": False,
    "objectId": 77,
    "log": [{"callDateTime": "2026-05-07T09:00:01Z", "httpStatus": 200, "message": "OK"}],
    "event": {
        "callBackEventId": 7001,
        "networkId": 5050,
        "mailboxId": 12345,
        "status": "Active",
        "url": "https://app.example.com/webhooks/ecgrid-v2",
        "httpAuthType": "Basic",
    },
}
"""A delivery of model E's, with its registration."""
REGISTRATION: dict[str, Any] = {
    "callBackEventId": 7001,
    "networkId": 5050,
    "mailboxId": 12345,
    "systemObject": "Parcel",
    "direction": "InBox",
    "frequency": 60,
    "maxCalls": 3,
    "status": "Active",
    "url": "https://app.example.com/webhooks/ecgrid-v2",
    "httpAuthType": "Basic",
    "queue": [NESTED],
}
"""A registration of model E's."""
UPDATE = UpdateCallback(callback_id=7001, status="Active")

Step = httpx.Response | Exception


class Patience(threading.Event):
    """A stop event that notes how long it was asked to wait instead of waiting."""

    def __init__(self, stop_while_waiting: bool = False) -> None:
        super().__init__()
        self.waits: list[float] = []
        self._stop_while_waiting = stop_while_waiting

    def wait(self, timeout: float | None = None) -> bool:
        self.waits.append(timeout or 0)
        if self._stop_while_waiting:
            self.set()
        return self.is_set()


class Script(httpx.BaseTransport):
    """Answers with one step after the other, the last one for ever, and keeps the requests."""

    def __init__(self, *steps: Step) -> None:
        self._steps = list(steps)
        self.requests: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        step = self._steps[min(len(self.requests), len(self._steps) - 1)]
        self.requests.append(request)
        if isinstance(step, Exception):
            raise step
        return httpx.Response(step.status_code, headers=step.headers, content=step.content)

    def body(self, number: int = -1) -> Any:
        return json.loads(self.requests[number].content)


def ok(data: object) -> httpx.Response:
    return httpx.Response(200, json={"success": True, "data": data, "errorCode": None, "message": ""})


def refusal(status: int, code: str = "", message: str = "", **headers: str) -> httpx.Response:
    body = {"success": False, "data": None, "errorCode": code, "message": message}
    return httpx.Response(status, json=body, headers=headers)


def client_of(
    transport: httpx.BaseTransport | None = None,
    *,
    base_url: str = BASE,
    credential: ApiKey | AccessToken | None = None,
    stop: threading.Event | None = None,
    max_retries: int = 4,
    request_timeout: float = 30.0,
) -> Client:
    return Client(
        base_url,
        credential or ApiKey(SecretStr(KEY)),
        transport=transport,
        stop=stop or Patience(),
        max_retries=max_retries,
        request_timeout=request_timeout,
    )


def failure(answer: httpx.Response) -> EcgridError:
    """The error that an update ends in if this answers it."""
    with pytest.raises(EcgridError) as caught:
        client_of(Script(answer), max_retries=0).update(UPDATE)
    return caught.value


class _Server(socketserver.ThreadingTCPServer):
    request_queue_size = 128
    daemon_threads = True
    allow_reuse_address = True


@contextmanager
def serving(answer: Callable[[str, socket.socket], None]) -> Iterator[int]:
    """A server whose `answer` gets the head of each connection's first request, and its socket. Gives the port."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            head = b""
            while b"\r\n\r\n" not in head:
                read = self.request.recv(65536)
                if not read:
                    return
                head += read
            answer(head.decode("latin-1"), self.request)

    with _Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


def http(data: object, *, status: str = "200 OK") -> bytes:
    """A whole HTTP answer that closes its connection."""
    body = json.dumps({"success": True, "data": data}).encode()
    lines = [
        f"HTTP/1.1 {status}",
        "Content-Type: application/json",
        "Connection: close",
        f"Content-Length: {len(body)}",
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body


def unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
