"""What every route needs: the sandbox it belongs to, its caller's role, and the words that answers share."""

from collections.abc import Sequence
from typing import Annotated, Any, Protocol

from fastapi import Depends, Request

from terraform_provider_ecgrid.sandbox.errors import ApiError
from terraform_provider_ecgrid.sandbox.store import Record
from terraform_provider_ecgrid.sandbox.world import World

Answer = dict[str, Any]


def _world(request: Request) -> World:
    world: World = request.app.state.world
    return world


def _network_admin(request: Request) -> bool:
    return _world(request).network_admin(request.headers.get("x-api-key"), request.headers.get("authorization"))


TheWorld = Annotated[World, Depends(_world)]
NetworkAdmin = Annotated[bool, Depends(_network_admin)]
"""Whether the caller has the role; an unknown caller is refused before its request is looked at."""


def registered(world: World, callback_id: int) -> Record:
    """Return a registration. Raises `ApiError` with `ObjectNotFound` if there is none."""
    callback = world.store.get(callback_id)
    if callback is None:
        raise missing("callback", callback_id)
    return callback


def changeable(world: World, callback_id: int) -> Record:
    """Return a registration that may change. Raises `ApiError` if there is none, or if it is `Terminated`."""
    callback = registered(world, callback_id)
    if callback["status"] == "Terminated":
        raise ApiError("InvalidParameter", f"Callback {callback_id} is Terminated, which is permanent.")
    return callback


def missing(what: str, number: int) -> ApiError:
    """Return the refusal of a number that belongs to nothing."""
    return ApiError("ObjectNotFound", f"{what.capitalize()} {number} was not found.")


def shown(world: World, answer: Record) -> Record:
    """Return a record as it is answered: with its `url` as the faults want it."""
    if world.faults.normalise_url and not answer["url"].endswith("/"):
        return answer | {"url": answer["url"] + "/"}
    return answer


class Paged(Protocol):
    """The paging that a request asks for; pages are counted from 1."""

    page_no: int
    records_per_page: int


def page(body: Paged, name: str, found: Sequence[Record]) -> Answer:
    """Return one page of `found` under `name`, with the fields that say where it is."""
    start = (body.page_no - 1) * body.records_per_page
    return {
        "totalRecords": len(found),
        "pageNo": body.page_no,
        "recordsPerPage": body.records_per_page,
        name: found[start : start + body.records_per_page],
    }
