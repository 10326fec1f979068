"""The words of a text as they are kept and searched, whatever script it is written in.

Letters are small and without accents. Chinese, Japanese, Thai and their like put no spaces between words:
there every letter begins a word of two letters, the last one a word of its own, so that any part of a text is
found by the words of that part in a row.
"""

import re
import unicodedata
from collections.abc import Iterator

from app.text import PLAIN_LETTERS

_ASCII_WORD = re.compile(r"[a-z0-9]+")
_ACCENTS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff]+")
"""Marks on letters of alphabets; those of Indic scripts and of Japanese make other letters."""

_UNSPACED = re.compile(
    "[\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f\u1780-\u17ff\uaa60-\uaa7f"  # Burmese, Khmer
    "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"  # Japanese, Chinese
    "\U00020000-\U0003ffff]+"
)


def words_of(text: str) -> list[str]:
    """The words of a text in their order, as they are searched."""
    if text.isascii():
        return _ASCII_WORD.findall(text.lower())
    return [word for run in "".join(_letters(folded(text))).split() for word in _parted(run)]


def folded(text: str) -> str:
    """Small letters without accents."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold().translate(PLAIN_LETTERS))
    return unicodedata.normalize("NFC", _ACCENTS.sub("", apart)).casefold()


def is_unspaced(text: str) -> bool:
    """Whether any of it is of a script without spaces between words."""
    return not text.isascii() and _UNSPACED.search(text) is not None


def _letters(text: str) -> Iterator[str]:
    for letter in text:
        kind = unicodedata.category(letter)[0]
        yield letter if kind in "LN" or (kind == "M" and letter != "\ufe0f") else " "


def _parted(run: str) -> Iterator[str]:
    at = 0
    for found in _UNSPACED.finditer(run):
        if found.start() > at:
            yield run[at : found.start()]
        letters = found.group()
        yield from (letters[place : place + 2] for place in range(len(letters)))
        at = found.end()
    if at < len(run):
        yield run[at:]
