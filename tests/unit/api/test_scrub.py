"""What an error shows of an answer's words: one short line without a secret or more of a URL than scheme and host."""

import pytest
from pydantic import SecretStr

from terraform_provider_ecgrid.api import errors
from terraform_provider_ecgrid.api.requests import CreateCallback, UpdateCallback
from tests.unit.api.support import RECORD, Script, client_of, ok, refusal


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
    ],
)
@pytest.mark.parametrize("known", ["sent", "sent before", "told"])
def test_words_hide_every_part_of_an_address_that_was_sent_or_told(words: str, known: str) -> None:
    client = client_of(Script(ok(RECORD), refusal(400, "InvalidParameter", words)))
    if known == "told":
        client.hide(HOOK)
    client.update(UpdateCallback(callback_id=7001, url=HOOK if known == "sent before" else None))
    with pytest.raises(errors.InvalidParameter) as caught:
        client.update(UpdateCallback(callback_id=7001, url=HOOK if known == "sent" else None))
    shown = str(caught.value).casefold()
    assert "tokenpath" not in shown
    assert "defgh" not in shown
    assert "(hidden)" in shown


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
