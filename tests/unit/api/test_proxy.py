"""Which proxy the environment names. What Go's own rules (golang.org/x/net/http/httpproxy) answered is the table."""

import traceback

import httpx
import pytest

from terraform_provider_ecgrid.api import errors
from terraform_provider_ecgrid.api._proxy import proxy_for
from tests.unit.api.support import client_of, unused_port

ECGRID = "https://rest.ecgrid.io"


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.mark.parametrize(
    ("no_proxy", "url", "proxied"),
    [
        ("", ECGRID, True),
        ("*", ECGRID, False),
        ("a.example, * ", ECGRID, False),
        ("rest.ecgrid.io", ECGRID, False),
        ("REST.ecgrid.IO", ECGRID, False),
        ("rest.ecgrid.io", "https://REST.ECGRID.IO", False),
        ("ecgrid.io", ECGRID, False),
        ("grid.io", ECGRID, True),
        ("est.ecgrid.io", ECGRID, True),
        (".ecgrid.io", ECGRID, False),
        (".ecgrid.io", "https://ecgrid.io", True),
        ("*.ecgrid.io", ECGRID, False),
        ("*.ecgrid.io", "https://ecgrid.io", True),
        ("*ecgrid.io", ECGRID, True),
        ("rest.*", ECGRID, True),
        ("rest.ecgrid.io:443", ECGRID, False),
        ("rest.ecgrid.io:8443", ECGRID, True),
        ("ecgrid.io:8443", "https://rest.ecgrid.io:8443", False),
        (".ecgrid.io:443", ECGRID, False),
        ("*.ecgrid.io:80", ECGRID, True),
        ("rest.ecgrid.io:80", "http://rest.ecgrid.io", False),
        ("rest.ecgrid.io:https", ECGRID, True),
        ("rest.ecgrid.io:", ECGRID, False),
        ("[rest.ecgrid.io]:443", ECGRID, False),
        ("https://rest.ecgrid.io", ECGRID, True),
        ("rest.ecgrid.io.", ECGRID, True),
        ("rest.ecgrid.io", "https://rest.ecgrid.io.", True),
        ("a.example b.example rest.ecgrid.io", ECGRID, True),
        ("a.example;rest.ecgrid.io", ECGRID, True),
        (",, ,rest.ecgrid.io,", ECGRID, False),
        ("rest_1.internal", "https://rest_1.internal", False),
        ("bücher.example", "https://xn--bcher-kva.example", False),
        ("xn--bcher-kva.example", "https://bücher.example", False),
        ("10.1.2.3", "https://10.1.2.3", False),
        ("10.1.2.3:443", "https://10.1.2.3", False),
        ("10.1.2.3:80", "https://10.1.2.3", True),
        ("10.1.2", "https://10.1.2.3", True),
        ("10.01.2.3", "https://10.1.2.3", True),
        ("10.0.0.0/8", "https://10.1.2.3", False),
        ("10.9.9.9/8", "https://10.1.2.3", False),
        ("10.0.0.0/8", "https://11.1.2.3", True),
        ("10.0.0.0/8", ECGRID, True),
        ("10.0.0.0/33", "https://10.1.2.3", True),
        ("10.0.0.0/255.0.0.0", "https://10.1.2.3", True),
        ("10.0.0.0/8:443", "https://10.1.2.3", True),
        ("0.0.0.0/0", "https://10.1.2.3", False),
        ("0.0.0.0/0", "https://[fd07::2]", True),
        ("::/0", "https://10.1.2.3", True),
        ("::ffff:10.1.2.3", "https://10.1.2.3", False),
        ("10.0.0.0/8", "https://[::ffff:10.1.2.3]", False),
        ("::ffff:0:0/96", "https://10.1.2.3", False),
        ("::ffff:10.0.0.0/104", "https://10.1.2.3", False),
        ("fd07:b51a:cc66:f0::/64", "https://[fd07:b51a:cc66:f0::2]", False),
        ("fd07:b51a:cc66:f0::/64", "https://[fd07:b51a:cc66:f1::2]", True),
        ("fd07::2", "https://[fd07::2]", False),
        ("FD07:0::2", "https://[fd07::2]", False),
        ("[fd07::2]:443", "https://[fd07::2]", False),
        ("[fd07::2]:80", "https://[fd07::2]", True),
        ("[fd07::/64]", "https://[fd07::2]", True),
        ("[fd07::]/64", "https://[fd07::2]", True),
        ("localhost,127.0.0.1,::1,fd07:b51a:cc66:f0::/64", ECGRID, True),
        ("localhost,[::1],10.0.0.0/8,*.internal.example", "https://ecgrid.internal.example", False),
        ("[", ECGRID, True),
        (":443", ECGRID, True),
        ("]:443,rest.ecgrid.io", ECGRID, False),
        ("/", ECGRID, True),
        ("*:443", ECGRID, True),
        (".", ECGRID, True),
        ("*.", ECGRID, True),
        ("..ecgrid.io", ECGRID, True),
        # Here we differ from Go, which does not understand it.
        ("[fd07::2]", "https://[fd07::2]", False),
    ],
)
def test_no_proxy_means_what_it_means_to_go(
    monkeypatch: pytest.MonkeyPatch, no_proxy: str, url: str, proxied: bool
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://proxy.example:3128")
    monkeypatch.setenv("NO_PROXY", no_proxy)
    assert (proxy_for(httpx.URL(url)) is not None) is proxied


@pytest.mark.parametrize("url", ["http://localhost:1", "http://LOCALHOST.", "https://127.9.9.9", "https://[::1]"])
def test_loopback_needs_no_entry(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv(f"{url.partition(':')[0]}_proxy".upper(), "http://proxy.example:3128")
    assert proxy_for(httpx.URL(url)) is None


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("proxy.example", "http://proxy.example:80"),
        ("proxy.example:3128", "http://proxy.example:3128"),
        ("http://proxy.example:3128/", "http://proxy.example:3128"),
        ("https://proxy.example", "https://proxy.example:443"),
        ("HTTP://user:p%40ss@proxy.example:1", "http://proxy.example:1"),
        ("user:pass@proxy.example:3128", "http://proxy.example:3128"),
        ("[fd07::1]:3128", "http://[fd07::1]:3128"),
        (" http://proxy.example:3128\n", "http://proxy.example:3128"),
    ],
)
@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy"])
def test_what_the_variable_may_hold(monkeypatch: pytest.MonkeyPatch, value: str, shown: str, variable: str) -> None:
    monkeypatch.setenv(variable, value)
    assert str(proxy_for(httpx.URL(ECGRID))) == f"the proxy {shown} of {variable}"


@pytest.mark.parametrize(
    "other",
    [
        {"ALL_PROXY": "socks5h://proxy.example:1080"},
        {"HTTP_PROXY": "socks5://proxy.example:1080"},
        {"NO_PROXY": "localhost,127.0.0.1,::1,fd07:b51a:cc66:f0::/64,[::1]"},
        {"NO_PROXY": "[,:,]:443,/,10.0.0.0/99,http://[,é..,%zz"},
    ],
)
@pytest.mark.parametrize("usable", ["", "http://proxy.example:3128"])
def test_only_the_variable_of_this_url_is_read(
    monkeypatch: pytest.MonkeyPatch, other: dict[str, str], usable: str
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", usable)
    for name, value in other.items():
        monkeypatch.setenv(name, value)
    client_of().close()
    assert (proxy_for(httpx.URL(ECGRID)) is not None) is bool(usable)


UNUSABLE = [
    "ftp://user:proxy-pw@proxy.example",
    "socks5://user:proxy-pw@proxy.example:1080",
    "http://user:proxy-pw@proxy.example:port",
    "http://user:proxy-pw@proxy.example:65536",
    "http://user:31/proxy-pw@proxy.example:3128",
    "http://user:proxy-pw@xn--a.example:3128",
    "http://",
    "://",
    "[::1",
]


@pytest.mark.parametrize("value", UNUSABLE)
@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy"])
def test_a_variable_that_names_no_usable_proxy_is_named(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(errors.NotConnected) as caught:
        client_of()
    assert f"the environment variable {variable} does not name a usable proxy" in str(caught.value)
    assert "proxy-pw" not in "".join(traceback.format_exception(caught.value))
    monkeypatch.setenv("NO_PROXY", "ecgrid.io")
    client_of().close()


@pytest.mark.parametrize(
    ("proxy", "why"),
    [("http://proxy.invalid:3128", "the name of the proxy was not found"), (None, "the connection was refused")],
)
def test_a_proxy_that_cannot_be_reached_is_named_with_its_variable(
    monkeypatch: pytest.MonkeyPatch, proxy: str | None, why: str
) -> None:
    proxy = proxy or f"http://127.0.0.1:{unused_port()}"
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    with pytest.raises(errors.NotConnected) as caught:
        client_of(max_retries=0).delete(7001)
    expected = f"Could not connect to https://rest.ecgrid.io:443 through the proxy {proxy} of HTTPS_PROXY: {why}."
    assert str(caught.value) == expected
