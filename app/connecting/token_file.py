"""Tokens of other computers' services, kept on this computer for its user alone: never in a library.

A library may come from somebody else, with an address in its settings. Without a token for it on this
computer nothing is sent there.
"""

import json
import logging
import os
import re
import secrets
from contextlib import suppress
from pathlib import Path

from app.connecting.service_address import ServiceAddress
from app.errors import UsageError

logger = logging.getLogger(__name__)

LEAST_LETTERS, MOST_LETTERS = 16, 200
_TOKEN = re.compile(r"[!-~]+")
_MOST_BYTES = 1 << 20


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
        content = self._read() | {str(address): checked_token(token)}
        unfinished = self.path.with_name(f"{self.path.name}.{secrets.token_hex(4)}")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            number = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(number, "w", encoding="ascii") as file:
                json.dump(content, file)
            unfinished.replace(self.path)
        except OSError as error:
            with suppress(OSError):
                unfinished.unlink()
            raise UsageError(
                f"The token cannot be kept: {error.strerror or error}.",
                "See that its folder can be written to.",
            ) from error

    def _read(self) -> dict[str, str]:
        try:
            if self.path.stat().st_size > _MOST_BYTES:
                raise ValueError("too large")
            content = json.loads(self.path.read_bytes())
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, RecursionError) as error:
            logger.warning("the tokens in %s cannot be read: %s", self.path.name, error)
            return {}
        if not isinstance(content, dict):
            return {}
        return {key: value for key, value in content.items() if isinstance(value, str)}
