"""One registration on an API of either model, and on one that answers something else."""

from __future__ import annotations

from threading import Thread

import httpx
import pytest

from terraform_provider_ecgrid.api import errors
from terraform_provider_ecgrid.api.models import Callback
from terraform_provider_ecgrid.api.registrations import LookupModel, Registrations, Sighting
from tests.unit.api.both_models import (
    DELIVERY_OF_Q,
    E_ONE,
    ENTRY,
    GONE,
    HTML,
    ME,
    MISSING,
    NO_SUCH_PAGE,
    Q_ONE,
    USER,
    Api,
    E,
    Q,
    of_e,
    of_q,
    registrations,
)
from tests.unit.api.support import NESTED, REGISTRATION, client_of, ok, refusal

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
    "deliveries of other callbacks": (ok([of_q(7, callsRemaining=1), of_q(8, callsRemaining=1)]), "deliveries"),
    "entries of other callbacks": (ok([of_q(7)]), "unusable"),
}
OF_E = {
    "another callback": (ok(of_e(7)), "unusable"),
    "a delivery of model Q's": (ok(DELIVERY_OF_Q | {"payload": "{}"}), "unusable"),
    "a delivery": (ok(NESTED), "unusable"),
}


@pytest.mark.parametrize("model", [Q, E])
def test_a_callback_is_shown(model: LookupModel) -> None:
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
        for model in LookupModel
        for name, (answer, says) in (SHOWS_NOTHING | (OF_Q if model is Q else OF_E)).items()
    ],
)
def test_what_shows_nothing_makes_the_other_model_be_asked(
    model: LookupModel, answer: httpx.Response, says: str
) -> None:
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
    model: LookupModel, asked_first: bool, answer: httpx.Response, kind: type[errors.EcgridError]
) -> None:
    api = Api(**{"get_queue_by_id": answer} if model is Q else {"get_event_by_id": answer})
    with pytest.raises(kind) as caught:
        registrations(api).find(7001, model if asked_first else model.other)
    assert type(caught.value) is kind


@pytest.mark.parametrize("failure", [refusal(500), refusal(409, "DuplicateObject"), httpx.Response(405, html="<h1>No")])
def test_a_call_that_fails_does_not_hide_what_the_other_model_shows(failure: httpx.Response) -> None:
    for model, api in (
        (E, Api(get_queue_by_id=failure, get_event_by_id=ok(REGISTRATION))),
        (Q, Api(get_queue_by_id=ok(ENTRY), get_event_by_id=failure)),
    ):
        found = registrations(api)
        assert found.find(7001, model.other).model is model
        api.answers = {Q_ONE: failure, E_ONE: failure}
        with pytest.raises(errors.EcgridError):
            found.find(7001)
        assert len(api.calls) == 3, "once the model is known, its failure is the error"


@pytest.mark.parametrize("failure", [refusal(401), refusal(429)])
def test_what_any_call_would_end_in_is_asked_once(failure: httpx.Response) -> None:
    api = Api(get_queue_by_id=failure, get_event_by_id=ok(REGISTRATION))
    with pytest.raises(errors.Refused):
        registrations(api).find(7001)
    assert api.calls == [Q_ONE]


def test_deliveries_say_nothing_in_an_api_of_model_e() -> None:
    api = Api(get_queue_by_id=ok(NESTED), get_event_by_id=[ok(REGISTRATION), GONE, GONE])
    found = registrations(api)
    assert not found.find(7001).deliveries
    assert not found.find(7002).deliveries
    assert not registrations(api).find(7001, E).deliveries


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
def test_an_api_that_changes_its_model_loses_nothing(first: LookupModel) -> None:
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
    assert [one.queue_id for one in registrations(api).with_deliveries(7001, 1000).deliveries] == [2**40]
    assert b'"queueCount":1000' in api.requests[0].content
    with pytest.raises(errors.UnreadableAnswer):
        registrations(Api(get_event_by_id=ok(DELIVERY_OF_Q))).with_deliveries(7001, 1000)
