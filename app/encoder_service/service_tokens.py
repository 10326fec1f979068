"""Tokens of encoder services, kept on this computer for its user alone: never in a library.

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

from app.encoder_service.service_address import ServiceAddress
from app.errors import UsageError
from app.paths import encoder_tokens_file

logger = logging.getLogger(__name__)

VARIABLE = "REELFIND_ENCODER_TOKEN"
"""Environment variable that holds a token: of the service, and of an address when that is set."""
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


def token_for(address: ServiceAddress) -> str:
    """The token of a service, empty where this computer has none."""
    return _read(encoder_tokens_file()).get(str(address), "")


def keep_token(address: ServiceAddress, token: str) -> None:
    """Keep the token of a service.

    Raises:
        UsageError: it is no token, or the file cannot be written.
    """
    path = encoder_tokens_file()
    content = _read(path) | {str(address): checked_token(token)}
    unfinished = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        number = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(number, "w", encoding="ascii") as file:
            json.dump(content, file)
        unfinished.replace(path)
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink()
        raise UsageError(
            f"The token cannot be kept: {error.strerror or error}.", "See that its folder can be written to."
        ) from error


def _read(path: Path) -> dict[str, str]:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise ValueError("too large")
        content = json.loads(path.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        logger.warning("the tokens of encoder services cannot be read: %s", error)
        return {}
    if not isinstance(content, dict):
        return {}
    return {key: value for key, value in content.items() if isinstance(value, str)}
