"""What the tests of a callback's life share: a provider whose API answers by script, states, and what was said."""

from __future__ import annotations

import json
from typing import Any, Self

import httpx
from pydantic import SecretStr
from tf.types import Unknown
from tf.utils import Diagnostics

from terraform_provider_ecgrid.api.client import ApiKey, Client
from terraform_provider_ecgrid.api.mailboxes import Mailboxes
from terraform_provider_ecgrid.api.registrations import Registrations
from terraform_provider_ecgrid.callback.pages import FIRST_READS, Pages
from terraform_provider_ecgrid.callback.read import read_callback
from terraform_provider_ecgrid.callback.run_ledger import RunLedger
from terraform_provider_ecgrid.callback.schema import CALLBACK_SCHEMA
from terraform_provider_ecgrid.plugin.authoring import ReadContext, State
from tests.unit.api.support import BASE, KEY, Script, Step, client_of

NAMES = tuple(attribute.name for attribute in CALLBACK_SCHEMA.attributes)
COMPUTED = tuple(attribute.name for attribute in CALLBACK_SCHEMA.attributes if attribute.computed)


class OwnSession:
    """A provider that is its own session."""

    @property
    def session(self) -> Self:
        return self


class ScriptedAccess(OwnSession):
    """A provider whose API answers with one step after the other, the last one for ever."""

    def __init__(self, *steps: Step, max_retries: int = 4) -> None:
        self.script = Script(*steps)
        self.ledger = RunLedger()
        self.pages = Pages()
        self._client = client_of(self.script, max_retries=max_retries)
        self.registrations = Registrations(self._client)
        self.mailboxes = Mailboxes(self._client)

    def client(self) -> Client:
        return self._client

    @property
    def sent(self) -> list[tuple[str, Any]]:
        """The calls so far, each with its body or query."""
        return [(call_of(request), _fields(request)) for request in self.script.requests]


def after_first_reads() -> Pages:
    """Return the lists of a run after its first reads: the next read is answered by one."""
    pages = Pages()
    for _ in range(FIRST_READS):
        pages.find(1, None)
    return pages


class Process(OwnSession):
    """A provider process that refreshes callbacks; `transport` takes the place of the network."""

    def __init__(self, base_url: str = BASE, key: str = KEY, transport: httpx.BaseTransport | None = None) -> None:
        self.ledger = RunLedger()
        self.pages = Pages()
        self._client = Client(
            base_url, ApiKey(SecretStr(key)), max_retries=0, transport=transport, on_write=self.pages.end
        )
        self.registrations = Registrations(self._client)
        self.mailboxes = Mailboxes(self._client)

    def client(self) -> Client:
        return self._client

    def read(self, state: State, private: bytes) -> tuple[State | None, bytes, list[tuple[str, str, str]]]:
        """Refresh one callback: state, private state and what was said."""
        ctx = ReadContext(Diagnostics(), "ecgrid_callback", private=private)
        return read_callback(self, ctx, dict(state)), ctx.private, said(ctx.diagnostics)


def call_of(request: httpx.Request) -> str:
    """The call's name as the API's pages have it; `delete` for `DELETE /v2/callbacks`."""
    return "delete" if request.method == "DELETE" else request.url.path.rpartition("/")[2]


def held(**known: Any) -> dict[str, Any]:
    """A state, or a configuration: what is not named is null."""
    return dict.fromkeys(NAMES) | known


def planned(**known: Any) -> dict[str, Any]:
    """The plan of a creation: what is computed and not named is unknown."""
    return held(**dict.fromkeys(COMPUTED, Unknown)) | known


def record(**differing: Any) -> dict[str, Any]:
    """A callback record as create and update answer it."""
    known = {"callbackId": 7002, "url": "https://app.example.com/new?token=s3cr3t", "event": "Parcel"}
    return known | {"mailboxId": 12345, "networkId": 0, "httpAuthType": "None", "status": "Active"} | differing


def entries(*listed: dict[str, Any]) -> dict[str, Any]:
    """A whole queue-list of one page."""
    return {"totalRecords": len(listed), "pageNo": 1, "recordsPerPage": 500, "queueEntries": list(listed)}


def said(diags: Diagnostics) -> list[tuple[str, str, str]]:
    """Severity ("error" or "warning"), summary and detail of each diagnostic."""
    return [(one.severity, one.summary, one.detail or "") for one in diags.diagnostics]


def _fields(request: httpx.Request) -> Any:
    return dict(request.url.params) if request.method == "GET" else json.loads(request.content)
