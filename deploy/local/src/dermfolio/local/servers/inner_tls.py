"""Certificates by which the parts of one server know each other, made anew for each of its runs."""

import datetime
import os
import ssl
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from dermfolio.local.servers.ports import HOST

_LIFE = datetime.timedelta(days=3650)


@dataclass(frozen=True)
class InnerTls:
    """A certificate for the loopback address, its key, and the authority that signed it and nothing else."""

    directory: Path

    @property
    def authority(self) -> Path:
        """The authority's certificate; its key was thrown away."""
        return self.directory / "authority.pem"

    @property
    def certificate(self) -> Path:
        """The certificate, for servers and clients."""
        return self.directory / "certificate.pem"

    @property
    def key(self) -> Path:
        """The private key (0600)."""
        return self.directory / "key.pem"

    def make(self) -> None:
        """Write all three anew."""
        self.directory.mkdir(mode=0o700, exist_ok=True)
        authority_key, key = generate_private_key(SECP256R1()), generate_private_key(SECP256R1())
        authority = (
            _builder("authority", "authority", key=authority_key)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .sign(authority_key, hashes.SHA256())
        )
        certificate = (
            _builder("inner", "authority", key=key)
            .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))]), critical=False)
            .add_extension(
                x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]),
                critical=False,
            )
            .sign(authority_key, hashes.SHA256())
        )
        _write(self.authority, authority.public_bytes(Encoding.PEM))
        _write(self.certificate, certificate.public_bytes(Encoding.PEM))
        _write(self.key, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))

    def client(self) -> ssl.SSLContext:
        """What a client of these parts speaks."""
        context = ssl.create_default_context(cafile=self.authority)
        context.load_cert_chain(self.certificate, self.key)
        return context


def _builder(subject: str, issuer: str, *, key: EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + _LIFE)
    )


def _write(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
