"""Plain text for terminals."""

import os
from pathlib import Path


def shown(path: Path | str) -> str:
    """A path as text that prints on one line, whatever bytes its name holds."""
    text = os.fsencode(path).decode("utf-8", "replace")
    return "".join(character if character.isprintable() else "�" for character in text)


def clock(seconds: float) -> str:
    """Seconds as 0:07, 12:05 or 1:02:03."""
    whole = int(seconds)
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes}:{rest:02d}"
    return f"{minutes // 60}:{minutes % 60:02d}:{rest:02d}"


def counted(number: int, noun: str) -> str:
    """1 video, 2 videos."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
