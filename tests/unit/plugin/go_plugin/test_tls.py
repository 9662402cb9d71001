"""Who is let in: Terraform alone, whose certificate a plugin is given (go-plugin's AutoMTLS)."""

from __future__ import annotations

import base64
import os
import socket
import ssl
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from terraform_provider_ecgrid.plugin.go_plugin import certificate, tls

from . import client_certificate
from .http2_client import Http2Client, framed
from .plugin_process import SECONDS, Plugin, start


def go_plugins(folder: Path) -> tuple[str, Path]:
    """A certificate of go-plugin's client, and the path of a file with it and its key."""
    own = client_certificate.fresh(ec.SECP521R1())
    file = folder / f"{uuid.uuid4()}.pem"
    file.write_bytes(own.pem + own.key)
    return own.pem.decode(), file


@contextmanager
def connected(plugin: Plugin, own: Path | None) -> Iterator[ssl.SSLSocket]:
    """Connect as Terraform does, with a certificate of one's own or without."""
    der = base64.b64decode(plugin.certificate + "=" * (-len(plugin.certificate) % 4))
    context = ssl.create_default_context(cadata=ssl.DER_cert_to_PEM_cert(der))
    context.set_alpn_protocols(["h2"])
    if own is not None:
        context.load_cert_chain(own)
    plain = socket.socket(socket.AF_UNIX if plugin.network == "unix" else socket.AF_INET)
    plain.settimeout(SECONDS)
    plain.connect(plugin.address if plugin.network == "unix" else ("127.0.0.1", int(plugin.address.rpartition(":")[2])))
    with plain, context.wrap_socket(plain, server_hostname="localhost") as client:
        yield client


def context() -> ssl.SSLContext:
    return tls.server_context(certificate.fresh(), client_certificate.for_grpcio().pem.decode())


def answer(plugin: Plugin, own: Path | None) -> bytes:
    with connected(plugin, own) as client:
        assert client.selected_alpn_protocol() == "h2"
        http2 = Http2Client(client)
        data, _ = http2.wait(http2.call("/tfplugin6.Provider/GetProviderSchema", b"request"))
        return data


@pytest.mark.parametrize("folder", [None, "/nonexistent"], ids=["socket", "TCP"])
def test_terraform_alone_is_let_in(tmp_path: Path, folder: str | None) -> None:
    pem, own = go_plugins(tmp_path)
    _, anothers = go_plugins(tmp_path)
    with Plugin(PLUGIN_CLIENT_CERT=pem, PLUGIN_UNIX_SOCKET_DIR=folder) as plugin:
        for stranger in (anothers, None):
            with pytest.raises(ssl.SSLError, match="alert"), connected(plugin, stranger) as client:
                client.recv(1)
        assert answer(plugin, own) == framed(b"request")


def test_what_is_not_tls_is_refused() -> None:
    with pytest.raises(ssl.SSLError):
        tls.Tls(context()).opened(b"GET / HTTP/1.1\r\n\r\n")


@pytest.mark.parametrize("text", ["none", "ü"])
def test_a_client_certificate_that_is_no_certificate_ends_the_process_with_a_reason(text: str, tmp_path: Path) -> None:
    process = start("stand-in", {"PLUGIN_CLIENT_CERT": text, "TMPDIR": str(tmp_path)})
    _, err = process.communicate(timeout=SECONDS)
    assert process.returncode == 1
    assert b"cannot start" in err
    assert b"Traceback" not in err
    assert list(tmp_path.iterdir()) == []


def test_the_key_lies_in_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/nonexistent")
    before = sorted(os.listdir("/dev/fd"))
    context()
    assert sorted(os.listdir("/dev/fd")) == before


@pytest.mark.parametrize("why", ["no pipes", "Windows"])
def test_where_a_key_cannot_come_from_a_pipe_it_comes_from_a_file_that_goes(
    why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    seen: list[str] = []

    real = ssl.SSLContext.load_cert_chain

    def load(loaded: ssl.SSLContext, certificates: str, key: str | None = None) -> None:
        if certificates.startswith("/dev/fd"):
            raise OSError("no such file")
        seen.append(certificates)
        real(loaded, certificates, key)

    monkeypatch.setattr(ssl.SSLContext, "load_cert_chain", load)
    if why == "Windows":
        monkeypatch.setattr("sys.platform", "win32")
    context()
    assert [Path(name).is_relative_to(tmp_path) for name in seen] == [True]
    assert list(tmp_path.iterdir()) == []
