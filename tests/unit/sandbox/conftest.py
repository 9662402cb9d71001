"""A sandbox for each test, and a client that speaks HTTP to it and nothing else."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from terraform_provider_ecgrid.sandbox.server import Sandbox


class Api:
    """Plain HTTP to a sandbox, with the key in every request."""

    def __init__(self, sandbox: Sandbox, **headers: str) -> None:
        self._http = httpx.Client(base_url=sandbox.url, headers=headers or {"X-API-Key": sandbox.api_key})

    def close(self) -> None:
        self._http.close()

    def send(self, method: str, path: str, **more: Any) -> httpx.Response:
        return self._http.request(method, path, **more)

    def post(self, call: str, body: Any = None, **more: Any) -> httpx.Response:
        return self._http.post(f"/v2/callbacks/{call}", json={} if body is None else body, **more)

    def delete(self, callback_id: int) -> httpx.Response:
        return self._http.request("DELETE", "/v2/callbacks", json={"callbackId": callback_id})

    def look(self, callback_id: object) -> httpx.Response:
        return self._http.get("/v2/callbacks/get-queue-by-id", params={"callbackId": str(callback_id)})

    def listed(self, **body: Any) -> list[dict[str, Any]]:
        entries: list[dict[str, Any]] = data(self.post("queue-list", body))["queueEntries"]
        return entries


def data(response: httpx.Response) -> Any:
    """Return a successful answer's `data`."""
    envelope = response.json()
    assert (response.status_code, envelope["success"]) == (200, True), envelope
    return envelope["data"]


def refusal(response: httpx.Response) -> tuple[int, str | None]:
    """Return a refusal's status and code; an answer that is no complete envelope fails the test."""
    envelope = response.json()
    assert set(envelope) == {"success", "data", "errorCode", "message"}
    assert (envelope["success"], envelope["data"]) == (False, None)
    assert envelope["message"]
    return response.status_code, envelope["errorCode"]


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.fixture
def api(sandbox: Sandbox) -> Iterator[Api]:
    client = Api(sandbox)
    yield client
    client.close()
