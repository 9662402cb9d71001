"""The provider, with an API in its own process."""

from __future__ import annotations

import json
from typing import Any

import httpx

from terraform_provider_ecgrid.api.client import Client as ApiClient
from terraform_provider_ecgrid.api.registrations import Registrations
from terraform_provider_ecgrid.callback.pages import Pages
from terraform_provider_ecgrid.callback.run_ledger import RunLedger
from terraform_provider_ecgrid.provider import EcgridProvider
from tests.unit.api.support import RECORD, client_of

ENTRY = RECORD | {"queuedAt": "2026-05-07T08:00:00Z"}
EVENT = {"callbackEventId": 9, "callbackId": 7001, "event": "Parcel", "created": "2026-05-07T09:00:00Z"}


def api(asked: httpx.Request) -> httpx.Response:
    """An API that has every callback that it is asked for, and does what it is told."""
    fields = (
        json.loads(asked.content) if asked.content else {name: int(value) for name, value in asked.url.params.items()}
    )
    named = {"callbackId": fields.get("callbackId", 7001)}
    lists: dict[str, Any] = {
        "queue-list": {"totalRecords": 1, "queueEntries": [ENTRY]},
        "event-list": {"totalRecords": 1, "events": [EVENT]},
    }
    call = asked.url.path.rpartition("/")[2]
    data: Any = lists.get(call, ENTRY | fields | named)
    if asked.method == "DELETE":
        data = True
    elif call == "test":
        data = {**named, "httpStatus": 200}
    return httpx.Response(200, json={"success": True, "data": data})


class Run:
    """A run on an API in this process."""

    def __init__(self) -> None:
        self._client = client_of(httpx.MockTransport(api), base_url="http://localhost", max_retries=0)
        self.ledger, self.pages, self.registrations = RunLedger(), Pages(), Registrations(self._client)

    def client(self) -> ApiClient:
        return self._client


class Offline(EcgridProvider):
    """The provider, with an API in its own process, whatever it is configured with."""

    def __init__(self) -> None:
        self._run: Any = Run()

    @property
    def session(self) -> Any:
        return self._run

    @session.setter
    def session(self, _: Any) -> None:
        pass
