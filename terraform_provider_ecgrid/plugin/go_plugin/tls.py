"""What a connection's bytes pass on their way to the socket and from it: TLS, or nothing."""

from __future__ import annotations

import os
import ssl
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Protocol

from terraform_provider_ecgrid.plugin.go_plugin.certificate import Certificate

CHUNK = 1 << 16
"""Bytes that are read at most at a time."""


class Source(Protocol):
    """The source of what is to be sent: `h2`'s connection."""

    def data_to_send(self) -> bytes:
        """Return what has not been returned yet."""


class Plain:
    """Bytes as they are: the client knows no certificate of ours, as that of a debugger's process."""

    def opened(self, data: bytes) -> bytes:
        """Return what arrived."""
        return data

    def sealed(self, source: Source) -> bytes:
        """Return what is to be sent."""
        return source.data_to_send()


class Tls:
    """Bytes through TLS, in memory: `ssl`'s sockets may not be read by one thread while another one writes."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._handshake_done = False
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._in, self._out, server_side=True)

    def opened(self, data: bytes) -> bytes:
        """Take what arrived and return what can be read of it.

        Raises `ssl.SSLError` if it is not TLS, or the certificate is not the client's.
        """
        self._in.write(data)
        parts = []
        with suppress(ssl.SSLWantReadError):
            if not self._handshake_done:
                self._tls.do_handshake()
                self._handshake_done = True
            while part := self._tls.read(CHUNK):
                parts.append(part)
        return b"".join(parts)

    def sealed(self, source: Source) -> bytes:
        """Return what is to be sent: TLS's own words, and what `source` has once both sides know each other."""
        if self._handshake_done and (data := source.data_to_send()):
            self._tls.write(data)
        return self._out.read()


def server_context(own: Certificate, client: str) -> ssl.SSLContext:
    """Make the server's side of TLS 1.2 or newer for HTTP/2 (RFC 8446, RFC 7301), as go-plugin's AutoMTLS has it.

    `own` is the certificate of the handshake line; `client` is that of the one client to let in (PEM). Raises `OSError`
    if `ssl` cannot be given the key, or `client` is not a certificate.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.num_tickets = 0  # they are for a second connection, which no client makes
    context.set_alpn_protocols(["h2"])
    _load(context, own)
    try:
        context.load_verify_locations(cadata=client)
    except (ValueError, TypeError) as error:  # empty, not ASCII
        raise OSError(f"the client's certificate cannot be read ({error})") from error
    context.verify_mode = ssl.CERT_REQUIRED
    return context


def _load(context: ssl.SSLContext, own: Certificate) -> None:
    """Give the key to `ssl`, which takes it from a file only: if the system has such a file, from one on no disk."""
    if sys.platform != "win32":
        with suppress(OSError), _piped(own.pem) as certificate, _piped(own.key_pem) as key:
            context.load_cert_chain(certificate, key)
            return
    # Late: it takes 2.7 ms, with `random` and `shutil`, and Terraform is waiting; only Windows needs it.
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        path = os.path.join(folder, "key")
        with open(path, "xb") as file:
            file.write(own.key_pem + own.pem)
        context.load_cert_chain(path)


@contextmanager
def _piped(data: bytes) -> Iterator[str]:
    reader, writer = os.pipe()
    try:
        os.write(writer, data)
        os.close(writer)
        yield f"/dev/fd/{reader}"
    finally:
        os.close(reader)
