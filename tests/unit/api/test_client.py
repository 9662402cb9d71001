import pytest
from pydantic import SecretStr

from terraform_provider_ecgrid.api.errors import UnreadableAnswer
from terraform_provider_ecgrid.api.models import CreateCallback, UpdateCallback
from tests.unit.api.support import RECORD, Script, client_of, ok

EVENT = {"callbackEventId": 9, "callbackId": 7001, "created": "2026-05-07T09:00:00Z", "httpStatus": 200}


def request_line(script: Script) -> str:
    request = script.requests[-1]
    return f"{request.method} {request.url.raw_path.decode()}"


def test_update() -> None:
    script = Script(ok(RECORD))
    callback = client_of(script).update(UpdateCallback(callback_id=7001, status="Active", password=SecretStr("pw")))
    assert request_line(script) == "POST /v2/callbacks/update"
    assert script.body() == {"callbackId": 7001, "status": "Active", "password": "pw"}
    assert (callback.callback_id, callback.http_auth_type) == (7001, "Basic")


def test_create() -> None:
    script = Script(ok(RECORD))
    callback = client_of(script).create(CreateCallback(url="https://a.example/x", event="Parcel", mailbox_id=12345))
    assert request_line(script) == "POST /v2/callbacks/create"
    assert script.body() == {"url": "https://a.example/x", "event": "Parcel", "mailboxId": 12345}
    assert callback.callback_id == 7001


@pytest.mark.parametrize("answer", [True, False])
def test_delete_sends_a_body_and_gives_back_what_the_api_says(answer: bool) -> None:
    script = Script(ok(answer))
    assert client_of(script).delete(7001) is answer
    assert request_line(script) == "DELETE /v2/callbacks"
    assert script.body() == {"callbackId": 7001}


@pytest.mark.parametrize("answer", [None, "true", 1, RECORD])
def test_delete_that_does_not_say_is_unreadable(answer: object) -> None:
    client = client_of(Script(ok(answer)))
    with pytest.raises(UnreadableAnswer) as caught:
        client.delete(7001)
    assert caught.value.may_have_been_carried_out


def test_get_queue_entry_gives_the_entries_of_the_id_alone() -> None:
    script = Script(ok([{"callbackId": 7001, "attempts": 1}, {"callbackId": 7}, {"callbackId": "7001", "attempts": 2}]))
    assert [entry.attempts for entry in client_of(script).get_queue_entry(7001)] == [1, 2]
    assert request_line(script) == "GET /v2/callbacks/get-queue-by-id?callbackId=7001"
    assert script.requests[-1].content == b""


def test_queue_list_sends_only_the_filters_that_are_set() -> None:
    script = Script(ok({"totalRecords": 0, "queueEntries": []}))
    client_of(script).queue_list(mailbox_id=0, page_no=2)
    assert request_line(script) == "POST /v2/callbacks/queue-list"
    assert script.body() == {"mailboxId": 0, "pageNo": 2, "recordsPerPage": 500}


def test_event_list() -> None:
    script = Script(ok({"totalRecords": 1, "events": [EVENT]}))
    page = client_of(script).event_list(event="Parcel", begin_date="2026-01-01T00:00:00Z", end_date="2026-02-01")
    assert request_line(script) == "POST /v2/callbacks/event-list"
    assert script.body() == {
        "event": "Parcel",
        "beginDate": "2026-01-01T00:00:00Z",
        "endDate": "2026-02-01",
        "pageNo": 1,
        "recordsPerPage": 500,
    }
    assert (page.events[0].callback_event_id, page.events[0].http_status) == (9, 200)


def test_get_event() -> None:
    script = Script(ok(EVENT | {"payload": '{"parcelId": 1}', "attempts": 2, "lastAttempt": "2026-05-07T09:00:01Z"}))
    event = client_of(script).get_event(9)
    assert request_line(script) == "POST /v2/callbacks/get-event-by-id"
    assert script.body() == {"callbackEventId": 9}
    assert (event.payload, event.attempts, event.last_attempt_text) == ('{"parcelId": 1}', 2, "2026-05-07T09:00:01Z")


def test_get_event_takes_no_answer_about_another_event() -> None:
    client = client_of(Script(ok(EVENT)))
    with pytest.raises(UnreadableAnswer):
        client.get_event(8)


@pytest.mark.parametrize("status", [200, 0, None])
def test_delivery_test(status: int | None) -> None:
    script = Script(ok({"callbackId": 7001, "httpStatus": status, "responseBody": "x", "testedAt": "2026-05-07"}))
    outcome = client_of(script).test(7001)
    assert request_line(script) == "POST /v2/callbacks/test"
    assert script.body() == {"callbackId": 7001}
    assert outcome.http_status == status
    assert "responseBody" not in outcome.model_dump_json(by_alias=True)


def test_delivery_test_takes_no_answer_about_another_callback() -> None:
    client = client_of(Script(ok({"callbackId": 7, "httpStatus": 200})))
    with pytest.raises(UnreadableAnswer):
        client.test(7001)
