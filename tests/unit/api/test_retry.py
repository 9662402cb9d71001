import gc
import logging
import socket
import threading
import weakref
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import product

import httpx
import pytest

from terraform_provider_ecgrid.api import errors
from terraform_provider_ecgrid.api.client import Client
from terraform_provider_ecgrid.api.requests import CreateCallback, UpdateCallback
from tests.unit.api.support import RECORD, Patience, Script, Step, client_of, http, ok, refusal, serving, unused_port

PAGE = {"totalRecords": 0, "queueEntries": []}
CALLS: dict[str, tuple[Callable[[Client], object], object]] = {
    "update": (lambda client: client.update(UpdateCallback(callback_id=7001)), RECORD),
    "delete": (lambda client: client.delete(7001), True),
    "queue_list": (lambda client: client.queue_list(), PAGE),
    "get_queue_entry": (lambda client: client.get_queue_entry(7001), RECORD),
    "list_deliveries": (lambda client: client.list_deliveries(), {"totalRecords": 0, "events": []}),
    "get_registration": (lambda client: client.get_registration(7001), {"callBackEventId": 7001, "url": None}),
    "list_registrations": (lambda client: client.list_registrations(5050, 0), []),
    "get_delivery": (lambda client: client.get_delivery(9), {"callBackQueueId": 9}),
    "current_user": (lambda client: client.current_user(), {"networkId": 5050}),
    "get_mailbox": (lambda client: client.get_mailbox(9), {"mailboxId": 9}),
    "list_mailboxes": (lambda client: client.list_mailboxes(), []),
    "create": (lambda client: client.create(CreateCallback(url="https://a.example/x", event="Parcel")), RECORD),
    "test": (lambda client: client.test(7001), {"callbackId": 7001}),
}
SENT_ONCE = ["create", "test"]
REPEATABLE = [name for name in CALLS if name not in SENT_ONCE]

SURELY_NOT_CARRIED_OUT: list[Step] = [
    refusal(429, "RateLimitExceeded"),
    httpx.ConnectError("secret text"),
    httpx.ConnectTimeout("secret text"),
    httpx.PoolTimeout("secret text"),
]
PERHAPS_CARRIED_OUT: list[Step] = [
    *(httpx.Response(status) for status in (500, 502, 503, 504)),
    httpx.ReadTimeout("secret text"),
    httpx.WriteTimeout("secret text"),
    httpx.ReadError("secret text"),
    httpx.WriteError("secret text"),
    httpx.RemoteProtocolError("secret text"),
]
FINAL: list[Step] = [
    *(refusal(status) for status in (400, 401, 403, 404, 409, 501)),
    httpx.Response(200, text="no json"),
    httpx.ProxyError("secret text"),
    httpx.LocalProtocolError("secret text"),
    httpx.UnsupportedProtocol("secret text"),
]


@pytest.mark.parametrize(
    ("name", "step"),
    [*product(CALLS, SURELY_NOT_CARRIED_OUT), *product(REPEATABLE, PERHAPS_CARRIED_OUT)],
    ids=repr,
)
def test_sent_again(name: str, step: Step) -> None:
    call, data = CALLS[name]
    script = Script(step, step, ok(data))
    call(client_of(script))
    assert len(script.requests) == 3
    assert len({request.content for request in script.requests}) == 1


@pytest.mark.parametrize("name", SENT_ONCE)
@pytest.mark.parametrize("step", PERHAPS_CARRIED_OUT, ids=repr)
def test_create_and_test_are_sent_once_if_they_may_have_been_carried_out(name: str, step: Step) -> None:
    call, _ = CALLS[name]
    script = Script(step)
    client = client_of(script)
    with pytest.raises(errors.EcgridError) as caught:
        call(client)
    assert len(script.requests) == 1
    assert caught.value.may_have_been_carried_out
    assert "secret text" not in str(caught.value)


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("step", FINAL, ids=repr)
def test_nothing_else_is_sent_again(name: str, step: Step) -> None:
    call, _ = CALLS[name]
    script = Script(step)
    client = client_of(script)
    with pytest.raises(errors.EcgridError) as caught:
        call(client)
    assert len(script.requests) == 1
    assert "secret text" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(("max_retries", "attempts"), [(0, 1), (1, 2), (4, 5)])
def test_max_retries_counts_the_attempts_after_the_first(max_retries: int, attempts: int) -> None:
    script = Script(httpx.Response(503))
    with pytest.raises(errors.ServerError) as caught:
        client_of(script, max_retries=max_retries).queue_list()
    assert len(script.requests) == attempts
    assert (f"after {attempts} attempts" in str(caught.value)) is (attempts > 1)


def test_waits_are_drawn_from_nought_to_a_bound_that_doubles() -> None:
    bounds = [0.5, 1, 2, 4, 8, 16, 30, 30]
    drawn = []
    for _ in range(40):
        patience = Patience()
        with pytest.raises(errors.NoAnswer):
            client_of(Script(httpx.ReadError("")), stop=patience, max_retries=len(bounds)).queue_list()
        drawn.append(patience.waits)
    for bound, waits in zip(bounds, zip(*drawn, strict=True), strict=True):
        assert 0 <= min(waits) < bound / 2 < max(waits) <= bound
        assert len(set(waits)) > 1


def test_each_repetition_is_logged_without_the_text_of_what_caused_it(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "terraform_provider_ecgrid.api._retry")
    client_of(Script(httpx.ReadError("secret text"), refusal(503, **{"Retry-After": "7"}), ok(PAGE))).queue_list()
    logged = [vars(record) for record in caplog.records]
    assert [(one["cause"], one["attempt"]) for one in logged] == [("ReadError", 2), ("HTTP 503", 3)]
    assert logged[1]["wait_seconds"] == 7
    assert "secret text" not in str(logged)


@pytest.mark.parametrize("seconds", [1, 120])
def test_retry_after_in_seconds_is_waited_for(seconds: int) -> None:
    patience = Patience()
    script = Script(refusal(503, **{"Retry-After": str(seconds)}), ok(PAGE))
    client_of(script, stop=patience).queue_list()
    assert patience.waits == [seconds]


@pytest.mark.parametrize("zone", ["GMT", "+0000", "-0000"])
def test_retry_after_as_a_date_is_waited_for(zone: str) -> None:
    patience = Patience()
    due = format_datetime(datetime.now(UTC) + timedelta(seconds=50)).replace("+0000", zone)
    client_of(Script(refusal(503, **{"Retry-After": due}), ok(PAGE)), stop=patience).queue_list()
    assert 4 < patience.waits[0] <= 50


@pytest.mark.parametrize("value", ["0", "soon", "-5", "Thu, 01 Jan 1970 00:00:00 GMT", "1 Jan 99999999999 0:0:0 GMT"])
def test_retry_after_that_says_nothing_leaves_the_backoff(value: str) -> None:
    patience = Patience()
    client_of(Script(refusal(503, **{"Retry-After": value}), ok(PAGE)), stop=patience).queue_list()
    assert 0 <= patience.waits[0] <= 0.5


@pytest.mark.parametrize(
    ("value", "said"), [("121", "you to wait 121 seconds"), ("86400", "you to wait 86400 seconds"), ("9" * 400, "")]
)
def test_longer_retry_after_is_not_waited_for_but_told(value: str, said: str) -> None:
    patience = Patience()
    script = Script(refusal(429, "RateLimitExceeded", **{"Retry-After": value}))
    with pytest.raises(errors.RateLimited) as caught:
        client_of(script, stop=patience).queue_list()
    assert (len(script.requests), patience.waits) == (1, [])
    assert said in str(caught.value)
    assert not caught.value.may_have_been_carried_out


def test_stop_ends_a_wait_and_names_the_last_answer() -> None:
    script = Script(refusal(503, "Busy", "later"))
    with pytest.raises(errors.Stopped) as caught:
        client_of(script, stop=Patience(stop_while_waiting=True)).update(UpdateCallback(callback_id=1))
    assert len(script.requests) == 1
    assert "Busy (HTTP 503): later" in str(caught.value)
    assert (caught.value.status, caught.value.may_have_been_carried_out) == (503, True)


def test_stop_before_a_wait_starts_no_retry_and_no_wait() -> None:
    stop = threading.Event()
    stop.set()
    script = Script(refusal(429, **{"Retry-After": "59"}))
    with pytest.raises(errors.Stopped) as caught:
        client_of(script, stop=stop).create(CreateCallback(url="https://a.example/x", event="Parcel"))
    assert len(script.requests) == 1
    assert not caught.value.may_have_been_carried_out


def test_stop_lets_a_call_in_flight_finish() -> None:
    stop = threading.Event()
    stop.set()
    assert client_of(Script(ok(True)), stop=stop).delete(7001)


@pytest.mark.parametrize("last", [httpx.ConnectError(""), refusal(429), refusal(400)])
def test_an_earlier_attempt_may_have_been_carried_out(last: Step) -> None:
    client = client_of(Script(httpx.ReadError(""), last))
    with pytest.raises(errors.EcgridError) as caught:
        client.update(UpdateCallback(callback_id=7001))
    assert caught.value.may_have_been_carried_out


def test_connection_refused_is_told_and_retried() -> None:
    patience = Patience()
    client = client_of(base_url=f"http://127.0.0.1:{unused_port()}", stop=patience, max_retries=2)
    with pytest.raises(errors.NotConnected) as caught:
        client.create(CreateCallback(url="https://a.example/x", event="Parcel"))
    assert "the connection was refused (after 3 attempts)" in str(caught.value)
    assert len(patience.waits) == 2
    assert not caught.value.may_have_been_carried_out


def _lose(head: str, connection: socket.socket) -> None:
    connection.shutdown(socket.SHUT_RDWR)


def _break_off(head: str, connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{")


def _say_nothing(head: str, connection: socket.socket) -> None:
    while connection.recv(65536):
        pass


@pytest.mark.parametrize("answer", [_lose, _break_off])
def test_lost_answer_over_a_real_connection(answer: Callable[[str, socket.socket], None]) -> None:
    heads: list[str] = []

    def lose_twice(head: str, connection: socket.socket) -> None:
        heads.append(head)
        if len(heads) < 3:
            answer(head, connection)
        else:
            connection.sendall(http(PAGE))

    with serving(lose_twice) as port:
        client_of(base_url=f"http://127.0.0.1:{port}").queue_list()
        assert len(heads) == 3
    with serving(answer) as port, pytest.raises(errors.NoAnswer) as caught:
        client_of(base_url=f"http://127.0.0.1:{port}").create(CreateCallback(url="https://a.example/x", event="User"))
    assert caught.value.may_have_been_carried_out
    assert "the connection ended before the answer was complete." in str(caught.value)


def test_request_timeout_over_a_real_connection() -> None:
    with serving(_say_nothing) as port:
        client = client_of(base_url=f"http://127.0.0.1:{port}", request_timeout=0.2, max_retries=1)
        with pytest.raises(errors.NoAnswer) as caught:
            client.queue_list()
        client.close()
    assert "no complete answer came within 0.2 seconds (after 2 attempts)" in str(caught.value)
    assert f"http://127.0.0.1:{port}," in str(caught.value)


def test_one_second_is_one_second() -> None:
    client = client_of(Script(httpx.ReadTimeout("")), max_retries=0, request_timeout=1)
    with pytest.raises(errors.NoAnswer) as caught:
        client.update(UpdateCallback(callback_id=7001))
    assert "within 1 second." in str(caught.value)
    with pytest.raises(errors.RateLimited) as limited:
        client_of(Script(refusal(429, **{"Retry-After": "1"})), max_retries=0).update(UpdateCallback(callback_id=7001))
    assert "asks you to wait 1 second before" in str(limited.value)


def test_what_httpx_holds_of_an_answer_is_freed_without_the_garbage_collector() -> None:
    streams: list[weakref.ref[object]] = []

    class Api(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            answer = httpx.Response(200, content=ok(RECORD).content, request=request)
            streams.append(weakref.ref(answer.stream))
            return answer

    client = client_of(Api())
    gc.disable()
    try:
        client.update(UpdateCallback(callback_id=7001))
        assert [stream() for stream in streams] == [None]
    finally:
        gc.enable()
