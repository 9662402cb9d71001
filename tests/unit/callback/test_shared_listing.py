from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from terraform_provider_ecgrid.api.errors import ServerError
from terraform_provider_ecgrid.api.registrations import Listing
from terraform_provider_ecgrid.callback.find import list_allowed
from terraform_provider_ecgrid.callback.pages import Pages
from tests.unit.api.support import ok, refusal
from tests.unit.callback.scripted_access import ScriptedAccess, entries

SHOWN = {"callbackId": 7001, "mailboxId": 5}


def asking(access: ScriptedAccess) -> Callable[[], Listing | None]:
    """The question that the imports share."""
    return partial(list_allowed, access.registrations)


def test_many_imports_at_once_need_one_queue_list() -> None:
    access, pages = ScriptedAccess(ok(entries(SHOWN))), Pages()
    all_started = threading.Event()
    found: list[Any] = []

    def ask() -> Listing | None:
        all_started.wait(60)
        return asking(access)()

    threads = [threading.Thread(target=lambda: found.append(pages.shared_listing(ask))) for _ in range(8)]
    for thread in threads:
        thread.start()
    all_started.set()
    for thread in threads:
        thread.join()
    assert [one.registrations[7001].mailbox_id for one in found] == [5] * 8
    assert len(access.sent) == 1


def test_a_list_that_failed_is_asked_for_again() -> None:
    access, pages = ScriptedAccess(refusal(500), ok(entries(SHOWN)), max_retries=0), Pages()
    with pytest.raises(ServerError):
        pages.shared_listing(asking(access))
    listing = pages.shared_listing(asking(access))
    assert listing is not None
    assert list(listing.registrations) == [7001]


def test_an_account_that_may_not_be_listed_has_none_and_is_asked_once() -> None:
    access, pages = ScriptedAccess(refusal(403, "AccessDenied")), Pages()
    assert [pages.shared_listing(asking(access)) for _ in range(3)] == [None] * 3
    assert len(access.sent) == 1
