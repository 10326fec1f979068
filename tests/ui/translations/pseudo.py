"""A language that nobody speaks: English letters with marks, longer by two fifths, in brackets.

What stands on the screen without brackets was not translated; what has no closing one was cut off.
"""

from __future__ import annotations

import re
from string import ascii_letters

from PySide6.QtCore import QTranslator

LONGER = 0.4
OPEN, CLOSE = "⟦", "⟧"
_MARKED = str.maketrans(ascii_letters, "åƀçđêƒĝĥîĵķļɱñöþǫŕšţûṽŵẋýžÅƁÇĐÊƑĜĤÎĴĶĻṀÑÖÞǪŔŠŢÛṼŴẊÝŽ")
_KEPT = re.compile(r"(\{[^}]*\}|%L?n|\n)")


def pseudo(text: str) -> str:
    """The sentence in that language; what is filled in later stays."""
    parts = [part if _KEPT.fullmatch(part) else part.translate(_MARKED) for part in _KEPT.split(text)]
    more = round(LONGER * len(text))
    return f"{OPEN}{''.join(parts)}{' ~' * (more // 2)}{CLOSE}"


class PseudoTranslator(QTranslator):
    """Translates every sentence of ours."""

    def isEmpty(self) -> bool:  # noqa: N802 - Qt's name
        return False

    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str:
        """The sentence; Qt's own stay as they are."""
        return source if context.startswith(("Q", "CloseButton")) else pseudo(source)
