"""What happens to every request around its route: it is read, made to fail where a test asks for it, and noted."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from terraform_provider_ecgrid.sandbox.errors import STATUS_OF, ApiError, code_of, failure
from terraform_provider_ecgrid.sandbox.faults import Fault
from terraform_provider_ecgrid.sandbox.world import World

_LARGEST_BODY = 1_000_000


@dataclass
class Recorded:
    """A request as it arrived, nothing masked.

    `status` is what was answered, 0 before that and for a connection that was closed without an answer.
    `headers` have lower-case names; `body` is None where there was none or it was no JSON object.
    """

    method: str
    path: str
    query: dict[str, str]
    body: dict[str, Any] | None = field(repr=False)
    headers: dict[str, str] = field(repr=False)
    status: int = 0

    @property
    def call(self) -> str:
        """The call's name: `delete` for `DELETE /v2/callbacks`, else the last part of the path."""
        return "delete" if (self.method, self.path) == ("DELETE", "/v2/callbacks") else self.path.rpartition("/")[2]


@dataclass
class _Answer:
    """An answer that is collected before it is sent, so that a fault can still replace it."""

    status: int = 0
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""

    async def collect(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = list(message.get("headers", ()))
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")

    async def give(self, send: Send) -> None:
        length = (b"content-length", str(len(self.body)).encode())
        headers = [header for header in self.headers if header[0] != b"content-length"]
        await send({"type": "http.response.start", "status": self.status, "headers": [*headers, length]})
        await send({"type": "http.response.body", "body": self.body})


class Gate:
    """An ASGI application around `app`.

    `arrived` gets each request of the API before anything is done with it, `answered` gets it again when its answer is
    known and not sent yet; `hang_up` closes the connection that a scope belongs to.
    """

    def __init__(
        self,
        app: ASGIApp,
        world: World,
        arrived: Callable[[Recorded], None],
        answered: Callable[[Recorded], None],
        hang_up: Callable[[Scope], None],
    ) -> None:
        self._app = app
        self._world = world
        self._arrived = arrived
        self._answered = answered
        self._hang_up = hang_up

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or not scope["path"].startswith("/v2/"):
            await self._app(scope, receive, send)
            return
        body = await _whole(receive)
        if body is None:
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        query = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
        request = Recorded(scope["method"], scope["path"], query, _object(body), headers)
        self._arrived(request)
        answer = await self._answer(request, scope, body)
        request.status = answer.status if answer else 0
        self._answered(request)
        if answer:
            await answer.give(send)
        else:
            self._hang_up(scope)
            # The server takes a return without an answer for a mistake, unless it has seen the connection close.
            while (await receive())["type"] != "http.disconnect":
                pass

    async def _answer(self, request: Recorded, scope: Scope, body: bytes) -> _Answer | None:
        """Return the answer to one request, or None where the connection is to be closed instead."""
        if len(body) > _LARGEST_BODY:
            return _envelope(413, failure("InvalidParameter", "The request is too large."))
        if request.call != "version":
            # Here and not in a route, so that a caller without credentials learns nothing about its request's shape.
            try:
                self._world.network_admin(request.headers.get("x-api-key"), request.headers.get("authorization"))
            except ApiError as refusal:
                return _envelope(refusal.status, failure(refusal.code, refusal.message))
        fault = self._world.faults.take(request.call) or Fault("none")
        answer = _Answer()
        if not fault.fails or fault.carried_out:
            answer = await self._carry_out(scope, body)
        if fault.delay:
            await asyncio.sleep(fault.delay)
        if fault.drop:
            return None
        if fault.fails:
            answer = _failed(fault)
        elif fault.transform and answer.status < 300:
            envelope = json.loads(answer.body)
            answer.body = json.dumps(envelope | {"data": fault.transform(envelope["data"])}).encode()
        answer.headers += [(name.lower().encode(), value.encode()) for name, value in fault.headers.items()]
        return answer

    async def _carry_out(self, scope: Scope, body: bytes) -> _Answer:
        answer = _Answer()
        try:
            await self._app(scope, _replay(body), answer.collect)
        except Exception as problem:  # noqa: BLE001 -- whatever it is (a full disk, say), the client gets the API's envelope
            return _envelope(500, failure("InternalError", f"The sandbox failed: {type(problem).__name__}."))
        return answer


def _failed(fault: Fault) -> _Answer:
    status = fault.status
    if fault.body is not None:
        return _Answer(status or 200, [], fault.body.encode())
    if status is None:
        status = STATUS_OF[fault.error_code or "InternalError"]
    return _envelope(status, failure(fault.error_code or code_of(status), fault.message))


def _envelope(status: int, content: dict[str, Any]) -> _Answer:
    return _Answer(status, [(b"content-type", b"application/json")], json.dumps(content).encode())


async def _whole(receive: Receive) -> bytes | None:
    """Read the request's body; None when the client left before it was complete."""
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        if len(body) <= _LARGEST_BODY:
            body += message.get("body", b"")
        if not message.get("more_body", False):
            return body


def _replay(body: bytes) -> Receive:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) else None
