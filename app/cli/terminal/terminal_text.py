"""Plain text for terminals."""

import os
from contextlib import suppress

from app.text import safe, shown

__all__ = ["clock", "counted", "safe", "shown", "typed"]


def typed(text: str) -> str:
    """Words as they were typed, also on a terminal that does not write UTF-8.

    Bytes that are no UTF-8 arrive as lone surrogates; they are read as Windows-1252, or Latin-1 where that
    has no such letter.
    """
    if text.isprintable():
        return text
    try:
        data = os.fsencode(text)
    except UnicodeEncodeError:  # surrogates that stand for no byte
        return text.encode("utf-8", "replace").decode("utf-8")
    for encoding in ("utf-8", "cp1252", "latin-1"):
        with suppress(UnicodeDecodeError):
            return data.decode(encoding)
    return text


def clock(seconds: float) -> str:
    """Seconds as 0:07, 12:05 or 1:02:03."""
    whole = int(seconds)
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes}:{rest:02d}"
    return f"{minutes // 60}:{minutes % 60:02d}:{rest:02d}"


def until(seconds: float | None) -> str:
    """How far a file could be read, where not to its end: “ (until 0:41)”."""
    return "" if seconds is None else f" (until {clock(seconds)})"


def counted(number: int, noun: str, plural: str = "") -> str:
    """1 video, 2 videos."""
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"
