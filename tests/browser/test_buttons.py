"""What the page's buttons do: copy the variables for a shell, change a registration as someone else would."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from terraform_provider_ecgrid.sandbox.server import Sandbox
from terraform_provider_ecgrid.sandbox.world import Lookups
from tests.browser.conftest import NARROW, WIDE, Open
from tests.unit.sandbox.conftest import Api

CLIPBOARD = "navigator.clipboard.readText()"


def exports(sandbox: Sandbox) -> str:
    return f"export ECGRID_BASE_URL={sandbox.url}\nexport ECGRID_API_KEY={sandbox.api_key}"


def registration(page: Page, number: int = 0) -> list[str]:
    """The URL and the status that a row shows."""
    row = page.locator("#registrations tbody tr").nth(number)
    return [row.locator(f"[data-label={label}]").inner_text() for label in ("URL", "Status")]


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_the_lines_for_a_shell_are_shown_and_copied(sandbox: Sandbox, open_page: Open, width: int) -> None:
    page = open_page(sandbox, width)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    assert page.locator("#exports").inner_text() == exports(sandbox)
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_text("Copied.", exact=True)).to_be_visible()
    assert page.evaluate(CLIPBOARD) == exports(sandbox)


@pytest.mark.parametrize("clipboard", ["undefined", "{ writeText: () => Promise.reject(new Error('refused')) }"])
def test_without_the_clipboards_interface_they_are_copied_all_the_same(
    sandbox: Sandbox, open_page: Open, clipboard: str
) -> None:
    page = open_page(sandbox)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate(f"window.kept = navigator.clipboard; kept.writeText('before'); 0, {replaced(clipboard)}")
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_text("Copied.", exact=True)).to_be_visible()
    assert page.evaluate("kept.readText()") == exports(sandbox)


def test_where_nothing_may_be_copied_the_lines_are_selected(sandbox: Sandbox, open_page: Open) -> None:
    page = open_page(sandbox)
    page.evaluate(f"document.execCommand = () => false; {replaced('undefined')}")
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_text("Selected. Copy the lines with Ctrl-C or ⌘C.", exact=True)).to_be_visible()
    assert page.evaluate("getSelection().toString()") == exports(sandbox)


def replaced(clipboard: str) -> str:
    return f"Object.defineProperty(navigator, 'clipboard', {{ value: {clipboard} }})"


@pytest.mark.parametrize("lookups", ["registrations", "events"])
def test_a_url_and_a_status_are_changed_elsewhere(open_page: Open, lookups: Lookups) -> None:
    with Sandbox(lookups=lookups) as sandbox:
        page = open_page(sandbox)
        seed = "https://app.example.com/webhooks/ecgrid"
        assert registration(page) == [seed, "Suspended"]
        page.get_by_role("button", name="Activate callback 7001").click()
        shows = "terraform plan shows the drift."
        said = f"Callback 7001: status changed to Active. If your configuration sets status, {shows}"
        expect(page.get_by_text(said)).to_be_visible()
        expect(page.get_by_role("button", name="Suspend callback 7001")).to_be_visible()
        assert registration(page) == [seed, "Active"]
        page.get_by_role("button", name="Change URL of callback 7001").click()
        expect(page.get_by_text(f"Callback 7001: URL changed. If your configuration sets url, {shows}")).to_be_visible()
        expect(page.get_by_text(f"{seed}/changed-elsewhere", exact=True)).to_be_visible()
        callback = sandbox.store.get(7001)
        assert callback is not None
        assert (callback["url"], callback["status"]) == (f"{seed}/changed-elsewhere", "Active")
        assert sandbox.requests == []


def test_a_terminated_registration_cannot_be_changed(sandbox: Sandbox, open_page: Open) -> None:
    sandbox.store.put(status="Terminated")
    page = open_page(sandbox)
    expect(page.get_by_role("button", name="callback 7001")).to_have_count(2)
    expect(page.get_by_role("button", name="callback 7002")).to_have_count(0)


def test_a_change_that_fails_is_said(open_page: Open) -> None:
    with Sandbox() as sandbox:
        page = open_page(sandbox)
        page.get_by_role("button", name="Pause").click()
        sandbox.store.remove(7001)
        page.get_by_role("button", name="Change URL of callback 7001").click()
        expect(page.get_by_text("Nothing changed: Callback 7001 was not found.")).to_be_visible()
    page.get_by_role("button", name="Activate callback 7001").click()
    expect(page.get_by_text("Nothing changed: the sandbox did not answer.")).to_be_visible()


def test_the_focus_stays_at_the_button_that_was_pressed(sandbox: Sandbox, open_page: Open) -> None:
    page = open_page(sandbox)
    page.get_by_role("button", name="Activate callback 7001").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Suspend callback 7001")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Activate callback 7001")).to_be_focused()
    page.get_by_role("button", name="Change URL of callback 7001").focus()
    page.keyboard.press("Space")
    expect(page.locator("#registrations")).to_contain_text("changed-elsewhere")
    expect(page.get_by_role("button", name="Change URL of callback 7001")).to_be_focused()


def test_a_page_of_another_port_can_change_nothing(sandbox: Sandbox, browser: Browser) -> None:
    url = f"{sandbox.url}/elsewhere/7001/url"
    with Sandbox() as stranger:
        page = browser.new_page(bypass_csp=True)  # the stranger's own policy would let nothing out
        page.goto(stranger.url)
        with page.expect_response(url) as answer:
            page.evaluate("(url) => void fetch(url, {method: 'POST', mode: 'no-cors'})", url)
        assert answer.value.status == 403
        page.close()
    callback = sandbox.store.get(7001)
    assert callback is not None
    assert callback["url"] == "https://app.example.com/webhooks/ecgrid"


def test_a_short_list_has_no_button_and_no_number_for_it(open_page: Open) -> None:
    with Sandbox() as sandbox:
        page = open_page(sandbox)
        for table in ("requests", "deliveries"):
            button = page.locator(f"#{table}-more")
            expect(button).to_be_hidden()
            expect(button).to_have_text("")


def test_a_long_list_shows_its_beginning_and_the_rest_at_a_press(sandbox: Sandbox, api: Api, open_page: Open) -> None:
    for _ in range(25):
        sandbox.store.fire(7001)
        api.look(7001)
    page = open_page(sandbox)
    for table, more in (("requests", "Show 5 more requests"), ("deliveries", "Show 5 more deliveries")):
        rows = page.locator(f"#{table} tbody tr")
        expect(rows).to_have_count(20)
        button = page.locator(f"#{table}-more")
        expect(button).to_have_text(more)
        button.click()
        expect(rows).to_have_count(25)
        expect(button).to_have_text("Show the newest 20 only")
        button.click()
        expect(rows).to_have_count(20)
