"""What the tests of a refresh in pages share: an account with many callbacks, and a process that reads them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx

from terraform_provider_ecgrid.api.enums import LookupModel
from terraform_provider_ecgrid.callback.private_state import PrivateState
from terraform_provider_ecgrid.plugin.authoring import State
from tests.unit.api.support import ok, refusal
from tests.unit.callback.scripted_access import Process, call_of, entries, held

Entry = dict[str, Any]

URL = "https://app.example.com/new"
SHOWN = PrivateState(shown_by=LookupModel.QUEUE)
BY_ID, PAGE = "get-queue-by-id", "queue-list"


class Account(httpx.BaseTransport):
    """An API that holds `listed`; `by_id` and `on_page` answer its lookups."""

    def __init__(self, *listed: Entry) -> None:
        self.listed = list(listed)
        self.calls: list[str] = []
        self.scopes: list[int | None] = []
        self.by_id: Callable[[int], httpx.Response] = self.entry
        self.on_page: Callable[[Entry], httpx.Response] = self.page

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        call = call_of(request)
        self.calls.append(call)
        if call == BY_ID:
            return self.by_id(int(request.url.params["callbackId"]))
        if call != PAGE:
            return ok(True if call == "delete" else shown(1))
        body = json.loads(request.content)
        self.scopes.append(body.get("mailboxId"))
        return self.on_page(body)

    def entry(self, callback_id: int) -> httpx.Response:
        found = [one for one in self.listed if one["callbackId"] == callback_id]
        return ok(found[-1]) if found else refusal(404, "ObjectNotFound")

    def page(self, body: Entry) -> httpx.Response:
        mailbox, first = body.get("mailboxId"), (body["pageNo"] - 1) * 500
        listed = [one for one in self.listed if mailbox in (None, one["mailboxId"])]
        return ok(entries(*listed) | {"queueEntries": listed[first : first + 500]})


def shown(callback_id: int, mailbox_id: int = 0, **differing: Any) -> Entry:
    entry = {"callbackId": callback_id, "url": URL, "event": "Parcel", "status": "Active", "mailboxId": mailbox_id}
    return entry | differing


def account(count: int) -> Account:
    return Account(*map(shown, range(1, count + 1)))


def stored(callback_id: int, mailbox_id: int | None = None) -> State:
    """A state whose URL is an old one, which a read that finds anything corrects."""
    return held(callback_id=callback_id, url="https://old.example.com/", status="Active", mailbox_id=mailbox_id)


def read(process: Process, *ids: int, mailbox_id: int | None = None, memory: PrivateState = SHOWN) -> None:
    """Refresh; each read must find what by id shows."""
    for callback_id in ids:
        state, private, problems = process.read(stored(callback_id, mailbox_id), memory.dump())
        assert state is not None
        assert (state["url"], problems) == (URL, [])
        assert PrivateState.load(private).shown_by


def refresh(api: Account, reads: int = 6) -> list[str]:
    """Let one process read the callbacks from 1 on; the calls that it made."""
    read(Process(transport=api), *range(1, reads + 1))
    return api.calls
