"""What a difference between state and plan sends: the variants that all take the same way through Terraform."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import SecretStr
from tf.types import Unknown

from terraform_provider_ecgrid.callback import payload
from terraform_provider_ecgrid.callback.request import create_request, update_request
from terraform_provider_ecgrid.callback.schema import CALLBACK_SCHEMA

NOTHING: dict[str, Any] = dict.fromkeys(attribute.name for attribute in CALLBACK_SCHEMA.attributes)
OLD, NEW = SecretStr("old"), SecretStr("new")
BASIC = {"http_auth_type": "Basic", "username": "webhook_user", "password": OLD}
HELD = {"url": "https://app.example.com/1", "event": "Parcel", "status": "Active"}


def changes(prior: dict[str, Any] | None, config: dict[str, Any], **kept: Any) -> dict[str, Any]:
    """Ask for a change to `config`; `kept` are planned values that differ from it (computed, or `ignore_changes`)."""
    whole = NOTHING | config
    planned = whole | {"password_wo": None} | kept
    return payload.changes(None if prior is None else NOTHING | prior, planned, whole)


@pytest.mark.parametrize(
    ("name", "value"), [("url", "https://b.example.com"), ("event", "User"), ("status", "Suspended")]
)
def test_a_changed_field_is_sent_alone(name: str, value: str) -> None:
    assert changes(HELD | BASIC, HELD | BASIC | {name: value}) == {name: value}


@pytest.mark.parametrize(("name", "value"), [("http_auth_type", "Digest"), ("username", "other"), ("password", NEW)])
def test_a_changed_credential_takes_the_others_along(name: str, value: Any) -> None:
    assert changes(HELD | BASIC, HELD | BASIC | {name: value}) == BASIC | {name: value}


@pytest.mark.parametrize("version", [0, 2, 10**20])
def test_any_other_version_sends_the_write_only_password(version: int) -> None:
    given = {"http_auth_type": "Basic", "username": "webhook_user"}
    config = given | {"password_wo": NEW, "password_wo_version": version}
    assert changes(given | {"password_wo_version": 1}, config) == given | {"password": NEW}


def test_a_first_version_sends_the_write_only_password() -> None:
    config = {"password_wo": NEW, "password_wo_version": 1}
    assert changes(NOTHING, config) == {"password": NEW}


def test_the_same_version_sends_no_other_write_only_password() -> None:
    config = {"username": "webhook_user", "password_wo": NEW, "password_wo_version": 1}
    assert changes({"username": "webhook_user", "password_wo_version": 1}, config) == {}


def test_a_write_only_password_comes_before_one_that_ignore_changes_keeps() -> None:
    config = {"password_wo": NEW, "password_wo_version": 1}
    assert changes({"password": OLD}, config, password=OLD) == {"password": NEW}


def test_nothing_changed_sends_nothing() -> None:
    assert changes(HELD | BASIC, HELD | BASIC | {"on_destroy": "retain", "verify_delivery": True}) == {}


@pytest.mark.parametrize(
    "removed", [("username",), ("password",), ("http_auth_type",), ("http_auth_type", "username", "password")]
)
def test_a_removed_credential_sends_nothing(removed: tuple[str, ...]) -> None:
    config = {name: value for name, value in (HELD | BASIC).items() if name not in removed}
    kept = {"http_auth_type": "Basic"} if "http_auth_type" in removed else {}
    assert changes(HELD | BASIC, config, **kept) == {}


def test_a_removed_version_sends_nothing() -> None:
    assert changes({"username": "user", "password_wo_version": 1}, {"username": "user"}) == {}


def test_a_credential_that_is_not_configured_does_not_travel() -> None:
    config = {"username": "webhook_user", "password": NEW}
    assert changes(BASIC, config, http_auth_type="Basic") == {"username": "webhook_user", "password": NEW}


@pytest.mark.parametrize("held", ["Basic", "Digest", None])
def test_a_change_to_none_clears_the_credentials(held: str | None) -> None:
    config = {"http_auth_type": "None"}
    assert changes({"http_auth_type": held, "username": "user"}, config) == config | {"username": "", "password": ""}


def test_none_that_stays_none_clears_nothing() -> None:
    assert changes(HELD | {"http_auth_type": "None"}, HELD | {"http_auth_type": "None"}) == {}


def test_a_take_over_sends_what_is_configured_and_not_what_is_computed() -> None:
    config = {"callback_id": 7001, "url": "https://a.example.com", **BASIC}
    sent = changes(None, config, event=Unknown, status=Unknown)
    assert sent == {"url": "https://a.example.com"} | BASIC


def test_an_unknown_value_counts_as_changed_while_it_is_planned() -> None:
    assert changes(HELD | BASIC, HELD | BASIC | {"url": Unknown}) == {"url": Unknown}


def test_a_create_carries_everything_configured_but_the_status() -> None:
    config = NOTHING | HELD | BASIC | {"mailbox_id": 0}
    planned = config | {"network_id": Unknown}
    assert create_request(planned, config).body() == {
        "url": "https://app.example.com/1",
        "event": "Parcel",
        "mailboxId": 0,
        "httpAuthType": "Basic",
        "username": "webhook_user",
        "password": "old",
    }


def test_an_empty_password_travels_and_no_request_shows_a_secret() -> None:
    request = update_request(7001, {"http_auth_type": "None", "username": "", "password": ""})
    assert request.body() == {"callbackId": 7001, "httpAuthType": "None", "username": "", "password": ""}
    assert "old" not in repr(update_request(7001, dict(BASIC)))


def test_a_repetition_without_the_clearing_keeps_everything_else() -> None:
    sent = {"url": "https://a.example.com", "http_auth_type": "None", "username": "", "password": ""}
    assert payload.clears_credentials(sent)
    assert payload.without_clearing(sent) == {"url": "https://a.example.com", "http_auth_type": "None"}
    assert not payload.clears_credentials(dict(BASIC))


def test_a_null_that_ignore_changes_keeps_does_not_travel() -> None:
    config = {"http_auth_type": "Digest", "username": "new", "password": NEW}
    assert changes({"username": "old"}, config, http_auth_type=None) == {"username": "new", "password": NEW}
