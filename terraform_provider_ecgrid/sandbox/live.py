"""What the sandbox's page shows at the moment: the newest of everything, without secrets."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from terraform_provider_ecgrid.sandbox.gate import Recorded
from terraform_provider_ecgrid.sandbox.page import HEADERS, exports
from terraform_provider_ecgrid.sandbox.request_log import MASK, SHOWN, printable, without_secrets
from terraform_provider_ecgrid.sandbox.store import Record
from terraform_provider_ecgrid.sandbox.world import World

NEWEST_REGISTRATIONS = 500
NEWEST_REQUESTS = 200
NEWEST_DELIVERIES = 100

_LONGEST = 300  # characters of one text
_MOST_FIELDS = 20  # of one request; the API knows fewer
# The log shows a username; the page may be on a screen that others see.
_SHOWN_HERE = SHOWN - {"username"}

router = APIRouter()


@router.get("/live")
def live(request: Request) -> JSONResponse:
    """Answer what the page shows, the sandbox's key included; a page of another origin cannot read it."""
    world = request.app.state.world
    # The address by which the reader reaches it: this machine's `localhost`, say.
    lines = exports(f"http://{request.headers['host']}", world.api_key)
    return JSONResponse(snapshot(world, request.app.state.requests) | {"exports": lines}, headers=HEADERS)


def snapshot(world: World, requests: Sequence[Recorded]) -> dict[str, Any]:
    """Return the lookups' reading and, each with its total, the newest registrations, requests and deliveries.

    Registrations are in id order, the others newest first. Masked: of a request every value that may be secret, the
    username and all of a URL but scheme and host included; of a registration the credentials, of which it says only
    whether they are set, and its URL's query and fragment.
    """
    registrations, deliveries, received = world.store.all(), world.store.deliveries(), len(requests)
    first = max(0, received - NEWEST_REQUESTS)
    recent = list(enumerate(requests[first:received], start=first + 1))
    return {
        "lookups": world.lookups,
        "registrations": _newest(
            len(registrations), [_registration(world, one) for one in registrations[-NEWEST_REGISTRATIONS:]]
        ),
        "requests": _newest(received, [_request(number, one) for number, one in reversed(recent)]),
        "deliveries": _newest(len(deliveries), [_delivery(one) for one in reversed(deliveries[-NEWEST_DELIVERIES:])]),
    }


def _newest(total: int, shown: list[dict[str, Any]]) -> dict[str, Any]:
    return {"total": total, "shown": shown}


def _registration(world: World, callback: Record) -> dict[str, Any]:
    names = ("callbackId", "event", "status", "mailboxId", "httpAuthType")
    held = [name for name in ("username", "password") if callback[name]]
    return {name: callback[name] for name in names} | {
        "networkId": world.network_of(callback),
        "url": _text(without_secrets(callback["url"])),
        "held": held,
    }


def _request(number: int, request: Recorded) -> dict[str, Any]:
    fields = list(request.fields.items())
    return {
        "number": number,
        "at": request.at.isoformat(timespec="milliseconds"),
        "method": _text(request.method),
        "path": _text(request.path),
        "call": _text(request.call),
        "fields": [[_text(name), _shown(name, value)] for name, value in fields[:_MOST_FIELDS]],
        "status": request.status,
        "refusal": _text(request.refusal),
        "fault": _text(request.fault),
    }


def _delivery(delivery: Record) -> dict[str, Any]:
    names = ("callbackEventId", "callbackId", "event", "status", "created", "httpStatus")
    return {name: delivery[name] for name in names} | {"endpoint": _endpoint(delivery["url"])}


def _shown(name: str, value: Any) -> str:
    if value == "":
        return '""'  # it clears a credential, and tells nothing of the one that was held
    if name == "url" and isinstance(value, str):
        return _endpoint(value)
    if name in _SHOWN_HERE and isinstance(value, str | int):
        return _text(str(value))
    return MASK


def _endpoint(url: str) -> str:
    """Return a URL's scheme and host, port included."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return MASK
    host = parts.netloc.rpartition("@")[2]
    return _text(f"{parts.scheme}://{host}") if parts.scheme and host else MASK


def _text(text: str) -> str:
    text = printable(text)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
