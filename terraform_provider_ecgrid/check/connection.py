"""The way to ECGrid: through which proxy, and whose certificate cannot be used."""

from __future__ import annotations

import os

from terraform_provider_ecgrid.api.certificate import presented_certificate
from terraform_provider_ecgrid.api.client import Client
from terraform_provider_ecgrid.check.step import Outcome, Step

_SECONDS = 10.0
_TRUSTED = ("SSL_CERT_FILE", "SSL_CERT_DIR")


def way(client: Client) -> Step:
    """Say where requests go and through which proxy. Nothing is sent."""
    through = f"through {client.proxy}" if client.proxy else "without a proxy"
    trusted = [name for name in _TRUSTED if os.environ.get(name)] if client.base_url.startswith("https:") else []
    also = f"; the certificates in {' and '.join(trusted)} are trusted too" if trusted else ""
    details = {"base_url": client.base_url, "proxy": client.proxy, "certificates": trusted}
    return Step("connection", Outcome.OK, f"Requests go to {client.base_url} {through}{also}.", details=details)


def certificate(client: Client) -> str:
    """Return a sentence about the certificate that is presented; empty if it cannot be read."""
    shown = presented_certificate(client.base_url, _SECONDS)
    if shown is None:
        return ""
    issued = "is self-signed" if shown.issuer == shown.subject else f"was issued by “{shown.issuer}”"
    ends = "expired on" if shown.is_expired else "is valid until"
    return f"The certificate is for “{shown.subject}”, {issued} and {ends} {shown.ends:%Y-%m-%d}."
