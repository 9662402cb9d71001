import json

import httpx
import pytest
from pydantic import SecretStr

from terraform_provider_ecgrid.api import errors
from terraform_provider_ecgrid.api.client import AccessToken, ApiKey
from terraform_provider_ecgrid.api.credential import Source
from terraform_provider_ecgrid.api.requests import CreateCallback
from tests.unit.api.support import KEY, RECORD, UPDATE, Script, client_of, failure, ok, refusal

VARIABLE = Source("X", is_variable=True)


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
        (422, "", errors.InvalidParameter),
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
        (501, "", errors.Refused),
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
        "ECGrid refused the request with InvalidParameter (HTTP 400): url must be HTTPS."
    )
    assert failure(refusal(404)).headline == "ECGrid refused the request with HTTP 404."
    assert failure(httpx.Response(401)).headline == (
        "https://rest.ecgrid.io:443 refused the request with HTTP 401, without any text."
    ), "nothing shows that this is ECGrid"
    assert failure(refusal(500, "InternalError", "try later")).headline == (
        "https://rest.ecgrid.io:443 failed with InternalError (HTTP 500): try later."
    )


PROBLEM = {"title": "One or more validation errors occurred.", "status": 400, "traceId": "00-84c1-01"}
BLAMED = {"errors": {"url": ["Must be HTTPS.", "Too short."], "$.HttpAuthType": "Unknown value."}}


@pytest.mark.parametrize(
    ("answer", "kind", "message"),
    [
        (httpx.Response(400, json=PROBLEM), errors.InvalidParameter, "One or more validation errors occurred"),
        (
            httpx.Response(400, json={"Title": "Bad.", "Status": 400, "detail": "No."}),
            errors.InvalidParameter,
            "Bad: No",
        ),
        (httpx.Response(404, json={"title": "Not Found", "status": 404}), errors.NotFound, "Not Found"),
        (httpx.Response(405, json={"title": "No such method", "status": 405}), errors.Refused, "No such method"),
        (httpx.Response(501, json={"title": "Not here", "status": 501}), errors.Refused, "Not here"),
        (httpx.Response(404, json={"success": False}), errors.NotFound, ""),
        (httpx.Response(400, json={"errorCode": 7, "message": {"a": 1}}), errors.InvalidParameter, ""),
    ],
)
def test_a_refusal_in_ecgrids_own_words(answer: httpx.Response, kind: type[errors.EcgridError], message: str) -> None:
    error = failure(answer)
    assert type(error) is kind
    assert error.message == message


def test_a_problem_names_the_fields_that_it_blames() -> None:
    error = failure(httpx.Response(400, json=PROBLEM | BLAMED))
    assert isinstance(error, errors.InvalidParameter)
    assert error.fields == ("url", "HttpAuthType")
    assert error.message == (
        "One or more validation errors occurred: url: Must be HTTPS. Too short: $.HttpAuthType: Unknown value"
    )
    assert error.may_blame("URL")
    assert not error.may_blame("recordsPerPage")


@pytest.mark.parametrize(
    "blamed", [None, [], "url", {}, {"": ["x"]}, {"two words": ["x"]}, {KEY: ["x"]}, {"\ud800": [7, None, {}]}]
)
def test_a_problem_that_names_no_field_may_blame_any(blamed: object) -> None:
    error = failure(httpx.Response(400, content=json.dumps(PROBLEM | {"errors": blamed})))
    assert isinstance(error, errors.InvalidParameter)
    assert error.fields == ()
    assert error.may_blame("recordsPerPage")
    assert KEY not in str(error)


@pytest.mark.parametrize(
    ("answer", "proven"),
    [
        (refusal(404, "ObjectNotFound"), True),
        (refusal(404, "OBJECTNOTFOUND"), True),
        (httpx.Response(404, json={"errorCode": "ObjectNotFound"}), True),
        (refusal(404), False),
        (refusal(404, "NotFound"), False),
        (refusal(200, "ObjectNotFound"), False),
        (httpx.Response(404, json={"title": "ObjectNotFound", "status": 404}), False),
    ],
)
def test_an_absence_is_proven_by_a_404_with_object_not_found_alone(answer: httpx.Response, proven: bool) -> None:
    error = failure(answer)
    assert isinstance(error, errors.NotFound)
    assert error.is_object_not_found is proven


@pytest.mark.parametrize(
    "data",
    [[RECORD], "true", 1, False, {}, RECORD | {"callbackId": None}, RECORD | {"callbackId": 7002}],
)
def test_a_success_without_what_was_asked_for_may_have_been_carried_out(data: object) -> None:
    error = failure(ok(data))
    assert type(error) is errors.UnreadableAnswer
    assert error.may_have_been_carried_out
    assert error.__cause__ is None


def test_a_no_that_holds_a_record_may_have_been_carried_out() -> None:
    assert type(failure(httpx.Response(200, json={"success": False, "data": RECORD}))) is errors.UnreadableAnswer


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
    callback = client_of(Script(httpx.Response(200, json=envelope))).update(UPDATE)
    assert callback is not None
    assert callback.callback_id == 7001


@pytest.mark.parametrize(
    "envelope",
    [
        {"success": False, "data": RECORD, "errorCode": "Whatever"},
        {"success": "false", "data": None},
        {"Success": False, "Data": {}},
        {"success": 0},
        {"errorCode": "Whatever"},
        {"success": False, "title": "x", "status": 400},
    ],
)
def test_a_no_with_status_200_is_a_refusal(envelope: dict[str, object]) -> None:
    assert type(failure(httpx.Response(200, json=envelope))) is errors.Refused


def test_created_callback_without_an_id_is_unreadable() -> None:
    client = client_of(Script(ok({"url": "https://a.example/x"})))
    with pytest.raises(errors.UnreadableAnswer) as caught:
        client.create(CreateCallback(url="https://a.example/x", event="Parcel"))
    assert "callbackId is missing" in str(caught.value)


@pytest.mark.parametrize(
    "odd",
    [
        pytest.param(b'"url": "https://a.example/x\x07"', id="a control character that is not escaped"),
        pytest.param(b'"message": "caf\xe9"', id="a byte that is no UTF-8"),
        pytest.param(b'"message": "two\nlines"', id="a line break in a text"),
        pytest.param(b'"mailboxId": ' + b"9" * 5000, id="more digits than Python reads"),
    ],
)
def test_a_field_that_json_forbids_costs_no_registration(odd: bytes) -> None:
    answer = httpx.Response(201, content=b'{"success": true, "data": {"callbackId": 7002, ' + odd + b"}}")
    created = client_of(Script(answer)).create(CreateCallback(url="https://a.example/x", event="Parcel"))
    assert (created.callback_id, created.mailbox_id) == (7002, None)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, '{"success": false, "errorCode": "InternalError", "message": "m", "data": {"callbackId": 7002}}'),
        (201, '{"success": false, "errorCode": "InvalidParameter", "data": {"callBackEventId": "7002"}}'),
        (404, '{"success": false, "errorCode": "ObjectNotFound", "data": {"callbackid": 7002}}'),
        (201, json.dumps(json.dumps({"success": True, "data": {"callbackId": 7002}}))),
        (201, '{"success": true, "more": ' + "[" * 99_999 + "]" * 99_999 + ', "data": {"callbackId": 7002}}'),
    ],
)
def test_a_create_that_failed_names_the_callback_that_its_answer_names(status: int, body: str) -> None:
    client = client_of(Script(httpx.Response(status, content=body)))
    with pytest.raises(errors.EcgridError) as caught:
        client.create(CreateCallback(url="https://a.example/x", event="Parcel"))
    assert (caught.value.answered_id, caught.value.may_have_been_carried_out) == (7002, True)


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
            "is not from ECGrid: HTTP 502 as text/html, beginning with “Bad Gateway nginx”.",
        ),
        (httpx.Response(502), "https://rest.ecgrid.io:443 failed with HTTP 502, without any text."),
        (
            httpx.Response(200, html="<!-- x --><p>Please log in"),
            "is not from ECGrid: HTTP 200 as text/html, beginning with “Please log in”.",
        ),
        (
            httpx.Response(200, text='{"data": {"sessionId": "s-1f", "user": "u-2b", "password": "pw-of-a'),
            'text/plain, beginning with “{"data": {"sessionId": (hidden), "user": (hidden), "password": (hidden)”.',
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


@pytest.mark.parametrize("credential", [ApiKey(SecretStr(KEY), VARIABLE), AccessToken(SecretStr(KEY), VARIABLE)])
def test_unauthorized_tells_where_the_credential_was_taken_from(credential: ApiKey | AccessToken) -> None:
    client = client_of(Script(refusal(401, "InvalidAPIKey")), credential=credential)
    with pytest.raises(errors.Unauthorized) as caught:
        client.update(UPDATE)
    assert str(caught.value).endswith(f" The {credential.name} was taken from the environment variable X.")
    client = client_of(Script(refusal(403, "AccessDenied")), credential=credential)
    with pytest.raises(errors.AccessDenied) as denied:
        client.update(UPDATE)
    assert "variable X" not in str(denied.value)


@pytest.mark.parametrize("code", ["a sentence with spaces", "x" * 65, "key-5e55a0c1-never-shown", "https://a/b"])
def test_what_is_not_a_code_is_not_shown_as_one(code: str) -> None:
    error = failure(refusal(400, code, "words"))
    assert error.error_code == ""
    assert code not in str(error)


def test_a_client_that_cannot_be_made_yet_names_its_arguments() -> None:
    error = errors.ProviderNotReady(("api_key", "base_url"))
    assert error.arguments == ("api_key", "base_url")
    assert "api_key, base_url" in error.headline
    assert not error.may_have_been_carried_out
