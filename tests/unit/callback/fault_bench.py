"""What the fault matrix puts together: every call of the provider, and everything that an API can do wrong to it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pydantic import SecretStr
from tf.utils import Diagnostics

from terraform_provider_ecgrid.actions.callback_test import CallbackTestAction
from terraform_provider_ecgrid.api.client import ApiKey, Client
from terraform_provider_ecgrid.api.registrations import Registrations
from terraform_provider_ecgrid.callback.create import create_callback
from terraform_provider_ecgrid.callback.destroy import destroy_callback
from terraform_provider_ecgrid.callback.pages import Pages
from terraform_provider_ecgrid.callback.read import import_callback, read_callback
from terraform_provider_ecgrid.callback.run_ledger import RunLedger
from terraform_provider_ecgrid.callback.update import update_callback
from terraform_provider_ecgrid.data_sources.callback import CallbackDataSource
from terraform_provider_ecgrid.data_sources.callback_events import CallbackEventsDataSource
from terraform_provider_ecgrid.data_sources.callbacks import CallbacksDataSource
from terraform_provider_ecgrid.list_resources.callback import CallbackListResource
from terraform_provider_ecgrid.plugin.authoring import (
    ActionContext,
    CreateContext,
    DeleteContext,
    ImportContext,
    ListContext,
    ReadContext,
    ReadDataContext,
    State,
    UpdateContext,
)
from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.fault_case import FaultCase
from tests.unit.callback.scripted_access import OwnSession, held, planned

# Seconds of one attempt: many, so that a slow machine is not taken for a fault, and few where an answer is to be late.
TIMEOUT = 20.0
SHORT_TIMEOUT = 0.8
SECRETS = ("S3cretPw99", "T0KENPATH", "0LDT0KEN", "sandbox-key")
URL = "https://app.example.com/hooks/T0KENPATH"
OLD_URL = "https://app.example.com/hooks/0LDT0KEN"
CREDENTIALS = {"http_auth_type": "Basic", "username": "u", "password": SecretStr("S3cretPw99")}
NEW = {"url": URL, "event": "Parcel", **CREDENTIALS}
HTML = "<html><head><title>x</title></head><body><h1>Sorry</h1></body></html>"
RETRIED = frozenset({429, 500, 502, 503, 504})


class NoWait(threading.Event):
    """A stop that nobody asks for, and waits that take no time."""

    def wait(self, timeout: float | None = None) -> bool:
        return False


def _faults() -> list[FaultCase]:
    found = []
    for status, code in ((429, "RateLimitExceeded"), (500, "InternalError"), (502, None), (503, None), (504, None)):
        how: dict[str, Any] = {"status": status} | ({"error_code": code} if code else {"body": HTML})
        found.append(FaultCase(f"{status} once", how, once=True, sure=status == 429, heals=True))
        found.append(FaultCase(f"{status} for ever", how, sure=status == 429))
    found.append(FaultCase("503 though carried out", {"status": 503, "carried_out": True}, done=True))
    found.append(FaultCase("429 for an hour", {"status": 429, "headers": {"Retry-After": "3600"}}, sure=True))
    for name, how in (
        ("reset before", {"reset": True}),
        ("reset after", {"reset": True, "carried_out": True}),
        ("closed before", {"drop": True}),
        ("cut off", {"truncate": True, "carried_out": True}),
        ("late", {"delay": 2 * SHORT_TIMEOUT, "carried_out": True}),
    ):
        done = bool(how.get("carried_out"))
        found.append(FaultCase(f"{name} once", how, once=True, heals=True, done=done))
        found.append(FaultCase(f"{name} for ever", how, done=done))
    for status, code in (
        (400, "InvalidParameter"),
        (400, "DuplicateObject"),
        (401, "InvalidAPIKey"),
        (403, "AccessDenied"),
    ):
        found.append(FaultCase(f"{status} {code}", {"status": status, "error_code": code}, sure=True))
    found.append(
        FaultCase(
            "400 problem", {"status": 400, "body": '{"title": "Bad", "detail": "url", "traceId": "00-ab"}'}, sure=True
        )
    )
    found.append(FaultCase("302", {"status": 302, "body": "", "headers": {"Location": URL}}, sure=True))
    found.append(FaultCase("echo with 400", {"status": 400, "echo": True}, sure=True))
    found.append(FaultCase("echo with 500", {"status": 500, "echo": True}))
    found.append(
        FaultCase("no with 200", {"body": '{"success": false, "errorCode": "Oops", "message": "no"}'}, sure=True)
    )
    for name, body in (
        ("HTML with 200", HTML),
        ("nothing with 200", ""),
        ("no and a record", '{"success": false, "data": {"callbackId": 7777}}'),
        ("success without data", '{"success": true}'),
        ("data of another type", '{"success": true, "data": "seven"}'),
        ("a record without an id", '{"success": true, "data": {"url": "x", "password": "S3cretPw99"}}'),
        ("deep JSON", "[" * 50_000),
    ):
        found.append(FaultCase(name, {"body": body, "carried_out": True}, done=True))
    return found


FAULTS = _faults()


def timeout_of(fault: FaultCase) -> float:
    """Return the seconds after which a request that meets a fault is given up."""
    return SHORT_TIMEOUT if "delay" in fault.how else TIMEOUT


@dataclass
class Bench(OwnSession):
    """A provider, the API that it asks, and one callback (7001, old URL, Basic) that a state holds.

    `fresh`: ECGrid holds that callback alone, as the state does; else whatever an earlier run has left. `timeout` is in
    seconds, of one attempt.
    """

    sandbox: Sandbox
    fresh: bool = True
    timeout: float = TIMEOUT
    ledger: RunLedger = field(default_factory=RunLedger)
    pages: Pages = field(default_factory=Pages)

    def __post_init__(self) -> None:
        self.sandbox.faults.reset()
        self.sandbox.requests.clear()
        if self.fresh:
            self.sandbox.store.reset()
            self.sandbox.store.change(7001, url=OLD_URL, event="Parcel", status="Active")
        self.diags = Diagnostics()
        key = ApiKey(SecretStr(self.sandbox.api_key))
        self._client = Client(self.sandbox.url, key, request_timeout=self.timeout, max_retries=1, stop=NoWait())
        self.registrations = Registrations(self._client)

    def client(self) -> Client:
        return self._client

    def held(self, **other: Any) -> State:
        """The state of callback 7001."""
        known = {"url": OLD_URL, "event": "Parcel", "status": "Active", "on_destroy": "delete", **CREDENTIALS}
        return held(callback_id=7001, id="7001", **known | other)

    def create(self, **config: Any) -> State | None:
        ctx = CreateContext(self.diags, "ecgrid_callback", config=held(**config))
        return create_callback(self, ctx, planned(**config))

    def update(self, **changed: Any) -> State | None:
        config = held(**CREDENTIALS | {"url": OLD_URL, "event": "Parcel"} | changed)
        ctx = UpdateContext(self.diags, "ecgrid_callback", config=config)
        return update_callback(self, ctx, self.held(), self.held(**changed))

    def destroy(self, on_destroy: str) -> None:
        destroy_callback(self, DeleteContext(self.diags, "ecgrid_callback"), self.held(on_destroy=on_destroy))

    def read(self) -> State | None:
        memory = b'{"version": 1, "origin": "registered", "shown_by": "queue"}'
        return read_callback(self, ReadContext(self.diags, "ecgrid_callback", private=memory), self.held())

    def import_(self) -> State | None:
        return import_callback(self, ImportContext(self.diags, "ecgrid_callback"), "7001")

    def data(self, source: Any, **config: Any) -> Any:
        return source(self).read(ReadDataContext(self.diags, ""), config)

    def list_(self) -> list[Any]:
        return list(CallbackListResource(self).list(ListContext(self.diags, "ecgrid_callback"), LIST))

    def test(self) -> list[str]:
        return list(CallbackTestAction(self).invoke(ActionContext(self.diags, ""), {"callback_id": 7001}))


@dataclass(frozen=True)
class Call:
    """One call of the provider, and the request of it that goes wrong.

    `repeated`: sending again is harmless, so that one failure does not show. `wanted`: what the store holds of the
    callback afterwards (None: it is gone). `tolerant`: a failure is no error, at most a warning. `healthy`: what the
    API answers otherwise, where the sandbox itself would have to reach an endpoint.
    """

    name: str
    request: str
    run: Callable[[Bench], Any]
    repeated: bool = True
    wanted: dict[str, Any] | None = field(default_factory=dict)
    registers: bool = False
    tolerant: bool = False
    healthy: str = ""


EVENTS: dict[str, Any] = dict.fromkeys(("mailbox_id", "callback_id", "event", "begin_date", "end_date", "limit"))
LIST: dict[str, Any] = dict.fromkeys(("mailbox_id", "network_id", "status", "event"))

DELIVERED = '{"success": true, "data": {"callbackId": %d, "httpStatus": 200}}'

CALLS = [
    Call("register", "create", lambda b: b.create(**NEW), repeated=False, registers=True, wanted={"url": URL}),
    Call("register suspended", "update", lambda b: b.create(**NEW, status="Suspended"), registers=True,
         wanted={"status": "Suspended"}),
    Call("look after registering", "get-queue-by-id", lambda b: b.create(**NEW), registers=True, tolerant=True,
         wanted={"url": URL}),
    Call("verify delivery", "test", lambda b: b.create(**NEW, verify_delivery=True), registers=True, tolerant=True,
         wanted={"url": URL}, healthy=DELIVERED % 7002),
    Call("take over", "update", lambda b: b.create(callback_id=7001, url=URL), wanted={"url": URL}),
    Call("change the URL", "update", lambda b: b.update(url=URL), wanted={"url": URL}),
    Call("suspend", "update", lambda b: b.update(status="Suspended"), wanted={"status": "Suspended"}),
    Call("destroy by deleting", "delete", lambda b: b.destroy("delete"), wanted=None),
    Call("destroy by suspending", "update", lambda b: b.destroy("suspend"), wanted={"status": "Suspended"}),
    Call("destroy by terminating", "update", lambda b: b.destroy("terminate"), wanted={"status": "Terminated"}),
    Call("refresh", "get-queue-by-id", lambda b: b.read()),
    Call("import", "get-queue-by-id", lambda b: b.import_()),
    Call("data source of one", "get-queue-by-id", lambda b: b.data(CallbackDataSource, callback_id=7001)),
    Call("data source of all", "queue-list", lambda b: b.data(CallbacksDataSource, **LIST)),
    Call("data source of events", "event-list", lambda b: b.data(CallbackEventsDataSource, **EVENTS)),
    Call("query", "queue-list", lambda b: b.list_()),
    Call("test action", "test", lambda b: b.test(), repeated=False, healthy=DELIVERED % 7001),
]  # fmt: skip
