"""Tokens of other computers' services, kept on this computer for its user alone: never in a library.

A library may come from somebody else, with an address in its settings. Without a token for it on this
computer nothing is sent there.
"""

import re
import secrets
from pathlib import Path

from app.connecting.private_json import read_private, write_private
from app.connecting.service_address import ServiceAddress
from app.errors import UsageError

LEAST_LETTERS, MOST_LETTERS = 16, 200
_TOKEN = re.compile(r"[!-~]+")


def new_token() -> str:
    """A token that nobody guesses."""
    return secrets.token_urlsafe(24)


def checked_token(token: str) -> str:
    """The token, without white space around it.

    Raises:
        UsageError: it could be guessed, or cannot be sent.
    """
    token = token.strip()
    if not LEAST_LETTERS <= len(token) <= MOST_LETTERS or not _TOKEN.fullmatch(token):
        raise UsageError(
            f"A token has {LEAST_LETTERS} to {MOST_LETTERS} letters, digits and signs, and no spaces.",
            "Leave it out to have one made.",
        )
    return token


class TokenFile:
    """A file of tokens by address, that only its user can read."""

    def __init__(self, path: Path) -> None:
        """Nothing is read yet; the file need not be there."""
        self.path = path

    def token_for(self, address: ServiceAddress) -> str:
        """The token of a service, empty where this computer has none."""
        return self._read().get(str(address), "")

    def keep(self, address: ServiceAddress, token: str) -> None:
        """Keep the token of a service.

        Raises:
            UsageError: it is no token, or the file cannot be written.
        """
        write_private(self.path, self._read() | {str(address): checked_token(token)})

    def _read(self) -> dict[str, str]:
        return {key: value for key, value in read_private(self.path).items() if isinstance(value, str)}
