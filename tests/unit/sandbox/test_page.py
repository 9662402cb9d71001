"""The page's files, and what the browser is told of them; tests/browser sees the page itself."""

import re

import pytest

from terraform_provider_ecgrid.sandbox.server import Sandbox
from tests.unit.sandbox.conftest import Api

FILES = ["/", "/page.css", "/page.js"]


@pytest.mark.parametrize("path", [*FILES, "/live"])
def test_nothing_but_the_pages_own_files_may_be_loaded_and_nothing_is_kept(path: str, sandbox: Sandbox) -> None:
    answer = Api(sandbox, Accept="*/*").send("GET", path)
    assert answer.status_code == 200
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert {policy[kind] for kind in ("script-src", "style-src", "connect-src")} == {"'self'"}
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert policy["frame-ancestors"] == "'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_the_page_loads_its_own_files_alone(api: Api) -> None:
    page = api.send("GET", "/").text
    loaded = re.findall(r'(?:src|href)="([^"]*)"', page)
    assert {"page.css", "page.js"} <= set(loaded)
    assert not [one for one in loaded if one.startswith(("http", "//"))]
    assert not re.search(r"<style|<script(?! src)|\son\w+=|\sstyle=", page)
    for path in ("/page.js", "/page.css"):
        assert not re.search(r"""["'`(]\s*(https?:)?//|@import|\bimport\b""", api.send("GET", path).text)


def test_the_page_says_what_the_vendor_does_not_publish(api: Api) -> None:
    page = api.send("GET", "/").text
    for choice in ("Lookups", "Delivery", "Retry", "Rate limit", "Strictness", "Credentials", "Scope"):
        assert f"<dt>{choice}</dt>" in page
    assert "A callback may name a mailbox or a network that\n      does not exist." in page


def test_the_page_is_no_request_of_the_api(sandbox: Sandbox, api: Api) -> None:
    for path in [*FILES, "/live"]:
        api.send("GET", path)
    assert sandbox.requests == []


def test_a_name_that_is_not_loopback_is_refused(sandbox: Sandbox, api: Api) -> None:
    for path in ("/", "/live"):
        assert api.send("GET", path, headers={"Host": "evil.example"}).status_code == 400
    assert api.send("GET", "/v2/auth/version", headers={"Host": "localhost:80"}).status_code == 200
