"""The callbacks API (REST v2.6) on FastAPI: one function for each call, in the order of the vendor's page."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from terraform_provider_ecgrid.sandbox import live, page
from terraform_provider_ecgrid.sandbox.bodies import (
    STATUSES,
    CallbackIdBody,
    CallbackIdQuery,
    CreateBody,
    EventIdBody,
    EventListBody,
    Paged,
    QueueListBody,
    UpdateBody,
)
from terraform_provider_ecgrid.sandbox.deliver import deliver
from terraform_provider_ecgrid.sandbox.errors import ApiError, code_of, failure, success
from terraform_provider_ecgrid.sandbox.gate import Recorded
from terraform_provider_ecgrid.sandbox.lookups import entries, latest_entry
from terraform_provider_ecgrid.sandbox.store import Record
from terraform_provider_ecgrid.sandbox.world import World

API_VERSION = "2.6"

_RECORD = ("callbackId", "url", "event", "mailboxId", "networkId", "httpAuthType", "status")
_EVENT = (
    "callbackEventId", "callbackId", "event", "mailboxId", "objectId", "status", "created", "delivered", "httpStatus",
)  # fmt: skip

Answer = dict[str, Any]


def _world(request: Request) -> World:
    world: World = request.app.state.world
    return world


def _network_admin(request: Request) -> bool:
    return _world(request).network_admin(request.headers.get("x-api-key"), request.headers.get("authorization"))


TheWorld = Annotated[World, Depends(_world)]
NetworkAdmin = Annotated[bool, Depends(_network_admin)]

router = APIRouter(prefix="/v2")


@router.get("/auth/version")
def version() -> Answer:
    """Answer the API's version; the one call without credentials."""
    return success({"version": API_VERSION})


@router.post("/callbacks/update")
def update(body: UpdateBody, world: TheWorld, _known: NetworkAdmin) -> Answer:
    """Change the fields that were sent; a callback that is `Terminated` changes no more."""
    fields = body.given()
    callback_id = fields.pop("callbackId")
    for credential in ("username", "password"):
        if fields.get(credential) == "":
            fields[credential] = None
    with world.store.exclusive():
        callback = _registered(world, callback_id)
        changes = {name: value for name, value in fields.items() if callback[name] != value}
        if changes and callback["status"] == "Terminated":
            raise ApiError("InvalidParameter", f"Callback {callback_id} is Terminated, which is permanent.")
        if changes:
            world.store.change(callback_id, **changes)
        return success(_record(world, callback_id))


@router.post("/callbacks/create")
def create(body: CreateBody, world: TheWorld, network_admin: NetworkAdmin) -> Answer:
    """Register a callback, which is `Active` at once."""
    if body.network_id and not network_admin:
        raise ApiError("AccessDenied", "A networkId needs the role NetworkAdmin.")
    with world.store.exclusive():
        for callback in world.store.all():
            same = (callback["url"], callback["event"], callback["mailboxId"]) == (
                body.url,
                body.event,
                body.mailbox_id,
            )
            if same and callback["status"] != "Terminated":
                raise ApiError("DuplicateObject", "A callback with this url, event and mailboxId exists already.")
        return success(_record(world, world.store.put(**body.given())))


@router.delete("/callbacks")
def delete(body: CallbackIdBody, world: TheWorld, _known: NetworkAdmin) -> Answer:
    """Delete a registration for good."""
    if not world.store.remove(body.callback_id):
        raise _missing(body.callback_id)
    return success(True)


@router.get("/callbacks/get-queue-by-id")
def get_queue_by_id(query: Annotated[CallbackIdQuery, Query()], world: TheWorld, _known: NetworkAdmin) -> Answer:
    """Answer one queue entry, as `--lookups` reads it."""
    entry = latest_entry(entries(world.store, world.lookups, world.faults), query.callbackId)
    if entry is None:
        raise _missing(query.callbackId)
    return success(_shown(world, entry))


@router.post("/callbacks/queue-list")
def queue_list(body: QueueListBody, world: TheWorld, network_admin: NetworkAdmin) -> Answer:
    """Answer one page of queue entries, as `--lookups` reads them."""
    if body.mailbox_id is None and (world.faults.queue_list_needs_mailbox or not network_admin):
        raise ApiError("AccessDenied", "A list without mailboxId needs the role NetworkAdmin.")
    if world.lookups == "registrations" and body.status is not None and body.status not in STATUSES:
        raise ApiError("InvalidParameter", "status: not a value of the enumeration Status.")
    found = [
        _shown(world, entry)
        for entry in entries(world.store, world.lookups, world.faults)
        if body.mailbox_id in (None, entry["mailboxId"]) and body.status in (None, entry["status"])
    ]
    return success(_page(body, "queueEntries", found))


@router.post("/callbacks/event-list")
def event_list(body: EventListBody, world: TheWorld, network_admin: NetworkAdmin) -> Answer:
    """Answer one page of events, the newest first."""
    if body.mailbox_id is None and not network_admin:
        raise ApiError("AccessDenied", "A list without mailboxId needs the role NetworkAdmin.")
    if body.begin_date and body.end_date and body.begin_date > body.end_date:
        raise ApiError("InvalidParameter", "beginDate: later than endDate.")
    found = [
        {name: one[name] for name in _EVENT}
        for one in world.store.deliveries()
        if body.mailbox_id in (None, one["mailboxId"])
        and body.event in (None, one["event"])
        and (body.begin_date is None or body.begin_date <= one["created"])
        and (body.end_date is None or one["created"] <= body.end_date)
    ]
    found.sort(key=lambda one: (one["created"], one["callbackEventId"]), reverse=True)
    return success(_page(body, "events", found))


@router.post("/callbacks/get-event-by-id")
def get_event_by_id(body: EventIdBody, world: TheWorld, _known: NetworkAdmin) -> Answer:
    """Answer one event with the payload that was sent."""
    for one in world.store.deliveries():
        if one["callbackEventId"] == body.callback_event_id:
            return success({name: one[name] for name in (*_EVENT, "payload", "attempts", "lastAttempt")})
    raise ApiError("ObjectNotFound", f"There is no event {body.callback_event_id}.")


@router.post("/callbacks/test")
def test(body: CallbackIdBody, world: TheWorld, _known: NetworkAdmin) -> Answer:
    """POST to the registered endpoint, note the event, and answer what the endpoint said."""
    with world.store.exclusive():
        callback = _registered(world, body.callback_id)
        if callback["status"] == "Terminated":
            raise ApiError("InvalidParameter", f"Callback {body.callback_id} is Terminated and delivers no more.")
        event_id = world.store.fire(body.callback_id, delivered=False)
        event = next(one for one in world.store.deliveries() if one["callbackEventId"] == event_id)
    outcome = deliver(
        callback["url"],
        event["payload"],
        auth_type=callback["httpAuthType"],
        username=callback["username"],
        password=callback["password"],
    )
    world.store.settle(event_id, outcome.http_status)
    answer = {
        "callbackId": body.callback_id,
        "url": callback["url"],
        "httpStatus": outcome.http_status,
        "responseBody": outcome.body,
        "testedAt": event["created"],
    }
    return success(_shown(world, answer))


def _missing(callback_id: int) -> ApiError:
    return ApiError("ObjectNotFound", f"There is no callback {callback_id}.")


def _registered(world: World, callback_id: int) -> Record:
    callback = world.store.get(callback_id)
    if callback is None:
        raise _missing(callback_id)
    return callback


def _record(world: World, callback_id: int) -> Record:
    callback = _registered(world, callback_id)
    names = (*_RECORD, "username", "password") if world.faults.echo_secrets else _RECORD
    return _shown(world, {name: callback[name] for name in names})


def _shown(world: World, answer: Record) -> Record:
    if world.faults.normalise_url and not answer["url"].endswith("/"):
        return answer | {"url": answer["url"] + "/"}
    return answer


def _page(body: Paged, name: str, found: list[Record]) -> Answer:
    start = (body.page_no - 1) * body.records_per_page
    return {
        "totalRecords": len(found),
        "pageNo": body.page_no,
        "recordsPerPage": body.records_per_page,
        name: found[start : start + body.records_per_page],
    }


def _refused(_request: Request, problem: Exception) -> JSONResponse:
    """Put a refusal into the API's envelope; what the request carried is never repeated."""
    if isinstance(problem, ApiError):
        return JSONResponse(failure(problem.code, problem.message), problem.status)
    if isinstance(problem, RequestValidationError):
        slips = (f"{'.'.join(str(part) for part in slip['loc'])}: {slip['msg']}" for slip in problem.errors())
        return JSONResponse(failure("InvalidParameter", "; ".join(slips)), HTTPStatus.BAD_REQUEST)
    if isinstance(problem, HTTPException):
        return JSONResponse(failure(code_of(problem.status_code), problem.detail), problem.status_code)
    raise problem


def build(world: World, requests: Sequence[Recorded] = ()) -> ASGIApp:
    """Make the application of one sandbox: the eight calls, `/v2/auth/version`, and a page for people at `/`.

    `requests` are those that have arrived, in their order; the page shows them, and someone else appends to them.
    """
    app = FastAPI(title="ECGrid sandbox", openapi_url=None)
    app.state.world = world
    app.state.requests = requests
    for routes in (router, page.router, live.router):
        app.include_router(routes)
    for problem in (ApiError, RequestValidationError, HTTPException):
        app.add_exception_handler(problem, _refused)
    return app
