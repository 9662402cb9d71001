import json
from collections.abc import Callable

import pytest
from pydantic import SecretStr, ValidationError

from terraform_provider_ecgrid.api.requests import (
    CreateCallback,
    DeliveryReference,
    QueueQuery,
    RegistrationReference,
    RegistrationsQuery,
    Request,
    UpdateCallback,
)


def test_update_payload_is_the_seeds_in_the_seeds_order() -> None:
    request = UpdateCallback(
        password=SecretStr("n3wP@ssword!"),
        username="webhook_user",
        http_auth_type="Basic",
        status="Active",
        url="https://app.example.com/webhooks/ecgrid-v2",
        callback_id=7001,
    )
    assert json.dumps(request.body()) == (
        '{"callbackId": 7001, "url": "https://app.example.com/webhooks/ecgrid-v2", "status": "Active", '
        '"httpAuthType": "Basic", "username": "webhook_user", "password": "n3wP@ssword!"}'
    )


def test_update_payload_leaves_out_what_is_not_set_and_keeps_empty_strings() -> None:
    assert UpdateCallback(callback_id=7001).body() == {"callbackId": 7001}
    cleared = UpdateCallback(callback_id=7001, username="", password=SecretStr(""), event=None)
    assert cleared.body() == {"callbackId": 7001, "username": "", "password": ""}


def test_create_payload_sends_a_scope_of_zero_and_no_other_absent_field() -> None:
    request = CreateCallback(url="https://a.example/x", event="Parcel", mailbox_id=0)
    assert request.body() == {"url": "https://a.example/x", "event": "Parcel", "mailboxId": 0}


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


@pytest.mark.parametrize(
    "broken",
    [
        lambda: QueueQuery(mailbox_id=-1),
        lambda: QueueQuery(mailbox_id=2147483648),
        lambda: QueueQuery(page_no=0),
        lambda: QueueQuery(records_per_page=501),
        lambda: RegistrationReference(callback_id=7001, queue_count=32768),
        lambda: RegistrationsQuery(network_id=0, mailbox_id=0),
        lambda: DeliveryReference(queue_id=0),
    ],
)
def test_a_read_refuses_what_the_api_does_not_take(broken: Callable[[], Request]) -> None:
    with pytest.raises(ValidationError):
        broken()


def test_no_repr_shows_password_or_url() -> None:
    update = UpdateCallback(callback_id=1, url="https://h.example/tok", password=SecretStr("hunter2"))
    create = CreateCallback(url="https://h.example/tok", event="Parcel", password=SecretStr("hunter2"))
    shown = repr([update, create]) + str(update) + str(create)
    assert "hunter2" not in shown
    assert "tok" not in shown
