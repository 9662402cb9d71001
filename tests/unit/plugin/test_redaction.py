from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from terraform_provider_ecgrid.plugin import redaction
from terraform_provider_ecgrid.plugin.redaction import MASK, conceal, redact

SECRET = 'p@ss "wörd"/+1\\&'


@pytest.fixture(autouse=True)
def _empty() -> Iterator[None]:
    forget()
    yield
    forget()


def forget() -> None:
    redaction._secrets.clear()
    redaction._patterns.clear()
    redaction._compiled = None


def test_nothing_is_changed_where_nothing_is_concealed() -> None:
    assert redact(f"a {SECRET} b") == f"a {SECRET} b"


@pytest.mark.parametrize("secret", [SECRET, SecretStr(SECRET)])
def test_a_secret_is_taken_out(secret: str | SecretStr) -> None:
    conceal(secret)
    assert redact(f"a {SECRET} b {SECRET}") == f"a {MASK} b {MASK}"


@pytest.mark.parametrize(
    "form",
    [
        json.dumps(SECRET)[1:-1],
        json.dumps(SECRET, ensure_ascii=False)[1:-1],
        repr(SECRET)[1:-1],
        repr(SECRET.encode())[2:-1],
        quote(SECRET),
        quote(SECRET, safe=""),
        quote_plus(SECRET),
        quote(SECRET, safe="")
        .replace("%C3%B6", "%c3%b6")
        .replace("%2F", "%2f")
        .replace("%2B", "%2b")
        .replace("%5C", "%5c"),
    ],
)
def test_an_escaped_secret_is_taken_out(form: str) -> None:
    conceal(SECRET)
    assert redact(f"a {form} b") == f"a {MASK} b"


@pytest.mark.parametrize("user", ["", "a", "ab", "abc", "webhook_user"])
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
def test_basic_authentication_shows_nothing_of_the_password(user: str, encode: type) -> None:
    conceal(SECRET)
    text = encode(f"{user}:{SECRET}".encode()).decode()
    shown = redact(f"Authorization: Basic {text}")
    assert MASK in shown
    # At each end one character may remain that the password shares with its neighbour.
    assert len(shown) <= len(f"Authorization: Basic {MASK}") + 4 * (len(user) + 1) / 3 + 4


def test_the_longer_of_two_secrets_is_taken_out_whole() -> None:
    conceal("token")
    conceal("token-and-more")
    assert redact("token-and-more token") == f"{MASK} {MASK}"


def test_a_short_secret_is_taken_out_as_a_word_only() -> None:
    conceal("abc")
    assert redact("abc: 'abc' abcdef fabc") == f"{MASK}: '{MASK}' abcdef fabc"


def test_an_empty_secret_is_no_secret() -> None:
    conceal("")
    assert redact("text") == "text"


@given(st.text(min_size=4), st.text(), st.text())
def test_no_concealed_text_is_left(secret: str, before: str, after: str) -> None:
    forget()
    conceal(secret)
    assert secret not in redact(before + secret + after).replace(MASK, "\0" if "\0" not in secret else "\1")
