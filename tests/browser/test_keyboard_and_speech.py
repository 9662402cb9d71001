"""The page without a mouse, and without eyes: focus and order, and the browser's own accessibility tree."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.browser.conftest import LONG_URL, NARROW, WIDE, Open
from tests.unit.sandbox.conftest import Api


@dataclass(frozen=True)
class Heard:
    """One node of the accessibility tree, as a screen reader is told of it."""

    role: str
    name: str
    live: str = ""
    level: int = 0


def heard(page: Page) -> list[Heard]:
    """Everything that a screen reader finds on the page, in its order."""
    nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    found = []
    for node in nodes:
        if not node["ignored"]:
            more = {one["name"]: one["value"].get("value") for one in node.get("properties", ())}
            name = node.get("name", {}).get("value", "")
            found.append(Heard(node["role"]["value"], name, more.get("live") or "", more.get("level") or 0))
    return found


def named(nodes: list[Heard], role: str) -> list[str]:
    return [node.name for node in nodes if node.role == role]


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_the_page_has_a_language_a_title_landmarks_and_headings_in_order(
    busy: Sandbox, open_page: Open, width: int
) -> None:
    page = open_page(busy, width)
    assert page.evaluate("document.documentElement.lang") == "en"
    nodes = heard(page)
    assert named(nodes, "RootWebArea") == ["ECGrid sandbox"]
    assert len(named(nodes, "banner")) == len(named(nodes, "main")) == 1
    parts = ["Registrations", "Requests", "Deliveries", "The sandbox’s own choices"]
    assert named(nodes, "region") == parts
    headings = [(node.level, node.name.rstrip("0123456789 ")) for node in nodes if node.role == "heading"]
    assert headings == [(1, "ECGrid sandbox"), *((2, part) for part in parts)]


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_tables_are_tables_with_headers_at_every_width(busy: Sandbox, open_page: Open, width: int) -> None:
    page = open_page(busy, width)
    nodes = heard(page)
    assert named(nodes, "table") == ["Registrations", "Requests", "Deliveries"]
    assert named(nodes, "columnheader") == [
        *("Id", "URL", "Event", "Status", "Scope", "Authentication", "Change outside Terraform"),
        *("Time", "Request", "Answer"),
        *("Time", "Delivery", "Result"),
    ]
    assert named(nodes, "rowheader") == ["7001", "7002", "7003"]
    # Chromium keeps a table's roles whatever the style makes of it, other browsers keep the ones that are written out.
    assert page.locator(":is(table, thead, tbody, tr, th, td):not([role])").count() == 0
    cells = named(nodes, "cell")
    # The label that the narrow page writes before each value is for the eye: its header says it already.
    for cell in ("InterconnectNote", "Terminated", "Basic, username and password set", LONG_URL, "200"):
        assert cell in cells
    assert "mailbox 2147483647, network 2147483647" in [cell.replace("\N{NO-BREAK SPACE}", " ") for cell in cells]


def test_every_control_has_a_name(busy: Sandbox, open_page: Open) -> None:
    nodes = heard(open_page(busy))
    changes = [f"{what} callback {number}" for number in (7001, 7002) for what in ("Change URL of", "Suspend")]
    assert named(nodes, "button") == ["Pause", "Copy", *changes]
    assert named(nodes, "checkbox") == ["Writes only"]
    lines = "To use the sandbox, run these lines in the shell in which you run Terraform:"
    assert [name for name in named(nodes, "group") if name] == [lines]


def test_news_is_announced_politely_and_in_sums(sandbox: Sandbox, api: Api, open_page: Open) -> None:
    page = open_page(sandbox)
    nodes = heard(page)
    # What speaks: the connection, what each button did, the news. Rows that arrive are not read out one by one.
    assert [node.live for node in nodes if node.role == "status"] == ["polite"] * 4
    assert {node.live for node in nodes if node.role in ("table", "row", "cell", "region", "group")} == {""}
    news = page.locator("#news")
    expect(news).to_have_text("")
    api.post("update", {"callbackId": 9000})
    expect(news).to_have_text("1 new request, last update, answer 404.")
    sandbox.store.fire(7001)
    for _ in range(3):
        api.look(7001)
    expect(news).to_contain_text("3 new requests, last get-queue-by-id, answer 200")
    expect(news).to_contain_text("1 new delivery, last Delivered.")


def test_the_connection_is_announced_when_it_changes_and_only_then(open_page: Open) -> None:
    with Sandbox() as sandbox:
        page = open_page(sandbox)
        page.evaluate(
            """() => {
              const connection = document.getElementById("connection");
              window.changes = [];
              new MutationObserver(() => changes.push(connection.textContent)).observe(connection, {childList: true});
            }"""
        )
        for _ in range(2):
            with page.expect_response("**/live"):
                pass
        assert page.evaluate("changes") == []
    expect(page.get_by_role("status").filter(has_text="Not answering")).to_be_visible()
    assert page.evaluate("changes") == ["Not answering, trying again"]


def test_tab_reaches_everything_in_the_order_of_the_page_with_a_visible_focus(busy: Sandbox, open_page: Open) -> None:
    page = open_page(busy)
    reached = []
    expected = [
        *("Pause", "Copy"),
        *(f"{what} callback {number}" for number in (7001, 7002) for what in ("Change URL of", "Suspend")),
        "Writes only",
    ]
    for _ in expected:
        page.keyboard.press("Tab")
        name, line, width = page.evaluate(
            """() => {
              const one = document.activeElement, style = getComputedStyle(one);
              return [one.ariaLabel ?? one.labels?.[0]?.innerText.trim() ?? "", style.outlineStyle, style.outlineWidth];
            }"""
        )
        reached.append(name or page.evaluate("document.activeElement.textContent"))
        assert line == "solid"
        assert int(width.removesuffix("px")) >= 2
    assert reached == expected
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.ariaLabel") == "Suspend callback 7002"


def test_every_control_works_from_the_keyboard_and_news_leaves_the_focus_alone(
    busy: Sandbox, api: Api, open_page: Open
) -> None:
    page = open_page(busy)
    requests = page.locator("#requests tbody tr")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#connection")).to_have_text("Paused")
    page.keyboard.press("Enter")
    expect(page.locator("#connection")).to_have_text("Live")
    writes = page.get_by_label("Writes only")
    writes.focus()
    page.keyboard.press("Space")
    expect(requests).to_have_count(len(busy.writes()))
    page.keyboard.press("Space")
    expect(requests).to_have_count(len(busy.requests))
    for _ in range(20):
        api.look(7001)
    more = page.locator("#requests-more")
    expect(more).to_have_text(f"Show {len(busy.requests) - 20} more requests")
    expect(writes).to_be_focused()
    more.focus()
    page.keyboard.press("Enter")
    expect(requests).to_have_count(len(busy.requests))
    expect(more).to_be_focused()
