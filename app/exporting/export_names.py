"""Names of files that every system takes."""

import os
import re
import unicodedata
from pathlib import Path

LONGEST = 120
"""Bytes of a name without its suffix: file systems take 255, and some programs less for the whole path."""
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)


def portable(name: str, *, otherwise: str = "Moment") -> str:
    """A name as Windows, macOS and Linux take it, on any disk.

    Args:
        name: any text; without the suffix.
        otherwise: what it is called where nothing is left.
    """
    text = name.encode("utf-8", "replace").decode("utf-8")  # surrogates stand for bytes that are no letters
    text = unicodedata.normalize("NFC", text)
    kept = "".join(letter if _is_shown(letter) else " " for letter in _FORBIDDEN.sub("_", text))
    kept = _shortened(" ".join(kept.split())).strip(" .")
    if _RESERVED.fullmatch(kept):
        kept = f"_{kept}"
    return kept or otherwise


def moment_name(path: Path, at: float) -> str:
    """What a file made of a moment is called: the video's name and the time."""
    minutes, seconds = divmod(int(max(0.0, at)), 60)
    hours, minutes = divmod(minutes, 60)
    clock = f"{hours}h{minutes:02d}m{seconds:02d}s" if hours else f"{minutes}m{seconds:02d}s"
    return f"{portable(os.fsdecode(path.stem))} {clock}"


def numbered(name: str, number: int) -> str:
    """The name of the first, second… file that would be called so."""
    return name if number == 1 else f"{name} ({number})"


def _is_shown(letter: str) -> bool:
    return letter.isprintable() or letter == " "


def _shortened(text: str) -> str:
    data = text.encode("utf-8")
    return text if len(data) <= LONGEST else data[:LONGEST].decode("utf-8", "ignore")
