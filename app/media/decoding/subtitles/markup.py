"""What a subtitle shows, without what says how: tags, drawings, entities, and characters that do not show."""

import html
import re
import unicodedata
from functools import cache

MOST_LETTERS = 1000
"""Of one line of a caption; what comes after is no caption."""
MOST_LINES = 20
"""Of one caption."""

_BLOCK = re.compile(r"\{([^{}]*)\}")
_DRAWING = re.compile(r"\\p(\d{1,3})")
_TAG = re.compile(r"<(?:/?[A-Za-z][^<>]{0,200}|/?|[0-9:.]{1,16})>")
_JOINERS = "\u200c\u200d"
"""They change how Persian and Hindi are written, so that they stay."""


def shown_lines(text: str, *, comments: bool = False) -> tuple[str, ...]:
    """The lines that one caption shows, each with at least one letter or digit in it.

    Args:
        text: as in the file, lines parted by line breaks or `\\N`.
        comments: whether everything in braces is a comment, as in SubStation; else only what begins as an
            override does.
    """
    text = _without_blocks(text[: MOST_LETTERS * MOST_LINES], comments)
    text = text.replace("\\N", "\n").replace("\\n", "\n").replace("\\h", " ").replace("[br]", "\n")
    text = html.unescape(_TAG.sub("", text))
    lines = (clean(line) for line in text.split("\n"))
    return tuple([line for line in lines if any(map(str.isalnum, line))][:MOST_LINES])


def clean(line: str) -> str:
    """One line as it is kept: composed, single spaces, nothing that does not show or turns the writing."""
    if not line.isascii():
        line = unicodedata.normalize("NFC", line[: 4 * MOST_LETTERS])
    if not line.isprintable():
        line = "".join(letter if letter.isprintable() else _instead(letter) for letter in line)
    return " ".join(line.split())[:MOST_LETTERS].strip()


@cache
def _instead(letter: str) -> str:
    """What takes the place of a character that does not show: a space for one that parts words."""
    if letter in _JOINERS:
        return letter
    return " " if unicodedata.category(letter) in {"Cc", "Zs", "Zl", "Zp"} else ""


def _without_blocks(text: str, comments: bool) -> str:
    r"""Remove override blocks, and what stands between `{\p1}` and `{\p0}`: the outline of a drawing."""
    if "{" not in text:
        return text
    kept: list[str] = []
    drawing, at = False, 0
    for block in _BLOCK.finditer(text):
        inside = block[1]
        if not (comments or inside.startswith("\\") or inside[1:2] == ":"):
            continue
        if not drawing:
            kept.append(text[at : block.start()])
        levels = _DRAWING.findall(inside)
        if levels:
            drawing = int(levels[-1]) > 0
        at = block.end()
    return "".join(kept) + ("" if drawing else text[at:])
