"""Has fonts found before text is painted."""

from collections.abc import Iterable

from PySide6.QtGui import QFont, QFontMetrics

from app.ui.widgets.theme import Type, font


def find_fonts(texts: Iterable[str]) -> None:
    """Have the system find the fonts for these texts; on any thread but the GUI's.

    The first text of a script that the window's font lacks costs tens of milliseconds, for the whole process
    once: so it is not first met while a list of names is painted.
    """
    unusual = sorted({text for text in texts if not text.isascii()})
    if not unusual:
        return
    for wanted in (font(Type.BODY, QFont.Weight.DemiBold), font(Type.SMALL), font(Type.SMALL, tabular=True)):
        metrics = QFontMetrics(wanted)
        for text in unusual:
            metrics.horizontalAdvance(text)
