"""What each method sends, and what it makes of the answer."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from pydantic import SecretStr

from terraform_provider_ecgrid.api.client import Client
from terraform_provider_ecgrid.api.errors import NotEcgrid, NotFound, UnreadableAnswer
from terraform_provider_ecgrid.api.requests import CreateCallback, UpdateCallback
from tests.unit.api.support import NESTED, RECORD, REGISTRATION, UPDATE, Script, client_of, ok, refusal

EVENT = {"callbackEventId": 9, "callbackId": 7001, "created": "2026-05-07T09:00:00Z", "httpStatus": 200}
CREATE = CreateCallback(url="https://a.example/x", event="Parcel", mailbox_id=12345)


@pytest.mark.parametrize(
    ("call", "data", "line", "body"),
    [
        (
            lambda client: client.update(UpdateCallback(callback_id=7001, status="Active", password=SecretStr("pw"))),
            RECORD,
            "POST /v2/callbacks/update",
            {"callbackId": 7001, "status": "Active", "password": "pw"},
        ),
        (
            lambda client: client.create(CREATE),
            RECORD,
            "POST /v2/callbacks/create",
            {"url": "https://a.example/x", "event": "Parcel", "mailboxId": 12345},
        ),
        (lambda client: client.delete(7001), True, "DELETE /v2/callbacks", {"callbackId": 7001}),
        (
            lambda client: client.get_queue_entry(7001),
            RECORD,
            "GET /v2/callbacks/get-queue-by-id?callbackId=7001",
            None,
        ),
        (
            lambda client: client.queue_list(mailbox_id=0, page_no=2),
            [],
            "POST /v2/callbacks/queue-list",
            {"mailboxId": 0, "pageNo": 2, "recordsPerPage": 500},
        ),
        (
            lambda client: client.list_deliveries(event="Parcel", begin_date="2026-01-01T00:00:00Z"),
            [],
            "POST /v2/callbacks/event-list",
            {"event": "Parcel", "beginDate": "2026-01-01T00:00:00Z", "pageNo": 1, "recordsPerPage": 500},
        ),
        (
            lambda client: client.get_registration(7001, queue_count=25),
            REGISTRATION,
            "POST /v2/callbacks/get-event-by-id",
            {"callBackEventId": 7001, "queueCount": 25},
        ),
        (
            lambda client: client.list_registrations(5050, 0),
            [],
            "POST /v2/callbacks/event-list",
            {"networkId": 5050, "mailboxId": 0, "showInactive": True},
        ),
        (
            lambda client: client.get_delivery(2**40),
            NESTED,
            f"GET /v2/callbacks/get-queue-by-id?callBackQueueId={2**40}",
            None,
        ),
        (lambda client: client.test(7001), {"callbackId": 7001}, "POST /v2/callbacks/test", {"callbackId": 7001}),
        (lambda client: client.current_user(), {}, "GET /v2/users/me", None),
        (lambda client: client.get_mailbox(12345), {"mailboxId": 12345}, "GET /v2/mailboxes/12345", None),
        (
            lambda client: client.list_mailboxes(network_id=5050, page_no=2),
            [],
            "POST /v2/mailboxes/list",
            {"networkId": 5050, "pageNo": 2, "recordsPerPage": 500},
        ),
    ],
)
def test_what_is_sent(
    call: Callable[[Client], object], data: object, line: str, body: dict[str, object] | None
) -> None:
    script = Script(ok(data))
    call(client_of(script))
    (request,) = script.requests
    assert f"{request.method} {request.url.raw_path.decode()}" == line
    assert (script.body() if request.content else None) == body


@pytest.mark.parametrize("answer", [{**RECORD, "callbackId": None, "callBackEventId": 7001}, {"callBackQueueId": 7001}])
def test_a_record_under_other_names(answer: dict[str, object]) -> None:
    updated = client_of(Script(ok(answer))).update(UPDATE)
    created = client_of(Script(ok(answer))).create(CREATE)
    assert updated == created
    assert created.callback_id == 7001


@pytest.mark.parametrize(
    "answer",
    [
        ok(True),
        ok(None),
        httpx.Response(200, json={"success": True}),
        httpx.Response(204),
        httpx.Response(204, headers={"Content-Type": "text/html"}),
    ],
)
def test_a_success_without_a_record_is_an_update_that_was_made_and_no_registration(answer: httpx.Response) -> None:
    assert client_of(Script(answer)).update(UPDATE) is None
    assert client_of(Script(answer)).delete(7001) is True
    with pytest.raises(UnreadableAnswer) as caught:
        client_of(Script(answer)).create(CREATE)
    assert caught.value.may_have_been_carried_out


@pytest.mark.parametrize(
    ("data", "deleted"),
    [
        (False, False),
        ("false", False),
        (0, False),
        ("true", True),
        (1, True),
        ([], True),
        ({}, True),
        (RECORD, True),
    ],
)
def test_a_delete_is_done_unless_the_api_says_false(data: object, deleted: bool) -> None:
    assert client_of(Script(ok(data))).delete(7001) is deleted


@pytest.mark.parametrize("answer", [httpx.Response(200), httpx.Response(200, json={"data": True})])
def test_a_delete_is_not_done_if_somebody_else_answers(answer: httpx.Response) -> None:
    client = client_of(Script(answer))
    with pytest.raises(NotEcgrid):
        client.delete(7001)


@pytest.mark.parametrize(
    ("steps", "done"),
    [
        ([refusal(404, "ObjectNotFound")], False),
        ([refusal(500), refusal(404, "ObjectNotFound")], True),
        ([refusal(500), refusal(404)], False),
        ([refusal(429), refusal(404, "ObjectNotFound")], False),
    ],
)
def test_a_delete_of_what_is_not_found_is_done_if_an_earlier_attempt_may_have_done_it(
    steps: list[httpx.Response], done: bool
) -> None:
    client = client_of(Script(*steps))
    if done:
        assert client.delete(7001)
    else:
        with pytest.raises(NotFound):
            client.delete(7001)


@pytest.mark.parametrize(
    ("data", "attempts"),
    [
        (RECORD | {"attempts": 1}, [1]),
        ([{"callbackId": 7001, "attempts": 1}, {"callbackId": 7}, {"callbackId": "7001", "attempts": 2}], [1, 2]),
        ({"queueEntries": [{"callbackId": 7001, "attempts": 3}]}, [3]),
        ([], []),
        ({"callbackId": 7, "attempts": 4, "callBackQueueId": 7001}, [4]),
        (NESTED, [None]),
    ],
)
def test_the_entries_of_a_callback(data: object, attempts: list[int | None]) -> None:
    assert [entry.attempts for entry in client_of(Script(ok(data))).get_queue_entry(7001)] == attempts


@pytest.mark.parametrize(
    ("call", "data"),
    [
        (lambda client: client.get_queue_entry(7001), RECORD | {"callbackId": 7}),
        (lambda client: client.get_queue_entry(7001), [{"callbackId": 7}]),
        (lambda client: client.get_queue_entry(7001), [{"url": "x"}]),
        (lambda client: client.get_registration(7001), REGISTRATION | {"callBackEventId": 7}),
        (lambda client: client.get_registration(9), EVENT),  # model Q's delivery of this number
        (lambda client: client.get_delivery(9), NESTED | {"callBackQueueId": 7}),
        (lambda client: client.test(7001), {"callbackId": 7, "httpStatus": 200}),
        (lambda client: client.test(7001), {"callBackEventId": 7, "callBackQueueId": 9}),
        (lambda client: client.test(7001), {"httpStatus": 200}),
    ],
)
def test_an_answer_about_something_else_is_none(call: Callable[[Client], object], data: object) -> None:
    client = client_of(Script(ok(data)))
    with pytest.raises(UnreadableAnswer):
        call(client)


@pytest.mark.parametrize("beside", [{"totalRecords": 7, "pageNo": 1}, {"TotalRecords": "7", "RecordsPerPage": 2}])
@pytest.mark.parametrize("data", [[RECORD], {"queueEntries": [RECORD]}])
def test_fields_of_paging_may_stand_beside_the_data(beside: dict[str, object], data: object) -> None:
    page = client_of(Script(httpx.Response(200, json={"success": True, "data": data} | beside))).queue_list()
    assert [entry.callback_id for entry in page.entries] == [7001]
    assert page.total_records == 7


def test_fields_of_paging_beside_the_data_are_not_model_es() -> None:
    answer = httpx.Response(200, json={"success": True, "data": [], "totalRecords": 0})
    assert not client_of(Script(answer)).list_registrations(5050, 0).is_of_model_e


@pytest.mark.parametrize(
    ("data", "status", "queue_id"),
    [
        ({"callbackId": 7001, "httpStatus": 200, "responseBody": "x", "testedAt": "2026-05-07"}, 200, None),
        ({"callbackId": 7001, "httpStatus": 0}, 0, None),
        ({"callBackEventId": 7001, "httpStatus": None}, None, None),
        ({"callbackId": 7001, "callBackQueueId": "x"}, None, None),
        (NESTED, None, 2**40),
    ],
)
def test_the_outcome_of_a_test(data: dict[str, object], status: int | None, queue_id: int | None) -> None:
    outcome = client_of(Script(ok(data))).test(7001)
    assert (outcome.http_status, outcome.queue_id) == (status, queue_id)
    assert "responseBody" not in outcome.model_dump_json(by_alias=True)
