"""The calls around callbacks, which only read: the caller, its mailboxes and its networks.

They are the same in either model of the lookups. A caller without the role `NetworkAdmin` sees its own mailbox and
network alone, another one sees all.
"""

from typing import Annotated

from fastapi import APIRouter, Path

from terraform_provider_ecgrid.sandbox.bodies import Id, MailboxListBody
from terraform_provider_ecgrid.sandbox.directory import CREATED, MAILBOX, MAILBOXES, NETWORK, NETWORKS
from terraform_provider_ecgrid.sandbox.errors import success
from terraform_provider_ecgrid.sandbox.routing import Answer, NetworkAdmin, TheWorld, missing, page
from terraform_provider_ecgrid.sandbox.store import Record

router = APIRouter(prefix="/v2")


@router.get("/users/me")
def me(world: TheWorld, network_admin: NetworkAdmin) -> Answer:
    """Answer who the caller is; `sessionId` is a secret, as it is at the vendor's."""
    return success(
        {
            "userId": 901 if network_admin else 902,
            "login": "sandbox.admin" if network_admin else "sandbox.mailbox",
            "email": "sandbox@example.com",
            "firstName": "Sandbox",
            "lastName": "User",
            "networkId": NETWORK,
            "mailboxId": MAILBOX,
            "authLevel": "NetworkAdmin" if network_admin else "MailboxUser",
            "status": "Active",
            "created": CREATED,
            "sessionId": world.session_id,
        }
    )


@router.get("/mailboxes/{number}")
def mailbox(number: Annotated[Id, Path()], network_admin: NetworkAdmin) -> Answer:
    """Answer one mailbox."""
    for one in _visible(network_admin=network_admin):
        if one["mailboxId"] == number:
            return success(one)
    raise missing("mailbox", number)


@router.post("/mailboxes/list")
def mailbox_list(body: MailboxListBody, network_admin: NetworkAdmin) -> Answer:
    """Answer one page of mailboxes, in the order of their numbers."""
    found = [
        one
        for one in _visible(network_admin=network_admin)
        if body.network_id in (0, one["networkId"]) and body.status in (None, one["status"])
    ]
    return success(page(body, "mailboxes", found))


@router.get("/networks/{number}")
def network(number: Annotated[Id, Path()], network_admin: NetworkAdmin) -> Answer:
    """Answer one network."""
    for one in NETWORKS:
        if one["networkId"] == number and (network_admin or number == NETWORK):
            return success(one)
    raise missing("network", number)


def _visible(*, network_admin: bool) -> list[Record]:
    return [one for one in MAILBOXES if network_admin or one["mailboxId"] == MAILBOX]
