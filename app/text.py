"""Names and sentences as they can be shown: in a terminal and in the window.

A file's name may hold marks that turn the direction of writing, characters without width, line breaks and
other control characters, and bytes that are no UTF-8. Shown as they are, they make a name look like another
one or spread it over the line.
"""

import os
import unicodedata
from pathlib import Path

_JOINER = "\u200d"

PLAIN_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t"}
)
"""Letters that Unicode takes for ones of their own."""


def folded_words(text: str) -> str:
    """The words of a text as people compare them: small letters without accents, one space between them."""
    if text.isascii():
        plain = text.lower()
    else:
        parts = unicodedata.normalize("NFKD", text.casefold().translate(PLAIN_LETTERS))
        plain = "".join(part for part in parts if not unicodedata.combining(part)).casefold()
    return " ".join("".join(each if each.isalnum() else " " for each in plain.replace("'", "")).split())


def shown(path: Path | str) -> str:
    """A path as text that stands on one line and hides nothing, whatever bytes its name holds.

    Marks that turn the direction of writing or have no width, and control characters, are named: a name that
    holds them can look like another one. Bytes that are no UTF-8 become �.
    """
    try:
        data = os.fsencode(path)
    except UnicodeEncodeError:  # surrogates that stand for no byte
        return safe(str(path))
    return safe(data.decode("utf-8", "replace"))


def safe(text: str) -> str:
    """Text as it stands on one line; see `shown`."""
    if text.isprintable():
        return text
    return "".join(
        _visible(character, text[place - 1 : place], text[place + 1 : place + 2])
        for place, character in enumerate(text)
    )


def _visible(character: str, before: str, after: str) -> str:
    if character.isprintable():
        return character
    if unicodedata.category(character) == "Zs":  # as in the names that macOS gives to screen recordings
        return " "
    if (
        character == _JOINER and before and after and not (before + after).isascii()
    ):  # joins pictures, letters
        return character
    return f"‹U+{ord(character):04X}›"
