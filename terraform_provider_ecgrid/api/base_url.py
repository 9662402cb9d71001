"""Which URLs the API may be called at."""

from __future__ import annotations

DEFAULT_BASE_URL = "https://rest.ecgrid.io"


def problem_with_base_url(url: str) -> str | None:
    """Return a sentence that says why the API cannot be called at `url` and how to correct it; None if it can."""
    # Late: it takes 1.8 ms, and a process that only gives the schema has no URL.
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(url.strip())
        host = parts.hostname
        _ = parts.port
    except ValueError:
        return f"`base_url` is not a URL. Write it like `{DEFAULT_BASE_URL}`."
    if parts.scheme not in ("http", "https") or not host:
        return f"`base_url` needs a scheme and a host. Write it like `{DEFAULT_BASE_URL}`."
    if parts.username is not None or parts.password is not None:
        return "`base_url` must not carry credentials. Use `api_key` or `access_token`."
    if parts.query or parts.fragment:
        return f"`base_url` must not carry a query or a fragment. Write it like `{DEFAULT_BASE_URL}`."
    if parts.path.rstrip("/").lower().endswith("/v2"):
        return "`base_url` must not end in `/v2`, which the provider adds to every request. Remove it."
    if parts.scheme == "http" and not is_loopback(host):
        return (
            f"`base_url` would send the credential to {host} unencrypted. Use `https://`; plain `http://` is accepted "
            "for loopback hosts only."
        )
    return None


def is_loopback(host: str) -> bool:
    """Tell whether a host name or address is this machine's own."""
    if host.rstrip(".").lower() == "localhost":
        return True
    # Late: it takes 0.9 ms, which only an address without TLS and the client need.
    import ipaddress

    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
