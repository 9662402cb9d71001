from __future__ import annotations

from typing import Any

import httpx
import pytest
from tf.types import Unknown
from tf.utils import Diagnostics

from terraform_provider_ecgrid.data_sources.callbacks import CallbacksDataSource
from terraform_provider_ecgrid.list_resources.callback import CallbackListResource
from terraform_provider_ecgrid.plugin.authoring import ListContext, Listed, ReadDataContext
from terraform_provider_ecgrid.provider import EcgridProvider
from terraform_provider_ecgrid.session import Session
from tests.unit.api.support import ok, refusal
from tests.unit.callback.scripted_access import ScriptedAccess, said

ALL: dict[str, Any] = dict.fromkeys(("mailbox_id", "network_id", "status", "event"))


def page(*listed: dict[str, Any], total: int) -> httpx.Response:
    return ok({"queueEntries": list(listed), "totalRecords": total, "recordsPerPage": 500})


def entry(number: int, **fields: Any) -> dict[str, Any]:
    known = {"callbackId": number, "url": f"https://a{number}.example.com/hook?token=s3cr3t", "event": "Parcel"}
    return known | {"status": "Active", "mailboxId": 5} | fields


def listing(access: Any, config: dict[str, Any] = ALL, **asked: Any) -> tuple[list[Listed], Diagnostics]:
    ctx = ListContext(Diagnostics(), "ecgrid_callback", **asked)
    return list(CallbackListResource(access).list(ctx, config)), ctx.diagnostics


def ids(listed: list[Listed]) -> list[int]:
    return [one.identity["callback_id"] for one in listed]


def test_a_callback_that_is_on_two_pages_is_listed_once() -> None:
    access = ScriptedAccess(
        ok({"queueEntries": [entry(1), entry(2)], "totalRecords": 4}), page(entry(2), entry(3), total=4)
    )
    listed, diags = listing(access)
    assert ids(listed) == [1, 2, 3]
    assert said(diags) == []


def test_several_entries_of_one_id_are_deliveries_and_not_listed() -> None:
    entries = [entry(1), entry(1, event="Network"), entry(2), entry(3, callBackQueueId=9)]
    assert ids(listing(ScriptedAccess(page(*entries, total=4)))[0]) == [2]


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({}, "7 Parcel at https://a7.example.com"),
        ({"url": "https://u:p@h.example.com:99/x?y#z"}, "7 Parcel at https://h.example.com:99"),
        ({"url": None}, "7 Parcel"),
        ({"event": None}, "7 unknown event at https://a7.example.com"),
        ({"url": "https://[oops/token"}, "7 Parcel at a URL that cannot be read"),
    ],
)
def test_display_name_has_id_event_and_host_and_nothing_behind_it(fields: dict[str, Any], name: str) -> None:
    (one,), _ = listing(ScriptedAccess(page(entry(7, **fields), total=1)))
    assert one.display_name == name


def test_the_next_page_is_not_asked_for_before_this_one_is_used_up() -> None:
    access = ScriptedAccess(ok({"queueEntries": [entry(1), entry(2)], "totalRecords": 3}), page(entry(3), total=3))
    ctx = ListContext(Diagnostics(), "ecgrid_callback")
    listed = CallbackListResource(access).list(ctx, ALL)
    assert len(access.sent) == 0
    assert ids([next(listed), next(listed)]) == [1, 2]
    assert len(access.sent) == 1
    assert ids([next(listed)]) == [3]
    assert [fields["pageNo"] for _, fields in access.sent] == [1, 2]


def test_no_page_is_asked_for_once_terraform_is_gone() -> None:
    access = ScriptedAccess(ok({"queueEntries": [entry(1)], "totalRecords": 2}), page(entry(2), total=2))
    listed, _ = listing(access, alive=lambda: False)
    assert ids(listed) == [1]
    assert len(access.sent) == 1


def test_filters_by_mailbox_and_status_are_the_apis_and_by_event_ours() -> None:
    access = ScriptedAccess(page(entry(1), entry(2, event="Mailbox"), total=2))
    listed, _ = listing(access, ALL | {"mailbox_id": 5, "status": "Active", "event": "Mailbox"})
    assert ids(listed) == [2]
    assert access.sent == [
        ("queue-list", {"mailboxId": 5, "status": "Active", "pageNo": 1, "recordsPerPage": 500}),
    ]


def test_a_mailbox_of_0_is_a_filter() -> None:
    access = ScriptedAccess(page(total=0))
    listing(access, ALL | {"mailbox_id": 0})
    assert access.sent[0][1]["mailboxId"] == 0


def test_the_error_of_a_later_page_says_how_many_were_listed() -> None:
    access = ScriptedAccess(
        ok({"queueEntries": [entry(1), entry(2)], "totalRecords": 4}), refusal(403, "AccessDenied", "No.")
    )
    listed, diags = listing(access)
    assert ids(listed) == [1, 2]
    ((severity, summary, detail),) = said(diags)
    assert (severity, summary) == ("error", "List of callbacks ended early")
    assert "2 callbacks were listed before the error, and there may be more." in detail
    assert "AccessDenied" in detail


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (refusal(429, "RateLimitExceeded"), "RateLimitExceeded"),
        (refusal(403, "AccessDenied"), "AccessDenied"),
        (page(total=0), None),
    ],
    ids=["rate-limited", "refused", "empty"],
)
def test_a_list_that_is_rate_limited_or_refused_is_not_empty(answer: httpx.Response, told: str | None) -> None:
    listed, diags = listing(ScriptedAccess(answer, max_retries=0))
    assert listed == []
    state = CallbacksDataSource(ScriptedAccess(answer, max_retries=0)).read(
        ReadDataContext(both := Diagnostics(), ""), ALL
    )
    for problems in (said(diags), said(both)):
        assert [told in detail for _, _, detail in problems if told] == ([True] if told else [])
    assert (state is None) is bool(told)


def test_a_provider_that_is_not_ready_is_an_error_that_names_the_argument() -> None:
    provider = EcgridProvider()
    provider.session = Session(unknown=("base_url",))
    listed, diags = listing(provider)
    assert listed == []
    ((_, summary, detail),) = said(diags)
    assert summary == "ECGrid not called"
    assert "`base_url`" in detail


def test_what_no_configuration_can_hold_is_told_where_the_resource_is_asked_for() -> None:
    entries = [entry(1, event="ParcelNotes"), entry(2), entry(3, url="http://a.example.com/hook?token=s3cr3t")]
    answer = page(*entries, total=3)
    assert said(listing(ScriptedAccess(answer))[1]) == []
    _, diags = listing(ScriptedAccess(answer), include_resource=True)
    first, second = said(diags)
    assert first[:2] == second[:2] == ("warning", "Value not allowed in a configuration")
    assert "Callback 1 " in first[2]
    assert '"ParcelNotes"' in first[2]
    assert "Callback 3 " in second[2]
    assert "not an HTTPS URL" in second[2]
    assert "hook" not in second[2]


def test_validation_points_at_the_filter_and_leaves_unknown_ones_alone() -> None:
    diags = Diagnostics()
    resource = CallbackListResource(ScriptedAccess(ok({})))
    resource.validate(diags, "ecgrid_callback", dict.fromkeys(ALL, Unknown))
    resource.validate(diags, "ecgrid_callback", ALL)
    assert said(diags) == []
    resource.validate(
        diags, "ecgrid_callback", ALL | {"mailbox_id": -1, "network_id": 0, "status": "active", "event": "Parcels"}
    )
    assert [one.path for one in diags.diagnostics] == [["mailbox_id"], ["network_id"], ["status"], ["event"]]
