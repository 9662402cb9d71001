"""A sandbox with something to see, and its page in a headless Chromium."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.unit.sandbox.conftest import Api

Scheme = Literal["light", "dark"]
Open = Callable[..., Page]

NARROW, WIDE = 360, 1280
LONG_URL = "https://hooks.partner-network.example.org:8443/" + "a-path-that-does-not-want-to-end/" * 4
_PROGRAMS = (
    "chromium", "chromium-browser", "google-chrome", "chrome", "msedge",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
)  # fmt: skip


def _chromium() -> str:
    named = os.environ.get("ECGRID_TEST_CHROMIUM")
    found = named or next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if found is None:
        missing = "No Chromium is on PATH, and ECGRID_TEST_CHROMIUM names none"
        if os.environ.get("CI") == "true":
            # The tests need Python alone; only a CI job, which promises the page, must not lose its tests unnoticed.
            pytest.fail(f"{missing}: the sandbox's page cannot be tested. Install one.", pytrace=False)
        pytest.skip(missing)
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A browser for all tests of the run; each has pages of its own."""
    program = _chromium()
    # Chromium listens at a socket in its folder for temporary files, so that has to have a short path.
    place = "/tmp" if os.name == "posix" else None  # noqa: S108 - a folder of the test's own is made in it
    with sync_playwright() as playwright, tempfile.TemporaryDirectory(dir=place, ignore_cleanup_errors=True) as folder:
        running = playwright.chromium.launch(executable_path=program, env={**os.environ, "TMPDIR": folder})
        yield running
        running.close()


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A sandbox that has seen every kind of request, answer and delivery."""
    with Sandbox() as running:
        yield running


@pytest.fixture
def api(sandbox: Sandbox) -> Iterator[Api]:
    """A client with the sandbox's key."""
    client = Api(sandbox)
    yield client
    client.close()


@pytest.fixture
def busy(sandbox: Sandbox, api: Api) -> Sandbox:
    """The sandbox after every kind of request, answer and delivery, some of them long."""
    api.look(7001)
    api.post(
        "update", {"callbackId": 7001, "status": "Active", "httpAuthType": "Basic", "username": "u", "password": "p"}
    )
    api.post("create", {"url": LONG_URL, "event": "InterconnectNote", "mailboxId": 2147483647, "networkId": 2147483647})
    api.delete(9000)
    api.post("update", {"callbackId": 7001, "unknown" * 20: "x"})
    sandbox.store.put(status="Terminated", url="https://example.com/" + "x" * 200)
    sandbox.faults.add("update", status=503)
    api.post("update", {"callbackId": 7001, "event": "Parcel"})
    sandbox.store.fire(7001)
    sandbox.store.fire(7001, delivered=False)
    sandbox.store.fire(7002, delivered=False, http_status=0)
    sandbox.store.fire(7002, delivered=False, http_status=503)
    return sandbox


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Open]:
    """Open a sandbox's page.

    What the browser complains about there fails the test, except a lost connection and a change that is refused.
    """
    complaints: list[str] = []
    pages: list[Page] = []

    def hear(message: ConsoleMessage) -> None:
        expected = "net::ERR_" in message.text or "/elsewhere/" in message.location["url"]
        if message.type in ("error", "warning") and not expected:
            complaints.append(message.text)

    def opened(sandbox: Sandbox, width: int = WIDE, scheme: Scheme = "light") -> Page:
        page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
        pages.append(page)
        page.set_default_timeout(20_000)
        page.on("console", hear)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(sandbox.url + "/")
        page.get_by_text("Live", exact=True).wait_for()
        return page

    yield opened
    for page in pages:
        page.close()
    assert complaints == []
