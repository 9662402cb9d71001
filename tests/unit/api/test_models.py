"""Answers as ECGrid's pages, and what may come in their place. Literal JSON is that of the vendor's documentation."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from terraform_provider_ecgrid.api._lenient import Answer
from terraform_provider_ecgrid.api.account import Mailbox, User
from terraform_provider_ecgrid.api.models import (
    Callback,
    Delivery,
    DeliveryTest,
    EventPage,
    EventRegistration,
    LogEntry,
    QueueEntry,
    QueuePage,
    Registration,
    RegistrationPage,
)
from tests.unit.api.support import NESTED, RECORD, REGISTRATION


def test_no_repr_shows_a_url_or_a_credential() -> None:
    secret = {"url": "https://h.example/tok", "callBackUrl": "https://h.example/tok", "password": "hunter2"}
    shown = repr(
        [
            Callback.model_validate(RECORD | secret),
            QueueEntry.model_validate(RECORD | secret),
            EventRegistration.model_validate(REGISTRATION | secret),
            Delivery.model_validate(NESTED | {"event": secret}),
            DeliveryTest.model_validate({"callbackId": 1, "responseBody": "hunter2"} | secret),
        ]
    )
    assert "hunter2" not in shown
    assert "tok" not in shown


def test_callback_record_is_read_and_credentials_are_discarded() -> None:
    callback = Callback.model_validate(RECORD | {"username": "u", "password": "hunter2", "later": {"a": 1}})
    assert callback.model_dump(by_alias=True) == RECORD


@pytest.mark.parametrize(
    ("ids", "read"),
    [
        ({"callbackId": 1, "callBackEventId": 2, "callBackQueueId": 3}, 1),
        ({"callBackQueueId": 3, "callBackEventId": 2}, 2),
        ({"callBackQueueId": 3}, 3),
        ({"callbackId": None, "callBackEventId": None, "callBackQueueId": 3}, 3),
        ({"callbackId": None, "callBackEventId": "2"}, 2),
        ({"callbackId": 0, "callBackEventId": "", "callBackQueueId": 3}, 3),
        ({"callbackId": 2**40, "callBackEventId": 2}, 2),
        ({"CallBackEventID": 2}, 2),
        ({"CallBackID": 3}, 3),
        ({"callbackId": 4, "callBackId": 3}, 4),
        ({"callBackId": 3, "callbackId": 4}, 4),
    ],
)
def test_the_id_of_a_record_in_each_of_the_vendors_spellings(ids: dict[str, object], read: int) -> None:
    assert Callback.model_validate(ids).callback_id == read


@pytest.mark.parametrize("callback_id", [None, "x", 0, True, 1.5, [7001], 2147483648, "9" * 5000, float("inf")])
def test_a_record_without_a_usable_id_is_invalid(callback_id: object) -> None:
    with pytest.raises(ValidationError):
        Callback.model_validate(RECORD | {"callbackId": callback_id})


@pytest.mark.parametrize("text", ["\ud800", "a\x00b", "\x1b[31m", "x" * 100_000])
def test_no_text_costs_a_record_its_id(text: str) -> None:
    answered = dict.fromkeys(("url", "event", "status", "httpAuthType", "mailboxId"), text)
    assert Callback.model_validate({"callbackId": 7001} | answered).callback_id == 7001


@pytest.mark.parametrize(
    ("answered", "read"),
    [
        ({"url": "https://a.example"}, {"url": "https://a.example"}),
        ({"callBackUrl": "https://a.example"}, {"url": "https://a.example"}),
        ({"url": None, "callBackUrl": "https://a.example"}, {"url": "https://a.example"}),
        ({"event": "PARCEL"}, {"event": "Parcel"}),
        ({"systemObject": "Parcel"}, {"event": "Parcel"}),
        ({"callBackEvent": "parcel", "event": None}, {"event": "Parcel"}),
        ({"event": "AS2"}, {"event": "AS2"}),
        ({"event": "EcgridId"}, {"event": "ECGridID"}),
        ({"event": "ParcelNotes"}, {"event": "ParcelNotes"}),
        ({"event": 0}, {"event": "System"}),
        ({"event": "7"}, {"event": "Parcel"}),
        ({"event": 10}, {"event": "CallBackEvent"}),
        ({"event": 11}, {}),
        ({"event": {"callBackEventId": 1}}, {}),
        ({"status": "suspended"}, {"status": "Suspended"}),
        ({"status": "Pending"}, {"status": "Pending"}),
        ({"status": 4}, {"status": "Terminated"}),
        ({"status": 5}, {}),
        ({"status": -1}, {}),
        ({"status": True}, {}),
        ({"httpAuthType": "basic"}, {"http_auth_type": "Basic"}),
        ({"httpAuthType": "Certificate"}, {"http_auth_type": "Certificate"}),
        ({"httpAuthType": 2}, {"http_auth_type": "Digest"}),
        ({"httpAuthType": ""}, {}),
        (
            {"httpAuthentication": {"type": "Basic", "user": "u-2b", "password": "hunter2"}},
            {"http_auth_type": "Basic"},
        ),
        ({"httpAuthentication": {"Type": 0}}, {"http_auth_type": "None"}),
        ({"httpAuthentication": {"user": "u-2b"}}, {}),
        ({"httpAuthentication": "Digest"}, {"http_auth_type": "Digest"}),
        ({"direction": "inbox"}, {"direction": "InBox"}),
        ({"direction": 2}, {"direction": "InBox"}),
        ({"direction": 1}, {"direction": "OutBox"}),
        ({"mailboxId": "12345", "networkId": 0}, {"mailbox_id": 12345, "network_id": 0}),
        ({"mailboxId": -1, "networkId": 2147483648}, {}),
        ({"mailboxId": 2147483647, "networkId": [1]}, {"mailbox_id": 2147483647}),
        ({"queuedAt": 12, "attempts": "many", "lastHttpStatus": 200.0}, {"last_http_status": 200}),
    ],
)
def test_a_field_in_each_of_its_spellings(answered: dict[str, Any], read: dict[str, Any]) -> None:
    registration = Registration.model_validate({"callbackId": 7001} | answered)
    assert registration == Registration(callback_id=7001, **read)
    assert "hunter2" not in repr(vars(registration))
    assert "u-2b" not in repr(vars(registration))


@pytest.mark.parametrize(
    ("entry", "delivery"),
    [
        ({"callbackId": 1, "callBackQueueId": 5}, True),
        ({"callbackId": 1, "callBackQueueId": None}, True),
        ({"callbackId": 1, "callsRemaining": 0}, True),
        ({"callbackId": 1, "NextCall": None}, True),
        ({"callbackId": 1, "status": "pending"}, True),
        ({"callbackId": 1, "status": "Delivered"}, True),
        (NESTED, True),
        ({"callBackQueueId": 9, "callBackEvent": {"callBackEventId": 7001}}, True),
        ({"callbackId": 0} | NESTED, True),
        ({"callbackId": 1}, False),
        ({"callbackId": 1, "status": "Active"}, False),
        ({"callbackId": 1, "status": "suspended", "attempts": 3}, False),
        ({"callbackId": 1, "status": 4}, False),
    ],
)
def test_an_entry_of_the_queue_is_a_registration_or_a_delivery(entry: dict[str, Any], delivery: bool) -> None:
    read = QueueEntry.model_validate(entry)
    assert read.is_delivery is delivery
    assert read.callback_id in (1, 7001)


def test_a_registration_of_model_e_is_read_with_its_deliveries() -> None:
    registration = EventRegistration.model_validate(REGISTRATION)
    assert registration.model_dump(exclude={"queue"}, exclude_none=True) == {
        "callback_id": 7001,
        "network_id": 5050,
        "mailbox_id": 12345,
        "event": "Parcel",
        "direction": "InBox",
        "status": "Active",
        "url": "https://app.example.com/webhooks/ecgrid-v2",
        "http_auth_type": "Basic",
    }
    (delivery,) = registration.deliveries
    assert (delivery.queue_id, delivery.status, delivery.object_id) == (2**40, "Completed", 77)
    assert delivery.attempts == (LogEntry(call_date_time="2026-05-07T09:00:01Z", http_status=200),)


@pytest.mark.parametrize("number", [10**400, 2**63, -(2**63) - 1, 1e300])
def test_a_number_that_no_64_bits_hold_is_none(number: float) -> None:
    page = QueuePage.model_validate({"totalRecords": number, "queueEntries": [{"callbackId": 1, "attempts": number}]})
    assert (page.total_records, page.entries[0].attempts) == (None, None)


def test_half_a_surrogate_pair_is_marked_and_costs_nothing_else() -> None:
    broken, marked = "https://a.example/v2\ud83d", "https://a.example/v2\ufffd"
    assert Callback.model_validate({"callbackId": 1, "url": broken}).url == marked
    page = EventPage.model_validate({"events": [{"callbackEventId": 9, "created": broken, "status": broken}]})
    assert [(event.created, event.status) for event in page.events] == [(marked, marked)]


def test_what_cannot_be_read_of_a_queue_costs_nothing_else() -> None:
    for queue in (None, [], ["x", None, {"status": "Active"}], [{"callBackQueueId": 2**63}]):
        assert EventRegistration.model_validate(REGISTRATION | {"queue": queue}).deliveries == ()
    assert Delivery.model_validate(NESTED | {"log": None}).attempts == ()
    assert Delivery.model_validate(NESTED | {"log": ["x", {"httpStatus": 200}]}).attempts == (
        LogEntry(http_status=200),
    )


@pytest.mark.parametrize(
    "answered",
    [
        pytest.param({"callBackEventId": 7001, "status": "Active"}, id="neither url nor systemObject"),
        pytest.param(REGISTRATION | {"payload": "{}"}, id="payload: a delivery of model Q's"),
        pytest.param(REGISTRATION | {"callbackId": 7}, id="callbackId: a delivery of model Q's"),
        pytest.param(REGISTRATION | {"CallBackQueueId": 5}, id="callBackQueueId"),
        pytest.param(REGISTRATION | {"callsRemaining": 5}, id="callsRemaining"),
        pytest.param(REGISTRATION | {"nextCall": None}, id="nextCall"),
        pytest.param(NESTED, id="a delivery with its registration nested"),
        pytest.param({**REGISTRATION, "callBackEventId": None}, id="no id"),
    ],
)
def test_what_is_no_registration_of_model_e(answered: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        EventRegistration.model_validate(answered)


def test_a_page_keeps_the_place_of_entries_that_cannot_be_read() -> None:
    page = QueuePage.model_validate({"totalRecords": "3", "queueEntries": [{"callbackId": 1}, {"url": "x"}, None]})
    assert [entry.callback_id for entry in page.entries] == [1]
    assert (page.total_records, page.listed, page.unreadable) == (3, (page.entries[0], None, None), 2)


@pytest.mark.parametrize(
    ("model", "answered", "entries"),
    [
        (QueuePage, {"queueEntries": [{"callbackId": 1}]}, 1),
        (QueuePage, [{"callbackId": 1}], 1),
        (QueuePage, {"totalRecords": 0}, 0),
        (QueuePage, {"totalRecords": 0, "queueEntries": None}, 0),
        (QueuePage, {}, None),
        (QueuePage, {"totalRecords": 2}, None),
        (QueuePage, {"queueEntries": "x"}, None),
        (QueuePage, {"count": 0, "queue": []}, None),  # model E's queue-list, which lists no registrations
        (QueuePage, None, None),
        (QueuePage, 5, None),
        (RegistrationPage, {"count": 1, "events": [REGISTRATION]}, 1),
        (RegistrationPage, [REGISTRATION], 1),
        (RegistrationPage, {"count": 0}, 0),
        (RegistrationPage, {"count": 1}, None),
        (RegistrationPage, {"events": {}}, None),
        (EventPage, {"totalRecords": 0, "events": []}, 0),
        (EventPage, {"totalRecords": 1, "events": None}, None),
    ],
)
def test_a_page_without_its_list_is_invalid_unless_it_counts_none(
    model: type[QueuePage | RegistrationPage | EventPage], answered: object, entries: int | None
) -> None:
    if entries is None:
        with pytest.raises(ValidationError):
            model.model_validate(answered)
    else:
        assert len(model.model_validate(answered).listed or ()) == entries


@pytest.mark.parametrize(
    ("answered", "is_model_e"),
    [
        ([], True),
        ([REGISTRATION], True),
        ({"count": 1, "events": [REGISTRATION]}, True),
        ([REGISTRATION, {"callBackEventId": 7}], False),
        ({"totalRecords": 0, "events": []}, False),
        ({"pageNo": 1, "events": [REGISTRATION]}, False),
    ],
)
def test_a_page_of_model_e_holds_registrations_alone_and_no_paging(answered: object, is_model_e: bool) -> None:
    assert RegistrationPage.model_validate(answered).is_of_model_e is is_model_e


def test_an_event_page_drops_and_counts_what_is_not_a_delivery() -> None:
    event = {"callbackEventId": 9, "callbackId": 1, "created": "2026-05-07T09:00:00Z", "objectId": 2**40}
    page = EventPage.model_validate({"events": [event, REGISTRATION, event | {"created": None}]})
    assert [entry.object_id for entry in page.events] == [2**40]
    assert page.unreadable == 2


@pytest.mark.parametrize(
    "model", [Callback, QueueEntry, EventRegistration, Delivery, DeliveryTest, QueuePage, User, Mailbox]
)
@pytest.mark.parametrize("answered", ["x", 7, [7], True])
def test_an_answer_of_another_type_is_invalid(model: type[Answer], answered: object) -> None:
    if model is QueuePage and isinstance(answered, list):
        return
    with pytest.raises(ValidationError):
        model.model_validate(answered)
