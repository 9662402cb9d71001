"""The POST to a registered endpoint that ECGrid would make.

The vendor's pages (REST v2.6) document neither headers nor a signature; 200 alone counts as delivered.
"""

import os
import ssl
from dataclasses import dataclass

import httpx
import truststore

TIMEOUT = 5.0
"""Seconds for connecting and for each wait for data: the sandbox's own choice, the vendor publishes none."""

_LONGEST_BODY = 1000


@dataclass(frozen=True)
class Outcome:
    """How an endpoint answered; `http_status` 0 means no answer; `body` (shortened) then says why, without the URL."""

    http_status: int
    body: str


def deliver(url: str, payload: str, *, auth_type: str, username: str | None, password: str | None) -> Outcome:
    """POST `payload` (JSON) to `url` with the registered credentials and return how it ended.

    A bad endpoint raises nothing. `auth_type` is `None`, `Basic` or `Digest`. Certificates are verified against the
    system's store, or `SSL_CERT_FILE`; a proxy of the environment is used, but not for loopback; redirects are not
    followed, so they count as not delivered.
    """
    auth: httpx.Auth | None = None
    if auth_type == "Basic":
        auth = httpx.BasicAuth(username or "", password or "")
    elif auth_type == "Digest":
        auth = httpx.DigestAuth(username or "", password or "")
    try:
        with (
            httpx.Client(verify=_trust(), timeout=TIMEOUT, mounts=_PAST_PROXY) as client,
            client.stream(
                "POST", url, content=payload.encode(), headers={"Content-Type": "application/json"}, auth=auth
            ) as response,
        ):
            return Outcome(response.status_code, _beginning(response))
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as problem:
        return Outcome(0, f"no connection: {type(problem).__name__}")


_PAST_PROXY: dict[str, None] = {"all://127.0.0.1": None, "all://localhost": None, "all://[::1]": None}


def _trust() -> ssl.SSLContext:
    # Named here because the stores of macOS and Windows, which truststore asks, know nothing of the variable.
    named = os.environ.get("SSL_CERT_FILE")
    return ssl.create_default_context(cafile=named) if named else truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _beginning(response: httpx.Response) -> str:
    read = b""
    for chunk in response.iter_bytes():
        read += chunk
        if len(read) > _LONGEST_BODY:
            break
    return read[:_LONGEST_BODY].decode(errors="replace")
