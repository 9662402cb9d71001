"""Refusals by the vendor's platform itself, which are RFC 7807 problems and not the API's envelope."""

import secrets
from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute


class PlatformRoute(APIRoute):
    """A route whose arguments the vendor's platform checks before the API sees them: it refuses them by RFC 7807."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the route's handler, which answers a problem instead of raising `RequestValidationError`."""
        handler = super().get_route_handler()

        async def checked(request: Request) -> Response:
            try:
                return await handler(request)
            except RequestValidationError as refusal:
                return _problem(refusal)

        return checked


def refused(kind: str, field: str, message: str) -> RequestValidationError:
    """Return the refusal of one field of a body; `kind` is `missing` or `value_error`, `message` has no full stop."""
    return RequestValidationError([{"type": kind, "loc": ("body", field), "msg": message}])


def _problem(refusal: RequestValidationError) -> Response:
    errors: dict[str, list[str]] = {}
    for slip in refusal.errors():
        # The first part of a location is `body` or `query`; a body that cannot be read has an offset for a field.
        field = slip["loc"][1] if len(slip["loc"]) > 1 else ""
        name = field if isinstance(field, str) and field else "$"
        missing = slip["type"] == "missing"
        errors.setdefault(name, []).append(f"The {name} field is required." if missing else f"{name}: {slip['msg']}.")
    content = {
        "type": "https://tools.ietf.org/html/rfc9110#section-15.5.1",
        "title": "One or more validation errors occurred.",
        "status": HTTPStatus.BAD_REQUEST,
        "traceId": f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-00",
        "errors": errors,
    }
    return JSONResponse(content, HTTPStatus.BAD_REQUEST, media_type="application/problem+json")
