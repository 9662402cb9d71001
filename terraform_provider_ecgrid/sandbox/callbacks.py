"""The calls that change registrations, in either model: create, update and delete, and the API's version."""

from fastapi import APIRouter

from terraform_provider_ecgrid.sandbox.bodies import CallbackIdBody, CreateBody, UpdateBody
from terraform_provider_ecgrid.sandbox.errors import ApiError, success
from terraform_provider_ecgrid.sandbox.routing import (
    Answer,
    NetworkAdmin,
    TheWorld,
    changeable,
    missing,
    registered,
    shown,
)
from terraform_provider_ecgrid.sandbox.store import Record
from terraform_provider_ecgrid.sandbox.world import World

API_VERSION = "2.6"

_RECORD = ("callbackId", "url", "event", "mailboxId", "networkId", "httpAuthType", "status")

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
        callback = registered(world, callback_id)
        changes = {name: value for name, value in fields.items() if callback[name] != value}
        if changes:
            changeable(world, callback_id)
            world.store.change(callback_id, **changes)
        return success(_record(world, callback_id))


@router.post("/callbacks/create")
def create(body: CreateBody, world: TheWorld, network_admin: NetworkAdmin) -> Answer:
    """Register a callback, which is `Active` at once."""
    if body.network_id and not network_admin:
        raise ApiError("AccessDenied", "Setting networkId requires the role NetworkAdmin.")
    with world.store.exclusive():
        for callback in world.store.all():
            same = (callback["url"], callback["event"], callback["mailboxId"]) == (
                body.url,
                body.event,
                body.mailbox_id,
            )
            if same and callback["status"] != "Terminated":
                raise ApiError("DuplicateObject", "A callback with this url, event and mailboxId already exists.")
        return success(_record(world, world.store.put(**body.given())))


@router.delete("/callbacks")
def delete(body: CallbackIdBody, world: TheWorld, _known: NetworkAdmin) -> Answer:
    """Delete a registration for good."""
    if not world.store.remove(body.callback_id):
        raise missing("callback", body.callback_id)
    return success(True)


def _record(world: World, callback_id: int) -> Record:
    callback = registered(world, callback_id)
    names = (*_RECORD, "username", "password") if world.faults.echo_secrets else _RECORD
    return shown(world, {name: callback[name] for name in names} | {"networkId": world.network_of(callback)})
