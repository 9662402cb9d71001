"""What the page looks like: nothing beside the window, nothing cut off or overlapping, everything in contrast."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.browser.conftest import NARROW, WIDE, Open, Scheme

NARROWEST = 320  # what WCAG 2 asks a page to fit into: 1280 px at four times the size
TEXT_CONTRAST = 4.5
SHAPE_CONTRAST = 3.0

# Every text that is meant for the eye: where it stands, the box that must hold it, its size, colour and ground.
TEXTS = """() => {
  const found = [];
  const ground = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const colour = getComputedStyle(one).backgroundColor;
      if (colour !== "rgba(0, 0, 0, 0)") return colour;
    }
    return "none";
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || element.closest("noscript, .unseen") || !element.checkVisibility()) continue;
    if (getComputedStyle(element.closest("thead") ?? element).clipPath !== "none") continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = (element.closest("td, th, section, header")).getBoundingClientRect();
    const style = getComputedStyle(element);
    const lines = [...range.getClientRects()];
    const label = getComputedStyle(element.closest("[data-label]") ?? element, "::before");
    found.push({
      text: node.data.trim(),
      left: Math.min(...lines.map((one) => one.left)), right: Math.max(...lines.map((one) => one.right)),
      from: box.left, to: box.right, size: parseFloat(style.fontSize), ground: ground(element),
      colours: [style.color, label.content === "none" ? style.color : label.color],
    });
  }
  return found;
}"""

# Everything whose content goes beyond its own edge, except what is there for the ear alone.
CUT_OFF = """() => [...document.querySelectorAll("body *:not(.unseen, thead, thead *, code, span, br, script)")].filter(
  (one) => one.checkVisibility() && (one.scrollHeight > one.clientHeight + 1 || one.scrollWidth > one.clientWidth + 1)
    && getComputedStyle(one).display !== "inline"
).map((one) => one.outerHTML.slice(0, 200))"""


def luminance(colour: str) -> float:
    """The relative luminance of an opaque colour, by WCAG 2's formula."""
    match = re.fullmatch(r"rgb\((\d+), (\d+), (\d+)\)", colour)
    assert match, f"{colour} is not an opaque colour"
    parts = [int(part) / 255 for part in match.groups()]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def texts(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate(TEXTS)
    assert len(found) > 100
    return found


def style(page: Page, selector: str, name: str) -> str:
    return str(page.locator(selector).first.evaluate("(element, name) => getComputedStyle(element)[name]", name))


def test_the_formula_of_contrast_is_the_standards() -> None:
    assert contrast("rgb(0, 0, 0)", "rgb(255, 255, 255)") == pytest.approx(21)
    assert contrast("rgb(119, 119, 119)", "rgb(255, 255, 255)") == pytest.approx(4.478, abs=0.001)


@pytest.mark.parametrize("width", [NARROWEST, NARROW, 768, 1024, WIDE])
def test_nothing_is_wider_than_the_window_cut_off_or_too_small(busy: Sandbox, open_page: Open, width: int) -> None:
    page = open_page(busy, width)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate(CUT_OFF) == []
    for one in texts(page):
        assert one["from"] - 1 <= one["left"], one
        assert one["right"] <= one["to"] + 1, one
        assert one["right"] <= width, one
        assert one["size"] >= 12, one


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_no_word_of_the_sandboxs_own_is_broken(busy: Sandbox, open_page: Open, width: int) -> None:
    page = open_page(busy, width)
    for text in page.locator("h1, h2, thead th, dt, .answer, time, button, label, .muted").all():
        broken = text.evaluate(
            """(element) => {
              const node = [...element.childNodes].find((one) => one.nodeType === Node.TEXT_NODE && one.data.trim());
              const words = [...(node?.data ?? "").matchAll(/[A-Za-z]{2,40}/g)].filter((word) => word[0].length < 20);
              return words.map((word) => {
                const range = document.createRange();
                range.setStart(node, word.index);
                range.setEnd(node, word.index + word[0].length);
                return [word[0], new Set([...range.getClientRects()].map((one) => Math.round(one.top))).size];
              }).filter(([, lines]) => lines > 1).map(([word]) => word);
            }"""
        )
        assert broken == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_every_text_stands_out_from_its_ground(busy: Sandbox, open_page: Open, width: int, scheme: Scheme) -> None:
    page = open_page(busy, width, scheme)
    for one in texts(page):
        for colour in one["colours"]:
            assert contrast(colour, one["ground"]) >= TEXT_CONTRAST, one
    busy.__exit__(None, None, None)
    pill = page.get_by_text("Not answering, trying again")
    expect(pill).to_be_visible()
    assert contrast(style(page, "#connection", "color"), style(page, "body", "backgroundColor")) >= TEXT_CONTRAST


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_controls_and_the_focus_stand_out_from_their_ground(busy: Sandbox, open_page: Open, scheme: Scheme) -> None:
    page = open_page(busy, WIDE, scheme)
    ground, surface = style(page, "body", "backgroundColor"), style(page, "section", "backgroundColor")
    assert contrast(style(page, "button", "borderTopColor"), ground) >= SHAPE_CONTRAST
    page.keyboard.press("Tab")
    assert contrast(style(page, ":focus-visible", "outlineColor"), ground) >= SHAPE_CONTRAST
    page.keyboard.press("Tab")
    assert contrast(style(page, ":focus-visible", "outlineColor"), surface) >= SHAPE_CONTRAST


def test_the_page_is_light_or_dark_as_the_reader_prefers(sandbox: Sandbox, open_page: Open) -> None:
    light, dark = (
        luminance(style(open_page(sandbox, WIDE, scheme), "body", "backgroundColor")) for scheme in ("light", "dark")
    )
    assert light > 0.8
    assert dark < 0.05


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_every_control_is_large_enough_for_a_finger(busy: Sandbox, open_page: Open, width: int) -> None:
    page = open_page(busy, width)
    for control in page.locator("button:visible, label").all():
        box = control.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 24


def test_new_rows_do_not_move_for_a_reader_who_wants_no_motion(busy: Sandbox, open_page: Open) -> None:
    page = open_page(busy)
    page.evaluate("document.querySelector('#requests tbody tr').className = 'fresh'")
    assert style(page, ".fresh", "animationName") == "arrive"
    page.emulate_media(reduced_motion="reduce")
    assert style(page, ".fresh", "animationName") == "none"
