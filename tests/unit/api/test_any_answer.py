"""Whatever answers a request: the call ends in what it promises or in an `EcgridError`, which quotes nothing secret."""

from __future__ import annotations

import copy
import json
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, is_dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, SecretStr

from terraform_provider_ecgrid.api.account import Mailbox, MailboxPage, User
from terraform_provider_ecgrid.api.client import ApiKey, Client
from terraform_provider_ecgrid.api.errors import EcgridError
from terraform_provider_ecgrid.api.events import EventListing, list_events
from terraform_provider_ecgrid.api.mailboxes import Mailboxes, MailboxListing
from terraform_provider_ecgrid.api.models import (
    Callback,
    Delivery,
    DeliveryTest,
    EventPage,
    EventRegistration,
    QueuePage,
    RegistrationPage,
)
from terraform_provider_ecgrid.api.registrations import Listing, LookupModel, Registrations, Sighting
from terraform_provider_ecgrid.api.requests import CreateCallback, UpdateCallback
from tests.unit.api.hostile import DEEP, JSON, as_bytes, mutated, quoted, spots
from tests.unit.api.support import NESTED, RECORD, REGISTRATION, client_of

ENTRY = RECORD | {"queuedAt": "2026-05-07T09:00:00Z", "lastAttempt": None, "attempts": 3, "lastHttpStatus": 200}
EVENT = {"callbackEventId": 9, "callbackId": 7001, "event": "Parcel", "created": "2026-05-07T09:00:00Z"}
PAGE = {"totalRecords": 1, "pageNo": 1, "recordsPerPage": 500}


@dataclass(frozen=True)
class Carried:
    """What the requests of one example carry and no error may show."""

    key: str
    password: str
    path: str

    @property
    def url(self) -> str:
        return f"https://app.example.com{self.path}"

    @property
    def secrets(self) -> tuple[str, ...]:
        return self.key, self.password, self.path, urlsplit(self.path).path


@dataclass(frozen=True)
class Asked:
    """One method of the client, what it promises to return, and the `data` that it expects."""

    call: Callable[[Client, Carried], object]
    returns: type[Any] | tuple[type[Any], ...]
    data: Any


def _update(client: Client, carried: Carried) -> object:
    return client.update(UpdateCallback(callback_id=7001, url=carried.url, password=SecretStr(carried.password)))


def _create(client: Client, carried: Carried) -> object:
    return client.create(CreateCallback(url=carried.url, event="Parcel", password=SecretStr(carried.password)))


QUEUE = PAGE | {"queueEntries": [ENTRY]}
SCOPE = {"count": 1, "events": [REGISTRATION]}
MAILBOX = {"mailboxId": 12345, "networkId": 5050, "uniqueId": "ACME", "companyName": "Acme", "status": "Active"}
MAILBOXES = PAGE | {"mailboxes": [MAILBOX]}
USER = {"networkId": 5050, "mailboxId": 12345, "sessionId": "s-1f"}
CALLS = {
    "update": Asked(_update, (Callback, type(None)), RECORD),
    "create": Asked(_create, Callback, RECORD),
    "delete": Asked(lambda client, _: client.delete(7001), bool, True),
    "get_queue_entry": Asked(lambda client, _: client.get_queue_entry(7001), list, ENTRY),
    "queue_list": Asked(lambda client, _: client.queue_list(), QueuePage, QUEUE),
    "list_deliveries": Asked(lambda client, _: client.list_deliveries(), EventPage, PAGE | {"events": [EVENT]}),
    "get_registration": Asked(lambda client, _: client.get_registration(7001), EventRegistration, REGISTRATION),
    "list_registrations": Asked(lambda client, _: client.list_registrations(5050, 0), RegistrationPage, SCOPE),
    "get_delivery": Asked(lambda client, _: client.get_delivery(2**40), Delivery, NESTED),
    "test": Asked(lambda client, _: client.test(7001), DeliveryTest, {"callbackId": 7001, "httpStatus": 200}),
    "current_user": Asked(lambda client, _: client.current_user(), User, USER),
    "version": Asked(lambda client, _: client.version(), (str, type(None)), {"version": "2.6"}),
    "get_mailbox": Asked(lambda client, _: client.get_mailbox(12345), Mailbox, MAILBOX),
    "list_mailboxes": Asked(lambda client, _: client.list_mailboxes(), MailboxPage, MAILBOXES),
}
LOOKUPS = {
    "look_up": Asked(lambda client, _: Registrations(client).look_up(LookupModel.QUEUE, 7001), Sighting, ENTRY),
    "find": Asked(lambda client, _: Registrations(client).find(7001), Sighting, ENTRY),
    "list_queue": Asked(lambda client, _: Registrations(client).list_queue(), Listing, QUEUE),
    "queue_pages": Asked(lambda client, _: list(Registrations(client).queue_pages()), list, QUEUE),
    "list_scope": Asked(lambda client, _: Registrations(client).list_scope(5050, 0), Listing, SCOPE),
    "candidates": Asked(lambda client, _: Registrations(client).candidates(network_id=1), list, QUEUE),
    "iter_listed": Asked(lambda client, _: list(Registrations(client).iter_listed()), list, QUEUE),
    "iter_listed of a network": Asked(
        lambda client, _: list(Registrations(client).iter_listed(network_id=1, status="Active")), list, SCOPE
    ),
    "iter_listed of the own network": Asked(lambda client, _: list(Registrations(client).iter_listed()), list, USER),
    "with_deliveries": Asked(
        lambda client, _: Registrations(client).with_deliveries(7001, 25), EventRegistration, REGISTRATION
    ),
    "read_queue": Asked(lambda client, _: Registrations(client).read_queue(12345, lambda _: True), Listing, QUEUE),
    "own": Asked(lambda client, _: Registrations(client).own(), User, USER),
    "list_events": Asked(lambda client, _: list_events(client), EventListing, PAGE | {"events": [EVENT]}),
    "matching": Asked(lambda client, _: Mailboxes(client).matching(), MailboxListing, MAILBOXES),
    "named": Asked(lambda client, _: Mailboxes(client).named("acme"), MailboxListing, MAILBOXES),
}


def methods(of: type[Any]) -> set[str]:
    return {name for name, member in vars(of).items() if callable(member) and not name.startswith("_")}


HEADER_TEXT = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=12)
STATUSES = st.sampled_from((200, 201, 204, 301, 307, 400, 401, 403, 404, 418, 422, 429, 500, 503)) | st.integers(
    100, 999
)
ERROR_CODES = (
    st.sampled_from(("InvalidParameter", "DuplicateObject", "InvalidAPIKey", "ObjectNotFound", "", "x y")) | JSON
)
HEADERS: dict[str, st.SearchStrategy[str]] = {
    "Content-Type": st.sampled_from(("application/json", "text/html; charset=utf-7", "text/x; charset=\x00", "")),
    "Content-Encoding": st.sampled_from(("gzip", "deflate", "br", "zstd", "identity", "gzip, gzip", "x")),
    "Retry-After": st.sampled_from(
        (
            "0",
            "5",
            "61",
            "-1",
            "nan",
            "1e999",
            "9" * 400,
            "Wed, 21 Oct 2015 07:28:00 GMT",
            "Fri, 31 Dec 9999 23:59:59 -9999",
        )
    )
    | HEADER_TEXT,
    "Location": st.sampled_from(
        ("/x", "//", "https://[", "https://elsewhere.example/x", "http://a:b", "https:x", "ftp://\x80")
    )
    | HEADER_TEXT,
    "Set-Cookie": st.sampled_from(("a=b; expires=x; domain=[", "=", ";;;", "a=b; max-age=1e9; version=x"))
    | HEADER_TEXT,
    "Content-Length": st.sampled_from(("-1", "x", "0")),
    "Link": st.sampled_from(("<>; rel=", "<")),
}


@st.composite
def envelopes(draw: st.DrawFn, data: Any) -> Any:
    """An envelope of success, an error or a problem, mutated."""
    kind = draw(st.sampled_from(("data", "error", "problem")))
    if kind == "data":
        valid = {"success": True, "data": data, "errorCode": None, "message": ""}
    elif kind == "error":
        valid = {"success": False, "data": None, "errorCode": draw(ERROR_CODES), "message": draw(JSON)}
    else:
        blamed = st.dictionaries(st.sampled_from(("recordsPerPage", "$.url", "")), JSON) | JSON
        valid = {"title": draw(JSON), "status": 400, "errors": draw(blamed)} | dict.fromkeys(
            ("detail", "traceId"), draw(JSON)
        )
    return draw(mutated(valid))


@st.composite
def answers(draw: st.DrawFn, data: Any) -> httpx.Response:
    """Any answer at all, a little more often one that means something."""
    body = draw(
        st.one_of(
            as_bytes(envelopes(data)),
            as_bytes(envelopes(data)),
            as_bytes(JSON),
            st.binary(max_size=40),
            DEEP,
            st.sampled_from((b"", b"<html><h1>502</h1></html>", b"\xff\xfe", b'{"success": true, "data": 1')),
        )
    )
    names = draw(st.lists(st.sampled_from(sorted(HEADERS)), max_size=3))
    headers = [(name.encode(), draw(HEADERS[name]).encode("latin-1")) for name in names]
    return _answer(draw(STATUSES), headers, body)


def _answer(status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> httpx.Response:
    # A stream, because `httpx.Response` would decode `content` at once and not where a transport's answer is read.
    return httpx.Response(status, headers=headers, stream=httpx.ByteStream(body))


class RealWait(threading.Event):
    """Waits for nothing, but refuses what a real wait refuses."""

    def wait(self, timeout: float | None = None) -> bool:
        threading.Event.wait(self, None if timeout is None else min(timeout, 0.0))
        assert timeout is not None
        assert timeout >= 0
        return self.is_set()


def outcome(asked: Asked, carried: Carried, answer: httpx.Response, retries: int = 0) -> EcgridError | None:
    """The error that a call ends in; None if it ended in what it promises."""
    body, status, headers = b"".join(answer.iter_raw()), answer.status_code, answer.headers.raw

    client = client_of(
        httpx.MockTransport(lambda _: _answer(status, headers, body)),
        base_url="http://localhost",  # where no trust store is read
        credential=ApiKey(SecretStr(carried.key)),
        max_retries=retries,
        stop=RealWait(),
    )
    try:
        result = asked.call(client, carried)
    except EcgridError as error:
        return error
    finally:
        client.close()
    assert isinstance(result, asked.returns)
    assert all(map(is_storable, leaves_of(result)))
    return None


def leaves_of(value: Any) -> Iterator[Any]:
    """Every text and number in a result, however deep."""
    if isinstance(value, dict):
        yield from (leaf for pair in value.items() for one in pair for leaf in leaves_of(one))
    elif isinstance(value, BaseModel) or is_dataclass(value):
        yield from leaves_of(vars(value))
    elif isinstance(value, Iterable) and not isinstance(value, str):
        yield from (leaf for one in value for leaf in leaves_of(one))
    else:
        yield value


def is_storable(leaf: Any) -> bool:
    """Whether a state can hold a text or a number, and a later request carry it: Unicode, and 64 bits at most."""
    if isinstance(leaf, str):
        return not any("\ud800" <= char <= "\udfff" for char in leaf)
    return not isinstance(leaf, int) or -(2**63) <= leaf < 2**63


def test_every_method_is_asked() -> None:
    assert CALLS.keys() == methods(Client) - {"close"}
    assert {name.partition(" ")[0] for name in LOOKUPS} - {"list_events"} == methods(Registrations) | methods(Mailboxes)


@given(st.data())
@settings(deadline=None, max_examples=300, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
def test_any_answer_ends_in_what_is_promised_or_in_an_ecgrid_error(data: st.DataObject) -> None:
    every = CALLS | LOOKUPS
    asked = every[data.draw(st.sampled_from(sorted(every)))]
    carried = Carried("kX7-key", "pZ9-password", "/hQ5-path?token=x")
    outcome(asked, carried, data.draw(answers(asked.data)), data.draw(st.integers(0, 2)))


IDS = {"callbackId", "callBackEventId", "callbackEventId", "callBackQueueId"}


@pytest.mark.parametrize("name", [*CALLS, "read_queue"])
def test_what_cannot_be_stored_in_one_field_costs_nothing_but_that_field(name: str) -> None:
    asked = (CALLS | LOOKUPS)[name]
    for number in range(len(list(spots(asked.data)))):
        data = copy.deepcopy(asked.data)
        held, key = list(spots(data))[number]
        if key in IDS or (name, key) == ("get_mailbox", "mailboxId") or isinstance(held[key], dict | list):
            continue
        for odd in ("\ud83d", "a\ud83d") if isinstance(held[key], str) else (10**400, 1e300, -(2**64)):
            held[key] = odd
            body = json.dumps({"success": True, "data": data}).encode()
            assert outcome(asked, Carried("k", "p", "/"), _answer(200, [], body)) is None, key


def _error(**fields: Any) -> bytes:
    return json.dumps({"success": False, "errorCode": "InvalidParameter", "message": "no"} | fields).encode()


PLACES: dict[str, Callable[[str], httpx.Response]] = {
    "message": lambda words: _answer(400, [], _error(message=f'the request was {{"x":"{words}"}} x={words}&y')),
    "message of HTML": lambda words: _answer(400, [], _error(message=f"<b>{words}</b>")),
    "code": lambda words: _answer(400, [], _error(errorCode=words)),
    "title": lambda words: _answer(400, [], json.dumps({"title": words, "status": 400}).encode()),
    "detail": lambda words: _answer(400, [], json.dumps({"title": "No", "status": 400, "detail": words}).encode()),
    "errors": lambda words: _answer(400, [], _error(message="", errors={words: ["no"], "url": [words]})),
    "data": lambda words: _answer(200, [], json.dumps({"success": True, "data": {"url": words}}).encode()),
    "no JSON": lambda words: _answer(502, [], words.encode()),
    "a redirect": lambda words: _answer(302, [(b"Location", words.encode())], b""),
    "a type": lambda words: _answer(502, [(b"Content-Type", words.encode())], b""),
}


@pytest.mark.parametrize("way", quoted(""))
@pytest.mark.parametrize("place", PLACES)
def test_no_error_shows_what_the_request_carried(way: str, place: str) -> None:
    carried = Carried('kX7-a"b/c+d e&f\\g-k', 'pZ9-ä"b/c\\d+e f&g%-p', "/hQ5-a%41/b+c~&-h?token=tW3-%2Fä+-t")
    for secret in (*carried.secrets, carried.url):
        error = outcome(CALLS["update"], carried, PLACES[place](quoted(secret)[way]))
        assert error is not None
        check(error, carried.secrets)


def check(error: EcgridError, secrets: tuple[str, ...]) -> None:
    """Nothing that can be seen of an error holds a secret, written in whatever way."""
    shown = "\n".join((str(error), repr(error), repr(vars(error)), *traceback.format_exception(error)))
    for secret in secrets:
        for way, quotation in quoted(secret).items():
            assert quotation not in shown, f"quoted as {way}: {quotation}"
