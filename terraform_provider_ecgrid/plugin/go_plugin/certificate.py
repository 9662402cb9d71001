"""A server certificate that lives as long as its process.

Terraform takes the certificate from the handshake line and trusts it and nothing else, so neither an authority nor a
file is needed: key and certificate are made in memory at every start (X.509 v3, RFC 5280; ECDSA P-256, RFC 5480).

Key and signature are `cryptography`'s. The certificate around them is the same bytes every time but for serial number,
public key and signature, and is written here: loading `cryptography.x509` and `serialization` for that costs more than
everything else between start and handshake line.
"""

from __future__ import annotations

import base64
import os

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

_INTEGER, _BITS, _OCTETS, _OID, _UTF8, _UTC_TIME, _TIME, _SEQUENCE, _SET = (
    0x02, 0x03, 0x04, 0x06, 0x0C, 0x17, 0x18, 0x30, 0x31,
)  # fmt: skip
_TRUE = b"\x01\x01\xff"

_EC_PUBLIC_KEY = bytes.fromhex("2a8648ce3d0201")
_P256 = bytes.fromhex("2a8648ce3d030107")
_ECDSA_WITH_SHA256 = bytes.fromhex("2a8648ce3d040302")
_SERVER_AUTH = bytes.fromhex("2b06010505070301")
_COMMON_NAME, _KEY_USAGE, _ALT_NAME, _CONSTRAINTS, _EXTENDED_USAGE = (
    bytes.fromhex(oid) for oid in ("550403", "551d0f", "551d11", "551d13", "551d25")
)

_HOST = b"localhost"  # the name that go-plugin's client expects whatever the address is


class _EcdsaWithSha256(ec.ECDSA):
    """`ec.ECDSA(hashes.SHA256())`, without the backend that it loads (4 ms per process) and does not need here."""

    algorithm = hashes.SHA256()
    deterministic_signing = False

    def __init__(self) -> None:
        pass


class Certificate:
    """A certificate and its key: `der` and `pem` of the certificate, `key_pem` of the private key (PKCS #8).

    A plain class, so that its `repr` shows nothing of the key.
    """

    __slots__ = ("der", "key_pem", "pem")

    def __init__(self, der: bytes, key: bytes) -> None:
        self.der = der
        self.pem = _pem("CERTIFICATE", der)
        self.key_pem = _pem("PRIVATE KEY", key)


def fresh() -> Certificate:
    """Make a new key and a self-signed server certificate for `localhost`."""
    key = ec.generate_private_key(ec.SECP256R1())
    numbers = key.private_numbers()
    point = b"\x04" + numbers.public_numbers.x.to_bytes(32, "big") + numbers.public_numbers.y.to_bytes(32, "big")
    body = _body(point)
    signature = key.sign(body, _EcdsaWithSha256())
    certificate = _der(
        _SEQUENCE, body, _der(_SEQUENCE, _der(_OID, _ECDSA_WITH_SHA256)), _der(_BITS, b"\x00", signature)
    )
    return Certificate(certificate, _private_key(numbers.private_value.to_bytes(32, "big"), point))


def _body(point: bytes) -> bytes:
    name = _der(_SEQUENCE, _der(_SET, _der(_SEQUENCE, _der(_OID, _COMMON_NAME), _der(_UTF8, _HOST))))
    return _der(
        _SEQUENCE,
        _der(0xA0, _der(_INTEGER, b"\x02")),
        # RFC 5280 wants a positive number of at most 20 octets, without needless leading zeros.
        _der(_INTEGER, b"\x01", os.urandom(15)),
        _der(_SEQUENCE, _der(_OID, _ECDSA_WITH_SHA256)),
        name,
        # RFC 5280, 4.1.2.5: the end that means "none", and for a beginning the time at which a clock starts that was
        # never set. The key ends with the process, and a machine whose clock is wrong can still plan.
        _der(_SEQUENCE, _der(_UTC_TIME, b"700101000000Z"), _der(_TIME, b"99991231235959Z")),
        name,
        _der(_SEQUENCE, _curve(), _der(_BITS, b"\x00", point)),
        _der(
            0xA3,
            _der(
                _SEQUENCE,
                _extension(_CONSTRAINTS, _der(_SEQUENCE), critical=True),
                _extension(_KEY_USAGE, _der(_BITS, b"\x07\x80"), critical=True),  # digitalSignature
                _extension(_EXTENDED_USAGE, _der(_SEQUENCE, _der(_OID, _SERVER_AUTH))),
                _extension(_ALT_NAME, _der(_SEQUENCE, _der(0x82, _HOST))),
            ),
        ),
    )


def _private_key(secret: bytes, point: bytes) -> bytes:
    inner = _der(_SEQUENCE, _der(_INTEGER, b"\x01"), _der(_OCTETS, secret), _der(0xA1, _der(_BITS, b"\x00", point)))
    return _der(_SEQUENCE, _der(_INTEGER, b"\x00"), _curve(), _der(_OCTETS, inner))


def _curve() -> bytes:
    return _der(_SEQUENCE, _der(_OID, _EC_PUBLIC_KEY), _der(_OID, _P256))


def _extension(oid: bytes, value: bytes, *, critical: bool = False) -> bytes:
    return _der(_SEQUENCE, _der(_OID, oid), _TRUE if critical else b"", _der(_OCTETS, value))


def _der(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def _pem(label: str, der: bytes) -> bytes:
    text = base64.b64encode(der).decode()
    lines = [text[start : start + 64] for start in range(0, len(text), 64)]
    return "\n".join((f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", "")).encode()
