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


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, "InvalidParameter", errors.InvalidParameter),
        (400, "invalidparameter", errors.InvalidParameter),
        (400, "", errors.InvalidParameter),
        (400, "DuplicateObject", errors.DuplicateObject),
        (409, "DuplicateObject", errors.DuplicateObject),
        (400, "ObjectNotFound", errors.Refused),
        (400, "Whatever", errors.Refused),
        (401, "InvalidAPIKey", errors.Unauthorized),
        (401, "InvalidSession", errors.Unauthorized),
        (401, "InvalidParameter", errors.Unauthorized),
        (403, "AccessDenied", errors.AccessDenied),
        (404, "ObjectNotFound", errors.NotFound),
        (404, "", errors.NotFound),
        (429, "RateLimitExceeded", errors.RateLimited),
        (418, "", errors.Refused),
        (500, "InternalError", errors.ServerError),
        (503, "", errors.ServerError),
        (500, "ObjectNotFound", errors.ServerError),
        (200, "InvalidParameter", errors.InvalidParameter),
        (200, "OBJECTNOTFOUND", errors.NotFound),
        (200, "InvalidSession", errors.Unauthorized),
        (200, "InternalError", errors.ServerError),
        (200, "", errors.Refused),
    ],
)
def test_status_decides_first_then_the_code(status: int, code: str, kind: type[errors.EcgridError]) -> None:
    error = failure(refusal(status, code, "because"))
    assert type(error) is kind
    assert (error.status, error.error_code, error.message) == (status, code, "because")
    assert error.may_have_been_carried_out is (kind is errors.ServerError)


def test_headline_is_one_sentence_with_code_status_and_words() -> None:
    assert str(failure(refusal(400, "InvalidParameter", "url must be HTTPS."))) == (
        "ECGrid refused the request: InvalidParameter (HTTP 400): url must be HTTPS."
    )
    assert failure(refusal(404)).headline == "ECGrid refused the request: HTTP 404."
    assert failure(refusal(500, "InternalError", "try later")).headline == (
        "rest.ecgrid.io failed to answer the request: InternalError (HTTP 500): try later."
    )


@pytest.mark.parametrize(
    ("answer", "kind", "message"),
    [
        (
            httpx.Response(400, json={"title": "Bad.", "detail": "No url.", "traceId": "t"}),
            "InvalidParameter",
            "Bad: No",
        ),
        (httpx.Response(404, json={"title": "Not Found", "status": 404}), "NotFound", "Not Found"),
        (httpx.Response(404, text="<html>nothing here</html>"), "NotFound", ""),
        (httpx.Response(502, text="<html>bad gateway</html>"), "ServerError", ""),
        (httpx.Response(500), "ServerError", ""),
        (httpx.Response(400, json=["x"]), "InvalidParameter", ""),
        (httpx.Response(400, json={"errorCode": 7, "message": {"a": 1}}), "InvalidParameter", ""),
    ],
)
def test_errors_without_an_envelope(answer: httpx.Response, kind: str, message: str) -> None:
    error = failure(answer)
    assert type(error).__name__ == kind
    assert error.message.startswith(message)
    assert bool(error.message) is bool(message)
    assert "<html>" not in str(error)


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, text="<html>welcome</html>"),
        httpx.Response(200, content=b""),
        httpx.Response(204),
        httpx.Response(200, content=b"\xff\xfe\x00"),
        httpx.Response(200, content=b"[" * 100_000),
        httpx.Response(200, json=[1]),
        httpx.Response(200, json={"callbackId": 7001}),
        httpx.Response(200, json={"success": True}),
        ok(None),
        ok([RECORD]),
        ok({**RECORD, "callbackId": None}),
        ok({**RECORD, "callbackId": 7002}),
        httpx.Response(200, json={"success": False, "data": RECORD}),
    ],
)
def test_success_without_what_was_asked_for_may_have_been_carried_out(answer: httpx.Response) -> None:
    error = failure(answer)
    assert type(error) is errors.UnreadableAnswer
    assert error.may_have_been_carried_out
    assert error.__cause__ is None


@pytest.mark.parametrize(
    "envelope",
    [
        {"data": RECORD},
        {"success": None, "data": RECORD, "errorCode": ""},
        {"success": "True", "data": RECORD},
        {"success": True, "data": RECORD, "errorCode": "None", "extra": 1},
        {"success": 1, "data": RECORD},
        {"success": "ok", "data": RECORD},
        {"Success": True, "Data": RECORD, "ErrorCode": None},
        {"SUCCESS": False, "success": True, "data": RECORD},
    ],
)
def test_success_need_not_be_said_if_there_is_data(envelope: dict[str, object]) -> None:
    script = Script(httpx.Response(200, json=envelope))
    assert client_of(script).update(UPDATE).callback_id == 7001


@pytest.mark.parametrize(
    "envelope",
    [
        {"success": False, "data": RECORD, "errorCode": "Whatever"},
        {"success": "false", "data": None},
        {"Success": False, "Data": {}},
        {"success": 0},
        {"errorCode": "Whatever"},
    ],
)
def test_a_no_with_status_200_is_a_refusal(envelope: dict[str, object]) -> None:
    assert type(failure(httpx.Response(200, json=envelope))) is errors.Refused


def test_created_callback_without_an_id_is_unreadable() -> None:
    client = client_of(Script(ok({"url": "https://a.example/x"})))
    with pytest.raises(errors.UnreadableAnswer) as caught:
        client.create(CreateCallback(url="https://a.example/x", event="Parcel"))
    assert "callbackId is missing" in str(caught.value)


@pytest.mark.parametrize("status", [301, 302, 304, 307, 308])
def test_redirects_are_refused_with_the_hosts_name_alone(status: int) -> None:
    script = Script(httpx.Response(status, headers={"Location": "https://u:pw@login.example.com/tok?a=tok"}))
    with pytest.raises(errors.Refused) as caught:
        client_of(script).update(UPDATE)
    assert "redirects to https://login.example.com, and redirects are not followed" in str(caught.value)
    assert "tok" not in str(caught.value)
    assert "pw" not in str(caught.value)
    assert len(script.requests) == 1


@pytest.mark.parametrize("location", ["", "/login", "https://[broken", "//x"])
def test_redirect_without_a_usable_target(location: str) -> None:
    error = failure(httpx.Response(302, headers={"Location": location}))
    assert "redirects are not followed" in str(error)


def test_every_kind_is_in_the_tree_that_the_docstring_draws() -> None:
    def kinds(parent: type[errors.EcgridError]) -> set[str]:
        return {parent.__name__} | {name for kind in parent.__subclasses__() for name in kinds(kind)}

    drawn = errors.EcgridError.__doc__ or ""
    assert all(f"{name} " in drawn or f"{name}\n" in drawn for name in kinds(errors.EcgridError))


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
def test_what_is_not_a_code_is_not_shown_as_one(code: str) -> None:
    error = failure(refusal(400, code, "words"))
    assert error.error_code == ""
    assert code not in str(error)


def test_a_provider_that_is_not_ready_names_its_arguments() -> None:
    error = errors.ProviderNotReady(("api_key", "base_url"))
    assert error.arguments == ("api_key", "base_url")
    assert error.headline.startswith("The provider's `api_key` and `base_url` will be known only after")
    assert not error.may_have_been_carried_out
