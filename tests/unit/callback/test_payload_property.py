"""The payload is exactly the difference: of random changes, each planned and applied against the sandbox."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from pydantic import SecretStr
from tf.types import Unknown

from terraform_provider_ecgrid.api.client import ApiKey
from terraform_provider_ecgrid.api.client import Client as ApiClient
from terraform_provider_ecgrid.api.mailboxes import Mailboxes
from terraform_provider_ecgrid.api.registrations import Registrations
from terraform_provider_ecgrid.callback import payload
from terraform_provider_ecgrid.callback.pages import Pages
from terraform_provider_ecgrid.callback.request import update_request
from terraform_provider_ecgrid.plugin.codec import values
from terraform_provider_ecgrid.provider import EcgridProvider
from terraform_provider_ecgrid.sandbox.server import Sandbox
from terraform_provider_ecgrid.session import Session
from tests.unit.callback.random_changes import (
    COMPUTED,
    CREDENTIALS,
    PLAIN,
    RESOLVING_TAKE_OVERS,
    RESOLVING_UPDATES,
    UPDATES,
    Change,
    applied,
)
from tests.unit.callback.scripted_access import NAMES
from tests.unit.plugin.client import WRITE_ONLY, Client

ID = 7001
OF_PRIOR = {"callback_id": ID, "id": str(ID), "mailbox_id": 12345, "network_id": None}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.fixture(scope="module")
def terraform(sandbox: Sandbox) -> Iterator[Terraform]:
    client = ApiClient(sandbox.url, ApiKey(SecretStr(sandbox.api_key)), max_retries=0)
    yield Terraform(client)
    client.close()


class Terraform:
    """Terraform's part: proposes, plans, plans again once everything is known, applies."""

    def __init__(self, client: ApiClient) -> None:
        self._api = client

    def run(self, change: Change) -> tuple[Any, Any]:
        """Plan and apply a change. Returns the answers."""
        # A process of its own each: what one has seen of a callback must not reach into the next example.
        calls = _process(self._api)
        prior = None if change.prior is None else _whole(change.prior) | OF_PRIOR
        named = {} if change.prior else {"callback_id": ID}
        early = change.seen_by_plan | dict.fromkeys(change.unknown, Unknown)
        first = self.plan(calls, prior, _whole(early) | named)
        # Terraform applies in another process.
        calls = _process(self._api)
        plan = self.plan(calls, prior, _whole(change.seen_by_plan) | named)
        _check_known_stay(values.decode(first.planned_state), values.decode(plan.planned_state))
        answer = calls.call(
            "ApplyResourceChange",
            type_name="ecgrid_callback",
            prior_state=prior,
            planned_state=plan.planned_state,
            config=_whole(change.config) | named,
            planned_private=plan.planned_private,
            planned_identity=plan.planned_identity,
        )
        return plan, answer

    def plan(self, calls: Client, prior: Any, config: Any, private: bytes = b"") -> Any:
        answer = calls.call(
            "PlanResourceChange",
            type_name="ecgrid_callback",
            prior_state=prior,
            proposed_new_state=_proposed(prior, config),
            config=config,
            prior_private=private,
            client_capabilities=WRITE_ONLY,
        )
        assert not [one.summary for one in answer.diagnostics if one.severity == one.ERROR]
        assert not answer.requires_replace
        return answer


class _Session(Session):
    def __init__(self, client: ApiClient) -> None:
        super().__init__()
        self._made = client, Registrations(client), Pages(), Mailboxes(client)

    def _connect(self) -> tuple[ApiClient, Registrations, Pages, Mailboxes]:
        return self._made


def _process(client: ApiClient) -> Client:
    provider = EcgridProvider()
    provider.session = _Session(client)
    return Client(provider)


def _whole(known: dict[str, Any]) -> dict[str, Any]:
    return dict.fromkeys(NAMES) | known


def _proposed(prior: dict[str, Any] | None, config: dict[str, Any]) -> dict[str, Any]:
    computed = (*COMPUTED, "callback_id", "id", "mailbox_id", "network_id", "on_destroy")
    kept = dict.fromkeys(computed, Unknown) if prior is None else {name: prior[name] for name in computed}
    given = {name: value for name, value in config.items() if value is not None and name != "password_wo"}
    return dict.fromkeys(NAMES) | kept | given


def _check_known_stay(first: dict[str, Any], second: dict[str, Any]) -> None:
    for name, value in first.items():
        assert value is Unknown or second[name] == value, f"{name} was shown, and is something else at apply"


def _record_of(change: Change) -> dict[str, Any]:
    """What ECGrid holds before the change: the state where that says something, else what nobody told Terraform."""
    unseen = {"url": "https://unseen.example.com", "event": "User", "status": "Active", "httpAuthType": "Basic"}
    unseen |= {"username": "unseen", "password": "unseen-password"}
    held = change.prior or {}
    names = PLAIN | CREDENTIALS
    return unseen | {names[name]: held[name] for name in names if held.get(name) is not None}


def _run(terraform: Terraform, sandbox: Sandbox, change: Change) -> tuple[Any, list[Any]]:
    """Run a change from a fresh sandbox. Returns the new state and the bodies of the updates."""
    before = _record_of(change)
    sandbox.reset()
    sandbox.store.change(ID, **before)
    plan, answer = terraform.run(change)
    assert not [one.summary for one in answer.diagnostics if one.severity == one.ERROR]

    writes = [(write.call, write.body) for write in sandbox.writes()]
    assert all(call == "update" for call, _ in writes)
    planned, state = values.decode(plan.planned_state), values.decode(answer.new_state)
    assert {name: state[name] for name, value in planned.items() if value is not Unknown} == {
        name: value for name, value in planned.items() if value is not Unknown
    }
    body = change.body
    after = {name: value or None for name, value in applied(before, body).items()}
    stored = sandbox.store.get(ID)
    assert stored is not None
    assert {name: stored[name] for name in after} == after

    again = terraform.plan(
        _process(terraform._api),
        state,
        _whole(_after_ignoring(change, state)) | ({} if change.prior else {"callback_id": ID}),
        answer.private,
    )
    assert values.decode(again.planned_state) == state, "the second plan is not empty"
    return state, [body for _, body in writes]


def _after_ignoring(change: Change, state: dict[str, Any]) -> dict[str, Any]:
    return change.config | {name: state[name] for name in change.ignored if change.prior is not None}


@given(change=RESOLVING_UPDATES)
@settings(deadline=None, max_examples=100, derandomize=True)
def test_an_update_sends_exactly_the_difference(terraform: Terraform, sandbox: Sandbox, change: Change) -> None:
    state, bodies = _run(terraform, sandbox, change)
    assert bodies == ([{"callbackId": ID} | change.body] if change.body else [])
    planned = {name: state[name] for name in change.planned if name != "on_destroy"}
    assert planned == {name: value for name, value in change.planned.items() if name != "on_destroy"}


@given(change=RESOLVING_TAKE_OVERS)
@settings(deadline=None, max_examples=60, derandomize=True)
def test_a_take_over_sends_everything_configured(terraform: Terraform, sandbox: Sandbox, change: Change) -> None:
    _, bodies = _run(terraform, sandbox, change)
    assert bodies == ([{"callbackId": ID} | change.body] if change.body else [])


@given(change=UPDATES)
@settings(deadline=None, max_examples=300, derandomize=True)
def test_the_diff_alone_becomes_the_request(change: Change) -> None:
    """As above without Terraform and without a server, so that many more changes can be tried."""
    planned = dict.fromkeys(NAMES) | change.planned
    request = update_request(ID, payload.changes(_secret(change.prior), _secret(planned), _secret(change.config)))
    assert request.body() == {"callbackId": ID} | change.body


def _secret(given: dict[str, Any] | None) -> Any:
    hidden = ("password", "password_wo")
    whole = dict.fromkeys(NAMES) | (given or {})
    return whole | {name: SecretStr(str(whole[name])) for name in hidden if whole[name] is not None}
