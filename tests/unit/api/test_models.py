import json
from datetime import UTC, datetime

import pytest
from pydantic import SecretStr, ValidationError

from terraform_provider_ecgrid.api.models import (
    Callback,
    CreateCallback,
    DeliveryTest,
    EventPage,
    QueueEntry,
    QueuePage,
    UpdateCallback,
)
from tests.unit.api.support import RECORD


def test_update_payload_is_the_seeds_in_the_seeds_order() -> None:
    request = UpdateCallback(
        password=SecretStr("n3wP@ssword!"),
        username="webhook_user",
        http_auth_type="Basic",
        status="Active",
        url="https://app.example.com/webhooks/ecgrid-v2",
        callback_id=7001,
    )
    assert json.dumps(request.payload()) == (
        '{"callbackId": 7001, "url": "https://app.example.com/webhooks/ecgrid-v2", "status": "Active", '
        '"httpAuthType": "Basic", "username": "webhook_user", "password": "n3wP@ssword!"}'
    )


def test_update_payload_leaves_out_what_is_not_set_and_keeps_empty_strings() -> None:
    assert UpdateCallback(callback_id=7001).payload() == {"callbackId": 7001}
    cleared = UpdateCallback(callback_id=7001, username="", password=SecretStr(""), event=None)
    assert cleared.payload() == {"callbackId": 7001, "username": "", "password": ""}


def test_create_payload_sends_a_scope_of_zero_and_no_other_absent_field() -> None:
    request = CreateCallback(url="https://a.example/x", event="Parcel", mailbox_id=0)
    assert request.payload() == {"url": "https://a.example/x", "event": "Parcel", "mailboxId": 0}


@pytest.mark.parametrize("callback_id", [0, -1, 2147483648, 1.5, True, "7001"])
def test_update_refuses_an_invalid_id(callback_id: object) -> None:
    with pytest.raises(ValidationError):
        UpdateCallback.model_validate({"callback_id": callback_id})


def test_request_refuses_a_field_that_the_api_does_not_know() -> None:
    with pytest.raises(ValidationError):
        UpdateCallback.model_validate({"callback_id": 1, "mailbox_id": 2})


def test_validation_error_shows_no_input() -> None:
    with pytest.raises(ValidationError) as caught:
        UpdateCallback.model_validate({"callback_id": 1, "url": ["tok-in-url"], "password": {"x": "hunter2-secret"}})
    assert "hunter2" not in str(caught.value)
    assert "tok-in-url" not in str(caught.value)


def test_repr_shows_neither_password_nor_url() -> None:
    update = UpdateCallback(callback_id=1, url="https://h.example/tok", password=SecretStr("hunter2"))
    create = CreateCallback(url="https://h.example/tok", event="Parcel", password=SecretStr("hunter2"))
    answers = [
        Callback.model_validate(RECORD | {"url": "https://h.example/tok", "password": "hunter2"}),
        QueueEntry.model_validate({"callbackId": 1, "url": "https://h.example/tok", "password": "hunter2"}),
        DeliveryTest.model_validate({"callbackId": 1, "url": "https://h.example/tok", "responseBody": "hunter2"}),
    ]
    shown = repr([update, create, *answers]) + str(update) + str(answers[0])
    assert "hunter2" not in shown
    assert "tok" not in shown


def test_callback_record_is_read_and_credentials_are_discarded() -> None:
    callback = Callback.model_validate(RECORD | {"username": "u", "password": "hunter2", "later": {"a": 1}})
    assert callback.model_dump() == {
        "callback_id": 7001,
        "url": "https://app.example.com/webhooks/ecgrid-v2",
        "event": "Parcel",
        "mailbox_id": 12345,
        "network_id": 0,
        "http_auth_type": "Basic",
        "status": "Active",
    }


def test_enumerations_are_read_in_any_case_and_other_values_kept() -> None:
    callback = Callback.model_validate(
        {"callbackId": 1, "event": "PARCEL", "status": "suspended", "httpAuthType": "basic"}
    )
    assert (callback.event, callback.status, callback.http_auth_type) == ("Parcel", "Suspended", "Basic")
    other = Callback.model_validate({"callbackId": 1, "event": "ParcelNotes", "status": "Pending", "httpAuthType": ""})
    assert (other.event, other.status, other.http_auth_type) == ("ParcelNotes", "Pending", None)


def test_wrong_types_in_fields_that_nothing_depends_on_become_none() -> None:
    callback = Callback.model_validate(
        {"callbackId": "7001", "url": 5, "event": 3, "mailboxId": "12345", "networkId": [1], "status": {"a": 1}}
    )
    assert callback == Callback(callback_id=7001, mailbox_id=12345)
    entry = QueueEntry.model_validate({"callbackId": 1, "attempts": "many", "lastHttpStatus": 200.0, "queuedAt": 12})
    assert (entry.attempts, entry.last_http_status, entry.queued_at_text, entry.queued_at) == (None, 200, None, None)


@pytest.mark.parametrize("callback_id", [None, "x", 0, True, 1.5, [7001], 2147483648, "9" * 5000])
def test_a_record_without_a_usable_id_is_invalid(callback_id: object) -> None:
    with pytest.raises(ValidationError):
        Callback.model_validate(RECORD | {"callbackId": callback_id})


def test_names_are_read_in_any_case_but_the_documented_one_wins() -> None:
    assert Callback.model_validate({"CallBackID": 3, "Status": "Active"}).callback_id == 3
    assert Callback.model_validate({"callbackId": 4, "callBackId": 3}).callback_id == 4
    assert Callback.model_validate({"callBackId": 3, "callbackId": 4}).callback_id == 4


@pytest.mark.parametrize(
    "evidence",
    [
        {"callBackQueueId": 5},
        {"callBackQueueId": None},
        {"callsRemaining": 0},
        {"nextCall": None},
        {"status": "pending"},
        {"status": "Delivered"},
    ],
)
def test_entry_is_a_delivery(evidence: dict[str, object]) -> None:
    assert QueueEntry.model_validate({"callbackId": 1} | evidence).is_delivery


@pytest.mark.parametrize("plain", [{}, {"status": "Active"}, {"status": "suspended"}, {"attempts": 3}, {"status": 4}])
def test_entry_is_a_registration(plain: dict[str, object]) -> None:
    assert not QueueEntry.model_validate({"callbackId": 1} | plain).is_delivery


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-05-07T09:00:00Z", datetime(2026, 5, 7, 9, tzinfo=UTC)),
        ("2026-05-07T11:00:00+02:00", datetime(2026, 5, 7, 9, tzinfo=UTC)),
        ("2026-05-07T09:00:00", datetime(2026, 5, 7, 9, tzinfo=UTC)),
        ("2026-05-07T09:00:00.1234567Z", datetime(2026, 5, 7, 9, 0, 0, 123456, tzinfo=UTC)),
        ("yesterday", None),
    ],
)
def test_times_are_kept_as_written_and_as_instants(text: str, instant: datetime | None) -> None:
    entry = QueueEntry.model_validate({"callbackId": 1, "queuedAt": text, "lastAttempt": text})
    assert (entry.queued_at_text, entry.last_attempt_text) == (text, text)
    assert (entry.queued_at, entry.last_attempt) == (instant, instant)


def test_a_page_keeps_the_place_of_entries_that_name_no_callback() -> None:
    page = QueuePage.model_validate({"totalRecords": "3", "queueEntries": [{"callbackId": 1}, {"url": "x"}, None]})
    assert [entry.callback_id for entry in page.entries] == [1]
    assert (page.total_records, page.listed) == (3, (page.entries[0], None, None))


def test_a_page_without_its_list_is_invalid_unless_it_counts_zero() -> None:
    for broken in ({}, {"totalRecords": 2}, {"totalRecords": 2, "queueEntries": None}, {"queueEntries": "x"}, None, 5):
        with pytest.raises(ValidationError):
            QueuePage.model_validate(broken)
    assert QueuePage.model_validate({"totalRecords": 0}).entries == ()
    assert QueuePage.model_validate([{"callbackId": 1}]).entries[0].callback_id == 1


def test_event_page_drops_and_counts_what_is_not_an_event() -> None:
    event = {"callbackEventId": 9, "callbackId": 1, "created": "2026-05-07T09:00:00Z", "objectId": 2**40}
    page = EventPage.model_validate(
        {"events": [event, {"callbackId": 1, "event": "Parcel"}, event | {"created": None}, event | {"created": "?"}]}
    )
    assert [entry.callback_event_id for entry in page.events] == [9, 9]
    assert (page.events[0].object_id, page.events[1].created, page.events[1].created_text) == (2**40, None, "?")
    assert page.dropped == 2
