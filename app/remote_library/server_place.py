"""Which server a window is of, the token that it takes, and where this computer keeps what is private."""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from app.connecting.certificates import CertificateFile, read_certificate
from app.connecting.service_address import ServiceAddress, read_address
from app.connecting.token_file import TokenFile, checked_token
from app.errors import UsageError
from app.paths import server_certificates_file, server_tokens_file, servers_folder

PORT = 8732
"""Of a server, where none is named."""
VARIABLE = "REELFIND_SERVER_TOKEN"
"""Environment variable that holds a token."""
_MOST_BYTES = 4096


@dataclass(frozen=True, slots=True)
class ServerPlace:
    """A server, and this person's token of it."""

    address: ServiceAddress
    token: str = field(repr=False)
    certificate: str = field(default="", repr=False)
    """PEM of those that are trusted there besides this computer's own; empty where those do."""

    @property
    def folder(self) -> Path:
        """Where this computer keeps what is private to it: the history, saved searches, the window's look."""
        named = re.sub(r"[^A-Za-z0-9.-]", "_", self.address.place)
        return servers_folder() / f"{self.address.scheme}_{named}"


def server_place(
    typed: str,
    *,
    token_file: Path | None = None,
    certificate_file: Path | None = None,
    ask: Callable[[ServiceAddress], str] | None = None,
) -> ServerPlace:
    """What a person names, with its token: from a file, the environment, what was kept, or an answer.

    A token or a certificate that was not kept is kept from now on, for this address and this computer's user
    alone.

    Args:
        typed: an address.
        token_file: holds the token.
        certificate_file: holds what is trusted there, PEM.
        ask: asks the person; None where nobody can be asked.

    Raises:
        UsageError: it is no address, there is no token, or a file holds something else.
    """
    address = read_address(typed, port=PORT)
    trusted = CertificateFile(server_certificates_file())
    certificate = trusted.certificate_for(address)
    if certificate_file is not None and (named := read_certificate(certificate_file)) != certificate:
        trusted.keep(address, named)
        certificate = named
    kept = TokenFile(server_tokens_file())
    given = _read(token_file) if token_file is not None else os.environ.get(VARIABLE, "").strip()
    token = given or kept.token_for(address)
    if not token and ask is not None:
        token = given = ask(address).strip()
    if not token:
        raise UsageError(
            f"There is no token for {address.place} on this computer.",
            f"“reelfind serve” printed it there. Name a file that holds it with --token-file, or set "
            f"{VARIABLE}.",
        )
    if given and kept.token_for(address) != given:
        kept.keep(address, given)
    return ServerPlace(address, checked_token(token), certificate)


def _read(path: Path) -> str:
    try:
        with path.open(encoding="ascii") as file:
            text = file.read(_MOST_BYTES).strip()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", "") or "it holds something else"
        raise UsageError(f"The token cannot be read from “{path}”: {reason}.") from error
    return checked_token(text)
