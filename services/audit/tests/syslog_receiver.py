"""A receiver of checkpoints by syslog over TLS."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

if TYPE_CHECKING:
    pass

HOUR = timedelta(hours=1)


@asynccontextmanager
async def receiver(directory: Path, name: str) -> AsyncIterator[tuple[int, list[bytes]]]:
    """A receiver of syslog over TLS with a certificate for a name, whose CA is written to `ca.pem`."""
    received: list[bytes] = []

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        received.append(await reader.read(-1))
        writer.close()

    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(_certificate(directory, name))
    server = await asyncio.start_server(take, "localhost", 0, ssl=tls)
    async with server:
        yield server.sockets[0].getsockname()[1], received


def _certificate(directory: Path, name: str) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    begin = datetime.now(UTC) - HOUR
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
        .public_bytes(serialization.Encoding.PEM)
    )
    (directory / "ca.pem").write_bytes(made)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (directory / "both.pem").write_bytes(secret + made)
    return directory / "both.pem"


def messages(text: bytes) -> list[str]:
    """The messages in octet-counted frames (RFC 5425, 4.3)."""
    found = []
    while text:
        length, _, rest = text.partition(b" ")
        found.append(rest[: int(length)].decode())
        text = rest[int(length) :]
    return found


async def whole(received: list[bytes], count: int) -> bytes | None:
    """What was received, once it is so many messages."""
    text = b"".join(received)
    return text if text.count(b" checkpoint - ") == count else None
