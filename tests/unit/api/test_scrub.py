"""What an error shows of an answer's words: one short line without a secret or more of a URL than scheme and host."""

from contextlib import suppress

import httpx
import pytest
from pydantic import SecretStr

from terraform_provider_ecgrid.api import errors
from terraform_provider_ecgrid.api.hidden_urls import HIDDEN_URLS
from terraform_provider_ecgrid.api.requests import CreateCallback, UpdateCallback
from tests.unit.api.support import NESTED, RECORD, REGISTRATION, Script, client_of, ok, refusal


def test_words_are_one_short_line_without_control_characters() -> None:
    client = client_of(Script(refusal(400, "InvalidParameter", "first\r\nsecond\x1b[31m\u202e " + "x" * 1000)))
    with pytest.raises(errors.InvalidParameter) as caught:
        client.delete(7001)
    assert caught.value.message.startswith("first second [31m x")
    assert len(caught.value.message) <= 300
    assert caught.value.headline.isprintable()


def test_words_hide_what_the_request_carried() -> None:
    password = 'p"ss w/rd-é'
    echo = refusal(
        400,
        "InvalidParameter",
        f"key key-5e55a0c1-never-shown, password {password} or p%22ss%20w%2Frd-%C3%A9, url "
        "https://user:inner@hooks.example.com:8443/hook/tok123?sig=abcdef, path /hook/tok123?sig=abcdef, sig abcdef, "
        "also http://other.example/secret-path",
    )
    script = Script(echo)
    url = "https://hooks.example.com:8443/hook/tok123?sig=abcdef"
    request = UpdateCallback.model_validate({"callback_id": 7001, "url": url, "password": password})
    with pytest.raises(errors.InvalidParameter) as caught:
        client_of(script).update(request)
    shown = f"{caught.value} {vars(caught.value)!r}"
    for secret in ("5e55a0c1", password, "p%22ss", "tok123", "abcdef", "inner", "secret-path"):
        assert secret not in shown
    assert "https://hooks.example.com:8443" in shown
    assert "http://other.example" in shown


HOOK = "https://hooks.example.com/hooks/TOKENPATH?k=abc%2Fdefgh"


@pytest.mark.parametrize(
    "words",
    [
        "Endpoint hooks/TOKENPATH unusable",
        "path segment TOKENPATH refused",
        "bad token abc/defgh",
        "HOST hooks.example.com/HOOKS/TOKENPATH?K=ABC%2FDEFGH",
        "HOOKS.EXAMPLE.COM/hooks/tokenpath is bad",
        "%2Fhooks%2FTOKENPATH is encoded",
        "\\u0054OKENPATH is escaped",
        "&#x2F;hooks&#47;&#84;OKENPATH is of HTML",
        "%68ooks%2f%54OKENPATH is encoded as nobody does",
        "%5Cu0054OKENPATH is encoded and escaped",
        "k=abc%252Fdefgh",
    ],
)
@pytest.mark.parametrize("known", ["sent", "sent before", "told"])
def test_words_hide_every_part_of_an_address_that_was_sent_or_told(words: str, known: str) -> None:
    client = client_of(Script(ok(RECORD), refusal(400, "InvalidParameter", words)))
    if known == "told":
        HIDDEN_URLS.add(HOOK)
    client.update(UpdateCallback(callback_id=7001, url=HOOK if known == "sent before" else None))
    with pytest.raises(errors.InvalidParameter) as caught:
        client.update(UpdateCallback(callback_id=7001, url=HOOK if known == "sent" else None))
    shown = str(caught.value).casefold()
    assert "tokenpath" not in shown
    assert "defgh" not in shown
    assert "(hidden)" in shown


NESTED_HOOK = NESTED | {"event": {**NESTED["event"], "url": HOOK}}


@pytest.mark.parametrize(
    "answer",
    [
        ok(RECORD | {"url": HOOK}),
        ok(RECORD | {"url": None, "callBackUrl": HOOK}),
        ok([NESTED_HOOK]),
        ok({"queueEntries": [{"callbackId": "unreadable", "url": HOOK}]}),
        ok(REGISTRATION | {"queue": [NESTED_HOOK]}),
        httpx.Response(500, json={"success": False, "errorCode": "InternalError", "data": {"url": HOOK}}),
        httpx.Response(200, json={"message": "a gateway's", "request": {"callback_URL": HOOK}}),
    ],
    ids=["a record", "another name", "nested", "unreadable", "in a queue", "in a refusal", "not ECGrid's"],
)
def test_words_hide_every_address_that_an_answer_held(answer: httpx.Response) -> None:
    client = client_of(Script(answer, refusal(400, "InvalidParameter", "TOKENPATH: abc/defgh")), max_retries=0)
    with suppress(errors.EcgridError):
        client.get_queue_entry(7001)
    with pytest.raises(errors.InvalidParameter) as caught:
        client.delete(7001)
    assert caught.value.message == "(hidden): (hidden)"


def test_a_refusal_hides_an_address_that_it_holds_itself() -> None:
    body = {"success": False, "errorCode": "InvalidParameter", "message": "TOKENPATH?", "data": {"url": HOOK}}
    with pytest.raises(errors.InvalidParameter) as caught:
        client_of(Script(httpx.Response(400, json=body))).delete(7001)
    assert caught.value.message == "(hidden)?"


@pytest.mark.parametrize("password", ["first-half\nsecond", "first-half \r\n\t second", "first-half\x00second"])
@pytest.mark.parametrize(
    "echo",
    ["{}", "first-half second", "first-half\r\nsecond", "first-half\\r\\nsecond", "first-half%0D%0Asecond",
     "first-half+second", "first-half&#10;second", "first-half&#13;&#10; second", '"first-half\\\\nsecond"'],
)  # fmt: skip
def test_words_hide_a_password_however_its_white_space_is_written(password: str, echo: str) -> None:
    client = client_of(Script(refusal(400, "InvalidParameter", f"{echo.format(password)} is weak")))
    with pytest.raises(errors.InvalidParameter) as caught:
        client.update(UpdateCallback(callback_id=7001, password=SecretStr(password)))
    assert "half" not in caught.value.message
    assert "second" not in caught.value.message
    assert "(hidden)" in caught.value.message


def test_words_that_look_encoded_stay_as_they_are_if_they_hide_nothing() -> None:
    words = "100%25 of a+b &amp; c:\\new"
    with pytest.raises(errors.InvalidParameter) as caught:
        client_of(Script(refusal(400, "InvalidParameter", words))).delete(7001)
    assert caught.value.message == words


def test_words_hide_a_password_that_an_earlier_request_carried() -> None:
    script = Script(ok(RECORD), refusal(400, "InvalidParameter", "cannot suspend {user: u, pw: S3cretPw99}"))
    client = client_of(script)
    client.create(CreateCallback(url=HOOK, event="Parcel", password=SecretStr("S3cretPw99")))
    with pytest.raises(errors.InvalidParameter) as caught:
        client.update(UpdateCallback(callback_id=7001, status="Suspended"))
    assert "S3cretPw99" not in str(caught.value)


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("the parcel callback must have a status", "the parcel callback must have a status"),
        ("password: required", "password: required"),
        (
            'token=aB3xYz09, password: \'x y z\' and "apiKey": "cut',
            'token=(hidden), password: (hidden) and "apiKey": (hidden)',
        ),
    ],
)
def test_what_words_keep(words: str, kept: str) -> None:
    client = client_of(Script(refusal(400, "InvalidParameter", words)))
    with pytest.raises(errors.InvalidParameter) as caught:
        client.update(UpdateCallback(callback_id=7001, url="https://hooks.example.com/parcel/callback/status"))
    assert caught.value.message == kept


@pytest.mark.parametrize(("password", "kept"), [("t", True), ("tes", True), (" tes\n", True), ("test", False)])
def test_what_is_too_short_to_be_a_secret_is_not_searched_for(password: str, kept: bool) -> None:
    client = client_of(Script(refusal(400, "InvalidParameter", "the test session is over")))
    with pytest.raises(errors.InvalidParameter) as caught:
        client.update(UpdateCallback(callback_id=7001, password=SecretStr(password)))
    assert caught.value.message == ("the test session is over" if kept else "the (hidden) session is over")
