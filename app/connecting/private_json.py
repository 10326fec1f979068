"""A JSON file of secrets that only its user can read, written whole or not at all."""

import json
import logging
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Any

from app.errors import UsageError

logger = logging.getLogger(__name__)

_MOST_BYTES = 1 << 20


def read_private(path: Path) -> dict[str, Any]:
    """The object in a file; empty, and said in the log, where there is none that can be read."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise ValueError("too large")
        content = json.loads(path.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        logger.warning("%s cannot be read: %s", path.name, error)
        return {}
    return content if isinstance(content, dict) else {}


def write_private(path: Path, content: dict[str, Any]) -> None:
    """Write an object in place of the file's.

    Raises:
        UsageError: it cannot be written; what was there stays.
    """
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
            f"What is private to you cannot be kept: {error.strerror or error}.",
            "See that its folder can be written to.",
        ) from error
