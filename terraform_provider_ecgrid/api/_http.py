"""httpx and httpcore, without what they load and this client does not use. Import both from here.

They load what keeps cookies, asks the system for a proxy, reads mail, has certificates of its own or is a command line.
A plan of one callback takes 5 % less time without it. Nothing in this process keeps cookies afterwards.
"""

import email  # noqa: F401 - the package of a module that is left out, as is the next
import urllib  # noqa: F401
from collections.abc import Iterator, Mapping
from typing import Any

from terraform_provider_ecgrid.api._left_out import late, left_out


class _NoCookies:
    """Keeps no cookie: what a gateway sets is never sent back."""

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def extract_cookies(self, response: object, request: object) -> None:
        pass


class _NoRequest:
    """What httpx shows a cookie jar of a request."""

    def __init__(self, **_: object) -> None:
        pass


NO_COOKIES: Any = _NoCookies()
"""In the place of an `http.cookiejar.CookieJar`, of which httpx calls these two methods."""

CERTIFICATES: Mapping[str, Mapping[str, Any]] = {"certifi": {}}
"""What httpx loads for each transport, though it is given what to trust."""

_UNUSED: Mapping[str, Mapping[str, Any]] = {
    "http.cookiejar": {"Cookie": object, "CookieJar": _NoCookies},
    "urllib.request": {
        "Request": _NoRequest,
        "getproxies": late("urllib.request", "getproxies"),
        "parse_http_list": late("urllib.request", "parse_http_list"),
    },
    "email.message": {},
    "httpx._main": {"main": late("httpx._main", "main")},
    **CERTIFICATES,
}

with left_out(_UNUSED):
    import httpcore as httpcore
    import httpx as httpx
