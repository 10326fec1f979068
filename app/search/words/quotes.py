"""What is quoted of a line: the part around the words that were found, and where they stand in it."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from app.catalogue.line_records import FoundLine
from app.lines.asked import AskedWord
from app.lines.words import is_unspaced, words_of

_LONGEST = 90
"""Characters of a quotation."""
_BEFORE = 30
"""Characters before the first of the words, where not all is quoted."""

_MARKS = "".join(chr(code) for code in range(0x300, 0x20FF) if unicodedata.category(chr(code))[0] == "M")
_PIECE = re.compile(rf"[^\W_](?:[^\W_]|[{_MARKS}])*")
"""A word as it is typed, with the marks on its letters."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A part of a line."""

    text: str
    """With an ellipsis where something is left out."""
    marks: tuple[tuple[int, int], ...]
    """Where the words that were asked for begin and end in it."""


def quote_of(found: FoundLine, read_as: Mapping[AskedWord, AskedWord]) -> Quote:
    """The part of a line around the words that it was found for."""
    text = found.line.text
    asked = set(found.places)
    asked |= {variant for variant, word in read_as.items() if word in asked}
    spans = _spans(text, asked)
    if len(text) <= _LONGEST:
        return Quote(text, tuple(spans))
    start = max(0, spans[0][0] - _BEFORE) if spans else 0
    start = min(start, len(text) - _LONGEST)
    end = start + _LONGEST
    start = text.rfind(" ", 0, start) + 1 if start and " " in text[max(0, start - 15) : start] else start
    before, after = "…" if start else "", "…" if end < len(text) else ""
    inside = [(s - start + len(before), e - start + len(before)) for s, e in spans if start <= s and e <= end]
    return Quote(f"{before}{text[start:end].rstrip()}{after}", tuple(inside))


def _spans(text: str, asked: set[AskedWord]) -> list[tuple[int, int]]:
    """Where words that were asked for stand in a text."""
    whole = {word.tokens[0] for word in asked if not word.prefix and len(word.tokens) == 1}
    begun = tuple(word.tokens[0] for word in asked if word.prefix)
    runs = [
        "".join(token[0] for token in word.tokens) + word.tokens[-1][1:]
        for word in asked
        if is_unspaced(word.tokens[0])
    ]
    spans = []
    for piece in _PIECE.finditer(text):
        words = words_of(piece.group())
        if is_unspaced(piece.group()):
            for run in runs:
                at = piece.group().find(run)
                if at >= 0:
                    spans.append((piece.start() + at, piece.start() + at + len(run)))
        elif any(word in whole or (begun and word.startswith(begun)) for word in words):
            spans.append(piece.span())
        elif piece.group().lower() not in whole:
            spans += _inner(piece, whole)
    return sorted(set(spans))


def _inner(piece: re.Match[str], whole: set[str]) -> list[tuple[int, int]]:
    """Parts of a name in one word: “birthday” in “birthdayParty”."""
    lower = piece.group().lower()
    found = []
    for word in whole:
        at = lower.find(word)
        if len(word) >= 3 and at >= 0 and len(lower) == len(piece.group()):
            found.append((piece.start() + at, piece.start() + at + len(word)))
    return found
