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
    for routes in (callbacks.router, delivery_test.router, lookups, account.router, page.router, live.router):
        app.include_router(routes)
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
        slips = (f"{'.'.join(str(part) for part in slip['loc'])}: {slip['msg']}" for slip in problem.errors())
        return JSONResponse(failure("InvalidParameter", "; ".join(slips)), HTTPStatus.BAD_REQUEST)
    if isinstance(problem, HTTPException):
        if problem.status_code in (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED):
            return Response(status_code=problem.status_code)
        return JSONResponse(failure(code_of(problem.status_code), problem.detail), problem.status_code)
    raise problem
