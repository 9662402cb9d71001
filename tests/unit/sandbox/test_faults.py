"""What tests of the client rely on: each fault looks, from outside, like the accident that it stands for."""

import socket
import threading
from typing import Any

import httpx
import pytest

from terraform_provider_ecgrid.sandbox.faults import Faults
from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.unit.sandbox.conftest import Api, data, refusal

CHANGE = {"callbackId": 7001, "status": "Active"}


def status(sandbox: Sandbox) -> str:
    callback = sandbox.store.get(7001)
    assert callback is not None
    return str(callback["status"])


def test_an_error_replaces_the_call_as_often_as_asked(sandbox: Sandbox, api: Api) -> None:
    sandbox.faults.add("update", times=2, error_code="RateLimitExceeded", headers={"Retry-After": "7"})
    limited = api.post("update", CHANGE)
    assert refusal(limited) == (429, "RateLimitExceeded")
    assert limited.headers["Retry-After"] == "7"
    assert data(api.look(7001))["status"] == "Suspended"
    assert refusal(api.post("update", CHANGE)) == (429, "RateLimitExceeded")
    assert status(sandbox) == "Suspended"
    assert data(api.post("update", CHANGE))["status"] == "Active"


@pytest.mark.parametrize(
    ("number", "code"),
    [(400, "InvalidParameter"), (401, "InvalidAPIKey"), (404, "ObjectNotFound"), (500, "InternalError"), (503, None)],
)
def test_a_status_brings_its_usual_code(sandbox: Sandbox, api: Api, number: int, code: str | None) -> None:
    sandbox.faults.add("*", times=None, status=number)
    assert [refusal(api.look(7001)), refusal(api.delete(7001))] == [(number, code)] * 2
    assert sandbox.store.get(7001) is not None


def test_a_call_can_be_carried_out_and_fail(sandbox: Sandbox, api: Api) -> None:
    sandbox.faults.add("update", status=500, carried_out=True)
    assert refusal(api.post("update", CHANGE)) == (500, "InternalError")
    assert status(sandbox) == "Active"


@pytest.mark.parametrize("carried_out", [False, True])
def test_a_dropped_connection_is_one_without_an_answer(sandbox: Sandbox, api: Api, carried_out: bool) -> None:
    data(api.look(7001))  # so that the connection is one that was used before
    sandbox.faults.add("update", drop=True, carried_out=carried_out)
    with pytest.raises(httpx.RemoteProtocolError, match="without sending a response"):
        api.post("update", CHANGE)
    assert status(sandbox) == ("Active" if carried_out else "Suspended")
    assert sandbox.requests[-1].status == 0
    assert data(api.look(7001))["callbackId"] == 7001


def test_a_delayed_answer_is_of_a_call_that_was_carried_out(sandbox: Sandbox, api: Api) -> None:
    sandbox.faults.add("update", delay=60)
    with pytest.raises(httpx.ReadTimeout):
        api.post("update", CHANGE, timeout=0.3)
    assert status(sandbox) == "Active"
    assert [request.call for request in sandbox.writes()] == ["update"]


def test_a_delay_does_not_hold_up_the_end_of_a_sandbox(caplog: pytest.LogCaptureFixture) -> None:
    with Sandbox() as sandbox:
        sandbox.faults.add("update", delay=3600)
        with pytest.raises(httpx.ReadTimeout):
            Api(sandbox).post("update", CHANGE, timeout=0.1)
    assert "ecgrid-sandbox" not in [thread.name for thread in threading.enumerate()]
    assert [record.name for record in caplog.records if record.name.startswith("uvicorn")] == [], "no traceback"


def test_a_raw_body_is_sent_as_it_is(sandbox: Sandbox, api: Api) -> None:
    sandbox.faults.add("queue-list", body="<html>", headers={"Content-Type": "text/html"})
    answer = api.post("queue-list")
    assert (answer.status_code, answer.text, answer.headers["Content-Type"]) == (200, "<html>", "text/html")
    sandbox.faults.add("queue-list", body="", status=502)
    assert api.post("queue-list").status_code == 502


def test_a_transform_changes_the_data_that_is_answered(sandbox: Sandbox, api: Api) -> None:
    sandbox.faults.add("update", transform=lambda record: record | {"status": record["status"].upper()})
    assert data(api.post("update", CHANGE))["status"] == "ACTIVE"
    assert status(sandbox) == "Active"
    sandbox.faults.add("update", transform=lambda _: None)
    assert refusal(api.post("update", {"callbackId": 1})) == (404, "ObjectNotFound")


def test_a_fault_waits_for_credentials(sandbox: Sandbox) -> None:
    sandbox.faults.add("update", status=500)
    assert refusal(Api(sandbox, **{"X-API-Key": "other"}).post("update", CHANGE))[0] == 401
    assert refusal(Api(sandbox).post("update", CHANGE))[0] == 500


@pytest.mark.parametrize("wrong", [{"call": "updates"}, {"call": "update", "error_code": "Nothing"}], ids=str)
def test_a_fault_that_could_never_happen_is_refused(sandbox: Sandbox, wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"named|status"):
        sandbox.faults.add(wrong["call"], error_code=wrong.get("error_code"))


@pytest.mark.parametrize(("first", "probability"), [(0, None), (None, 0.0), (None, 1.5)])
def test_requests_that_there_cannot_be_are_refused(
    sandbox: Sandbox, first: int | None, probability: float | None
) -> None:
    with pytest.raises(ValueError, match=r"counted from 1|above 0"):
        sandbox.faults.add("update", first=first, probability=probability, status=500)


def test_requests_are_counted_whatever_another_fault_does_with_them(sandbox: Sandbox, api: Api) -> None:
    sandbox.faults.add("update", first=4, times=None, status=504)
    sandbox.faults.add("update", first=1, times=2, status=500)
    sandbox.faults.add("*", first=2, times=3, status=502)
    answers = [api.post("update", CHANGE).status_code for _ in range(5)]
    assert answers == [500, 500, 502, 504, 504]
    assert api.look(7001).status_code == 200, "the sixth request of all"


def test_faults_without_a_first_request_still_wait_for_one_another(sandbox: Sandbox, api: Api) -> None:
    sandbox.faults.add("update", status=500)
    sandbox.faults.add("update", status=502)
    assert [api.post("update", CHANGE).status_code for _ in range(3)] == [500, 502, 200]


def hits(seed: int, **other: int) -> list[bool]:
    faults = Faults()
    for status in other.values():
        faults.add("update", first=2, times=9, status=status)
    faults.add("update", times=None, probability=0.3, seed=seed, status=503)
    return [(fault := faults.take("update")) is not None and fault.status == 503 for _ in range(200)]


def test_a_seed_hits_the_same_requests_again() -> None:
    assert hits(42) == hits(42)
    assert hits(42) != hits(43)
    assert 30 < hits(42).count(True) < 90, "about three in ten"
    assert hits(42, other=500)[10:] == hits(42)[10:], "another fault does not shift them"


@pytest.mark.parametrize("carried_out", [False, True])
def test_a_reset_connection_is_no_orderly_end(sandbox: Sandbox, api: Api, carried_out: bool) -> None:
    data(api.look(7001))
    sandbox.faults.add("update", reset=True, carried_out=carried_out)
    with pytest.raises(httpx.ReadError) as failed:
        api.post("update", CHANGE)
    assert "reset" in str(failed.value) or "forcibly closed" in str(failed.value)  # as Linux, macOS and Windows say it
    assert status(sandbox) == ("Active" if carried_out else "Suspended")
    assert sandbox.requests[-1].status == 0
    assert data(api.look(7001))["callbackId"] == 7001


def test_a_truncated_answer_announces_more_than_comes(sandbox: Sandbox) -> None:
    whole = httpx.get(sandbox.url + "/v2/auth/version").content
    sandbox.faults.add("version", truncate=True)
    host, _, port = sandbox.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(b"GET /v2/auth/version HTTP/1.1\r\nHost: localhost\r\n\r\n")
        received = b"".join(iter(lambda: connection.recv(4096), b""))
    head, _, body = received.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200")
    assert f"content-length: {len(whole)}".encode() in head.lower().split(b"\r\n")
    assert body == whole[: len(whole) // 2]


@pytest.mark.parametrize("error", [{}, {"body": ""}, {"status": 500}], ids=str)
def test_a_truncated_answer_is_no_whole_one(sandbox: Sandbox, api: Api, error: dict[str, Any]) -> None:
    data(api.look(7001))
    sandbox.faults.add("update", truncate=True, **error)
    with pytest.raises(httpx.RemoteProtocolError, match="without sending complete message body"):
        api.post("update", CHANGE)
    assert status(sandbox) == ("Suspended" if error else "Active")
    assert data(api.look(7001))["callbackId"] == 7001


def test_an_echo_quotes_key_and_body(sandbox: Sandbox, api: Api) -> None:
    sandbox.faults.add("update", echo=True)
    answer = api.post("update", CHANGE | {"password": "n3wP@ssword!"})
    assert refusal(answer) == (400, "InvalidParameter")
    message = answer.json()["message"]
    assert "x-api-key: sandbox-key" in message
    assert '"password":"n3wP@ssword!"' in message.replace(" ", "")
    sandbox.faults.add("update", echo=True, status=500)
    assert refusal(api.post("update", CHANGE)) == (500, "InternalError")
    assert status(sandbox) == "Suspended"


def test_a_header_of_a_fault_takes_the_place_of_the_answers_own(sandbox: Sandbox, api: Api) -> None:
    sandbox.faults.add("update", headers={"Content-Type": "text/plain"})
    assert api.post("update", CHANGE).headers.get_list("Content-Type") == ["text/plain"]


def test_suspended_callbacks_can_be_hidden(sandbox: Sandbox, api: Api) -> None:
    assert len(api.listed()) == 1
    sandbox.faults.hide_suspended = True
    assert api.listed() == []
    assert refusal(api.look(7001)) == (404, "ObjectNotFound")
    data(api.post("update", CHANGE))
    assert len(api.listed()) == 1


def test_queue_list_can_insist_on_a_mailbox(sandbox: Sandbox, api: Api) -> None:
    sandbox.faults.queue_list_needs_mailbox = True
    assert refusal(api.post("queue-list")) == (403, "AccessDenied")
    assert len(api.listed(mailboxId=12345)) == 1


def test_answers_can_normalise_the_url(sandbox: Sandbox, api: Api) -> None:
    sandbox.faults.normalise_url = True
    assert data(api.post("update", CHANGE))["url"] == "https://app.example.com/webhooks/ecgrid/"
    assert data(api.look(7001))["url"] == api.listed()[0]["url"] == "https://app.example.com/webhooks/ecgrid/"
    stored = sandbox.store.get(7001)
    assert stored is not None
    assert stored["url"] == "https://app.example.com/webhooks/ecgrid"


def test_answers_can_echo_secrets(sandbox: Sandbox, api: Api) -> None:
    sandbox.faults.echo_secrets = True
    answer = data(api.post("update", CHANGE | {"username": "u", "password": "p"}))
    assert (answer["username"], answer["password"]) == ("u", "p")


def test_reset_forgets_faults_requests_and_changes(sandbox: Sandbox, api: Api) -> None:
    data(api.post("create", {"url": "https://example.com/", "event": "Parcel"}))
    data(api.post("update", CHANGE))
    sandbox.store.fire(7001)
    sandbox.faults.add("*", status=500)
    sandbox.faults.echo_secrets = True
    sandbox.reset()
    assert sandbox.requests == []
    assert [entry["status"] for entry in api.listed()] == ["Suspended"]
    answer = data(api.post("create", {"url": "https://example.com/", "event": "Parcel"}))
    assert (answer["callbackId"], "password" in answer) == (7002, False)
    assert data(api.post("event-list"))["totalRecords"] == 0
