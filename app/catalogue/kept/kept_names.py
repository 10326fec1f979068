"""Names of tags, collections and saved searches, and notes, as they are stored and compared."""

import re
import unicodedata

from app.errors import UsageError

LONGEST_NAME = 100
LONGEST_NOTE = 10_000
"""Characters."""

_PERSON = re.compile(r"[^\W_](?:[\w .-]{0,30}[^\W_])?")
_NO_TEXT = {"Cc", "Cs"}
"""Categories of control characters and of halves of characters."""
_DIRECTIONS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that turn the direction of writing: a name that holds them can look like another one."""


def cleaned_name(text: str, what: str) -> str:
    """A name on one line, without what cannot be seen.

    Args:
        text: as typed or read.
        what: it names, with its article: “a tag”.

    Raises:
        UsageError: nothing is left of it, or it is too long.
    """
    name = " ".join(_visible(text, keep="\t\n").split())
    if not name:
        raise UsageError(f"The name of {what} is empty.", "Give it a name of at least one letter.")
    if len(name) > LONGEST_NAME:
        raise UsageError(
            f"The name of {what} is too long: {len(name):,} characters.", f"Use at most {LONGEST_NAME}."
        )
    return name


def can_be_person(name: str) -> bool:
    """Whether somebody who asks a server can be called so: 32 letters and digits at most."""
    return _PERSON.fullmatch(name) is not None


def cleaned_note(text: str) -> str:
    """A note of any number of lines, without what cannot be seen; empty where nothing is left.

    Raises:
        UsageError: it is too long.
    """
    lines = _visible(text, keep="\t\n").split("\n")
    note = "\n".join(line.rstrip() for line in lines).strip()
    if len(note) > LONGEST_NOTE:
        raise UsageError(f"The note is too long: {len(note):,} characters.", f"Use at most {LONGEST_NOTE:,}.")
    return note


def folded_name(name: str) -> str:
    """What a name is found by: whatever its case and its normal form."""
    return " ".join(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold()).split())


def _visible(text: str, *, keep: str) -> str:
    normal = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(
        each
        for each in normal
        if each in keep or (unicodedata.category(each) not in _NO_TEXT and each not in _DIRECTIONS)
    )
