"""Lists of registrations on an API of either model, and on one that answers something else."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from terraform_provider_ecgrid.api import errors
from tests.unit.api.both_models import (
    DELIVERY_OF_Q,
    E_LIST,
    ENTRY,
    GONE,
    HTML,
    ME,
    MISSING,
    Q_LIST,
    Q_ONE,
    USER,
    Api,
    E,
    Q,
    e_page,
    of_e,
    of_q,
    q_page,
    registrations,
)
from tests.unit.api.support import NESTED, ok, refusal


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
        (ok({"count": 9, "events": [of_e(1)]}), [1], False),
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


@pytest.mark.parametrize("failure", [refusal(500), HTML])
def test_a_list_that_fails_hides_nothing_that_model_e_lists(failure: httpx.Response) -> None:
    found = registrations(Api(queue_list=failure, event_list=e_page(of_e(1)), me=USER))
    assert [one.callback_id for page in found.iter_listed() for one in page.registrations] == [1]
    with pytest.raises(errors.EcgridError):
        list(registrations(Api(queue_list=failure, event_list=e_page(), me=USER)).iter_listed())


def test_an_empty_list_of_an_unknown_model_makes_model_e_be_asked() -> None:
    found = registrations(Api(queue_list=ok([]), event_list=e_page(of_e(1)), me=USER))
    assert [one.callback_id for page in found.iter_listed() for one in page.registrations] == [1]
    assert found.model is E


@pytest.mark.parametrize(
    ("seen", "asked", "lists"),
    [
        ({}, {"network_id": 7070}, [{"networkId": 7070, "mailboxId": 0}, {"networkId": 7070, "mailboxId": 12345}]),
        ({}, {"network_id": 7070, "mailbox_id": 5}, [{"networkId": 7070, "mailboxId": 5}]),
        ({}, {}, [{"networkId": 5050, "mailboxId": 0}, {"networkId": 5050, "mailboxId": 12345}]),
        ({"get_event_by_id": ok(of_e(7))}, {"mailbox_id": 5}, [{"networkId": 5050, "mailboxId": 5}]),
    ],
)
@pytest.mark.parametrize("queue_list", [MISSING, ok([]), q_page(NESTED)])
def test_what_may_be_a_registration_is_listed_by_model_e_for_its_own_scope(
    seen: dict[str, httpx.Response], asked: dict[str, int], lists: list[dict[str, int]], queue_list: httpx.Response
) -> None:
    answers = [refusal(403, "AccessDenied")] * (len(lists) - 1) + [e_page(of_e(1))]
    api = Api(queue_list=queue_list, event_list=answers, me=USER, **seen)
    found = registrations(api)
    if seen:
        found.find(7)
    assert [one.callback_id for one in found.candidates(**asked)] == [1]
    sent = [json.loads(request.content) for request in api.requests if request.url.path.endswith(E_LIST)]
    assert sent == [one | {"showInactive": True} for one in lists]
    assert (Q_LIST in api.calls) is not bool(seen)


def test_what_may_be_a_registration_is_listed_by_model_q_without_a_network() -> None:
    api = Api(queue_list=q_page(of_q(1)))
    assert [one.callback_id for one in registrations(api).candidates(mailbox_id=5, network_id=7070)] == [1]
    assert json.loads(api.requests[0].content)["mailboxId"] == 5
    with pytest.raises(errors.AccessDenied):
        registrations(Api(queue_list=refusal(403), event_list=refusal(403), me=USER)).candidates()


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
