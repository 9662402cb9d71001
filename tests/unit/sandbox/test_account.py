"""The calls around callbacks: the caller, its mailboxes and its networks, in either model of the lookups."""

from collections.abc import Iterator
from typing import Any, Literal

import pytest

from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.unit.sandbox.conftest import Api, data, refusal

INVALID = (400, "InvalidParameter")
MISSING = (404, "ObjectNotFound")
DATES = {"created": "2024-02-01T09:00:00Z", "modified": "2026-04-30T16:20:00Z"}


@pytest.fixture(params=["registrations", "events"])
def sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    lookups: Literal["registrations", "events"] = request.param
    with Sandbox(lookups=lookups) as running:
        yield running


@pytest.fixture
def plain(sandbox: Sandbox) -> Iterator[Api]:
    """A client whose key lacks the role `NetworkAdmin`."""
    client = Api(sandbox, **{"X-API-Key": "sandbox-mailbox-key"})
    yield client
    client.close()


def listed(api: Api, **body: Any) -> list[int]:
    return [one["mailboxId"] for one in data(api.send("POST", "/v2/mailboxes/list", json=body))["mailboxes"]]


def test_the_caller(api: Api, plain: Api) -> None:
    assert data(api.send("GET", "/v2/users/me")) == {
        "userId": 901,
        "login": "sandbox.admin",
        "email": "sandbox@example.com",
        "firstName": "Sandbox",
        "lastName": "User",
        "networkId": 5050,
        "mailboxId": 12345,
        "authLevel": "NetworkAdmin",
        "status": "Active",
        "created": "2024-02-01T09:00:00Z",
        "sessionId": "sandbox-session",
    }
    other = data(plain.send("GET", "/v2/users/me"))
    assert (other["authLevel"], other["networkId"], other["mailboxId"]) == ("MailboxUser", 5050, 12345)


def test_one_mailbox(api: Api, plain: Api) -> None:
    assert data(api.send("GET", "/v2/mailboxes/12345")) == {
        "mailboxId": 12345,
        "networkId": 5050,
        "uniqueId": "ACME-ORDERS",
        "companyName": "Acme Trading, Orders",
        "status": "Active",
        **DATES,
    }
    assert refusal(api.send("GET", "/v2/mailboxes/1")) == MISSING
    assert refusal(api.send("GET", "/v2/mailboxes/x")) == INVALID
    assert data(plain.send("GET", "/v2/mailboxes/12345"))["mailboxId"] == 12345
    assert refusal(plain.send("GET", "/v2/mailboxes/12346")) == MISSING


def test_one_network(api: Api, plain: Api) -> None:
    assert data(api.send("GET", "/v2/networks/5050")) == {
        "networkId": 5050,
        "uniqueId": "ACME",
        "companyName": "Acme Trading",
        "status": "Active",
        **DATES,
    }
    assert refusal(api.send("GET", "/v2/networks/1")) == MISSING
    assert data(api.send("GET", "/v2/networks/5051"))["networkId"] == 5051
    assert refusal(plain.send("GET", "/v2/networks/5051")) == MISSING


def test_mailboxes_are_listed_by_network_and_status(api: Api, plain: Api) -> None:
    assert listed(api) == listed(api, networkId=0) == [12345, 12346, 12347, 12400]
    assert listed(api, networkId=5050) == [12345, 12346, 12347]
    assert listed(api, networkId=5050, status="Suspended") == [12347]
    assert listed(plain) == [12345]


def test_mailboxes_are_paged(api: Api) -> None:
    answer = data(api.send("POST", "/v2/mailboxes/list", json={"pageNo": 2, "recordsPerPage": 3}))
    assert (answer["totalRecords"], answer["pageNo"], answer["recordsPerPage"]) == (4, 2, 3)
    assert [one["mailboxId"] for one in answer["mailboxes"]] == [12400]
    assert data(api.send("POST", "/v2/mailboxes/list", json={}))["recordsPerPage"] == 25
    assert listed(api, recordsPerPage=500) == listed(api)
    assert refusal(api.send("POST", "/v2/mailboxes/list", json={"recordsPerPage": 501})) == INVALID


def test_a_stranger_learns_nothing(sandbox: Sandbox) -> None:
    stranger = Api(sandbox, **{"X-API-Key": "other"})
    for path in ("users/me", "mailboxes/12345", "networks/5050"):
        assert refusal(stranger.send("GET", f"/v2/{path}")) == (401, "InvalidAPIKey")


@pytest.mark.parametrize(
    ("method", "path", "call"),
    [
        ("GET", "/v2/users/me", "me"),
        ("GET", "/v2/mailboxes/12345", "mailbox"),
        ("POST", "/v2/mailboxes/list", "mailbox-list"),
        ("GET", "/v2/networks/5050", "network"),
    ],
)
def test_a_fault_finds_its_call(sandbox: Sandbox, api: Api, method: str, path: str, call: str) -> None:
    sandbox.faults.add(call, status=503)
    assert refusal(api.send(method, path, json={} if method == "POST" else None)) == (503, None)
    assert sandbox.requests[-1].call == call
