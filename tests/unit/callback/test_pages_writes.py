"""A refresh in pages beside writes and other threads: nothing older than a write is used, and nobody waits for ever."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from pydantic import SecretStr
from tf.utils import Diagnostics

from terraform_provider_ecgrid.api.client import Client
from terraform_provider_ecgrid.api.enums import LookupModel
from terraform_provider_ecgrid.api.errors import NotConnected
from terraform_provider_ecgrid.api.registrations import Listing
from terraform_provider_ecgrid.api.requests import CreateCallback, UpdateCallback
from terraform_provider_ecgrid.callback.pages import Source, Spend
from terraform_provider_ecgrid.plugin.authoring import ConfigureContext
from terraform_provider_ecgrid.provider import EcgridProvider
from tests.unit.api.support import unused_port
from tests.unit.callback.paged_account import BY_ID, PAGE, URL, Entry, account, read
from tests.unit.callback.scripted_access import Process

PATIENCE = 60


@pytest.mark.parametrize(
    "write",
    [
        lambda client: client.create(CreateCallback(url=URL, event="Parcel")),
        lambda client: client.update(UpdateCallback(callback_id=1)),
        lambda client: client.delete(1),
    ],
    ids=["create", "update", "delete"],
)
@pytest.mark.parametrize("when", ["before", "after", "while it is read"])
def test_a_write_ends_sweeping(write: Callable[[Client], object], when: str) -> None:
    api = account(9)
    process = Process(transport=api)

    def while_read(body: Entry) -> httpx.Response:
        write(process.client())
        return api.page(body)

    if when == "before":
        write(process.client())
    elif when == "while it is read":
        api.on_page = while_read
    read(process, 1, 2, 3)
    if when == "after":
        write(process.client())
    api.calls.clear()
    read(process, 4, 5, 6)
    assert api.calls == [BY_ID] * 3


def test_the_providers_own_writes_end_its_sweep_and_a_new_configuration_begins_another() -> None:
    def never(_: Spend) -> Listing | None:
        raise AssertionError("this process has written")

    provider = EcgridProvider()
    arguments: Entry = {"access_token": None, "request_timeout": None}
    arguments |= {"api_key": SecretStr("k"), "base_url": f"http://127.0.0.1:{unused_port()}", "max_retries": 0}
    provider.configure_with_context(ConfigureContext(Diagnostics()), arguments)
    with pytest.raises(NotConnected):
        provider.session.client().delete(1)
    for _ in range(4):
        assert provider.session.pages.find(1, Source("account", LookupModel.QUEUE, never)) is None
    earlier = provider.session.pages
    provider.configure_with_context(ConfigureContext(Diagnostics()), arguments)
    assert provider.session.pages is not earlier


def at_once(process: Process, *ids: int) -> list[BaseException | None]:
    """Read in threads of their own; how each ended."""
    start = threading.Barrier(len(ids))

    def started(callback_id: int) -> None:
        start.wait(PATIENCE)
        read(process, callback_id)

    with ThreadPoolExecutor(len(ids)) as pool:
        return [one.exception(PATIENCE) for one in [pool.submit(started, number) for number in ids]]


def test_reads_that_come_at_once_wait_for_one_sweep() -> None:
    api = account(64)
    process = Process(transport=api)
    read(process, 1, 2)
    assert at_once(process, *range(3, 65)) == [None] * 62
    assert api.calls == [BY_ID, BY_ID, PAGE]


def test_of_two_resources_with_one_callback_none_waits_for_ever() -> None:
    api = account(6)
    process = Process(transport=api)
    read(process, 1, 1)
    assert at_once(process, 1, 2, 3) == [None] * 3
    assert api.calls == [BY_ID, BY_ID, PAGE]


def test_a_sweep_that_breaks_lets_go_of_those_that_wait() -> None:
    api = account(9)
    process = Process(transport=api)
    read(process, 1, 2)

    def broken(_: Entry) -> httpx.Response:
        raise ZeroDivisionError

    api.on_page = broken
    ended = at_once(process, *range(3, 9))
    assert [type(one) for one in ended if one] == [ZeroDivisionError], "a mistake is told once"
    assert api.calls.count(PAGE) == 1


def test_a_write_lets_go_of_those_that_wait_for_a_sweep() -> None:
    api = account(9)
    process = Process(transport=api)
    read(process, 1, 2)
    asked, read_by_id = threading.Event(), threading.Event()

    def held_up(body: Entry) -> httpx.Response:
        asked.set()
        assert read_by_id.wait(PATIENCE), "the other read hangs"
        return api.page(body)

    api.on_page = held_up
    with ThreadPoolExecutor(2) as pool:
        leads = pool.submit(read, process, 3)
        assert asked.wait(PATIENCE)
        waits = pool.submit(read, process, 4)
        process.client().delete(9)
        waits.result(PATIENCE)
        read_by_id.set()
        leads.result(PATIENCE)
    assert api.calls.count(BY_ID) == 4
