"""Which proxy the environment names for a URL, by the rules of Terraform itself and of providers written in Go.

These are the rules of golang.org/x/net/http/httpproxy, with two differences: an IPv6 address in `NO_PROXY` may stand in
brackets without a port, and a proxy that cannot be used is an error, where Go goes past it without a word.
"""

import ipaddress
import os
import re
from dataclasses import dataclass

from terraform_provider_ecgrid.api._http import httpx
from terraform_provider_ecgrid.api.base_url import is_loopback
from terraform_provider_ecgrid.api.errors import NotConnected

_PORTS = {"http": 80, "https": 443}
_HOST_AND_PORT = re.compile(r"(?:\[([^\[\]]*)\]|([^:\[\]]*))(?::([^:\[\]]*))?")

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True)
class Proxy:
    """A proxy, and the environment variable that names it. The URL may carry a user's name and password."""

    url: httpx.URL
    variable: str

    def __str__(self) -> str:
        """Return what may be shown: scheme, host and port, and the variable."""
        return f"the proxy {with_port(self.url)} of {self.variable}"


def with_port(url: httpx.URL) -> str:
    """Return scheme, host and port of a URL, with the scheme's own port if it names none."""
    host = f"[{url.host}]" if ":" in url.host else url.host
    return f"{url.scheme}://{host}:{url.port or _PORTS[url.scheme]}"


def proxy_for(url: httpx.URL) -> Proxy | None:
    """Return the proxy for requests to `url`; None if they go straight to its host.

    Raises:
        NotConnected: the variable for this URL does not name a proxy that can be used.
    """
    variable = _variable(f"{url.scheme}_proxy") if url.scheme in _PORTS else ""
    if not variable or is_loopback(url.host) or _goes_past(_variable("no_proxy"), url):
        return None
    text = os.environ[variable].strip()
    try:
        proxy = httpx.URL(text if "://" in text else f"http://{text}")
        # An `@` in the path: a slash in the password is not escaped, so what looks like the host is the user.
        if proxy.scheme in _PORTS and proxy.host and (proxy.port or 0) < 2**16 and "@" not in proxy.path:
            return Proxy(proxy, variable)
    except (httpx.InvalidURL, UnicodeError):
        pass  # it quotes the URL, which may hold a password
    raise NotConnected(
        f"Cannot connect: the environment variable {variable} does not name a usable proxy. Write it like "
        f"`http://proxy.example.com:3128`; SOCKS is not supported. To connect without a proxy, add {url.host} to "
        "NO_PROXY."
    )


def _variable(name: str) -> str:
    """Return the name of the variable as it is set, in upper or else lower case; empty if neither is."""
    return next((one for one in (name.upper(), name) if os.environ.get(one, "").strip()), "")


def _goes_past(variable: str, url: httpx.URL) -> bool:
    host, port = url.raw_host.decode("ascii").lower(), str(url.port or _PORTS[url.scheme])
    entries = os.environ.get(variable, "").lower().split(",")
    return any(_is_meant(entry.strip(), host, port) for entry in entries)


def _is_meant(entry: str, host: str, port: str) -> bool:
    """Say whether an entry of `NO_PROXY` names a host; one that cannot be understood names none."""
    if entry == "*":
        return True
    address = _address(host)
    if (network := _network(entry)) is not None:
        return address is not None and address in network
    match = _HOST_AND_PORT.fullmatch(entry)
    name, only_port = (match[1] or match[2] or "", match[3]) if match else (entry, None)
    if only_port and only_port != port:
        return False
    if (named := _address(name)) is not None:
        return named == address
    subdomains_alone = name.startswith((".", "*."))
    domain = _in_ascii(name[name.index(".") + 1 :] if subdomains_alone else name)
    return bool(domain) and (host.endswith(f".{domain}") or (host == domain and not subdomains_alone))


def _in_ascii(domain: str) -> str:
    if domain.isascii():
        return domain
    try:
        return httpx.URL(f"https://{domain}").raw_host.decode("ascii")
    except httpx.InvalidURL:
        return ""


def _address(text: str) -> _Address | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _network(entry: str) -> _Network | None:
    if not re.fullmatch(r"[^/]+/[0-9]{1,3}", entry, re.ASCII):
        return None
    try:
        network = ipaddress.ip_network(entry, strict=False)
    except ValueError:
        return None
    mapped = getattr(network.network_address, "ipv4_mapped", None)
    return ipaddress.ip_network((mapped, network.prefixlen - 96)) if mapped else network
