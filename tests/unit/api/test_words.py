"""What an error shows of an answer: the API's words where it has some, the beginning of the body else, no secret."""

import httpx
import pytest
from pydantic import SecretStr

from terraform_provider_ecgrid.api import errors
from terraform_provider_ecgrid.api.client import AccessToken, ApiKey
from terraform_provider_ecgrid.api.models import CreateCallback, UpdateCallback
from tests.unit.api.support import KEY, RECORD, Script, client_of, ok, refusal

UPDATE = UpdateCallback(callback_id=7001, status="Active")


def failure(answer: httpx.Response) -> errors.EcgridError:
    with pytest.raises(errors.EcgridError) as caught:
        client_of(Script(answer), max_retries=0).update(UPDATE)
    return caught.value


def test_words_are_one_short_line_without_control_characters() -> None:
    error = failure(refusal(400, "InvalidParameter", "first\r\nsecond\x1b[31m\u202e " + "x" * 1000))
    assert error.message.startswith("first second [31m x")
    assert len(error.message) <= 300
    assert error.headline.isprintable()


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


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (
            httpx.Response(502, html="<html><style>p {}</style><h1>Bad Gateway</h1><p>nginx</html>"),
            "rest.ecgrid.io failed to answer the request: HTTP 502 as text/html, beginning with “Bad Gateway nginx”.",
        ),
        (httpx.Response(502), "rest.ecgrid.io failed to answer the request: HTTP 502, without any words."),
        (
            httpx.Response(200, html="<!-- x --><p>Please log in"),
            "it is no JSON object. It came with HTTP 200 as text/html, beginning with “Please log in”.",
        ),
        (
            httpx.Response(200, text='{"success": true, "data": {"password": "pw-of-another", "userna'),
            'as text/plain, beginning with “{"success": true, "data": {"password": (hidden), "userna”.',
        ),
        (
            httpx.Response(201, json={"success": True, "data": {"callbackId": "seven"}}),
            'HTTP 201 as application/json, beginning with “{"success":true,"data":{"callbackId":"seven"}}”.',
        ),
        (
            httpx.Response(200, content=b"\xff" * 3, headers={"Content-Type": "a/b; charset=\0"}),
            "HTTP 200 as a/b, beginning with",
        ),
    ],
)
def test_an_answer_without_words_of_the_api_is_described(answer: httpx.Response, said: str) -> None:
    assert said in str(failure(answer))


def test_of_a_long_body_200_characters_are_shown() -> None:
    told = str(failure(httpx.Response(503, text="x" * 100_000)))
    assert "x" * 199 + "…" in told
    assert "x" * 200 not in told


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (httpx.Response(400, json={"title": "Bad", "traceId": "00-4bf9-01"}), "trace id is 00-4bf9-01."),
        (refusal(500, "InternalError", "x", **{"X-Request-Id": "r:7"}), "trace id is r:7."),
        (
            httpx.Response(400, json={"traceId": "00-4bf9-01"}, headers={"X-Request-Id": "r:7"}),
            "trace id is 00-4bf9-01.",
        ),
        (
            httpx.Response(400, json={"traceId": "two words"}, headers={"traceparent": "00-1-01"}),
            "trace id is 00-1-01.",
        ),
        (httpx.Response(400, json={"title": "Bad", "traceId": "two words"}), ""),
        (httpx.Response(400, json={"title": "Bad", "traceId": KEY}), ""),
        (httpx.Response(400, json={"title": "Bad", "traceId": 7}), ""),
    ],
)
def test_the_trace_id_is_told(answer: httpx.Response, said: str) -> None:
    told = str(failure(answer))
    assert said in told
    assert ("trace id" in told) is bool(said)


@pytest.mark.parametrize(
    "credential", [ApiKey(SecretStr(KEY), "the variable X"), AccessToken(SecretStr(KEY), "the variable X")]
)
def test_unauthorized_tells_where_the_credential_was_taken_from(credential: ApiKey | AccessToken) -> None:
    client = client_of(Script(refusal(401, "InvalidAPIKey")), credential=credential)
    with pytest.raises(errors.Unauthorized) as caught:
        client.update(UPDATE)
    assert str(caught.value).endswith(f" The {credential.name} was taken from the variable X.")
    client = client_of(Script(refusal(403, "AccessDenied")), credential=credential)
    with pytest.raises(errors.AccessDenied) as denied:
        client.update(UPDATE)
    assert "variable X" not in str(denied.value)


@pytest.mark.parametrize("code", ["a sentence with spaces", "x" * 65, "key-5e55a0c1-never-shown", "https://a/b"])
def test_a_code_that_is_none_is_not_shown(code: str) -> None:
    error = failure(refusal(400, code, "words"))
    assert error.error_code == ""
    assert code not in str(error)
