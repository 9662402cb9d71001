"""Which URLs the API may be called at."""

from __future__ import annotations

import re

DEFAULT_BASE_URL = "https://rest.ecgrid.io"

# What a host name may look like, in any script, with a dot at its end or not.
_HOST_NAME = r"[\w-]{1,63}(\.[\w-]{1,63})*\.?"


def without_space_around(text: str) -> str:
    """Return a text without the space and the invisible characters that a file or a secret store leaves around it."""
    marks = [number for number, mark in enumerate(text) if mark.isprintable() and not mark.isspace()]
    return text[marks[0] : marks[-1] + 1] if marks else ""


def problem_with_base_url(url: str) -> str | None:
    """Return a sentence that says why the API cannot be called at `url` and how to correct it; None if it can.

    Space around it counts for nothing.
    """
    # Late: it takes 1.8 ms, and a process that only gives the schema has no URL.
    from urllib.parse import urlsplit

    try:
        # Before it is taken apart, which drops line breaks.
        text = without_space_around(url)
        if not text:
            is_empty = "blank" if url else "empty"
            return f"`base_url` is {is_empty}. Remove it to use the default, or write it like `{DEFAULT_BASE_URL}`."
        if not text.isprintable() or " " in text:
            return "`base_url` contains white space or an invisible character. Remove it."
        parts = urlsplit(text)
        host = parts.hostname
        has_more = parts.query or parts.fragment or text.endswith(("?", "#"))
        _ = parts.port
    except ValueError:
        return f"`base_url` is not a URL. Write it like `{DEFAULT_BASE_URL}`."
    if parts.scheme not in ("http", "https") or not host:
        return f"`base_url` needs a scheme and a host. Write it like `{DEFAULT_BASE_URL}`."
    if parts.port == 0 or not _is_host(host):
        return f"The host or the port in `base_url` is not valid. Write it like `{DEFAULT_BASE_URL}`."
    if parts.username is not None or parts.password is not None:
        return "`base_url` must not contain credentials. Use `api_key` or `access_token`."
    if has_more:
        return f"`base_url` must not contain a query or a fragment. Write it like `{DEFAULT_BASE_URL}`."
    if parts.path.rstrip("/").lower().endswith("/v2"):
        return "`base_url` must not end in `/v2`, which the provider adds to every request. Remove `/v2`."
    if parts.scheme == "http" and not is_loopback(host):
        return (
            f"`base_url` would send the credential to {host} unencrypted. Use `https://`; plain `http://` is accepted "
            "only for this machine (127.0.0.1, localhost)."
        )
    return None


def _is_host(host: str) -> bool:
    """Tell whether a connection could be tried to a host; `[` and `]` do not stand around an address."""
    if ":" not in host and not re.fullmatch(r"[0-9.]+", host):
        return re.fullmatch(_HOST_NAME, host) is not None
    # Late: as below.
    import ipaddress

    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


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
