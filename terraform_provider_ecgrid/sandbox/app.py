"""The API (REST v2.6) on FastAPI: all routes of one sandbox, with the lookups of the model that it follows."""

from collections.abc import Sequence
from http import HTTPStatus

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from terraform_provider_ecgrid.sandbox import (
    account,
    callbacks,
    delivery_test,
    elsewhere,
    live,
    lookups_events,
    lookups_registrations,
    page,
)
from terraform_provider_ecgrid.sandbox.errors import ApiError, code_of, failure
from terraform_provider_ecgrid.sandbox.gate import Recorded
from terraform_provider_ecgrid.sandbox.world import Lookups, World

_MODELS: dict[Lookups, APIRouter] = {
    "registrations": lookups_registrations.router,
    "events": lookups_events.router,
}


def build(world: World, requests: Sequence[Recorded] = ()) -> ASGIApp:
    """Make the application of one sandbox: its calls, and a page for people at `/`.

    `requests` are those that have arrived, in their order; the page shows them, and someone else appends to them.
    """
    models = {name: _application(lookups, world, requests) for name, lookups in _MODELS.items()}

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        await models[world.lookups](scope, receive, send)

    return serve


def _application(lookups: APIRouter, world: World, requests: Sequence[Recorded]) -> ASGIApp:
    app = FastAPI(title="ECGrid sandbox", openapi_url=None)
    app.state.world = world
    app.state.requests = requests
    for part in (callbacks, delivery_test, account, page, live, elsewhere):
        app.include_router(part.router)
    app.include_router(lookups)
    for problem in (ApiError, RequestValidationError, HTTPException):
        app.add_exception_handler(problem, _refused)
    return app


def _refused(_request: Request, problem: Exception) -> Response:
    """Put a refusal into the API's envelope; what the request carried is never repeated.

    A path or a method that no call has is not refused by the API: as on any web server, the answer says nothing more.
    """
    if isinstance(problem, ApiError):
        return JSONResponse(failure(problem.code, problem.message), problem.status)
    if isinstance(problem, RequestValidationError):
        message = "; ".join(_sentence(error["loc"], error["msg"]) for error in problem.errors())
        return JSONResponse(failure("InvalidParameter", message), HTTPStatus.BAD_REQUEST)
    if isinstance(problem, HTTPException):
        if problem.status_code in (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED):
            return Response(status_code=problem.status_code)
        return JSONResponse(failure(code_of(problem.status_code), problem.detail), problem.status_code)
    raise problem


def _sentence(where: Sequence[object], what: str) -> str:
    # The first part of a location is `body` or `query`; that of a body that is not JSON has an offset after it.
    field = ".".join([part for part in where[1:] if isinstance(part, str)] or [str(where[0])])
    return f"{field}: {what.removeprefix('Value error, ')}"
