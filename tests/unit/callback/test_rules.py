"""The refusals rule by rule: the variants that take the same way through Terraform, and what is left to apply."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import SecretStr
from tf.types import Unknown
from tf.utils import Diagnostics

from terraform_provider_ecgrid.plugin.authoring import Capabilities, PlanContext, ValidateContext
from terraform_provider_ecgrid.resources.callback import CallbackResource
from tests.unit.api.support import ok, refusal
from tests.unit.callback.scripted_access import COMPUTED, ScriptedAccess, held, planned, record

NEW: dict[str, Any] = {"url": "https://app.example.com/hook", "event": "Parcel"}
BASIC: dict[str, Any] = {"http_auth_type": "Basic", "username": "u"}
STATE: dict[str, Any] = NEW | {"callback_id": 7002, "id": "7002", "status": "Active", "on_destroy": "delete"}
Refused = set[tuple[str, str]]

NO_WRITE_ONLY = ("password_wo", "Write-only values not supported")
UNUSED = "Credentials without authentication"
INCOMPLETE = ("http_auth_type", "Incomplete credentials")


def refused(diags: Diagnostics) -> Refused:
    """Attribute and summary of each error."""
    errors = [one for one in diags.diagnostics if one.severity == "error"]
    assert all(one.path and len(one.path) == 1 for one in errors)
    return {(str((one.path or [""])[0]), one.summary) for one in errors}


def detail(diags: Diagnostics) -> str:
    """The detail of the only error."""
    (error,) = (one for one in diags.diagnostics if one.severity == "error")
    return error.detail or ""


def validated(write_only: bool = True, **config: Any) -> Refused:
    return refused(validation(write_only, **config))


def validation(write_only: bool = True, **config: Any) -> Diagnostics:
    ctx = ValidateContext(Diagnostics(), "ecgrid_callback")
    ctx.capabilities = Capabilities(write_only_attributes_allowed=write_only)
    access = ScriptedAccess(refusal(404))
    CallbackResource(access).validate_with_context(ctx, held(**config))
    assert access.sent == []
    return ctx.diagnostics


def plan(config: dict[str, Any], state: dict[str, Any] | None = None, *steps: Any, write_only: bool = True) -> Refused:
    """Refusals of a plan, of a creation where there is no state."""
    return refused(planning(config, state, *steps, write_only=write_only))


def planning(
    config: dict[str, Any], state: dict[str, Any] | None = None, *steps: Any, write_only: bool = True
) -> Diagnostics:
    access = ScriptedAccess(*steps or (refusal(404),))
    ctx = PlanContext(
        Diagnostics(), "ecgrid_callback", changed_fields=set(), config=held(**config), private=b"", identity=None
    )
    ctx.capabilities = Capabilities(write_only_attributes_allowed=write_only)
    given = {name: value for name, value in config.items() if name != "password_wo"}
    if state is None:
        CallbackResource(access).plan(ctx, None, planned(**given))
    else:
        kept = {name: value for name, value in state.items() if name in COMPUTED}
        CallbackResource(access).plan(ctx, held(**state), held(**kept | given))
    return ctx.diagnostics


@pytest.mark.parametrize(
    "name", ["url", "event", "status", "http_auth_type", "on_destroy", "callback_id", "mailbox_id"]
)
@pytest.mark.parametrize("value", [None, Unknown])
def test_what_is_null_or_unknown_is_no_mistake_of_a_configuration(name: str, value: Any) -> None:
    assert validated(**NEW | {name: value}) == set()


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({"password": "a", "password_wo": "b", "password_wo_version": 1}, {("password_wo", "Two passwords")}),
        ({"password": Unknown, "password_wo": "b", "password_wo_version": 1}, set()),
        ({"password": "a", "password_wo": Unknown, "password_wo_version": 1}, set()),
        ({"password_wo": "b"}, {("password_wo", "Missing password_wo_version")}),
        ({"password_wo": "b", "password_wo_version": Unknown}, set()),
        ({"password_wo": Unknown}, set()),
        ({"http_auth_type": "None", "username": "u"}, {("username", UNUSED)}),
        ({"http_auth_type": "None", "password": "p"}, {("password", UNUSED)}),
        ({"http_auth_type": "None", "password_wo": "p", "password_wo_version": 1}, {("password_wo", UNUSED)}),
        ({"http_auth_type": "None", "username": Unknown}, set()),
        ({"http_auth_type": "None", "username": "", "password": ""}, set()),
        ({"http_auth_type": Unknown, "username": "u"}, set()),
    ],
)
def test_credentials_of_a_configuration(config: dict[str, Any], expected: Refused) -> None:
    assert validated(**NEW | config) == expected


def test_all_mistakes_are_said_at_once() -> None:
    wrong: dict[str, Any] = {
        "url": "http://a.example.com",
        "event": "parcel",
        "status": "on",
        "http_auth_type": "basic",
    }
    wrong |= {"on_destroy": "keep", "callback_id": 0, "mailbox_id": -1, "network_id": 0.5}
    found = validated(**wrong)
    assert {attribute for attribute, _ in found} == wrong.keys()
    assert len(found) == len(wrong)


def test_a_terraform_without_write_only_values_is_refused_once_the_password_is_there() -> None:
    config = NEW | BASIC | {"password_wo_version": 1}
    assert validated(write_only=False, **config | {"password_wo": "p"}) == {NO_WRITE_ONLY}
    assert validated(write_only=False, **config | {"password_wo": Unknown}) == set(), "it may turn out to be null"
    assert plan(config | {"password_wo": "p"}, write_only=False) == {NO_WRITE_ONLY}
    assert plan(config | {"password_wo": Unknown}, write_only=False) == {NO_WRITE_ONLY}, "there is no later chance"
    assert plan(NEW | {"password_wo": None}, write_only=False) == set()


@pytest.mark.parametrize(
    ("config", "attribute"),
    [
        ({}, "url"),
        ({"url": NEW["url"]}, "event"),
        ({"event": "Parcel", "status": "Active"}, "url"),
        ({"url": Unknown, "event": Unknown}, None),
        ({"callback_id": Unknown}, None),
    ],
)
def test_what_a_new_callback_needs(config: dict[str, Any], attribute: str | None) -> None:
    both = "url" not in config and "event" not in config
    summary = "Missing callback_id, or url and event" if both else f"Missing {attribute}"
    assert plan(config) == ({(attribute, summary)} if attribute else set())


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        (NEW | {"http_auth_type": "Basic"}, {INCOMPLETE}),
        (NEW | {"http_auth_type": "Digest", "username": "u"}, {INCOMPLETE}),
        (NEW | {"http_auth_type": "Basic", "password": "p"}, {INCOMPLETE}),
        (NEW | BASIC | {"password": Unknown}, set()),
        (NEW | BASIC | {"password_wo": Unknown, "password_wo_version": 1}, set()),
        (NEW | {"http_auth_type": "Basic", "username": Unknown, "password": "p"}, set()),
        (NEW | {"http_auth_type": Unknown}, set()),
        (NEW | {"http_auth_type": "None"}, set()),
        ({"callback_id": 7001, "http_auth_type": "Basic"}, {INCOMPLETE}),
        ({"callback_id": Unknown, "http_auth_type": "Basic"}, {INCOMPLETE}),
        (
            NEW | BASIC | {"password_wo_version": 1},
            {("password_wo_version", "password_wo_version without password_wo")},
        ),
        (NEW | {"username": "u"}, {("username", UNUSED)}),
        (NEW | {"password_wo": "p", "password_wo_version": 1}, {("password_wo", UNUSED)}),
        ({"callback_id": 7001, "username": "u", "password": "p"}, set()),
    ],
)
def test_credentials_without_a_state(config: dict[str, Any], expected: Refused) -> None:
    assert plan(config) == expected


@pytest.mark.parametrize(
    ("state", "config", "expected"),
    [
        ({}, BASIC, {INCOMPLETE}),
        ({}, BASIC | {"password": "p"}, set()),
        (BASIC, BASIC, set()),
        (BASIC, BASIC | {"username": "other"}, {INCOMPLETE}),
        (BASIC, BASIC | {"username": Unknown}, set()),
        (BASIC, BASIC | {"username": Unknown, "http_auth_type": "Digest"}, {INCOMPLETE}),
        ({"http_auth_type": "None"}, {"username": "u"}, {("username", UNUSED)}),
        ({"http_auth_type": "None"}, {"username": Unknown}, set()),
        ({"http_auth_type": "None"}, {"username": "", "password": ""}, set()),
        ({"http_auth_type": "None"}, BASIC | {"password": "p"}, set()),
        ({"http_auth_type": "Basic"}, {"username": "u"}, set()),
        ({}, {"username": "u"}, set()),
    ],
)
def test_credentials_beside_a_state(state: dict[str, Any], config: dict[str, Any], expected: Refused) -> None:
    assert plan(NEW | config, STATE | state) == expected


@pytest.mark.parametrize(
    ("before", "version", "password", "is_refused"),
    [
        (None, 1, None, True),
        (1, 2, None, True),
        (2, 1, None, True),
        (1, 1, None, False),
        (1, None, None, False),
        (1, Unknown, None, False),
        (1, 2, "p", False),
        (1, 2, Unknown, False),
    ],
)
def test_a_version_sends_a_password(before: Any, version: Any, password: Any, is_refused: bool) -> None:
    found = plan(
        NEW | BASIC | {"password_wo": password, "password_wo_version": version},
        STATE | BASIC | {"password_wo_version": before},
    )
    assert found == ({("password_wo_version", "password_wo_version without password_wo")} if is_refused else set())


@pytest.mark.parametrize("name", ["mailbox_id", "network_id"])
def test_a_scope_of_a_callback_that_is_taken_over(name: str) -> None:
    assert plan({"callback_id": 7001, name: 5}) == {(name, "Scope set for an existing callback")}
    assert plan({"callback_id": 7001, name: 0}) == {(name, "Scope set for an existing callback")}
    assert plan({"callback_id": Unknown, name: 5}) == set()
    assert plan({"callback_id": 7001, name: Unknown}) == set()
    assert plan({"callback_id": 7002, name: 5}, STATE | {name: 5}) == set()
    assert plan({"callback_id": 7002, name: 5}, STATE) == set(), "a null takes the configured value"


TERMINATED = STATE | BASIC | {"status": "Terminated"}


@pytest.mark.parametrize(
    ("config", "attribute"),
    [
        ({"url": "https://other.example.com"}, "url"),
        ({"event": "Mailbox"}, "event"),
        ({"callback_id": 7002, "status": "Active"}, "status"),
        (BASIC | {"password": "p"}, "http_auth_type"),
        ({"url": Unknown}, None),
        ({"url": Unknown, "event": "Mailbox"}, "event"),
        (BASIC | {"username": Unknown}, None),
        ({"on_destroy": "retain"}, None),
        ({"callback_id": 7002, "status": "Terminated"}, None),
    ],
)
def test_a_change_that_would_be_sent_to_a_terminated_callback(config: dict[str, Any], attribute: str | None) -> None:
    assert plan(NEW | config, TERMINATED) == ({(attribute, "Callback is terminated")} if attribute else set())


@pytest.mark.parametrize(
    ("config", "attribute"),
    [
        ({"status": "Active"}, "status"),
        ({"url": Unknown, "event": "Mailbox"}, "event"),
        ({"url": Unknown}, None),
        ({}, None),
    ],
)
def test_a_take_over_of_a_terminated_callback(config: dict[str, Any], attribute: str | None) -> None:
    found = plan({"callback_id": 7001} | config, None, ok(record(callbackId=7001, status="Terminated")))
    assert found == ({(attribute, "Callback is terminated")} if attribute else set())


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({"http_auth_type": "Basic"}, "If they are already set, remove them from `ignore_changes`"),
        (BASIC, "If `password_wo` (or `password`) is already set, remove it from `ignore_changes`"),
        ({"password_wo_version": 2}, "If `password_wo` is already set, remove it from `ignore_changes`"),
    ],
)
def test_the_advice_about_ignore_changes_names_what_to_remove(config: dict[str, Any], words: str) -> None:
    assert words in detail(planning(NEW | config, STATE))


TOGETHER = "ECGrid never returns stored credentials, so both must be sent."


@pytest.mark.parametrize("config", [NEW | {"event": "parcel"}, {"callback_id": 7001, "event": "parcel"}])
def test_an_event_of_another_kind_is_kept_only_by_an_existing_callback(config: dict[str, Any]) -> None:
    diags = validation(**config)
    assert refused(diags) == {("event", "Invalid event")}
    assert ("another event at ECGrid" in detail(diags)) is ("callback_id" in config)


@pytest.mark.parametrize(
    ("config", "told"),
    [
        (NEW, "`username` is missing and `password_wo` (or `password`) is missing. Set `username` and `password_wo`"),
        (NEW | {"password": SecretStr("p")}, "but `username` is missing. Set `username`."),
        (NEW | {"password": SecretStr("p"), "username": ""}, "but `username` is empty. Set `username`."),
        (NEW | {"password": SecretStr(""), "username": "u"}, "but `password` is empty. Set `password`."),
        (
            NEW | {"password_wo": SecretStr(""), "password_wo_version": 1, "username": "u"},
            "but `password_wo` is empty. Set `password_wo`.",
        ),
        ({"callback_id": 7001, "username": "u"}, f"is missing. {TOGETHER} Set `password_wo` (or `password`)."),
    ],
)
def test_incomplete_credentials_name_what_is_missing_or_empty(config: dict[str, Any], told: str) -> None:
    diags = planning(config | {"http_auth_type": "Basic"})
    assert refused(diags) == {INCOMPLETE}
    assert detail(diags).startswith("`Basic` needs a user name and a password, but ")
    assert told in detail(diags)
    assert ("stored" in detail(diags)) is ("callback_id" in config)


@pytest.mark.parametrize(
    ("config", "names"),
    [
        ({"username": "u"}, "`username`"),
        ({"username": "u", "password": "p"}, "`username` and `password`"),
        ({"username": "u", "password": Unknown}, "`username` and `password`"),
        ({"username": "u", "password": ""}, "`username`"),
        (
            {"username": "u", "password_wo": "p", "password_wo_version": 1},
            "`username`, `password_wo` and `password_wo_version`",
        ),
    ],
)
def test_all_credentials_that_are_not_used_are_to_be_removed(config: dict[str, Any], names: str) -> None:
    diags = validation(**NEW | {"http_auth_type": "None"} | config)
    assert refused(diags) == {("username", UNUSED)}
    assert detail(diags).endswith(f", or remove {names}.")


def test_a_take_over_says_what_ecgrid_cannot_change() -> None:
    assert detail(planning({"callback_id": 9999, "mailbox_id": 5})) == (
        "`callback_id` takes over an existing callback, and ECGrid cannot change its mailbox. Remove `mailbox_id`, or "
        "remove `callback_id` to register a new callback."
    )


def test_an_id_that_cannot_be_one_is_that_of_the_registration() -> None:
    told = detail(validation(callback_id=0))
    assert told.endswith("Use the id that ECGrid returned when the callback was registered.")
