"""How far lookups are believed: what shows a callback, and what proves that it is gone."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from terraform_provider_ecgrid.api.enums import LookupModel
from terraform_provider_ecgrid.api.errors import EcgridError
from terraform_provider_ecgrid.callback.find import find_with_scope, hides, learn
from terraform_provider_ecgrid.callback.private_state import PrivateState
from terraform_provider_ecgrid.plugin.authoring import State
from tests.unit.api.both_models import (
    E_LIST,
    E_ONE,
    GONE,
    HTML,
    MISSING,
    Q_LIST,
    Q_ONE,
    Api,
    e_page,
    of_e,
    of_q,
    q_page,
)
from tests.unit.api.support import ok, refusal
from tests.unit.callback.scripted_access import Process, held

REFUSED = refusal(403, "AccessDenied")
URL = "https://a.example.com/"
BY_Q = PrivateState(shown_by=LookupModel.QUEUE)
BY_E = PrivateState(shown_by=LookupModel.EVENT, scope=(5050, 12345))
ACTIVE = held(callback_id=7001, id="7001", url=URL, event="Parcel", status="Active")
SHOWN = ACTIVE | {"url": of_q(7001)["url"]}
OTHER = of_q(5)
WITHOUT = q_page(OTHER)
FULL = q_page(OTHER, recordsPerPage=1)
DELIVERY = OTHER | {"callsRemaining": 1}
OF_MODEL_Q = ok({"totalRecords": 0, "pageNo": 1, "recordsPerPage": 100, "events": []})

Answers = dict[str, httpx.Response | list[httpx.Response]]


def read(
    answers: Answers, current: State = ACTIVE, memory: PrivateState = BY_Q
) -> tuple[State | None, PrivateState, list[str], Api]:
    """Refresh; return the state, what is remembered, the summaries of what was said, and the API."""
    api = Api(**answers)
    state, private, problems = Process(transport=api).read(current, memory.dump())
    return state, PrivateState.load(private), [summary for _, summary, _ in problems], api


def of_model_q(**answers: httpx.Response | list[httpx.Response]) -> Answers:
    """An API in which all evidence of model Q says that the callback is gone, but for `answers`."""
    return {"get_queue_by_id": GONE, "queue_list": WITHOUT} | answers


def of_model_e(**answers: httpx.Response | list[httpx.Response]) -> Answers:
    """An API in which all evidence of model E says that the callback is gone, but for `answers`."""
    evidence: Answers = {"get_event_by_id": GONE, "event_list": e_page(of_e(5))}
    return evidence | {"get_queue_by_id": MISSING, "queue_list": MISSING} | answers


def test_with_all_evidence_of_model_q_a_callback_leaves_the_state() -> None:
    state, _, told, api = read(of_model_q())
    assert (state, told) == (None, ["Callback 7001 is gone"])
    assert api.calls == [Q_ONE, E_ONE, Q_LIST, Q_LIST, Q_LIST], "the list is asked without a status and with two"


def test_with_all_evidence_of_model_e_a_callback_leaves_the_state() -> None:
    state, _, told, api = read(of_model_e(), memory=BY_E)
    assert (state, told) == (None, ["Callback 7001 is gone"])
    assert api.calls == [E_ONE, Q_ONE, Q_LIST, E_LIST]


@pytest.mark.parametrize(
    ("answers", "memory"),
    [
        ({"get_queue_by_id": REFUSED}, BY_Q),
        ({"get_queue_by_id": refusal(404)}, BY_Q),
        ({"get_queue_by_id": ok([])}, BY_Q),
        ({"queue_list": REFUSED}, BY_Q),
        ({"queue_list": FULL}, BY_Q),
        ({"queue_list": q_page(OTHER, {"event": "Parcel"})}, BY_Q),
        ({"queue_list": q_page(DELIVERY)}, BY_Q),
        ({"queue_list": [WITHOUT, q_page(DELIVERY)]}, BY_Q),
        ({}, PrivateState()),
        ({}, PrivateState.load(b"of another version")),
        ({}, PrivateState(shown_by=LookupModel.QUEUE, deliveries_seen=True)),
        ({}, BY_E),
    ],
    ids=[
        "by id refused",
        "a 404 of another kind",
        "by id empty",
        "list refused",
        "list full",
        "list with an unreadable entry",
        "list of deliveries",
        "list of a status of deliveries",
        "never shown",
        "nothing remembered",
        "deliveries seen before",
        "shown by the other model",
    ],
)
def test_a_missing_piece_of_model_qs_evidence_keeps_it(answers: Answers, memory: PrivateState) -> None:
    assert read(of_model_q(**answers), memory=memory)[0] == ACTIVE


@pytest.mark.parametrize(
    ("answers", "memory"),
    [
        ({"get_event_by_id": REFUSED}, BY_E),
        ({"get_event_by_id": refusal(404)}, BY_E),
        ({"event_list": REFUSED}, BY_E),
        ({"event_list": refusal(500)}, BY_E),
        ({"event_list": HTML}, BY_E),
        ({"event_list": OF_MODEL_Q}, BY_E),
        ({"event_list": e_page(of_e(5), {"direction": "InBox"})}, BY_E),
        ({}, BY_E.model_copy(update={"scope": (0, 12345)})),
        ({}, BY_E.model_copy(update={"scope": None})),
        ({}, PrivateState()),
        ({}, BY_Q),
    ],
    ids=[
        "by id refused",
        "a 404 of another kind",
        "list refused",
        "list failed",
        "list not ECGrid's",
        "list in the shape of model Q",
        "list with an unreadable entry",
        "network 0",
        "scope not known",
        "nothing remembered",
        "shown by the other model",
    ],
)
def test_a_missing_piece_of_model_es_evidence_keeps_it(answers: Answers, memory: PrivateState) -> None:
    assert read(of_model_e(**answers), memory=memory)[0] == ACTIVE


@pytest.mark.parametrize(
    ("answers", "memory", "model"),
    [
        ({"get_queue_by_id": ok(of_q(7001))}, BY_E, LookupModel.QUEUE),
        ({"queue_list": q_page(of_q(7001))}, BY_E, LookupModel.QUEUE),
        ({"get_event_by_id": ok(of_e(7001))}, BY_Q, LookupModel.EVENT),
    ],
)
def test_what_the_other_model_shows_is_kept_and_is_remembered(
    answers: Answers, memory: PrivateState, model: LookupModel
) -> None:
    base = of_model_e() if memory is BY_E else of_model_q()
    state, after, told, _ = read(base | answers, memory=memory)
    assert state is not None
    assert (state["url"], after.shown_by, told) == (SHOWN["url"], model, [])


def test_only_the_list_of_the_scope_may_show_it_in_model_e() -> None:
    state, after, _, _ = read(of_model_e(event_list=e_page(of_e(7001))), memory=BY_E)
    assert state is not None
    assert (state["url"], after.shown_by) == (SHOWN["url"], LookupModel.EVENT)


def test_what_model_e_shows_is_remembered_with_its_scope() -> None:
    shown = ok(of_e(7001, networkId=77, mailboxId=9))
    _, after, _, api = read({"get_event_by_id": shown}, memory=BY_E)
    assert (after.shown_by, after.scope) == (LookupModel.EVENT, (77, 9))
    assert api.calls == [E_ONE], "a remembered model costs one request"


@pytest.mark.parametrize(
    "sign",
    [
        {"callBackQueueId": 1},
        {"callBackQueueId": None},
        {"callsRemaining": 0},
        {"nextCall": None},
        *({"status": status} for status in ("Pending", "Completed", "Delivered", "Error", "Failed", "Canceled")),
    ],
)
def test_a_sign_of_deliveries_keeps_it_for_ever(sign: dict[str, Any]) -> None:
    for answers in ({"queue_list": q_page(OTHER | sign)}, {"get_queue_by_id": ok(of_q(7001) | sign)}):
        state, after, _, _ = read(of_model_q(**answers))
        assert state == ACTIVE, "a delivery shows nothing"
        assert after.deliveries_seen
        assert read(of_model_q(), memory=after)[0] == ACTIVE


def test_several_entries_of_one_id_are_deliveries() -> None:
    state, after, _, _ = read(of_model_q(queue_list=q_page(OTHER, OTHER | {"event": "User"})))
    assert (state, after.deliveries_seen) == (ACTIVE, True)


@pytest.mark.parametrize("status", ["Suspended", "Terminated"])
@pytest.mark.parametrize("listing", [REFUSED, refusal(500), FULL, q_page(DELIVERY)])
def test_a_callback_that_may_be_hidden_stays_unless_the_list_of_its_status_was_answered_in_full(
    status: str, listing: httpx.Response
) -> None:
    current = ACTIVE | {"status": status}
    assert read(of_model_q(queue_list=[WITHOUT, *[listing] * 5]), current)[0] == current
    assert read(of_model_q(), current)[0] is None


def test_a_callback_that_only_the_list_of_a_status_shows_is_drift_and_not_gone() -> None:
    listed = q_page(of_q(7001, status="Suspended"))
    assert read(of_model_q(queue_list=[WITHOUT, listed]))[0] == SHOWN | {"status": "Suspended"}


def test_an_active_callback_leaves_though_ecgrid_refuses_to_list_by_status() -> None:
    assert read(of_model_q(queue_list=[WITHOUT, REFUSED, REFUSED]))[0] is None


def test_an_account_that_may_list_mailboxes_only_is_asked_for_the_callbacks_own() -> None:
    api = of_model_q(queue_list=[REFUSED, WITHOUT, REFUSED, WITHOUT, REFUSED, WITHOUT])
    assert read(api, ACTIVE | {"mailbox_id": 12345})[0] is None


def test_lookups_of_which_none_can_be_used_are_told_once_per_run() -> None:
    process = Process(transport=Api(get_queue_by_id=REFUSED, queue_list=REFUSED, get_event_by_id=REFUSED))
    told = [process.read(ACTIVE | {"callback_id": number}, b"")[2] for number in (1, 2, 3)]
    assert [[summary for _, summary, _ in one] for one in told] == [["Callbacks not visible at ECGrid"], [], []]


def test_the_mailbox_of_model_q_comes_from_the_list() -> None:
    listed = Api(get_queue_by_id=ok(of_q(7001)), queue_list=q_page(of_q(7001, mailboxId=12345)))
    found, scope_known = find_with_scope(Process(transport=listed).registrations, 7001)
    assert found.registration is not None
    assert (found.registration.mailbox_id, scope_known) == (12345, True)
    refused = Api(get_queue_by_id=ok(of_q(7001)), queue_list=REFUSED)
    found, scope_known = find_with_scope(Process(transport=refused).registrations, 7001)
    assert found.registration is not None
    assert (found.registration.mailbox_id, scope_known) == (None, False)


@pytest.mark.parametrize("failure", [refusal(500), refusal(429), HTML])
def test_a_list_that_fails_is_neither_refused_nor_without_the_callback(failure: httpx.Response) -> None:
    for by_id in (ok(of_q(7001)), GONE):
        process = Process(transport=Api(get_queue_by_id=by_id, queue_list=failure))
        for pages in (None, process.pages):
            with pytest.raises(EcgridError):
                find_with_scope(process.registrations, 7001, pages)


@pytest.mark.parametrize("scope", [5_000_000_000, -1])
def test_a_scope_that_cannot_be_one_is_not_asked_for(scope: int) -> None:
    memory = b'{"version":1,"origin":"imported","shown_by":"event","scope":[%d,%d]}' % (scope, scope)
    current = ACTIVE | {"mailbox_id": scope, "network_id": scope}
    api = Api(get_queue_by_id=GONE, get_event_by_id=GONE, queue_list=REFUSED, event_list=e_page())
    process = Process(transport=api)
    for private in (memory, BY_Q.dump()):
        state, _, _ = process.read(current, private)
        assert state == current
    assert all(str(scope) not in request.content.decode() for request in api.requests)


def test_deliveries_of_model_q_neither_mark_a_callback_of_model_e_nor_end_its_lists() -> None:
    nested = {"callBackQueueId": 1, "event": {"callBackEventId": 7003}}
    api = Api(**of_model_e(get_queue_by_id=ok(nested), queue_list=ok([nested]), event_list=e_page(of_e(7002))))
    process = Process(transport=api)
    _, private, _ = process.read(ACTIVE, BY_E.dump())
    assert not PrivateState.load(private).deliveries_seen
    process.read(ACTIVE | {"callback_id": 7002}, BY_E.dump())
    asked = len(api.calls)
    for _ in range(3):
        process.read(ACTIVE | {"callback_id": 7002}, BY_E.dump())
    assert api.calls[asked:] == [E_LIST]


@pytest.mark.parametrize("failure", [GONE, refusal(500), REFUSED, HTML], ids=["404", "500", "403", "not ECGrid's"])
def test_the_lookup_after_the_first_apply_fails_nothing(failure: httpx.Response) -> None:
    private = PrivateState()
    reads = Process(transport=Api(get_queue_by_id=failure, get_event_by_id=failure)).registrations
    assert learn(reads, 7001, private) is None
    assert private == PrivateState()


def test_the_lookup_after_the_first_apply_remembers_model_scope_and_spelling() -> None:
    private = PrivateState(url_unseen=True)
    shown = ok(of_e(7001, url="https://A.example.com:443", networkId=5050, mailboxId=9))
    learn(Process(transport=Api(get_event_by_id=shown)).registrations, 7001, private, "https://a.example.com/")
    assert (private.shown_by, private.scope) == (LookupModel.EVENT, (5050, 9))
    assert private.as_configured("https://A.example.com:443") == "https://a.example.com/"


@pytest.mark.parametrize(("status", "may_hide"), [("Suspended", True), ("Terminated", True), ("Active", False)])
def test_a_status_may_hide_a_callback_from_model_q(status: str, may_hide: bool) -> None:
    assert hides({"status": status}) is may_hide
    assert not hides({"url": URL})
