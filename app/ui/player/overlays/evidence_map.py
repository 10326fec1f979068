"""A map of what speaks for a moment, as a soft light that is laid over the picture."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPainter

from app.media.area import WHOLE, Area

LIGHT = QColor(255, 196, 64)
DARK = QColor(0, 0, 0)
DARKEST = 110
BRIGHTEST = 120
"""Of 255: how much the places that say nothing are darkened, and those that say most are lit."""
EDGE = 96
"""Pixels of the side of what is painted; the picture scales it."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a moment."""

    time: float
    """Seconds of the frame that does."""
    words: str
    """Sentences, one a line."""
    shares: tuple[tuple[float, ...], ...] | None
    """Rows from the top, 0..1: which places of the frame do; None where that is not known."""
    area: Area = WHOLE
    """The part of the frame that they lie on."""


def evidence_image(shares: Sequence[Sequence[float]]) -> QImage:
    """Return a square picture, see-through: dark where nothing speaks for it, a warm light where most does.

    Args:
        shares: rows from the top, 0..1.
    """
    most = max((max(row, default=0.0) for row in shares), default=0.0)
    rows, columns = len(shares), len(shares[0]) if shares else 0
    small = QImage(max(columns, 1), max(rows, 1), QImage.Format.Format_ARGB32)
    small.fill(Qt.GlobalColor.transparent)
    for y, row in enumerate(shares):
        for x, share in enumerate(row):
            part = share / most if most > 0 else 0.0
            colour = QColor(LIGHT if part >= 0.5 else DARK)
            strength = BRIGHTEST * (2 * part - 1) if part >= 0.5 else DARKEST * (1 - 2 * part)
            colour.setAlpha(round(min(max(strength, 0), 255)))
            small.setPixelColor(x, y, colour)
    soft = QImage(EDGE, EDGE, QImage.Format.Format_ARGB32_Premultiplied)
    soft.fill(Qt.GlobalColor.transparent)
    painter = QPainter(soft)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(soft.rect(), small.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied))
    painter.end()
    return soft
