"""What is left of a secret, or of a URL's path, in words that cut it off, broke it, or read it in another encoding."""

from __future__ import annotations

import base64
import unicodedata

import httpx
import pytest
from pydantic import SecretStr

from terraform_provider_ecgrid.api import errors
from terraform_provider_ecgrid.api.hidden_urls import HIDDEN_URLS
from terraform_provider_ecgrid.api.requests import UpdateCallback
from tests.unit.api.support import Script, client_of, failure, refusal

PASSWORD = "Zq7&first-half!Wk9"
UMLAUTS = "Zq7-pässwörd-Wk9"
HOOK = "https://hooks.example.com/hooks/Zq7firsthalfWk9/in"


def said(answer: httpx.Response, password: str = PASSWORD) -> str:
    with pytest.raises(errors.EcgridError) as caught:
        client_of(Script(answer), max_retries=0).update(
            UpdateCallback(callback_id=7001, url=HOOK, password=SecretStr(password))
        )
    return str(caught.value)


def html(text: str) -> httpx.Response:
    return httpx.Response(500, html=text)


def words(text: str) -> httpx.Response:
    return refusal(500, "InternalError", text)


@pytest.mark.parametrize(
    "answer",
    [
        words(f"cannot store '{PASSWORD[:6]}"),
        words(f"cannot store {PASSWORD[:12]}..."),
        words(f"cannot store '{PASSWORD[:12]}…' in a column"),
        words(f"…{PASSWORD[5:]} is too long"),
        words(" " * (50_000 - 6) + PASSWORD),
        html(f"<style>{'x' * (50_000 - 15 - 10)}</style>{PASSWORD}"),
        words(f"{PASSWORD[:9]}\r\n{PASSWORD[9:]} is weak"),
        words(f"{PASSWORD[:9]}\u200b{PASSWORD[9:]} is weak"),
        html(f"{PASSWORD[:9]}<wbr>{PASSWORD[9:]} is weak"),
        httpx.Response(500, content=f"{PASSWORD} is weak".encode("utf-16"), headers={"Content-Type": "text/plain"}),
        words(f"no route to {HOOK[8:-9]}"),
        words("no route to /hooks/Zq7firstha... in this table"),
        words("no route to /hooks/Zq7first\r\n halfWk9/in"),
        html("no route to /hooks/Zq7first<wbr>halfWk9/in"),
    ],
    ids=[
        *("cut off", "with dots", "within a sentence", "its end", "by our own limit", "by our own limit in a page"),
        *("lines", "an invisible character", "a tag", "utf-16", "a path, cut off", "a path, with dots"),
        *("a path over lines", "a path with a tag"),
    ],
)
def test_a_piece_is_hidden(answer: httpx.Response) -> None:
    shown = said(answer)
    squeezed = "".join(shown.split())
    assert "Zq7" not in squeezed
    assert "first" not in squeezed
    assert "half" not in squeezed
    assert "(hidden)" in shown


@pytest.mark.parametrize(
    "echo",
    [
        UMLAUTS.encode().decode("latin-1"),
        UMLAUTS.encode("latin-1").decode("utf-8", "replace"),
        UMLAUTS.encode("ascii", "replace").decode(),
        unicodedata.normalize("NFD", UMLAUTS),
    ],
    ids=["utf-8 read as latin-1", "latin-1 read as utf-8", "ascii", "decomposed"],
)
def test_a_password_that_another_encoding_has_spoiled_is_hidden(echo: str) -> None:
    shown = said(words(f"the value {echo} is weak"), UMLAUTS)
    assert "the value (hidden) is weak" in shown


@pytest.mark.parametrize(
    "echo",
    [
        base64.b64encode(HOOK.encode()).decode(),
        base64.urlsafe_b64encode(b"x" + HOOK.encode()).decode().rstrip("="),
        "%25252Fhooks%25252F%25255A%252571%252537firsthalfWk9",
    ],
    ids=["base64", "base64 without its end", "encoded by three gateways"],
)
def test_a_path_is_hidden_in_encodings_that_are_taken_off_one_after_the_other(echo: str) -> None:
    shown = said(words(f"no route to {echo}"))
    assert echo[8:24] not in shown
    assert "(hidden)" in shown


@pytest.mark.parametrize("sentence", ["the password is weak", "Password too short", "this is no password"])
def test_a_plain_word_that_is_a_piece_of_a_password_stays(sentence: str) -> None:
    assert sentence in said(words(sentence), "passwordWk9")


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("https://hooks.example.com/in?sig=Zq7signature==", "Zq7signature"),
        ("https://hooks.example.com/in;id=Zq7parameter", "Zq7parameter"),
        ("https://hooks.example.com/in?a=1;sig=Zq7signature", "Zq7signature"),
        ("https://hook:Zq7inner@hooks.example.com/in", "Zq7inner"),
        ("https://hooks.example.com\\hooks\\Zq7token", "Zq7token"),
        ("https://hooks.example.com%2Fhooks%2FZq7token", "Zq7token"),
        ("https://hooks.example.com\uff0fhooks/Zq7token", "Zq7token"),
        ("https://hooks.example.com:443:Zq7token", "Zq7token"),
        ("https://[hooks/Zq7token", "Zq7token"),
        ("https://hooks.example.com/straße-Zq7", "STRASSE-ZQ7"),
    ],
)
def test_every_part_behind_the_host_is_hidden_whatever_the_url_looks_like(url: str, told: str) -> None:
    HIDDEN_URLS.add(url)
    assert str(failure(refusal(400, "InvalidParameter", f"unknown {told} here"))).endswith("unknown (hidden) here.")


@pytest.mark.parametrize("url", ["https://hooks.example.com;Zq7", "https://hooks.example.com%2FZq7"])
def test_what_stands_in_the_place_of_a_slash_ends_a_host(url: str) -> None:
    assert str(failure(words(f"no route to {url} at all"))).endswith("no route to https://hooks.example.com at all.")
