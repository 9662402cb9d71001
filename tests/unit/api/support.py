"""What the tests of the API client share: an API that answers by script, and a server on a real socket."""

import json
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from pydantic import SecretStr

from terraform_provider_ecgrid.api.client import AccessToken, ApiKey, Client

KEY = "key-5e55a0c1-never-shown"
BASE = "https://rest.ecgrid.io"
RECORD = {
    "callbackId": 7001,
    "url": "https://app.example.com/webhooks/ecgrid-v2",
    "event": "Parcel",
    "mailboxId": 12345,
    "networkId": 0,
    "httpAuthType": "Basic",
    "status": "Active",
}

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
