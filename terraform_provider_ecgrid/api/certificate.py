"""The certificate that a server presents, trusted or not, so that a person can see who stands in between."""

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from cryptography.x509.oid import NameOID

from terraform_provider_ecgrid.api._http import httpx
from terraform_provider_ecgrid.api._proxy import proxy_for

_MOST_SHOWN = 80


@dataclass(frozen=True)
class Certificate:
    """What a certificate says of itself, which nobody has verified: whose it is, who issued it, until when it holds."""

    subject: str
    issuer: str
    ends: datetime

    @property
    def is_expired(self) -> bool:
        """Whether its time is over, by this machine's clock."""
        return self.ends < datetime.now(UTC)


def presented_certificate(base_url: str, timeout: float) -> Certificate | None:
    """Return the certificate that is presented at `base_url`, through the environment's proxy.

    Nothing but a HEAD of `/` is sent, without the credential.

    Args:
        base_url: an `https` URL.
        timeout: in seconds.

    Returns:
        None if no certificate can be read.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    url = httpx.URL(base_url)
    proxy = proxy_for(url)
    try:
        with (
            httpx.Client(
                verify=context, trust_env=False, proxy=proxy.url if proxy else None, timeout=timeout
            ) as client,
            client.stream("HEAD", url.copy_with(raw_path=b"/")) as response,
        ):
            connection = response.extensions["network_stream"].get_extra_info("ssl_object")
            return _read(connection.getpeercert(True))
    except (httpx.HTTPError, ValueError, KeyError, AttributeError):
        return None


def _read(encoded: bytes) -> Certificate:
    certificate = x509.load_der_x509_certificate(encoded)
    return Certificate(_name(certificate.subject), _name(certificate.issuer), certificate.not_valid_after_utc)


def _name(name: x509.Name) -> str:
    for oid in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
        for attribute in name.get_attributes_for_oid(oid):
            text = str(attribute.value)
            return "".join(mark if mark.isprintable() else " " for mark in text)[:_MOST_SHOWN]
    return "(no name)"
