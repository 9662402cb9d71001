from __future__ import annotations

import ssl
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from terraform_provider_ecgrid.plugin.go_plugin.certificate import Certificate, fresh


@pytest.fixture
def made() -> Certificate:
    return fresh()


@pytest.fixture
def parsed(made: Certificate) -> x509.Certificate:
    return x509.load_der_x509_certificate(made.der)


def test_it_is_signed_with_its_own_key(parsed: x509.Certificate) -> None:
    key = parsed.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    assert isinstance(key.curve, ec.SECP256R1)
    assert isinstance(parsed.signature_hash_algorithm, hashes.SHA256)
    key.verify(parsed.signature, parsed.tbs_certificate_bytes, ec.ECDSA(hashes.SHA256()))
    parsed.verify_directly_issued_by(parsed)


def test_the_private_key_belongs_to_it(made: Certificate, parsed: x509.Certificate) -> None:
    key = serialization.load_pem_private_key(made.key_pem, password=None)
    assert key.public_key() == parsed.public_key()


def test_it_is_a_server_called_localhost_and_no_authority(parsed: x509.Certificate) -> None:
    assert parsed.version is x509.Version.v3
    assert parsed.subject == parsed.issuer
    assert [part.value for part in parsed.subject.get_attributes_for_oid(NameOID.COMMON_NAME)] == ["localhost"]
    names = parsed.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost"]
    assert not parsed.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    usages = parsed.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usages) == [ExtendedKeyUsageOID.SERVER_AUTH]
    usage = parsed.extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.digital_signature
    assert not usage.key_cert_sign


def test_it_is_valid_whatever_the_clock_says(parsed: x509.Certificate) -> None:
    """From where a clock starts that was never set, to the end that means none."""
    assert parsed.not_valid_before_utc == datetime.fromtimestamp(0, UTC)
    assert parsed.not_valid_after_utc.year == 9999


def test_the_pem_form_is_the_same_certificate(made: Certificate) -> None:
    assert ssl.PEM_cert_to_DER_cert(made.pem.decode()) == made.der


def test_serial_number_and_key_are_new_every_time(made: Certificate, parsed: x509.Certificate) -> None:
    other = fresh()
    assert other.key_pem != made.key_pem
    assert x509.load_der_x509_certificate(other.der).serial_number != parsed.serial_number


def test_many_of_them_are_well_formed() -> None:
    # Signatures differ in length, numbers in their leading zeros.
    for _ in range(300):
        certificate = x509.load_der_x509_certificate(fresh().der)
        certificate.verify_directly_issued_by(certificate)
        assert certificate.serial_number > 0
