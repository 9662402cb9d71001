"""Every call of the API, and every refusal that it documents."""

from datetime import UTC, datetime
from typing import Any

import pytest

from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.seed import UPDATE
from tests.unit.sandbox.conftest import Api, data, refusal

NEW = {"url": "https://example.com/hook", "event": "Interchange"}
INVALID = (400, "InvalidParameter")
MISSING = (404, "ObjectNotFound")


def test_update_answers_the_seed_document_field_by_field(api: Api) -> None:
    assert api.post("update", UPDATE).json() == {
        "success": True,
        "data": {
            "callbackId": 7001,
            "url": "https://app.example.com/webhooks/ecgrid-v2",
            "event": "Parcel",
            "mailboxId": 12345,
            "networkId": 0,
            "httpAuthType": "Basic",
            "status": "Active",
        },
    }


def test_update_changes_every_field_that_the_seed_sends(sandbox: Sandbox, api: Api) -> None:
    before = sandbox.store.get(7001)
    assert before is not None
    data(api.post("update", UPDATE))
    after = sandbox.store.get(7001)
    assert after == before | UPDATE
    assert all(before[name] != value for name, value in UPDATE.items() if name != "callbackId")


def test_update_leaves_alone_what_was_left_out(sandbox: Sandbox, api: Api) -> None:
    data(api.post("update", UPDATE))
    before = sandbox.store.get(7001)
    assert before is not None
    data(api.post("update", {"callbackId": 7001, "event": "Mailbox"}))
    assert sandbox.store.get(7001) == before | {"event": "Mailbox"}


def test_update_with_the_id_alone_answers_the_record(sandbox: Sandbox, api: Api) -> None:
    before = sandbox.store.get(7001)
    answer = data(api.post("update", {"callbackId": 7001}))
    assert (answer["url"], answer["status"]) == ("https://app.example.com/webhooks/ecgrid", "Suspended")
    assert sandbox.store.get(7001) == before


def test_update_with_empty_credentials_clears_them(sandbox: Sandbox, api: Api) -> None:
    data(api.post("update", UPDATE))
    data(api.post("update", {"callbackId": 7001, "httpAuthType": "None"}))
    kept = sandbox.store.get(7001)
    assert kept is not None
    assert (kept["httpAuthType"], kept["username"]) == ("None", "webhook_user")
    data(api.post("update", {"callbackId": 7001, "username": "", "password": ""}))
    cleared = sandbox.store.get(7001)
    assert cleared is not None
    assert (cleared["username"], cleared["password"]) == (None, None)


def test_update_of_a_terminated_callback_is_refused_but_may_ask_for_it(sandbox: Sandbox, api: Api) -> None:
    data(api.post("update", {"callbackId": 7001, "status": "Terminated"}))
    terminated = sandbox.store.get(7001)
    assert refusal(api.post("update", {"callbackId": 7001, "status": "Active"})) == INVALID
    assert data(api.post("update", {"callbackId": 7001, "status": "Terminated"}))["status"] == "Terminated"
    assert sandbox.store.get(7001) == terminated


@pytest.mark.parametrize(
    "change",
    [
        {"url": "http://example.com/hook"},
        {"url": "https:///hook"},
        {"url": "https://exa mple.com/"},
        {"url": ""},
        {"url": "https://example.com:nowhere/"},
        {"event": "parcel"},
        {"event": "Nothing"},
        {"status": "active"},
        {"status": "Pending"},
        {"httpAuthType": "basic"},
        {"username": None},
        {"password": 5},
        {"mailboxId": 12345},
        {"networkId": 0},
        {"callbackId": "7001"},
        {"callbackId": 0},
        {"callbackId": 2**31},
        {"callbackId": True},
        {"callbackId": 7001.5},
    ],
    ids=str,
)
def test_update_refuses(sandbox: Sandbox, api: Api, change: dict[str, Any]) -> None:
    before = sandbox.store.get(7001)
    assert refusal(api.post("update", {"callbackId": 7001} | change)) == INVALID
    assert sandbox.store.get(7001) == before


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"7001", b"null", b'"x"', b"{}", b"\xff", b"[" * 100_000], ids=range(9)
)
def test_update_refuses_what_is_no_object(api: Api, content: bytes) -> None:
    response = api.send("POST", "/v2/callbacks/update", content=content, headers={"Content-Type": "application/json"})
    assert refusal(response) == INVALID


def test_a_refusal_names_the_field_and_not_the_value(api: Api) -> None:
    message = api.post("create", NEW | {"password": ["hunter2"], "event": "hunter3"}).json()["message"]
    assert "password" in message
    assert "event" in message
    assert "hunter" not in message


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"callbackId": 7001, "url": "http://example.com/"}, "url: must be an https:// URL with a host"),
        ({"callbackId": 7001, "event": None}, "body: event: null is not allowed; omit the field"),
        ({}, "callbackId: Field required"),
    ],
    ids=str,
)
def test_a_refusal_says_which_field_and_why(api: Api, body: dict[str, Any], message: str) -> None:
    assert api.post("update", body).json()["message"] == message


def test_a_body_that_is_not_json_is_called_so(api: Api) -> None:
    response = api.send("POST", "/v2/callbacks/update", content=b"{", headers={"Content-Type": "application/json"})
    assert response.json()["message"] == "body: JSON decode error"


def test_create_answers_the_record_with_the_next_id(sandbox: Sandbox, api: Api) -> None:
    answer = data(api.post("create", NEW | {"mailboxId": 5}))
    assert answer == {
        "callbackId": 7002,
        "url": "https://example.com/hook",
        "event": "Interchange",
        "mailboxId": 5,
        "networkId": 0,
        "httpAuthType": "None",
        "status": "Active",
    }
    assert data(api.post("create", NEW))["callbackId"] == 7003


def test_create_keeps_the_credentials_and_answers_none(sandbox: Sandbox, api: Api) -> None:
    response = api.post("create", NEW | {"httpAuthType": "Digest", "username": "u", "password": "hunter2"})
    stored = sandbox.store.get(data(response)["callbackId"])
    assert stored is not None
    assert (stored["httpAuthType"], stored["username"], stored["password"]) == ("Digest", "u", "hunter2")
    assert "hunter2" not in response.text
    assert "username" not in response.text


@pytest.mark.parametrize(
    "body",
    [
        {"url": NEW["url"]},
        {"event": NEW["event"]},
        NEW | {"status": "Active"},
        NEW | {"callbackId": 9},
        NEW | {"mailboxId": -1},
        NEW | {"networkId": 2**31},
        NEW | {"httpAuthType": "Basic"},
        NEW | {"httpAuthType": "Basic", "username": "u"},
        NEW | {"httpAuthType": "Digest", "username": "u", "password": ""},
    ],
    ids=str,
)
def test_create_refuses(sandbox: Sandbox, api: Api, body: dict[str, Any]) -> None:
    assert refusal(api.post("create", body)) == INVALID
    assert len(sandbox.store.all()) == 1


def test_create_of_the_same_again_is_a_duplicate_unless_terminated(sandbox: Sandbox, api: Api) -> None:
    first = data(api.post("create", NEW))["callbackId"]
    assert refusal(api.post("create", NEW)) == (400, "DuplicateObject")
    data(api.post("create", NEW | {"mailboxId": 1}))
    data(api.post("update", {"callbackId": first, "status": "Terminated"}))
    assert data(api.post("create", NEW))["callbackId"] == 7004


def test_a_deleted_callback_is_not_found_by_any_call_and_its_id_is_not_given_again(api: Api) -> None:
    gone = data(api.post("create", NEW))["callbackId"]
    assert data(api.delete(gone)) is True
    answers = (api.delete(gone), api.look(gone), api.post("update", {"callbackId": gone}))
    assert [refusal(answer) for answer in (*answers, api.post("test", {"callbackId": gone}))] == [MISSING] * 4
    assert [entry["callbackId"] for entry in api.listed()] == [7001]
    assert data(api.post("create", NEW))["callbackId"] == gone + 1


def test_delete_wants_its_id_in_the_body(sandbox: Sandbox, api: Api) -> None:
    assert refusal(api.send("DELETE", "/v2/callbacks?callbackId=7001")) == INVALID
    assert sandbox.store.get(7001) is not None


@pytest.mark.parametrize("query", ["", "callbackId=x", "callbackId=0", "callbackId=7001&more=1", "callbackid=7001"])
def test_get_queue_by_id_refuses(api: Api, query: str) -> None:
    assert refusal(api.send("GET", f"/v2/callbacks/get-queue-by-id?{query}")) == INVALID


@pytest.mark.parametrize("call", ["queue-list", "event-list"])
@pytest.mark.parametrize(
    "page", [{"pageNo": 0}, {"recordsPerPage": 0}, {"recordsPerPage": 501}, {"pageSize": 5}], ids=str
)
def test_lists_refuse_bad_paging(api: Api, call: str, page: dict[str, int]) -> None:
    assert refusal(api.post(call, page)) == INVALID


def test_lists_take_500_records_a_page(api: Api) -> None:
    assert data(api.post("queue-list", {"recordsPerPage": 500}))["recordsPerPage"] == 500


@pytest.mark.parametrize("key", [{}, {"X-API-Key": "other"}, {"X-API-Key": ""}], ids=str)
def test_without_the_key_every_call_is_refused(sandbox: Sandbox, key: dict[str, str]) -> None:
    stranger = Api(sandbox, **(key or {"X-Nothing": "1"}))
    answers = [stranger.post(call, {}) for call in ("update", "create", "queue-list", "event-list", "test")]
    answers += [stranger.delete(7001), stranger.look(7001), stranger.post("get-event-by-id", {})]
    assert {refusal(answer) for answer in answers} == {(401, "InvalidAPIKey")}
    assert data(stranger.send("GET", "/v2/auth/version"))["version"] == "2.6"
    stranger.close()


def test_an_access_token_is_as_good_as_the_key_and_a_bad_one_is_no_session(sandbox: Sandbox) -> None:
    assert data(Api(sandbox, Authorization="Bearer sandbox-token").look(7001))["callbackId"] == 7001
    for wrong in ("Bearer other", "Basic sandbox-token", "sandbox-token"):
        assert refusal(Api(sandbox, Authorization=wrong).look(7001)) == (401, "InvalidSession")


def test_network_level_calls_need_the_role(sandbox: Sandbox) -> None:
    plain = Api(sandbox, **{"X-API-Key": "sandbox-mailbox-key"})
    denied = (403, "AccessDenied")
    assert refusal(plain.post("create", NEW | {"networkId": 3})) == denied
    assert refusal(plain.post("queue-list", {})) == denied
    assert refusal(plain.post("event-list", {})) == denied
    assert [entry["callbackId"] for entry in plain.listed(mailboxId=12345)] == [7001]
    assert data(plain.post("create", NEW | {"mailboxId": 3}))["mailboxId"] == 3


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/v2/callbacks/nothing", 404), ("DELETE", "/api/v2/callbacks", 404), ("PUT", "/v2/callbacks/update", 405)],
)
def test_no_envelope_comes_from_a_path_or_a_method_that_no_call_has(
    api: Api, method: str, path: str, status: int
) -> None:
    answer = api.send(method, path)
    assert (answer.status_code, answer.content) == (status, b"")


def test_a_failure_of_the_sandbox_itself_is_an_internal_error(sandbox: Sandbox, api: Api) -> None:
    sandbox.store.close()
    assert refusal(api.post("update", UPDATE)) == (500, "InternalError")


def test_a_request_beyond_reason_is_refused(sandbox: Sandbox, api: Api) -> None:
    assert refusal(api.post("update", UPDATE | {"username": "u" * 1_000_000}))[0] == 413
    assert sandbox.requests[0].status == 413


def test_event_list_filters_and_answers_the_newest_first(sandbox: Sandbox, api: Api) -> None:
    other = sandbox.store.put(url="https://example.com/2", event="Mailbox", mailboxId=9)
    times = [datetime(2026, 5, day, 9, tzinfo=UTC) for day in (7, 8, 9)]
    first = sandbox.store.fire(7001, at=times[0])
    second = sandbox.store.fire(other, at=times[1], delivered=False, http_status=503)
    third = sandbox.store.fire(7001, at=times[2], delivered=False)

    def found(**body: Any) -> list[int]:
        return [event["callbackEventId"] for event in data(api.post("event-list", body))["events"]]

    assert found() == [third, second, first]
    assert found(mailboxId=9) == [second]
    assert found(event="Parcel") == [third, first]
    assert found(beginDate="2026-05-08T09:00:00Z") == [third, second]
    assert found(endDate="2026-05-08T10:00:00+01:00") == [second, first]
    assert found(beginDate="2026-05-07T09:00:01Z", endDate="2026-05-09T08:59:59Z") == [second]
    assert found(recordsPerPage=2) == [third, second]
    assert found(recordsPerPage=2, pageNo=2) == [first]
    assert data(api.post("event-list", {"recordsPerPage": 2, "pageNo": 3}))["totalRecords"] == 3
    assert data(api.post("event-list", {"mailboxId": 9}))["events"][0] == {
        "callbackEventId": second,
        "callbackId": other,
        "event": "Mailbox",
        "mailboxId": 9,
        "objectId": 9_000_000_002,
        "status": "Error",
        "created": "2026-05-08T09:00:00Z",
        "delivered": None,
        "httpStatus": 503,
    }


@pytest.mark.parametrize(
    "dates",
    [
        {"beginDate": "yesterday"},
        {"endDate": "0001-01-01T00:00:00+14:00"},
        {"beginDate": "2026-05-08", "endDate": "2026-05-07"},
    ],
)
def test_event_list_refuses_bad_dates(api: Api, dates: dict[str, str]) -> None:
    assert refusal(api.post("event-list", dates)) == INVALID


def test_get_event_by_id_answers_the_payload(sandbox: Sandbox, api: Api) -> None:
    event = sandbox.store.fire(7001, at=datetime(2026, 5, 7, 9, tzinfo=UTC))
    answer = data(api.post("get-event-by-id", {"callbackEventId": event}))
    assert answer["payload"] == ('{"parcelId": 9000000001, "status": "InBoxReady", "created": "2026-05-07T09:00:00Z"}')
    assert (
        answer["callbackId"],
        answer["attempts"],
        answer["lastAttempt"],
        answer["delivered"],
        answer["httpStatus"],
    ) == (
        7001,
        1,
        "2026-05-07T09:00:00Z",
        "2026-05-07T09:00:00Z",
        200,
    )
    assert refusal(api.post("get-event-by-id", {"callbackEventId": event + 1})) == MISSING
