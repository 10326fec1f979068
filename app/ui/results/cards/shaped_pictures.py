"""Pictures as cards show them: scaled, with round corners, in grey where nothing matches; made once."""

from collections import OrderedDict
from math import ceil

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QImage, QPainter, QPixmap, QTransform

from app.ui.widgets.theme import RADIUS

KEPT_BYTES = 64 << 20
"""What is kept at most: more than one screen shows, on dense screens too."""


class ShapedPictures:
    """Scaling under a round clip takes milliseconds a card; what was made once is only copied."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[int, int, int, int, bool], QPixmap] = OrderedDict()
        self._bytes = 0

    def shaped(self, picture: QPixmap, size: QSize, ratio: float, *, grey: bool) -> QPixmap:
        """The picture `size` logical pixels large for a screen with `ratio` pixels for each of them.

        Between whole ratios it is made for the next, and scaled once more where it is painted.
        """
        dense = ceil(ratio)
        key = (picture.cacheKey(), size.width(), size.height(), dense, grey)
        kept = self._kept.get(key)
        if kept is not None:
            self._kept.move_to_end(key)
            return kept
        made = self._kept[key] = _shaped(picture, size, dense, grey=grey)
        self._bytes += _bytes(made)
        while self._bytes > KEPT_BYTES and len(self._kept) > 1:
            _, oldest = self._kept.popitem(last=False)
            self._bytes -= _bytes(oldest)
        return made


def _bytes(picture: QPixmap) -> int:
    return picture.width() * picture.height() * 4


def _shaped(picture: QPixmap, size: QSize, dense: int, *, grey: bool) -> QPixmap:
    image = picture.toImage()
    if grey:
        image = image.convertToFormat(QImage.Format.Format_Grayscale8)
    canvas = QImage(size * dense, QImage.Format.Format_ARGB32_Premultiplied)
    canvas.fill(Qt.GlobalColor.transparent)
    brush = QBrush(image)
    brush.setTransform(QTransform.fromScale(canvas.width() / image.width(), canvas.height() / image.height()))
    painter = QPainter(canvas)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(brush)
    painter.drawRoundedRect(QRectF(canvas.rect()), RADIUS * dense, RADIUS * dense)
    painter.end()
    made = QPixmap.fromImage(canvas)
    made.setDevicePixelRatio(dense)
    return made
