"""What the tests of both of the vendor's models share: an API that answers each call with an answer of its own."""

from __future__ import annotations

from typing import Any

import httpx

from terraform_provider_ecgrid.api.registrations import LookupModel, Registrations
from tests.unit.api.support import REGISTRATION, client_of, ok, refusal

Q, E = LookupModel.QUEUE, LookupModel.EVENT
Q_ONE, Q_LIST = "get-queue-by-id", "queue-list"
E_ONE, E_LIST = "get-event-by-id", "event-list"
ME = "me"

ENTRY = {
    "callbackId": 7001,
    "url": "https://app.example.com/webhooks/ecgrid-v2",
    "event": "Parcel",
    "status": "Active",
    "queuedAt": "2026-05-07T09:00:00Z",
    "attempts": 1,
    "lastHttpStatus": 200,
}
DELIVERY_OF_Q = {"callbackEventId": 7001, "callbackId": 7, "event": "Parcel", "created": "2026-05-07T09:00:00Z"}
GONE = refusal(404, "ObjectNotFound")
NO_SUCH_PAGE = refusal(404)
MISSING = httpx.Response(
    400,
    json={"title": "One or more errors.", "status": 400, "errors": {"callBackQueueId": ["Required."]}},
)
HTML = httpx.Response(200, html="<h1>Welcome</h1>")
USER = ok({"userId": 1, "login": "jo", "networkId": 5050, "mailboxId": 12345, "sessionId": "s-1f"})


class Api(httpx.BaseTransport):
    """Answers each call with its own answer, or its own ones in turn, and keeps the names of the calls."""

    def __init__(self, **answers: httpx.Response | list[httpx.Response]) -> None:
        self.answers = {name.replace("_", "-"): answer for name, answer in answers.items()}
        self.calls: list[str] = []
        self.requests: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        name = request.url.path.rpartition("/")[2]
        self.calls.append(name)
        self.requests.append(request)
        answer = self.answers.get(name, NO_SUCH_PAGE)
        if isinstance(answer, list):
            answer = answer.pop(0)
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)


def registrations(api: Api, network_id: int | None = None) -> Registrations:
    return Registrations(client_of(api, base_url="http://localhost", max_retries=0), network_id)


def q_page(*listed: object, **fields: object) -> httpx.Response:
    return ok({"queueEntries": list(listed)} | fields)


def e_page(*listed: object) -> httpx.Response:
    return ok({"count": len(listed), "events": list(listed)})


def of_q(number: int, **fields: object) -> dict[str, Any]:
    return ENTRY | {"callbackId": number} | fields


def of_e(number: int, **fields: object) -> dict[str, Any]:
    return REGISTRATION | {"callBackEventId": number, "queue": []} | fields
