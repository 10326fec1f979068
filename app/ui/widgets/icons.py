"""Icons: our own SVG drawings, coloured by the theme."""

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer

from app.paths import resource

SIZE = 20
"""Edge of an icon in logical pixels."""


def pixmap(name: str, colour: QColor, size: int = SIZE, ratio: float = 1.0) -> QPixmap:
    """The drawing `resources/icons/NAME.svg` in one colour, `size` logical pixels at the device `ratio`.

    Drawn once and kept by Qt: cards that scroll ask for the same one many times a second.
    """
    key = f"reelfind/{name}/{colour.name()}/{size}/{ratio}"
    kept = QPixmap()
    if QPixmapCache.find(key, kept):
        return kept
    renderer = QSvgRenderer(QByteArray(_drawing(name).replace("currentColor", colour.name()).encode()))
    canvas = QPixmap(QSize(size, size) * ratio)
    canvas.fill(Qt.GlobalColor.transparent)
    painter = QPainter(canvas)
    renderer.render(painter, QRectF(0, 0, canvas.width(), canvas.height()))
    painter.end()
    canvas.setDevicePixelRatio(ratio)
    QPixmapCache.insert(key, canvas)
    return canvas


def icon(name: str, colour: QColor, size: int = SIZE) -> QIcon:
    """The drawing as an icon for ordinary and dense screens."""
    made = QIcon()
    for ratio in (1.0, 2.0, 3.0):
        made.addPixmap(pixmap(name, colour, size, ratio))
    return made


@cache
def _drawing(name: str) -> str:
    return resource(f"icons/{name}.svg").read_text(encoding="utf-8")


def program_icon() -> QIcon:
    """The program's own icon."""
    return QIcon(str(resource("reelfind.svg")))
