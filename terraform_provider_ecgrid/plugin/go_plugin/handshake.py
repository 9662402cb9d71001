"""What Terraform and a plugin say to each other before the first call (go-plugin's docs/internals.md)."""

from __future__ import annotations

import base64
import os

PROTOCOL = 6
"""The version of the plugin protocol."""

_COOKIE = "TF_PLUGIN_MAGIC_COOKIE"
_COOKIE_VALUE = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"


def started_by_terraform() -> bool:
    """Tell whether Terraform (or OpenTofu) started this process, and not a person."""
    return os.environ.get(_COOKIE) == _COOKIE_VALUE


def offered_protocols() -> str:
    """Return the versions of the plugin protocol that Terraform offers if this one is not among them, else nothing."""
    versions = os.environ.get("PLUGIN_PROTOCOL_VERSIONS", "")
    known = str(PROTOCOL) in (version.strip() for version in versions.split(","))
    return "" if known else versions


def client_certificate() -> str | None:
    """Return the certificate (PEM) of the one client to let in.

    `None` means that the client wants no TLS, as Terraform does with `TF_DISABLE_PLUGIN_TLS`.
    """
    return os.environ.get("PLUGIN_CLIENT_CERT") or None


def line(network: str, address: str, certificate: bytes | None) -> bytes:
    """Write the line that tells Terraform where to connect, and the certificate (DER) to trust there, if any."""
    # go-plugin reads base64 without padding.
    encoded = base64.b64encode(certificate or b"").decode().rstrip("=")
    return f"1|{PROTOCOL}|{network}|{address}|grpc|{encoded}\n".encode()
