"""Certificates as a household has them: of one's own authority or of none; good ones and bad ones."""

import datetime
import ipaddress
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest

DAY = datetime.timedelta(days=1)
HOME = ("127.0.0.1", "localhost")
NO_AUTHORITIES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""For clients that speak http: to load those of this computer takes longer than many requests."""


def asked(method: str, url: str, **options: Any) -> httpx2.Response:
    """The answer to one request to a server of a test that speaks http."""
    return httpx2.request(method, url, trust_env=False, verify=NO_AUTHORITIES, timeout=30, **options)


@dataclass(frozen=True, slots=True)
class CertificateFiles:
    """PEM files."""

    certificate: Path
    key: Path


def make_certificate(
    folder: Path,
    name: str = "home",
    *,
    hosts: Sequence[str] = HOME,
    signer: CertificateFiles | None = None,
    is_authority: bool = False,
    begins: datetime.timedelta = -DAY,
    ends: datetime.timedelta = DAY,
) -> CertificateFiles:
    """Make one and its key.

    Args:
        folder: for the files.
        name: of the files.
        hosts: that it is made out for.
        signer: who signs it; itself where None.
        is_authority: whether others can be signed with it.
        begins: from now, when it holds.
        ends: until when.
    """
    x509 = pytest.importorskip("cryptography.x509", reason="cryptography is not installed")
    from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    issuer, signing = subject, key
    if signer is not None:
        issuer = x509.load_pem_x509_certificate(signer.certificate.read_bytes()).subject
        signing = serialization.load_pem_private_key(signer.key.read_bytes(), None)
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + begins)
        .not_valid_after(now + ends)
        .add_extension(x509.SubjectAlternativeName([_named(x509, host) for host in hosts]), critical=False)
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .sign(signing, hashes.SHA256())
    )
    files = CertificateFiles(folder / f"{name}.pem", folder / f"{name}-key.pem")
    files.certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    files.key.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return files


def _named(x509: object, host: str) -> object:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))  # type: ignore[attr-defined]
    except ValueError:
        return x509.DNSName(host)  # type: ignore[attr-defined]
