"""Certificates of other computers of the household: which are trusted here, and why one is not.

A home's server mostly has a certificate of its own that no authority signed. Its file is named once; from
then on it is trusted for that address, besides what this computer trusts anyway.
"""

import re
import ssl
from enum import Enum
from pathlib import Path
from typing import TypeGuard

from app.connecting.private_json import read_private, write_private
from app.connecting.service_address import ServiceAddress
from app.errors import UsageError
from app.text import shown

_MOST_BYTES, _MOST_CERTIFICATES = 64 << 10, 16
_PEM = re.compile(r"-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----")
_EXPIRED, _NOT_YET, _OTHER_NAMES = 10, 9, {62, 64}
"""X509_V_ERR_CERT_HAS_EXPIRED, …_NOT_YET_VALID, …_HOSTNAME_MISMATCH and …_IP_ADDRESS_MISMATCH of OpenSSL."""


class CertificateFault(Enum):
    """Why a certificate is not trusted."""

    UNKNOWN = "nobody that this computer trusts made it"
    EXPIRED = "its time is over"
    NOT_YET = "its time has not come"
    OTHER_NAME = "it is another computer's"


def certificate_fault(error: BaseException) -> CertificateFault | None:
    """Why the other computer's certificate was not trusted; None where that was not what went wrong."""
    found = tls_error(error)
    if not isinstance(found, ssl.SSLCertVerificationError):
        return None
    if found.verify_code in _OTHER_NAMES:
        return CertificateFault.OTHER_NAME
    return {_EXPIRED: CertificateFault.EXPIRED, _NOT_YET: CertificateFault.NOT_YET}.get(
        found.verify_code, CertificateFault.UNKNOWN
    )


def tls_error(error: BaseException) -> ssl.SSLError | None:
    """What went wrong with the encryption, behind an error of a library; None where nothing did."""
    seen: BaseException | None = error
    while seen is not None and not isinstance(seen, ssl.SSLError):
        seen = seen.__cause__ or seen.__context__
    return seen


def trusting(certificate: str = "") -> ssl.SSLContext:
    """What checks another computer's certificate.

    Args:
        certificate: in PEM, one or several that are trusted besides those of this computer.
    """
    context = ssl.create_default_context()
    if certificate:
        context.load_verify_locations(cadata=certificate)
        # A certificate that a person vouches for need not be an authority's, nor as correct as one.
        context.verify_flags |= ssl.VerifyFlags.VERIFY_X509_PARTIAL_CHAIN
        context.verify_flags &= ~ssl.VerifyFlags.VERIFY_X509_STRICT
    return context


def read_certificate(path: Path) -> str:
    """The certificates in a PEM file, and nothing else that is in it: a key stays where it is.

    Raises:
        UsageError: it cannot be read, or holds none.
    """
    try:
        with path.open("rb") as file:
            text = file.read(_MOST_BYTES).decode("ascii", "replace")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", "") or error
        raise UsageError(f"The certificate “{shown(path)}” cannot be read: {reason}.") from error
    found = _PEM.findall(text)[:_MOST_CERTIFICATES]
    certificate = "\n".join([*found, ""])
    if not _is_certificate(certificate):
        raise UsageError(
            f"“{shown(path)}” holds no certificate in PEM format.",
            "Name the file that “reelfind serve --certificate” has there, or that of who signed it.",
        )
    return certificate


class CertificateFile:
    """A file of certificates that are trusted, by address; only its user can change it."""

    def __init__(self, path: Path) -> None:
        """Nothing is read yet; the file need not be there."""
        self.path = path

    def certificate_for(self, address: ServiceAddress) -> str:
        """What is trusted at an address, PEM; empty where nothing is but what is everywhere."""
        known = read_private(self.path).get(str(address), "")
        return known if _is_certificate(known) else ""

    def keep(self, address: ServiceAddress, certificate: str) -> None:
        """Trust a certificate at an address from now on.

        Raises:
            UsageError: it is of no use there, or the file cannot be written.
        """
        if address.scheme != "https":
            raise UsageError(
                "A certificate is of use only where the connection is encrypted.",
                f"Write the address as https://{address.place}.",
            )
        write_private(self.path, read_private(self.path) | {str(address): certificate})


def _is_certificate(content: object) -> TypeGuard[str]:
    try:
        trusting(content if isinstance(content, str) else "")
    except (ValueError, ssl.SSLError):
        return False
    return isinstance(content, str) and bool(content)
