"""One HTTP client for all calls: pool, proxies, TLS, credential."""

import os
import ssl
from collections.abc import Generator
from dataclasses import dataclass
from typing import Literal

import truststore
from pydantic import SecretStr

from terraform_provider_ecgrid.api._http import NO_COOKIES, httpx
from terraform_provider_ecgrid.api._one_limit import OneLimit
from terraform_provider_ecgrid.api._proxy import Proxy, proxy_for
from terraform_provider_ecgrid.api.credential import Source, is_printable, problem_with_credential
from terraform_provider_ecgrid.api.errors import NotConnected, UnsendableCredential

MOST_CONNECTIONS = 128
"""Twice the 64 calls that may run at once, so that no call waits for the pool."""

# Less than the 5 s after which common servers close an idle connection: a request that meets the closing is lost, and
# nothing says whether it was carried out.
_IDLE_SECONDS = 2.0


@dataclass(frozen=True)
class _Secret:
    value: SecretStr
    source: Source | None = None
    """Where it was taken from; None if that is not known."""

    def _text(self) -> str:
        """Return the value without the white space around it, such as a file's last newline."""
        return self.value.get_secret_value().strip()


@dataclass(frozen=True)
class ApiKey(_Secret):
    """An API key, sent as `X-API-Key`."""

    name: Literal["API key"] = "API key"

    def header(self) -> tuple[str, str]:
        """Return name and value of the header."""
        return "X-API-Key", self._text()


@dataclass(frozen=True)
class AccessToken(_Secret):
    """A token of `POST /v2/auth/login`, sent as `Authorization: Bearer`."""

    name: Literal["access token"] = "access token"

    def header(self) -> tuple[str, str]:
        """Return name and value of the header."""
        return "Authorization", f"Bearer {self._text()}"


Credential = ApiKey | AccessToken


def connect(
    base_url: str,
    credential: Credential,
    *,
    request_timeout: float,
    user_agent: str,
    transport: httpx.BaseTransport | None = None,
) -> tuple[httpx.Client, Proxy | None]:
    """Make the client for `base_url`, and name the proxy that it goes through. Nothing is sent yet.

    The proxy is the environment's (_proxy.py); certificates are checked against the system's trust store and those of
    `SSL_CERT_FILE` and `SSL_CERT_DIR`; redirects are not followed.

    Args:
        base_url: scheme, host and, if need be, a path before `/v2`.
        credential: goes into its header.
        request_timeout: seconds for one attempt, from waiting for a connection to the last byte of the answer.
        user_agent: characters outside printable ASCII are omitted.
        transport: replaces the network (and proxies) in tests.

    Raises:
        UnsendableCredential: the credential is blank, or holds characters that no header can carry.
        NotConnected: `base_url`, a proxy variable or a certificate variable cannot be used.
    """
    if why := problem_with_credential(credential.value.get_secret_value()):
        raise UnsendableCredential(f"The {credential.name} cannot be sent, because it {why}.")
    try:
        url = httpx.URL(base_url)
        _ = url.host  # decodes it, which not every host allows
    except (httpx.InvalidURL, UnicodeError):
        # Not chained: it quotes the URL.
        raise NotConnected("Cannot connect: the base URL is not a valid address. Correct it.") from None
    proxy = None
    if transport is None:
        proxy = proxy_for(url)
        transport = OneLimit(
            request_timeout,
            verify=_trust(url.scheme),
            limits=httpx.Limits(
                max_connections=MOST_CONNECTIONS,
                max_keepalive_connections=MOST_CONNECTIONS,
                keepalive_expiry=_IDLE_SECONDS,
            ),
            proxy=_for_httpx(proxy),
        )
    client = httpx.Client(
        base_url=url,
        auth=_Signature(credential),
        headers={"User-Agent": "".join(filter(is_printable, user_agent)), "Accept": "application/json"},
        timeout=request_timeout,
        cookies=NO_COOKIES,
        follow_redirects=False,
        trust_env=False,
        transport=transport,
    )
    return client, proxy


class _Signature(httpx.Auth):
    """Adds the credential at the last moment, so that the client's own headers, which have a `repr`, never hold it."""

    def __init__(self, credential: Credential) -> None:
        self._credential = credential

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        name, value = self._credential.header()
        request.headers[name] = value
        yield request


def _trust(scheme: str) -> ssl.SSLContext:
    if scheme != "https":
        # Trusts nobody and is not used: reading the system's certificates takes longer than a request.
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # On Windows and macOS truststore asks the system alone, so the two variables would do nothing.
    for variable, kind in (("SSL_CERT_FILE", "cafile"), ("SSL_CERT_DIR", "capath")):
        if place := os.environ.get(variable):
            try:
                context.load_verify_locations(**{kind: place})
            except OSError:
                raise NotConnected(
                    f"Cannot connect: the environment variable {variable} does not point to readable certificates in "
                    "PEM format. Correct the variable, or unset it."
                ) from None
    return context


def _for_httpx(proxy: Proxy | None) -> httpx.Proxy | None:
    if proxy is None:
        return None
    # httpx accepts a context for a proxy that is itself called by TLS only.
    return httpx.Proxy(proxy.url, ssl_context=_trust("https") if proxy.url.scheme == "https" else None)
