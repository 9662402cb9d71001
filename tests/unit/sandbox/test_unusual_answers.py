"""How a test makes the sandbox answer as the API text says that ECGrid might."""

from typing import Any, Literal

import pytest

from terraform_provider_ecgrid.sandbox.faults import LOOKUP_CALLS
from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.unit.sandbox.conftest import Api, data, refusal
from tests.unit.sandbox.variants import bare_array, numbers_for_words, paging_beside_data, soap_names

CHANGE = {"callbackId": 7001, "status": "Active"}


def test_an_answer_can_be_rewritten_as_a_whole(sandbox: Sandbox, api: Api) -> None:
    sandbox.faults.add("queue-list", rewrite=paging_beside_data)
    answer = api.post("queue-list").json()
    assert (answer["totalRecords"], answer["pageNo"], answer["recordsPerPage"]) == (1, 1, 100)
    assert list(answer["data"]) == ["queueEntries"]
    sandbox.faults.add("update", rewrite=lambda answer: [answer["data"]["status"]])
    assert api.post("update", CHANGE).json() == ["Active"]


def test_enumerations_can_come_as_numbers(sandbox: Sandbox, api: Api) -> None:
    sandbox.faults.add("*", times=None, transform=numbers_for_words)
    record = data(api.post("update", CHANGE | {"httpAuthType": "Digest", "event": "Interchange"}))
    assert (record["status"], record["httpAuthType"], record["event"]) == (1, 2, 8)
    sandbox.lookups = "events"
    shown = data(api.post("get-event-by-id", {"callBackEventId": 7001}))
    assert (shown["status"], shown["httpAuthType"], shown["systemObject"], shown["direction"]) == (1, 2, 8, 0)


def test_a_list_can_be_a_bare_array_and_its_names_those_of_soap(sandbox: Sandbox, api: Api) -> None:
    sandbox.lookups = "events"
    asked = {"networkId": 5050, "mailboxId": 0, "showInactive": True}
    sandbox.faults.add("event-list", transform=lambda found: soap_names(bare_array(found)))
    (registration,) = data(api.post("event-list", asked))
    assert registration["httpAuthentication"] == {"type": "None", "user": "soap-user", "password": "soap-password"}
    sandbox.store.fire(7001, delivered=False)
    sandbox.faults.add("queue-list", transform=soap_names)
    (delivery,) = data(api.post("queue-list", {"networkId": 5050, "mailboxId": 0}))["queue"]
    assert delivery["callBackEvent"]["callBackEventId"] == 7001


def test_a_fault_can_choose_requests_by_their_fields(sandbox: Sandbox, api: Api) -> None:
    sandbox.faults.add("queue-list", times=None, when=lambda fields: fields.get("recordsPerPage", 0) > 100, status=400)
    sandbox.faults.add("get-queue-by-id", first=2, when=lambda fields: fields["callbackId"] == "7001", status=500)
    assert refusal(api.post("queue-list", {"recordsPerPage": 500})) == (400, "InvalidParameter")
    assert len(api.listed(recordsPerPage=100)) == 1
    answers = [api.look(number).status_code for number in (7001, 7002, 7001, 7001)]
    assert answers == [200, 404, 500, 200], "the second of those for 7001"


@pytest.mark.parametrize("lookups", ["registrations", "events"])
def test_every_lookup_can_be_refused(sandbox: Sandbox, api: Api, lookups: Literal["registrations", "events"]) -> None:
    sandbox.lookups = lookups
    for call in LOOKUP_CALLS:
        sandbox.faults.add(call, times=None, status=403)
    posted = [api.post(call) for call in ("queue-list", "event-list", "get-event-by-id")]
    assert [refusal(answer) for answer in (api.look(7001), *posted)] == [(403, "AccessDenied")] * 4
    assert data(api.post("update", CHANGE))["status"] == "Active"


@pytest.mark.parametrize(
    ("more", "text"),
    [
        ({"status": 204, "body": ""}, ""),
        ({"body": '{"success": true, "data": true}'}, '{"success": true, "data": true}'),
        ({"body": '{"message": "upstream"}', "status": 502}, '{"message": "upstream"}'),
        ({"transform": lambda _: None}, '{"success": true, "data": null}'),
    ],
    ids=range(4),
)
def test_an_update_can_be_carried_out_and_answered_in_any_way(
    sandbox: Sandbox, api: Api, more: dict[str, Any], text: str
) -> None:
    sandbox.faults.add("update", carried_out=True, **more)
    answer = api.post("update", CHANGE)
    assert (answer.status_code, answer.text) == (more.get("status", 200), text)
    assert data(api.look(7001))["status"] == "Active", "it was carried out, and the connection can be used on"
