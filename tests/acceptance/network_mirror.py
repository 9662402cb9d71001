"""A provider network mirror on loopback HTTPS, whose certificate a private authority has signed.

Protocol: Terraform documentation, "Provider Network Mirror Protocol". What is below /v2 it hands on to a sandbox, so
that a provider's own HTTPS can be tested with the same authority.
"""

from __future__ import annotations

import json
import ssl
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

_HEADERS = ("X-API-Key", "Content-Type", "User-Agent")


@dataclass
class NetworkMirror:
    """A running mirror: its address, the authority's certificate, and the paths that were asked for."""

    url: str
    authority: Path
    asked: list[str] = field(default_factory=list)


@contextmanager
def network_mirror(folder: Path, archive: Path, registry: str, sandbox_url: str) -> Iterator[NetworkMirror]:
    """Serve one archive of a registry's provider until the end of the block; `folder` gets the certificates."""
    authority, chain = _certificates(folder)

    class Handler(_Handler):
        """A class for each mirror, because the server makes its handlers itself."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    mirror = NetworkMirror(f"https://localhost:{server.server_port}/", authority)
    Handler.files, Handler.mirror, Handler.sandbox_url = _files(archive, registry), mirror, sandbox_url
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield mirror
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _files(archive: Path, registry: str) -> dict[str, bytes]:
    _, version, system, architecture = archive.stem.split("_")
    base = f"/{registry}/ecgrid/ecgrid/"
    archives = {f"{system}_{architecture}": {"url": archive.name}}
    return {
        f"{base}index.json": json.dumps({"versions": {version: {}}}).encode(),
        f"{base}{version}.json": json.dumps({"archives": archives}).encode(),
        f"{base}{archive.name}": archive.read_bytes(),
    }


class _Handler(BaseHTTPRequestHandler):
    files: dict[str, bytes]
    mirror: NetworkMirror
    sandbox_url: str

    def do_GET(self) -> None:
        if self.path.startswith("/v2/"):
            self._hand_on(None)
            return
        self.mirror.asked.append(self.path)
        kind = "application/json" if self.path.endswith(".json") else "application/zip"
        self._answer(200 if self.path in self.files else 404, kind, self.files.get(self.path, b""))

    def do_POST(self) -> None:
        self._hand_on(self.rfile.read(int(self.headers["Content-Length"])))

    def _hand_on(self, body: bytes | None) -> None:
        headers = {name: self.headers[name] for name in _HEADERS if name in self.headers}
        request = urllib.request.Request(self.sandbox_url + self.path, body, headers, method=self.command)
        with urllib.request.urlopen(request) as answer:
            self._answer(answer.status, "application/json", answer.read())

    def _answer(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the base class's name
        """Stay silent."""


def _certificates(folder: Path) -> tuple[Path, Path]:
    """Make an authority and a certificate for localhost: the paths of the one, and of the other with its key."""
    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority = _certificate("an authority of a test", authority_key, "an authority of a test", authority_key, True)
    certificate = _certificate("localhost", key, "an authority of a test", authority_key, False)
    files = folder / "authority.pem", folder / "localhost.pem"
    files[0].write_bytes(authority.public_bytes(Encoding.PEM))
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    files[1].write_bytes(certificate.public_bytes(Encoding.PEM) + private)
    return files


def _certificate(
    subject: str, key: ec.EllipticCurvePrivateKey, issuer: str, signer: ec.EllipticCurvePrivateKey, authority: bool
) -> x509.Certificate:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(subject)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .sign(signer, hashes.SHA256())
    )
