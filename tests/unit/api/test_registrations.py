"""Registrations on an API of either model, and on one that answers something else."""

from __future__ import annotations

from threading import Thread
from typing import Any

import httpx
import pytest

from terraform_provider_ecgrid.api import errors
from terraform_provider_ecgrid.api.models import Callback
from terraform_provider_ecgrid.api.registrations import Model, Registrations, Sighting
from tests.unit.api.support import NESTED, REGISTRATION, client_of, ok, refusal

Q, E = Model.QUEUE, Model.EVENT
Q_ONE, Q_LIST = "get-queue-by-id", "queue-list"
E_ONE, E_LIST = "get-event-by-id", "event-list"
ME = "me"

ENTRY = {
    "callbackId": 7001,
    "url": "https://app.example.com/webhooks/ecgrid-v2",
    "event": "Parcel",
    "status": "Active",
    "queuedAt": "2026-05-07T09:00:00Z",
    "attempts": 1,
    "lastHttpStatus": 200,
}
DELIVERY_OF_Q = {"callbackEventId": 7001, "callbackId": 7, "event": "Parcel", "created": "2026-05-07T09:00:00Z"}
GONE = refusal(404, "ObjectNotFound")
NO_SUCH_PAGE = refusal(404)
MISSING = httpx.Response(
    400,
    json={"title": "One or more errors.", "status": 400, "errors": {"callBackQueueId": ["Required."]}},
)
HTML = httpx.Response(200, html="<h1>Welcome</h1>")
USER = ok({"userId": 1, "login": "jo", "networkId": 5050, "mailboxId": 12345, "sessionId": "s-1f"})


class Api(httpx.BaseTransport):
    """Answers each call with its own answer, or its own ones in turn, and keeps the names of the calls."""

    def __init__(self, **answers: httpx.Response | list[httpx.Response]) -> None:
        self.answers = {name.replace("_", "-"): answer for name, answer in answers.items()}
        self.calls: list[str] = []
        self.requests: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        name = request.url.path.rpartition("/")[2]
        self.calls.append(name)
        self.requests.append(request)
        answer = self.answers.get(name, NO_SUCH_PAGE)
        if isinstance(answer, list):
            answer = answer.pop(0)
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)


def registrations(api: Api, network_id: int | None = None) -> Registrations:
    return Registrations(client_of(api, base_url="http://localhost", max_retries=0), network_id)


def q_page(*listed: object, **fields: object) -> httpx.Response:
    return ok({"queueEntries": list(listed)} | fields)


def e_page(*listed: object) -> httpx.Response:
    return ok({"count": len(listed), "events": list(listed)})


def of_q(number: int, **fields: object) -> dict[str, Any]:
    return ENTRY | {"callbackId": number} | fields


def of_e(number: int, **fields: object) -> dict[str, Any]:
    return REGISTRATION | {"callBackEventId": number, "queue": []} | fields


SHOWS_NOTHING = {
    "no record": (ok(None), "unusable"),
    "no registration": (ok({"status": "Active"}), "unusable"),
    "deep": (ok({"url": [[[]]], "callbackId": [[]], "callBackEventId": {}}), "unusable"),
    "another type": (httpx.Response(200, content=rb'{"success": true, "data": "\ud800"}'), "unusable"),
    "not found": (GONE, "not found"),
    "404 without code": (NO_SUCH_PAGE, "unusable"),
    "404 of RFC 7807": (httpx.Response(404, json={"title": "Not Found", "status": 404}), "unusable"),
    "missing parameter": (MISSING, "unusable"),
    "not found with 200": (refusal(200, "ObjectNotFound"), "unusable"),
    "contradiction": (httpx.Response(200, json={"success": False, "data": {"callbackId": 7001}}), "unusable"),
    **{str(status): (refusal(status, "Whatever"), "unusable") for status in (400, 403, 405, 410, 422, 501)},
}
OF_Q = {
    "another callback": (ok(of_q(7)), "unusable"),
    "nothing listed": (ok([]), "usable"),
    "several entries": (ok([ENTRY, ENTRY | {"attempts": 2}]), "deliveries"),
    "an entry twice": (ok([ENTRY, ENTRY]), "deliveries"),
    "a delivery": (ok(ENTRY | {"callBackQueueId": 5}), "deliveries"),
    "a delivery of another callback": (ok(of_q(7, nextCall=None)), "deliveries"),
    "a delivery by its state": (ok(ENTRY | {"status": "Failed"}), "deliveries"),
    "a delivery of model E's": (ok(NESTED), "deliveries"),
}
OF_E = {
    "another callback": (ok(of_e(7)), "unusable"),
    "a delivery of model Q's": (ok(DELIVERY_OF_Q | {"payload": "{}"}), "unusable"),
    "a delivery": (ok(NESTED), "unusable"),
}


@pytest.mark.parametrize("model", [Q, E])
def test_a_callback_is_shown(model: Model) -> None:
    api = Api(get_queue_by_id=ok(ENTRY)) if model is Q else Api(get_event_by_id=ok(REGISTRATION))
    found = registrations(api)
    seen = found.find(7001, model)
    assert isinstance(seen.registration, Callback)
    assert seen.registration.callback_id == 7001
    assert (seen.model, found.model, seen.usable, seen.deliveries) == (model, model, True, False)
    assert api.calls == [Q_ONE if model is Q else E_ONE]


@pytest.mark.parametrize(
    ("model", "answer", "says"),
    [
        pytest.param(model, answer, says, id=f"{model}: {name}")
        for model in Model
        for name, (answer, says) in (SHOWS_NOTHING | (OF_Q if model is Q else OF_E)).items()
    ],
)
def test_what_shows_nothing_makes_the_other_model_be_asked(model: Model, answer: httpx.Response, says: str) -> None:
    nothing = Api(**{"get_queue_by_id": answer} if model is Q else {"get_event_by_id": answer})
    found = registrations(nothing)
    assert found.find(7001, model) == Sighting(
        not_found=frozenset({model} if says == "not found" else ()),
        usable=says != "unusable",
        deliveries=says == "deliveries",
    )
    assert nothing.calls == ([Q_ONE, E_ONE] if model is Q else [E_ONE, Q_ONE])
    assert found.model is None

    nothing.answers |= {E_ONE: ok(REGISTRATION)} if model is Q else {Q_ONE: ok(ENTRY)}
    seen = found.find(7001, model)
    assert seen.registration is not None
    assert (seen.model, seen.usable) == (model.other, True)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (refusal(401, "InvalidAPIKey"), errors.Unauthorized),
        (refusal(200, "InvalidSession"), errors.Unauthorized),
        (refusal(429, "RateLimitExceeded"), errors.RateLimited),
        (refusal(500, "InternalError"), errors.ServerError),
        (refusal(503), errors.ServerError),
        (refusal(409, "DuplicateObject"), errors.DuplicateObject),
        (HTML, errors.NotEcgrid),
        (httpx.Response(404, text="not found"), errors.NotEcgrid),
        (httpx.Response(404), errors.NotEcgrid),
        (httpx.Response(200, content=b'{"success": true, "da'), errors.NotEcgrid),
        (httpx.Response(403, json={"message": "Forbidden"}), errors.NotEcgrid),
        (httpx.Response(302, headers={"Location": "/login"}), errors.NotEcgrid),
    ],
)
@pytest.mark.parametrize("model", [Q, E])
@pytest.mark.parametrize("asked_first", [True, False])
def test_what_is_an_error_of_a_lookup(
    model: Model, asked_first: bool, answer: httpx.Response, kind: type[errors.EcgridError]
) -> None:
    api = Api(**{"get_queue_by_id": answer} if model is Q else {"get_event_by_id": answer})
    with pytest.raises(kind) as caught:
        registrations(api).find(7001, model if asked_first else model.other)
    assert type(caught.value) is kind


def test_a_lost_connection_is_an_error() -> None:
    def lost(_: httpx.Request) -> httpx.Response:
        raise httpx.ReadError("lost")

    client = client_of(httpx.MockTransport(lost), base_url="http://localhost", max_retries=0)
    with pytest.raises(errors.NoAnswer):
        Registrations(client).find(7001)


@pytest.mark.parametrize(
    ("api", "asked"),
    [
        (Api(get_queue_by_id=ok(ENTRY)), [Q_ONE]),
        (Api(get_queue_by_id=MISSING, get_event_by_id=ok(REGISTRATION)), [Q_ONE, E_ONE]),
        (Api(get_queue_by_id=GONE, get_event_by_id=ok(REGISTRATION)), [Q_ONE, E_ONE]),
        (Api(get_queue_by_id=ok(NESTED), get_event_by_id=ok(REGISTRATION)), [Q_ONE, E_ONE]),
    ],
)
def test_first_contact_asks_model_q_first_and_the_model_seen_costs_one_request(api: Api, asked: list[str]) -> None:
    found = registrations(api)
    assert found.find(7001).registration is not None
    assert api.calls == asked
    found.find(7001)
    # What a callback's own past says counts less than what the API does now.
    found.find(7001, Q if asked[-1] == E_ONE else E)
    assert api.calls == [*asked, asked[-1], asked[-1]]


@pytest.mark.parametrize("first", [Q, E])
def test_an_api_that_changes_its_model_loses_nothing(first: Model) -> None:
    of_each = {Q: {Q_ONE: ok(ENTRY), E_ONE: GONE}, E: {Q_ONE: GONE, E_ONE: ok(REGISTRATION)}}
    api = Api()
    found = registrations(api)
    for model in (first, first.other, first):
        api.answers = dict(of_each[model])
        seen = found.find(7001, first)
        assert (seen.model, found.model) == (model, model)
        assert seen.registration is not None


def test_both_lookups_may_say_not_found() -> None:
    seen = registrations(Api(get_queue_by_id=GONE, get_event_by_id=GONE)).find(7001)
    assert seen == Sighting(not_found=frozenset((Q, E)), usable=True)


def test_a_list_of_model_q_is_read_to_its_end_in_id_order() -> None:
    api = Api(queue_list=[q_page(*map(of_q, range(1000, 500, -1))), q_page(of_q(3))])
    listing = registrations(api).list_queue(mailbox_id=5, status="Active")
    assert list(listing.registrations) == [3, *range(501, 1001)]
    assert (listing.complete, listing.deliveries) == (True, False)
    assert api.calls == [Q_LIST, Q_LIST]


@pytest.mark.parametrize(
    ("pages", "shown", "complete", "deliveries"),
    [
        ([q_page()], [], True, False),
        ([q_page(totalRecords=0)], [], True, False),
        ([q_page(of_q(1), totalRecords=9), q_page()], [1], True, False),
        ([q_page(of_q(1), {"url": "x"})], [1], False, False),
        ([q_page(*map(of_q, range(1, 501)))] * 2, list(range(1, 501)), False, False),  # pageNo is ignored
        ([q_page(of_q(1), of_q(2), totalRecords=9), q_page(of_q(2), of_q(3)), q_page()], [1, 2, 3], True, False),
        ([q_page(of_q(1), of_q(2), of_q(2, attempts=7))], [1], False, True),
        ([q_page(of_q(1), of_q(2, status="Pending"))], [1], False, True),
        ([q_page(of_q(1), of_q(2, callsRemaining=1))], [1], False, True),
        ([q_page(of_q(1), NESTED)], [1], False, True),
    ],
)
def test_what_a_list_of_model_q_shows(
    pages: list[httpx.Response], shown: list[int], complete: bool, deliveries: bool
) -> None:
    listing = registrations(Api(queue_list=pages)).list_queue()
    assert (list(listing.registrations), listing.complete, listing.deliveries) == (shown, complete, deliveries)


def test_a_list_of_which_a_page_is_not_answered_is_an_error() -> None:
    api = Api(queue_list=[q_page(of_q(1), totalRecords=2), refusal(429, "RateLimitExceeded")])
    with pytest.raises(errors.RateLimited):
        registrations(api).list_queue()


@pytest.mark.parametrize(
    ("answer", "shown", "complete"),
    [
        (e_page(of_e(2), of_e(1, status="Terminated")), [1, 2], True),
        (ok([of_e(1)]), [1], True),
        (ok([]), [], True),
        (e_page(of_e(1), {"callBackEventId": 2}), [1], False),
        (ok({"totalRecords": 1, "pageNo": 1, "recordsPerPage": 500, "events": [DELIVERY_OF_Q]}), [], False),
        (ok({"totalRecords": 0, "events": []}), [], False),
    ],
)
def test_what_a_list_of_model_e_shows(answer: httpx.Response, shown: list[int], complete: bool) -> None:
    listing = registrations(Api(event_list=answer)).list_scope(5050, 12345)
    assert (list(listing.registrations), listing.complete, listing.deliveries) == (shown, complete, False)


def test_all_are_listed_page_by_page_by_model_q() -> None:
    api = Api(queue_list=[q_page(of_q(2), {"url": "x"}, totalRecords=9), q_page(of_q(2), of_q(1)), q_page()])
    found = registrations(api)
    pages = found.iter_listed(mailbox_id=5, status="Active")
    first = next(pages)
    assert ([one.callback_id for one in first.registrations], first.unreadable) == ([2], 1)
    assert api.calls == [Q_LIST]
    assert [one.callback_id for page in pages for one in page.registrations] == [1]
    assert found.model is Q


UNDER_E = {"queue_list": MISSING, "get_queue_by_id": MISSING, "me": USER}


@pytest.mark.parametrize(
    ("own_network", "asked", "sent", "calls"),
    [
        (None, {}, (5050, 12345), [Q_LIST, ME, E_LIST]),
        (6060, {}, (6060, 12345), [Q_LIST, ME, E_LIST]),
        (6060, {"mailbox_id": 5}, (6060, 5), [Q_LIST, E_LIST]),
        (6060, {"network_id": 7070, "mailbox_id": 0}, (7070, 0), [E_LIST]),
        (None, {"network_id": 7070}, (7070, 12345), [ME, E_LIST]),
    ],
)
def test_all_are_listed_by_model_e(
    own_network: int | None, asked: dict[str, int], sent: tuple[int, int], calls: list[str]
) -> None:
    api = Api(event_list=e_page(of_e(1), of_e(2, status="Suspended"), {"status": "?"}), **UNDER_E)
    found = registrations(api, own_network)
    (page,) = found.iter_listed(**asked, status="Suspended")
    assert ([one.callback_id for one in page.registrations], page.unreadable) == ([2], 1)
    assert found.model is E
    assert api.calls == calls
    network, mailbox = sent
    body = httpx.Response(200, content=api.requests[-1].content).json()
    assert body == {"networkId": network, "mailboxId": mailbox, "showInactive": True}


@pytest.mark.parametrize("queue_list", [q_page(NESTED), q_page(of_q(1), of_q(1, attempts=2)), ok({"count": 0})])
def test_a_list_of_deliveries_makes_model_e_be_asked(queue_list: httpx.Response) -> None:
    found = registrations(Api(queue_list=queue_list, event_list=e_page(of_e(1)), me=USER))
    assert [one.callback_id for page in found.iter_listed() for one in page.registrations] == [1]
    assert found.model is E


def test_an_empty_list_is_empty_and_tells_no_model() -> None:
    found = registrations(Api(queue_list=q_page()))
    assert [page.registrations for page in found.iter_listed()] == [[]]
    assert found.model is None


DELIVERIES_OF_Q = ok({"totalRecords": 1, "pageNo": 1, "recordsPerPage": 500, "events": [DELIVERY_OF_Q]})


@pytest.mark.parametrize(
    ("api", "asked", "kind"),
    [
        pytest.param(Api(event_list=DELIVERIES_OF_Q, me=USER), {"network_id": 5}, errors.NotListedByNetwork, id="Q"),
        pytest.param(Api(event_list=MISSING, me=USER), {"network_id": 5}, errors.NotListedByNetwork, id="Q: 400"),
        pytest.param(Api(), {"network_id": 0}, errors.NotListedByNetwork, id="network 0"),
        pytest.param(
            Api(event_list=refusal(403, "AccessDenied"), me=USER), {"network_id": 5}, errors.AccessDenied, id="E: 403"
        ),
        pytest.param(Api(event_list=GONE, me=USER), {"network_id": 5}, errors.NotFound, id="E: no such network"),
        pytest.param(Api(event_list=HTML, me=USER), {"network_id": 5}, errors.NotEcgrid, id="E: not ECGrid's"),
        pytest.param(Api(me=refusal(500), queue_list=MISSING), {}, errors.ServerError, id="no user"),
        pytest.param(Api(me=ok({}), queue_list=refusal(403)), {}, errors.AccessDenied, id="no network known"),
        pytest.param(
            Api(queue_list=refusal(403, "AccessDenied"), event_list=MISSING, me=USER),
            {},
            errors.AccessDenied,
            id="both",
        ),
        pytest.param(Api(queue_list=refusal(429)), {}, errors.RateLimited, id="rate limit"),
        pytest.param(Api(queue_list=HTML), {}, errors.NotEcgrid, id="not ECGrid's"),
    ],
)
def test_what_is_an_error_of_a_list(api: Api, asked: dict[str, Any], kind: type[errors.EcgridError]) -> None:
    with pytest.raises(errors.EcgridError) as caught:
        list(registrations(api).iter_listed(**asked))
    assert type(caught.value) is kind


def test_an_api_that_was_seen_to_follow_model_q_is_not_asked_for_a_network() -> None:
    api = Api(get_queue_by_id=ok(ENTRY))
    found = registrations(api)
    found.find(7001)
    with pytest.raises(errors.NotListedByNetwork):
        list(found.iter_listed(network_id=5050))
    assert api.calls == [Q_ONE]


def test_the_user_is_asked_for_once_by_all_threads() -> None:
    api = Api(me=USER)
    found = registrations(api)
    threads = [Thread(target=found.own) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (found.own().network_id, found.own().mailbox_id) == (5050, 12345)
    assert api.calls == [ME]


def test_a_user_that_was_not_answered_is_asked_for_again() -> None:
    found = registrations(Api(me=[refusal(503), USER]))
    with pytest.raises(errors.ServerError):
        found.own()
    assert found.own().network_id == 5050


def test_the_deliveries_of_a_callback_are_those_of_model_e() -> None:
    api = Api(get_event_by_id=ok(REGISTRATION))
    assert [one.queue_id for one in registrations(api).deliveries_of(7001, 1000)] == [2**40]
    assert b'"queueCount":1000' in api.requests[0].content
    with pytest.raises(errors.UnreadableAnswer):
        registrations(Api(get_event_by_id=ok(DELIVERY_OF_Q))).deliveries_of(7001, 1000)
