from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from terraform_provider_ecgrid.plugin.logging import redaction
from terraform_provider_ecgrid.plugin.logging.redaction import MASK, conceal, redact

SECRET = 'p@ss "wörd"/+1\\&'


@pytest.fixture(autouse=True)
def _empty() -> Iterator[None]:
    forget()
    yield
    forget()


def forget() -> None:
    for known in (redaction._secrets, redaction._forms, redaction._lengths):
        known.clear()
    redaction._gaps.clear()


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
        # As JavaScript, Go, .NET, PHP and HTML write it, and JSON within JSON.
        "p%40ss%20%22w%C3%B6rd%22%2F%2B1%5C%26",
        "p@ss%20%22w%C3%B6rd%22/+1%5C&",
        r"p@ss \"wörd\"/+1\\\u0026",
        r"p@ss \u0022w\u00F6rd\u0022/\u002B1\\\u0026",
        r"p@ss \"w\u00f6rd\"\/+1\\&",
        "p@ss &quot;wörd&quot;/+1\\&amp;",
        "p@ss &#34;w&#246;rd&#34;/+1\\&amp;",
        json.dumps(json.dumps(SECRET, ensure_ascii=False), ensure_ascii=False)[3:-3],
        quote_plus(SECRET.encode("latin-1")),
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


def test_a_password_that_was_encoded_in_latin_1_is_found_within_base64() -> None:
    conceal(SECRET)
    assert MASK in redact(base64.b64encode(f"user:{SECRET}".encode("latin-1")).decode())


@pytest.mark.parametrize("user", ["", "a", "ab"])
def test_the_shortest_that_is_taken_out_anywhere_is_taken_out_of_base64(user: str) -> None:
    conceal("a9Zq")
    assert MASK in redact(base64.b64encode(f"{user}:a9Zq".encode()).decode())


def test_space_around_a_secret_makes_no_difference() -> None:
    conceal("key-1b7d\n")
    assert redact("a key-1b7d b") == f"a {MASK} b"


@pytest.mark.parametrize("secret", ["first-half\nsecond", "first-half \r\n\tsecond", "first-half second"])
@pytest.mark.parametrize("gap", [" ", "\n", "\r\n", " \t ", "\xa0\x00", "\\n", "\\r\\n", "%0A", "%0D%0A", "%20", "+"])
def test_white_space_in_a_secret_is_compared_after_folding(secret: str, gap: str) -> None:
    conceal(secret)
    assert redact(f"a \n first-half{gap}second  b") == f"a \n {MASK}  b"


def test_of_secrets_that_overlap_nothing_is_left() -> None:
    conceal("abcdef")
    conceal("defghi")
    conceal("efgh")
    assert redact("x abcdefghi y abcdefabcdef") == f"x {MASK} y {MASK}{MASK}"
    conceal("abcdefghijkl")
    assert redact("abcdefghijkl m") == f"{MASK} m", "what lies within another one does not end it"


def test_another_secret_costs_no_more_than_the_first() -> None:
    for number in range(2000):
        conceal(f"webhook-secret-{number}-end")
    forms = redaction._lengths["webh"]
    assert len(forms) <= 8, "what is looked at in each place grows with the kinds of forms, not with the secrets"
    assert redact("of webhook-secret-1999-end and webhook-secret-2000-end") == f"of {MASK} and webhook-secret-2000-end"


def test_the_longer_of_two_secrets_is_taken_out_whole() -> None:
    conceal("token")
    conceal("token-and-more")
    assert redact("token-and-more token") == f"{MASK} {MASK}"


@pytest.mark.parametrize("secret", ["t", "ab", "abc", " abc\n"])
def test_what_is_too_short_to_be_a_secret_is_not_searched_for(secret: str) -> None:
    conceal(secret)
    text = "the session of abc and ab: t"
    assert redact(text) == text


@pytest.mark.parametrize("secret", ["", " ", "     "])
def test_an_empty_secret_is_no_secret(secret: str) -> None:
    conceal(secret)
    assert redact("a     text") == "a     text"


@given(st.text(min_size=4).filter(lambda text: len(text.strip()) >= 4), st.text(), st.text())
def test_no_concealed_text_is_left(secret: str, before: str, after: str) -> None:
    forget()
    conceal(secret)
    assert secret not in redact(before + secret + after).replace(MASK, "\0" if "\0" not in secret else "\1")
