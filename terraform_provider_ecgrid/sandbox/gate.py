"""What happens to every request around its route: it is read, made to fail if a fault says so, and recorded."""

import asyncio
import contextlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import parse_qsl

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from terraform_provider_ecgrid.sandbox.errors import STATUS_OF, ApiError, code_of, failure
from terraform_provider_ecgrid.sandbox.faults import Fault
from terraform_provider_ecgrid.sandbox.world import World

Ending = Literal["close", "reset"]
"""How a connection ends: in an orderly way (TCP FIN), or as after a crash (RST)."""

_LARGEST_BODY = 1_000_000
_NONE = Fault("*")
_SINGULAR = {"mailboxes": "mailbox", "networks": "network"}


@dataclass
class Recorded:
    """A request as it arrived, nothing masked.

    `status` is what was answered, 0 before that and for a connection that was closed without an answer. `refusal` is
    what a refusal says: its code and message, or a problem's title and the fields that it names.
    `headers` have lower-case names; `body` is None if there was none or it was not a JSON object. `fault` is the
    `--fault` rule that made it fail, empty if none did or if a test did. `at` is when it came.
    """

    method: str
    path: str
    query: dict[str, str]
    body: dict[str, Any] | None = field(repr=False)
    headers: dict[str, str] = field(repr=False)
    status: int = 0
    refusal: str = field(default="", repr=False)
    fault: str = ""
    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def fields(self) -> dict[str, Any]:
        """What the request carries: the parameters of the query and the fields of the body."""
        return self.query | (self.body or {})

    @property
    def call(self) -> str:
        """The call's name, as faults know it."""
        if (self.method, self.path) == ("DELETE", "/v2/callbacks"):
            return "delete"
        group, _, last = self.path.removeprefix("/v2/").partition("/")
        if group in _SINGULAR:
            return f"{_SINGULAR[group]}-list" if last == "list" else _SINGULAR[group]
        return self.path.rpartition("/")[2]


@dataclass
class _Answer:
    """An answer that is collected before it is sent, so that a fault can still replace it.

    With the status 0 nothing is sent. `ending` says how the connection ends with this answer, None that it stays;
    one that ends gets half of the body. `quotes` says that the body repeats the request, secrets included.
    """

    status: int = 0
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""
    ending: Ending | None = None
    quotes: bool = False

    async def collect(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = list(message.get("headers", ()))
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")

    def replace_headers(self, headers: Mapping[str, str]) -> None:
        given = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        names = {name for name, _ in given}
        self.headers = [header for header in self.headers if header[0] not in names] + given

    async def give(self, send: Send) -> None:
        cut = self.ending is not None
        # An empty body could not be cut off.
        self.replace_headers({"Content-Length": str(max(len(self.body), int(cut)))})
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        body = self.body[: len(self.body) // 2] if cut else self.body
        await send({"type": "http.response.body", "body": body, "more_body": cut})


class Gate:
    """An ASGI application around `app`.

    `arrived` gets each request of the API before anything is done with it, `answered` gets it again when its answer is
    known and not sent yet; `hang_up` ends the connection that a scope belongs to.
    """

    def __init__(
        self,
        app: ASGIApp,
        world: World,
        arrived: Callable[[Recorded], None],
        answered: Callable[[Recorded], None],
        hang_up: Callable[[Scope, Ending], None],
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
        request.status = answer.status
        request.refusal = _refusal(answer)
        self._answered(request)
        if answer.status:
            await answer.give(send)
        if answer.ending:
            self._hang_up(scope, answer.ending)
            # The server reports a return without an answer as a bug, unless it has seen the connection close.
            while (await receive())["type"] != "http.disconnect":
                pass

    async def _answer(self, request: Recorded, scope: Scope, body: bytes) -> _Answer:
        """Return the answer to one request, as its fault has made it."""
        if len(body) > _LARGEST_BODY:
            return _envelope(413, failure("InvalidParameter", "The request is too large."))
        if request.call != "version":
            # Here and not in a route, so that a caller without credentials learns nothing about its request's shape.
            try:
                self._world.network_admin(request.headers.get("x-api-key"), request.headers.get("authorization"))
            except ApiError as refusal:
                return _envelope(refusal.status, failure(refusal.code, refusal.message))
        fault = self._world.faults.take(request.call, request.fields) or _NONE
        request.fault = fault.rule
        answer = _Answer()
        if not fault.fails or fault.carried_out:
            answer = await self._carry_out(scope, body)
        if fault.delay:
            # Cancelled when the sandbox ends, which then does not wait and logs no traceback.
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.sleep(fault.delay)
        if fault.drop or fault.reset:
            return _Answer(ending="reset" if fault.reset else "close")
        if fault.fails:
            answer = _failed(fault, request, body)
        elif answer.status < 300 and (fault.transform or fault.rewrite):
            envelope = json.loads(answer.body)
            if fault.transform:
                envelope["data"] = fault.transform(envelope["data"])
            answer.body = json.dumps(fault.rewrite(envelope) if fault.rewrite else envelope).encode()
        answer.replace_headers(fault.headers)
        if fault.truncate:
            answer.ending = "close"
        return answer

    async def _carry_out(self, scope: Scope, body: bytes) -> _Answer:
        answer = _Answer()
        try:
            await self._app(scope, _replay(body), answer.collect)
        except Exception as problem:  # noqa: BLE001 -- whatever it is (a full disk, say), the client gets the API's envelope
            return _envelope(500, failure("InternalError", f"The sandbox failed: {type(problem).__name__}."))
        return answer


def _failed(fault: Fault, request: Recorded, body: bytes) -> _Answer:
    status, code, message = fault.status, fault.error_code, fault.message
    if fault.body is not None:
        return _Answer(status or 200, [], fault.body.encode())
    if fault.echo:
        # The secrets come first, because a client may show only the beginning.
        names = sorted(request.headers, key=lambda name: name not in ("x-api-key", "authorization"))
        quoted = [f"{name}: {request.headers[name]}" for name in names]
        quoted.insert(1, body.decode(errors="replace"))
        message = f"Refused: {', '.join(quoted)}."
        code = code or ("InvalidParameter" if status is None else None)
    if status is None:
        status = STATUS_OF[code or "InternalError"]
    answer = _envelope(status, failure(code or code_of(status), message))
    answer.quotes = fault.echo
    return answer


def _refusal(answer: _Answer) -> str:
    content = _object(answer.body) if answer.status >= 400 else None
    if not content:
        return ""
    errors = content.get("errors")
    named = errors if isinstance(errors, dict) else ()
    message = None if answer.quotes else content.get("message")
    parts = (content.get("errorCode"), message, content.get("title"), ", ".join(named))
    return ": ".join(part.removesuffix(".") for part in parts if isinstance(part, str) and part)


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
