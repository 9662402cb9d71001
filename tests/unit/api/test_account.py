"""The user and the mailboxes, in the documented spelling and in the other one."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from terraform_provider_ecgrid.api.account import Mailbox, MailboxPage, User
from terraform_provider_ecgrid.api.errors import UnreadableAnswer
from terraform_provider_ecgrid.api.mailboxes import Mailboxes
from tests.unit.api.support import Script, client_of, ok

ME = {
    "userId": 901,
    "login": "acme.admin",
    "email": "a@example.com",
    "networkId": 5050,
    "mailboxId": "12345",
    "authLevel": "NetworkAdmin",
    "status": "Active",
    "sessionId": "s-1f",
}


@pytest.mark.parametrize(
    "other",
    [
        {},
        {"login": None, "loginName": "acme.admin", "company": "Acme"},
        {"UserID": "901", "authLevel": "networkadmin", "STATUS": "active", "SessionID": "s-1f"},
        {"authLevel": 3, "status": 1, "session_id": "s-1f"},
    ],
)
def test_a_user_is_read_in_any_spelling_and_without_the_session(other: dict[str, Any]) -> None:
    user = User.model_validate(ME | other)
    assert user.model_dump() == {
        "user_id": 901,
        "login": "acme.admin",
        "email": "a@example.com",
        "network_id": 5050,
        "mailbox_id": 12345,
        "auth_level": "NetworkAdmin",
        "status": "Active",
    }
    assert "s-1f" not in repr(vars(user))


def test_of_a_user_nothing_is_required() -> None:
    assert User.model_validate({"networkId": -1, "login": 7}) == User()
    assert User.model_validate({"authLevel": "Auditor"}).auth_level == "Auditor"


@pytest.mark.parametrize(
    ("shown", "name", "names"),
    [
        ({"companyName": "Acme", "uniqueId": "ACME-1"}, None, {"acme", "acme-1"}),
        ({"name": "Orders", "companyName": "Acme"}, "Orders", {"orders", "acme"}),
        ({"mailboxName": "Orders", "name": None, "useType": 1, "managed": True}, "Orders", {"orders"}),
        ({"name": "", "uniqueId": None}, None, set()),
    ],
)
def test_what_a_mailbox_is_called(shown: dict[str, Any], name: str | None, names: set[str]) -> None:
    mailbox = Mailbox.model_validate({"mailboxId": "12345", "networkId": 5050, "status": 1} | shown)
    assert (mailbox.mailbox_id, mailbox.network_id, mailbox.status) == (12345, 5050, "Active")
    assert mailbox.name == name
    assert mailbox.names == names


def of(*ids: int, **shown: Any) -> list[dict[str, Any]]:
    return [{"mailboxId": number} | shown for number in ids]


def all_of(*answers: httpx.Response) -> Mailboxes:
    return Mailboxes(client_of(Script(*answers)))


@pytest.mark.parametrize(
    "pages",
    [
        [{"totalRecords": 3, "pageNo": 1, "recordsPerPage": 500, "mailboxes": of(3, 2, 1)}],
        [{"totalRecords": 3, "mailboxes": of(3, 2)}, {"totalRecords": 3, "mailboxes": of(1)}],
        [of(2, 3, 1)],
        [of(2), of(3), of(1), []],
        [{"count": 3, "mailboxes": of(2, 3, 1)}],
        [{"count": 2, "mailboxes": of(2, 3)}, {"count": 1, "mailboxes": of(1)}, {"count": 0}],
    ],
)
def test_a_list_is_read_to_its_end_whatever_its_shape(pages: list[Any]) -> None:
    listing = all_of(*map(ok, pages)).matching()
    assert [one.mailbox_id for one in listing.mailboxes] == [1, 2, 3]
    assert listing.complete


def test_a_mailbox_that_cannot_be_read_makes_the_list_incomplete() -> None:
    listing = all_of(ok({"totalRecords": 2, "mailboxes": [*of(1), {"name": "x"}]}), ok([])).matching()
    assert [one.mailbox_id for one in listing.mailboxes] == [1]
    assert not listing.complete


def test_filters_are_sent_and_hold_for_what_an_api_without_them_lists() -> None:
    listed = [
        *of(1, networkId=5050, status="Active"),
        *of(2, networkId=7, status="Active"),
        *of(3, networkId=5050, status="Suspended"),
        *of(4),
    ]
    script = Script(ok({"totalRecords": 4, "mailboxes": listed}))
    listing = Mailboxes(client_of(script)).matching(network_id=5050, status="Active")
    assert script.body() == {"networkId": 5050, "status": "Active", "pageNo": 1, "recordsPerPage": 500}
    assert [one.mailbox_id for one in listing.mailboxes] == [1, 4]


def test_many_names_share_one_list_which_is_read_again_for_a_name_that_it_lacks() -> None:
    first = {"totalRecords": 2, "mailboxes": [*of(1, name="Orders"), *of(2, uniqueId="ACME", companyName="orders")]}
    later = {"totalRecords": 3, "mailboxes": [*first["mailboxes"], *of(3, name="New")]}  # type: ignore[misc]
    script = Script(ok(first), ok(later))
    mailboxes = Mailboxes(client_of(script))

    def found(name: str) -> list[int]:
        return [one.mailbox_id for one in mailboxes.named(name).mailboxes]

    assert (found("ORDERS"), found("acme"), len(script.requests)) == ([1, 2], [2], 1)
    assert (found("new"), found("acme"), len(script.requests)) == ([3], [2], 2)
    assert (found("Order"), len(script.requests)) == ([], 3)
    mailboxes.named("acme", 5050)
    assert script.body()["networkId"] == 5050


def test_another_mailbox_is_no_answer() -> None:
    with pytest.raises(UnreadableAnswer):
        client_of(Script(ok({"mailboxId": 2}))).get_mailbox(1)
    with pytest.raises(UnreadableAnswer):
        client_of(Script(ok({"name": "x"}))).get_mailbox(1)


def test_a_page_without_its_list_is_unreadable_unless_it_counts_none() -> None:
    assert MailboxPage.model_validate({"count": 0}).mailboxes == ()
    with pytest.raises(UnreadableAnswer):
        client_of(Script(ok({"count": 1}))).list_mailboxes()
