import gzip
import socket

import httpx
import pytest

from terraform_provider_ecgrid.api import _retry, errors
from tests.unit.api.support import UPDATE, Script, client_of, failure, serving

HTML = "<html><style>p {}</style><h1>Welcome</h1><p>nginx</html>"


class Broken(httpx.BaseTransport):
    """Answers with a body that is read where a transport's answer is read, and not before."""

    def __init__(self, headers: dict[str, str], body: bytes) -> None:
        self._headers, self._body = headers, body

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers=self._headers, stream=httpx.ByteStream(self._body))


@pytest.mark.parametrize("status", [200, 307, 404])
@pytest.mark.parametrize(
    "body",
    [
        HTML.encode(),
        b"not found",
        b"",
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b'{"success": true, "data": {"callbackId": 70',
        b'{"message": "no Route matched with those values"}',
        b'{"title": "Welcome", "detail": "x"}',
        b'{"callbackId": 7001}',
        b'{"data": []}',
        b'{"data": {"id": 7001}}',
        b"[1]",
        b"null",
        b"true",
    ],
)
def test_an_answer_of_somebody_else_is_an_error_of_its_own(status: int, body: bytes) -> None:
    error = failure(httpx.Response(status, content=body))
    assert type(error) is errors.NotEcgrid
    assert error.status == status
    assert str(error).startswith(f"https://rest.ecgrid.io:443 sent an answer that is not from ECGrid: HTTP {status}")
    # A success may have done what was asked.
    assert error.may_have_been_carried_out is (status < 300)


def test_a_problem_with_a_status_of_success_is_somebody_elses() -> None:
    assert type(failure(httpx.Response(200, json={"title": "Welcome", "status": "ok"}))) is errors.NotEcgrid


def test_a_read_that_says_nothing_is_somebody_elses() -> None:
    client = client_of(Script(httpx.Response(204)))
    with pytest.raises(errors.NotEcgrid):
        client.queue_list()


def test_an_answer_whose_compression_is_broken_is_somebody_elses() -> None:
    broken = Broken(headers={"Content-Encoding": "gzip"}, body=b"not gzip")
    with pytest.raises(errors.NotEcgrid) as caught:
        client_of(broken, base_url="https://rest.ecgrid.io/eu/").update(UPDATE)
    assert (
        str(caught.value)
        == "https://rest.ecgrid.io:443/eu sent an answer that is not from ECGrid: it could not be decompressed."
    )
    assert caught.value.may_have_been_carried_out


def test_an_answer_is_read_up_to_a_limit_whatever_it_is_compressed_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_retry, "LARGEST_ANSWER", 1000)
    whole = gzip.compress(b" " * 1000)
    with pytest.raises(errors.NotEcgrid, match="without any text"):
        client_of(Broken(headers={"Content-Encoding": "gzip"}, body=whole)).update(UPDATE)
    endless = Broken(headers={"Content-Encoding": "gzip"}, body=gzip.compress(b" " * 1001))
    with pytest.raises(errors.NotEcgrid, match="is not from ECGrid: it is too large") as caught:
        client_of(endless).update(UPDATE)
    assert caught.value.may_have_been_carried_out


@pytest.mark.parametrize(
    ("base_url", "named"),
    [
        ("https://rest.ecgrid.io", "https://rest.ecgrid.io:443"),
        ("https://rest.ecgrid.io/v2/", "https://rest.ecgrid.io:443/v2"),
        ("https://gateway.example.com:8443/ecgrid", "https://gateway.example.com:8443/ecgrid"),
        ("http://localhost", "http://localhost:80"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_an_answer_of_somebody_else_names_the_base_url(base_url: str, named: str) -> None:
    client = client_of(Script(httpx.Response(404, html=HTML)), base_url=base_url)
    with pytest.raises(errors.NotEcgrid) as caught:
        client.get_registration(7001)
    assert str(caught.value) == (
        f"{named} sent an answer that is not from ECGrid: HTTP 404 as text/html, beginning with “Welcome nginx”."
    )


@pytest.mark.parametrize(
    ("status", "kind"),
    [(401, errors.Unauthorized), (429, errors.RateLimited), (500, errors.ServerError), (501, errors.NotEcgrid)],
)
def test_what_the_status_alone_tells_needs_no_words_of_ecgrids(status: int, kind: type[errors.EcgridError]) -> None:
    error = failure(httpx.Response(status, html=HTML))
    assert type(error) is kind
    assert error.may_have_been_carried_out is (status >= 500)
    assert ("https://rest.ecgrid.io:443 sent an answer that is not from ECGrid" in str(error)) is (status >= 500)


@pytest.mark.parametrize("status", [301, 302, 304, 307, 308])
def test_a_redirect_is_not_ecgrids_and_names_the_host_alone(status: int) -> None:
    script = Script(httpx.Response(status, headers={"Location": "https://u:pw@login.example.com:8443/tok?a=tok"}))
    with pytest.raises(errors.NotEcgrid) as caught:
        client_of(script).update(UPDATE)
    assert str(caught.value) == (
        f"https://rest.ecgrid.io:443 sent an answer that is not from ECGrid: HTTP {status}, a redirect to "
        "https://login.example.com:8443, which the provider does not follow."
    )
    assert "tok" not in str(caught.value)
    assert "pw" not in str(caught.value)
    assert len(script.requests) == 1


@pytest.mark.parametrize("location", ["", "/login", "https://[broken", "//x"])
def test_redirect_without_a_usable_target(location: str) -> None:
    error = failure(httpx.Response(302, headers={"Location": location}))
    assert "which the provider does not follow" in str(error)


@pytest.mark.parametrize("location", ["https:x", "https://xn--a.example/"])
def test_a_redirect_to_what_is_almost_a_url_may_have_been_carried_out(location: str) -> None:
    error = failure(httpx.Response(302, headers={"Location": location}))
    assert type(error) is errors.NoAnswer
    assert error.may_have_been_carried_out


@pytest.mark.parametrize("greeting", [b"\x15\x03\x01\x00\x02\x02\x46", b"HTTP/2 200 OK\r\n\r\n", b"+OK ready\r\n\r\n"])
def test_what_is_not_http_is_not_called_a_connection_that_ended(greeting: bytes) -> None:
    def answer(head: str, connection: socket.socket) -> None:
        connection.sendall(greeting)

    with serving(answer) as port:
        client = client_of(base_url=f"http://127.0.0.1:{port}", max_retries=0)
        with pytest.raises(errors.NoAnswer, match=rf"sent to http://127.0.0.1:{port}, but the answer is not HTTP\."):
            client.update(UPDATE)
