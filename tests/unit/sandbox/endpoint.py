"""An HTTPS endpoint on loopback, with a certificate of its own, that checks Basic and Digest by itself."""

import base64
import hashlib
import ipaddress
import re
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USERNAME, PASSWORD = "webhook_user", "n3wP@ssword!"


class Endpoint:
    """What the endpoint is to answer, and what it was sent."""

    def __init__(self, url: str, certificate: Path) -> None:
        self.url = url
        self.certificate = certificate
        self.status = 200
        self.body = b"thanks"
        self.location: str | None = None
        self.auth = "None"
        self.received: list[tuple[str, str, bytes]] = []


@contextmanager
def endpoint(folder: Path) -> Iterator[Endpoint]:
    """Serve until the end of the block; `folder` gets the certificate and its key."""
    certificate, key = _certificate(folder)

    class Handler(_Handler):
        """A class for each endpoint, because the server makes its handlers itself."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    served = Endpoint(f"https://127.0.0.1:{server.server_port}/hook", certificate)
    Handler.served = served
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    served: Endpoint

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        given = self.headers.get("Authorization", "")
        if not self._admitted(given):
            self.send_response(401)
            challenge = ', nonce="abc", qop="auth", algorithm=SHA-256' if self.served.auth == "Digest" else ""
            self.send_header("WWW-Authenticate", f'{self.served.auth} realm="hook"{challenge}')
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.served.received.append((given.partition(" ")[0], self.headers["Content-Type"], body))
        self.send_response(self.served.status)
        if self.served.location:
            self.send_header("Location", self.served.location)
        self.send_header("Content-Length", str(len(self.served.body)))
        self.end_headers()
        self.wfile.write(self.served.body)

    def _admitted(self, given: str) -> bool:
        if self.served.auth == "Basic":
            return given == "Basic " + base64.b64encode(f"{USERNAME}:{PASSWORD}".encode()).decode()
        if self.served.auth == "Digest":
            said = {
                name: quoted or plain for name, quoted, plain in re.findall(r'(\w+)=(?:"([^"]*)"|([^,\s]+))', given)
            }
            first, second = _hash(f"{USERNAME}:hook:{PASSWORD}"), _hash(f"POST:{said.get('uri')}")
            middle = ":".join(str(said.get(name)) for name in ("nonce", "nc", "cnonce", "qop"))
            return said.get("response") == _hash(f"{first}:{middle}:{second}")
        return given == ""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the base class's name
        """Stay silent."""


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "endpoint of a test")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    files = folder / "endpoint.pem", folder / "endpoint.key"
    files[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return files
