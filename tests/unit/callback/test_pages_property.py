"""Random accounts, read once by id and once in pages: state, private state and what is said are the same."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import httpx
import pytest

from terraform_provider_ecgrid.api.enums import LookupModel
from terraform_provider_ecgrid.callback.private_state import PrivateState
from terraform_provider_ecgrid.plugin.authoring import State
from terraform_provider_ecgrid.sandbox.directory import network_of
from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.unit.callback.scripted_access import Process, call_of, held

ACCOUNTS = 63
LISTS = ("queue-list", "event-list")
LOOKUPS_BY_ID = ("get-queue-by-id", "get-event-by-id")
URLS = tuple(f"https://app.example.com/{name}?t={name}" for name in "abc")
EVENTS = ("Parcel", "Interchange", "Mailbox")
STATUSES = ("Active", "Active", "Active", "Suspended", "Terminated")
MAILBOXES = (0, 0, 12345, 777)
FIRED = datetime(2026, 5, 7, 9, tzinfo=UTC)

Entry = dict[str, Any]
Result = tuple[State | None, bytes, list[tuple[str, str, str]]]
Managed = list[tuple[State, bytes]]
ODDITIES: list[Callable[[Sandbox], None]] = []


def oddity(method: Callable[[Sandbox], None]) -> Callable[[Sandbox], None]:
    ODDITIES.append(method)
    return method


def listed(sandbox: Sandbox, change: Callable[[list[Entry]], Iterable[Entry]], more: int = 0) -> None:
    """Let every page of a list hold what `change` makes of its entries, and count so many more."""

    def transform(page: Entry) -> Entry:
        name, total = ("queueEntries", "totalRecords") if "queueEntries" in page else ("events", "count")
        return page | {name: list(change(page[name])), total: page[total] + more}

    for call in LISTS:
        sandbox.faults.add(call, times=None, transform=transform)


def failing(sandbox: Sandbox, calls: Iterable[str], **how: Any) -> None:
    """Let calls go wrong for ever."""
    for call in calls:
        sandbox.faults.add(call, times=None, **how)


@oddity
def nothing(sandbox: Sandbox) -> None:
    """The API is as documented."""


@oddity
def suspended_ones_are_hidden(sandbox: Sandbox) -> None:
    sandbox.faults.hide_suspended = True


@oddity
def the_account_cannot_be_listed(sandbox: Sandbox) -> None:
    sandbox.faults.queue_list_needs_mailbox = True


@oddity
def urls_are_normalised(sandbox: Sandbox) -> None:
    sandbox.faults.normalise_url = True


@oddity
def lists_are_refused(sandbox: Sandbox) -> None:
    failing(sandbox, LISTS, error_code="AccessDenied")


@oddity
def lists_fail(sandbox: Sandbox) -> None:
    failing(sandbox, LISTS, status=503)


@oddity
def lists_are_not_there(sandbox: Sandbox) -> None:
    failing(sandbox, LISTS, error_code="ObjectNotFound")


@oddity
def lists_are_no_json(sandbox: Sandbox) -> None:
    failing(sandbox, LISTS, body="<html>")


@oddity
def lookups_by_id_show_nothing(sandbox: Sandbox) -> None:
    failing(sandbox, LOOKUPS_BY_ID, error_code="ObjectNotFound")


@oddity
def an_entry_of_each_page_is_missing(sandbox: Sandbox) -> None:
    listed(sandbox, lambda entries: entries[1:])


@oddity
def an_entry_of_each_page_is_missing_from_the_count_too(sandbox: Sandbox) -> None:
    listed(sandbox, lambda entries: [one for one in entries if id_of(one) % 3], more=-999)


@oddity
def an_entry_of_each_page_is_unreadable(sandbox: Sandbox) -> None:
    listed(sandbox, lambda entries: [*entries, {"event": "Parcel"}], more=1)


@oddity
def no_total_is_given(sandbox: Sandbox) -> None:
    failing(sandbox, LISTS, transform=lambda page: page | {"totalRecords": None, "count": None})


@oddity
def the_list_has_no_urls(sandbox: Sandbox) -> None:
    listed(sandbox, lambda entries: [one | {"url": None} for one in entries])


@oddity
def the_list_shows_deliveries(sandbox: Sandbox) -> None:
    listed(sandbox, lambda entries: [one | {"callsRemaining": 1} for one in entries])


@oddity
def several_entries_come_of_one_callback(sandbox: Sandbox) -> None:
    def change(entries: list[Entry]) -> list[Entry]:
        again = [one | {"event": "Contract"} for one in entries if "callbackId" in one and id_of(one) % 3 == 0]
        return [*entries, *again]

    listed(sandbox, change)


@oddity
def entries_move_while_pages_are_read(sandbox: Sandbox) -> None:
    """Each page after the first comes after another callback was registered."""
    move = sandbox.store.put

    def transform(page: Entry) -> Entry:
        if page.get("pageNo", 1) > 1:
            move(event="User", status="Active")
        return page

    sandbox.faults.add("queue-list", times=None, transform=transform)


def id_of(entry: Entry) -> int:
    """The callback's id in either model."""
    return int(entry.get("callbackId") or entry["callBackEventId"])


class SmallPages(httpx.HTTPTransport):
    """The network, but that an account needs no 500 callbacks for a second page. `calls` counts what was asked."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self._size = size
        self.calls: Counter[str] = Counter()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        call = call_of(request)
        self.calls[call] += 1
        if call == "queue-list":
            body = json.dumps(json.loads(request.content) | {"recordsPerPage": self._size})
            headers = {name: value for name, value in request.headers.items() if name.lower() != "content-length"}
            request = httpx.Request("POST", request.url, headers=headers, content=body, extensions=request.extensions)
        return super().handle_request(request)


def build(sandbox: Sandbox, chance: random.Random) -> Managed:
    """Make an account, and what Terraform holds of some of its callbacks: right, outdated, or gone."""
    sandbox.reset()
    managed: Managed = []
    for number in range(chance.randint(3, 14)):
        url, event, status = chance.choice(URLS), chance.choice(EVENTS), chance.choice(STATUSES)
        mailbox_id = chance.choice(MAILBOXES)
        callback_id = sandbox.store.put(url=url, event=event, status=status, mailboxId=mailbox_id)
        for _ in range(chance.choice((0, 0, 1, 2))):
            at = FIRED + timedelta(minutes=chance.randrange(99), days=number)
            sandbox.store.fire(callback_id, delivered=chance.random() < 0.3, http_status=503, at=at)
        if chance.random() < 0.2:
            continue
        state = held(
            callback_id=callback_id,
            id=str(callback_id),
            url=chance.choice((url, url, URLS[0])),
            event=chance.choice((event, event, EVENTS[0])),
            status=chance.choice((status, status, "Active")),
            mailbox_id=chance.choice((mailbox_id, None)),
            on_destroy="delete",
        )
        managed.append((state, remembered(chance, sandbox.lookups, url, mailbox_id).dump()))
        if chance.random() < 0.15:
            sandbox.store.change(callback_id, url=chance.choice(URLS), event=chance.choice(EVENTS))
        if chance.random() < 0.1:
            sandbox.store.remove(callback_id)
    return managed


def remembered(chance: random.Random, lookups: str, url: str, mailbox_id: int) -> PrivateState:
    memory = PrivateState(deliveries_seen=chance.random() < 0.02)
    if chance.random() < 0.8:
        memory.shown_by = LookupModel.EVENT if lookups == "events" else LookupModel.QUEUE
    if memory.shown_by is LookupModel.EVENT:
        memory.scope = network_of(mailbox_id), mailbox_id
    if chance.random() < 0.3:
        memory.note_url(url.replace("app", "APP"), chance.choice((url, url + "/", None)))
    return memory


def results(process: Process, managed: Managed, threads: int) -> list[Result]:
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(lambda one: process.read(*one), managed))


@pytest.mark.parametrize("lookups", ["registrations", "events"])
def test_reading_in_pages_is_reading_by_id(lookups: Literal["registrations", "events"]) -> None:
    swept: Counter[str] = Counter()
    with Sandbox(lookups=lookups) as sandbox:
        for seed in range(ACCOUNTS):
            odd = ODDITIES[seed % len(ODDITIES)]
            read: list[list[Result]] = []
            for in_pages in (False, True):
                chance = random.Random(seed)  # noqa: S311 -- no secret is made of it
                managed = build(sandbox, chance)
                odd(sandbox)
                network = SmallPages(chance.choice((3, 5, 500)))
                process = Process(sandbox.url, sandbox.api_key, network)
                if not in_pages:
                    process.pages.end()
                read.append(results(process, managed, chance.choice((1, 4))))
                process.client().close()
                swept["in pages" if in_pages else "by id"] += sum(network.calls[call] for call in LOOKUPS_BY_ID)
            assert read[0] == read[1], f"account {seed}: {odd.__name__}"
    assert swept["in pages"] < swept["by id"], "nothing was read in pages"
