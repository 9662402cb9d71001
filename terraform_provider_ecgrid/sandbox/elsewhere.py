"""What the page's buttons change: a registration, as someone else would change it at ECGrid's portal.

The next `terraform plan` then shows drift. These are not calls of the API: they need no key and are not recorded as
requests.
"""

import re
from http import HTTPStatus
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit, urlunsplit

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.exceptions import HTTPException

from terraform_provider_ecgrid.sandbox.bodies import Id
from terraform_provider_ecgrid.sandbox.page import HEADERS
from terraform_provider_ecgrid.sandbox.routing import TheWorld, changeable

Change = Literal["url", "activate", "suspend"]


def _from_the_page(request: Request) -> None:
    # A browser names the page that sends a POST, and no script can write that header. The host was checked before
    # (DNS rebinding), so a page of the same origin is the sandbox's own.
    if request.headers.get("origin") != f"http://{request.headers['host']}":
        raise HTTPException(HTTPStatus.FORBIDDEN, "Only the sandbox's own page can make this change.")


router = APIRouter(prefix="/elsewhere", dependencies=[Depends(_from_the_page)])


@router.post("/{callback_id}/{change}")
def change_elsewhere(callback_id: Annotated[Id, Path()], change: Change, world: TheWorld) -> Response:
    """Change the URL of a callback, activate it or suspend it; one that is `Terminated` cannot be changed."""
    with world.store.exclusive():
        url = changeable(world, callback_id)["url"]
        fields: dict[str, Any] = {
            "url": {"url": _another(url)},
            "activate": {"status": "Active"},
            "suspend": {"status": "Suspended"},
        }[change]
        world.store.change(callback_id, **fields)
    return Response(status_code=HTTPStatus.NO_CONTENT, headers=HEADERS)


def _another(url: str) -> str:
    """Return `url` with another path; a query stays, because it may be what the endpoint asks for."""
    parts = urlsplit(url)
    changed = re.fullmatch(r"(.*/changed-elsewhere)(?:-([0-9]{1,9}))?", parts.path)
    path = f"{changed[1]}-{int(changed[2] or 1) + 1}" if changed else parts.path.rstrip("/") + "/changed-elsewhere"
    return urlunsplit(parts._replace(path=path))
