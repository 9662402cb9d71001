import datetime
import ipaddress
import logging
import socket
import ssl
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pydantic import SecretStr

from terraform_provider_ecgrid import __version__
from terraform_provider_ecgrid.api import errors
from terraform_provider_ecgrid.api.client import AccessToken, ApiKey, Client
from terraform_provider_ecgrid.api.requests import CreateCallback, UpdateCallback
from tests.unit.api.support import KEY, RECORD, UPDATE, Patience, Script, client_of, http, ok, refusal, serving

ENTRY = {"callbackId": 7001, "attempts": 3}
PROXY_VARIABLES = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"]


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [*PROXY_VARIABLES, "SSL_CERT_FILE", "SSL_CERT_DIR"]:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def attempts_shown(client: Client) -> int | None:
    """Ask for `ENTRY`."""
    return client.get_queue_entry(7001)[0].attempts


@pytest.mark.parametrize(
    ("credential", "header", "value"),
    [
        (ApiKey(SecretStr("k1")), "X-API-Key", "k1"),
        (ApiKey(SecretStr("  k1\r\n")), "X-API-Key", "k1"),
        (AccessToken(SecretStr("t.o.k")), "Authorization", "Bearer t.o.k"),
    ],
)
def test_request_carries_the_credential_and_who_asks(credential: ApiKey | AccessToken, header: str, value: str) -> None:
    script = Script(ok(RECORD))
    client_of(script, credential=credential).update(UpdateCallback(callback_id=7001))
    headers = script.requests[0].headers
    assert headers[header] == value
    assert len({"x-api-key", "authorization"} & set(headers)) == 1
    assert headers["User-Agent"] == f"terraform-provider-ecgrid/{__version__}"
    assert (headers["Accept"], headers["Content-Type"]) == ("application/json", "application/json")


def test_a_cookie_is_not_sent_back() -> None:
    answer = ok(RECORD)
    answer.headers["Set-Cookie"] = "gateway=1; Path=/"
    script = Script(answer)
    client = client_of(script)
    for _ in range(2):
        client.update(UPDATE)
    assert ["Cookie" in request.headers for request in script.requests] == [False, False]


def test_user_agent_is_kept_to_what_a_header_can_carry() -> None:
    script = Script(ok(True))
    Client("https://rest.ecgrid.io", ApiKey(SecretStr(KEY)), user_agent="a/1\r\nX: y é (b)", transport=script).delete(1)
    assert script.requests[0].headers["User-Agent"] == "a/1X: y  (b)"


@pytest.mark.parametrize("kind", [ApiKey, AccessToken])
@pytest.mark.parametrize("secret", ["ké-hidden", "line\nhidden", "nul\0hidden", " \n"])
def test_credential_that_no_header_can_carry(kind: type[ApiKey | AccessToken], secret: str) -> None:
    with pytest.raises(errors.UnsendableCredential) as caught:
        client_of(Script(ok(ENTRY)), credential=kind(SecretStr(secret)))
    assert "hidden" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("base_url", ["https://gate.example/ecgrid", "https://gate.example/ecgrid/"])
def test_base_url_may_have_a_path(base_url: str) -> None:
    script = Script(ok(True))
    client_of(script, base_url=base_url).delete(1)
    assert str(script.requests[0].url) == "https://gate.example/ecgrid/v2/callbacks"


def test_proxy_serves_every_attempt(monkeypatch: pytest.MonkeyPatch) -> None:
    heads: list[str] = []

    def proxy(head: str, connection: socket.socket) -> None:
        heads.append(head)
        connection.sendall(http(ENTRY, status="503 Busy" if len(heads) == 1 else "200 OK"))

    with serving(proxy) as port:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{port}")
        assert attempts_shown(client_of(base_url="http://ecgrid.invalid")) == 3
    line = "GET http://ecgrid.invalid/v2/callbacks/get-queue-by-id?callbackId=7001 HTTP/1.1"
    assert [head.split("\r\n")[0] for head in heads] == [line] * 2


def test_https_goes_through_the_proxys_tunnel(monkeypatch: pytest.MonkeyPatch) -> None:
    heads: list[str] = []

    def proxy(head: str, connection: socket.socket) -> None:
        heads.append(head)
        connection.sendall(b"HTTP/1.1 407 Who are you\r\nContent-Length: 0\r\n\r\n")

    with serving(proxy) as port:
        monkeypatch.setenv("HTTPS_PROXY", f"http://user:proxy-pw@127.0.0.1:{port}")
        client = client_of(base_url="https://ecgrid.invalid")
        with pytest.raises(errors.NotConnected) as caught:
            client.update(UpdateCallback(callback_id=1))
    assert [head.split("\r\n")[0] for head in heads] == ["CONNECT ecgrid.invalid:443 HTTP/1.1"]
    assert KEY not in heads[0]
    assert "the proxy refused" in str(caught.value)
    assert "proxy-pw" not in str(caught.value)
    assert not caught.value.may_have_been_carried_out


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (b"", "the network reported an error"),
        (b"SSH-2.0-OpenSSH\r\n\r\n", "the network reported an error"),
        (None, "nothing answered within 0.3 seconds"),
    ],
    ids=["closed", "not HTTP", "silent"],
)
def test_what_goes_wrong_in_the_proxys_tunnel_is_no_answer_to_a_request(
    monkeypatch: pytest.MonkeyPatch, answer: bytes | None, why: str
) -> None:
    heads: list[str] = []
    done = threading.Event()

    def proxy(head: str, connection: socket.socket) -> None:
        heads.append(head)
        if answer is None:
            done.wait(10)
        else:
            connection.sendall(answer)

    with serving(proxy) as port:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
        client = client_of(base_url="https://ecgrid.invalid", max_retries=1, request_timeout=0.3)
        with pytest.raises(errors.NotConnected, match=why) as caught:
            client.create(CreateCallback(url="https://app.example.com", event="Parcel"))
        done.set()
    assert not caught.value.may_have_been_carried_out
    assert len(heads) == 2, "what was surely not sent is sent again, a create too"


def test_the_password_of_a_proxy_is_hidden_in_what_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    def proxy(head: str, connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 502 Bad\r\nContent-Length: 25\r\n\r\nalice, proxy-pw/7: denied")

    with serving(proxy) as port:
        monkeypatch.setenv("HTTP_PROXY", f"http://alice:proxy-pw%2F7@127.0.0.1:{port}")
        with pytest.raises(errors.EcgridError) as caught:
            client_of(base_url="http://ecgrid.invalid", max_retries=0).delete(7001)
    assert "alice" in str(caught.value)
    assert "proxy-pw" not in str(caught.value)


def _no_proxy_expected(head: str, connection: socket.socket) -> None:
    connection.sendall(http(ENTRY | {"attempts": 0}))


def test_no_proxy_is_honoured(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(_no_proxy_expected) as port:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{port}")
        client = client_of(base_url="http://ecgrid.invalid", max_retries=0)
        assert attempts_shown(client) == 0
        monkeypatch.setenv("NO_PROXY", "ecgrid.invalid")
        client = client_of(base_url="http://ecgrid.invalid", max_retries=0)
        with pytest.raises(errors.NotConnected) as caught:
            attempts_shown(client)
    assert "Could not connect to http://ecgrid.invalid:80: the name of the host was not found" in str(caught.value)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.0.0.2"])
def test_loopback_goes_past_the_proxy(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    def api(head: str, connection: socket.socket) -> None:
        connection.sendall(http(ENTRY))

    with serving(_no_proxy_expected) as proxy_port, serving(api) as port:
        # The API listens on 127.0.0.1 alone: for 127.0.0.2 it is enough that the proxy is not asked.
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy_port}")
        client = client_of(base_url=f"http://{host}:{port}", max_retries=0)
        if host == "127.0.0.2":
            with pytest.raises(errors.NotConnected):
                attempts_shown(client)
        else:
            assert attempts_shown(client) == 3


@pytest.mark.parametrize(
    "base_url", ["https://[::1", "https://a..example", f"https://{'a' * 64}.example", "https://xn--a.example"]
)
def test_unusable_base_url_is_told(base_url: str) -> None:
    with pytest.raises(errors.NotConnected, match="base URL"):
        client_of(base_url=base_url).delete(1)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate for 127.0.0.1 with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "company CA")])
    now = datetime.datetime.now(datetime.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(
            x509.SubjectAlternativeName(
                [x509.IPAddress(ipaddress.ip_address("127.0.0.1")), x509.DNSName("api.ecgrid.invalid")]
            ),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "ca.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(secret + signed.public_bytes(serialization.Encoding.PEM))
    return file


def _serve_tls(certificate: Path, listener: socket.socket) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        with connection:
            try:
                with context.wrap_socket(connection, server_side=True) as secure:
                    secure.recv(65536)
                    secure.sendall(http(ENTRY))
            except OSError:
                continue


@pytest.fixture
def tls_url(certificate: Path) -> str:
    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=_serve_tls, args=(certificate, listener), daemon=True).start()
    return f"https://127.0.0.1:{listener.getsockname()[1]}"


def test_company_certificate_is_trusted_by_ssl_cert_file(
    monkeypatch: pytest.MonkeyPatch, certificate: Path, tls_url: str
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert attempts_shown(client_of(base_url=tls_url, max_retries=0)) == 3


def test_a_dot_at_the_end_of_a_host_is_not_part_of_the_certificates_name(
    monkeypatch: pytest.MonkeyPatch, certificate: Path, tls_url: str
) -> None:
    look_up = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *more, **named: look_up("127.0.0.1", *more, **named))
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    url = tls_url.replace("127.0.0.1", "api.ecgrid.invalid.")
    assert attempts_shown(client_of(base_url=url, max_retries=0)) == 3


def test_untrusted_certificate_is_told_at_once(tls_url: str) -> None:
    patience = Patience()
    client = client_of(base_url=tls_url, stop=patience)
    with pytest.raises(errors.NotConnected) as caught:
        attempts_shown(client)
    assert "its TLS certificate is not trusted" in str(caught.value)
    assert "SSL_CERT_FILE" in str(caught.value)
    assert patience.waits == []


def test_unreadable_ssl_cert_file_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "missing.pem"))
    with pytest.raises(errors.NotConnected, match="the environment variable SSL_CERT_FILE does not point to readable"):
        client_of()


def test_64_calls_at_once_do_not_wait_for_each_other() -> None:
    all_here = threading.Barrier(64)

    def answer_when_all_are_here(head: str, connection: socket.socket) -> None:
        all_here.wait(timeout=20)
        connection.sendall(http(ENTRY))

    with serving(answer_when_all_are_here) as port, ThreadPoolExecutor(64) as threads:
        client = client_of(base_url=f"http://127.0.0.1:{port}", max_retries=0)
        answers = list(threads.map(lambda _: attempts_shown(client), range(64)))
    assert answers == [3] * 64


def test_no_secret_in_any_log_repr_or_traceback(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    url = "https://hooks.example.com/tok-in-path?sig=tok-in-query"
    request = UpdateCallback(callback_id=7001, url=url, username="u", password=SecretStr("hunter2-secret"))
    echo = f"{KEY} hunter2-secret {url}"
    steps: list[httpx.Response | Exception] = [
        refusal(503, "InternalError", echo),
        httpx.ReadError(echo),
        refusal(429, echo, echo),
        refusal(400, "InvalidParameter", echo),
    ]
    credential = ApiKey(SecretStr(KEY))
    client = client_of(Script(*steps), credential=credential)
    with pytest.raises(errors.InvalidParameter) as caught:
        client.update(request)
    client_of(Script(ok(RECORD | {"url": url, "password": "hunter2-secret"}))).update(request)
    shown = "\n".join(
        [
            caplog.text,
            "".join(traceback.format_exception(caught.value)),
            repr(vars(caught.value)),
            repr(credential),
            repr(AccessToken(SecretStr(KEY))),
            repr(client),
            repr(vars(client)),
            repr(request),
        ]
    )
    assert "callbacks/update" in shown
    for secret in (KEY, "hunter2", "tok-in"):
        assert secret not in shown
