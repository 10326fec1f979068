"""A stored picture in a 16:9 frame, made on a worker's thread."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter

FRAME = QSize(480, 270)
"""So many pixels has the picture of a card: 16:9, sharp on dense screens at the widest card."""


def framed(webp: bytes | None, size: QSize = FRAME) -> QImage | None:
    """A WebP picture in a frame; what does not fill it stands on its own blurred, darkened enlargement.

    Runs on a worker thread, once the GUI thread has called `warm_up`. None where there is no picture or it
    cannot be decoded.
    """
    if webp is None:
        return None
    picture = QImage.fromData(webp)
    return None if picture.isNull() else _in_frame(picture, size)


def _in_frame(picture: QImage, size: QSize) -> QImage:
    smooth = Qt.TransformationMode.SmoothTransformation
    fitted = picture.scaled(size, Qt.AspectRatioMode.KeepAspectRatio, smooth)
    if fitted.width() >= size.width() - 2 and fitted.height() >= size.height() - 2:
        return fitted.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, smooth).convertToFormat(
            QImage.Format.Format_RGB32
        )
    canvas = QImage(size, QImage.Format.Format_RGB32)
    painter = QPainter(canvas)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(QRect(0, 0, size.width(), size.height()), _blurred(picture, size))
    painter.fillRect(canvas.rect(), QColor(0, 0, 0, 110))
    painter.drawImage((size.width() - fitted.width()) // 2, (size.height() - fitted.height()) // 2, fitted)
    painter.end()
    return canvas


def _blurred(picture: QImage, size: QSize) -> QImage:
    """The middle of the picture, enlarged to the frame and blurred by way of a tiny copy."""
    smooth = Qt.TransformationMode.SmoothTransformation
    filled = picture.scaled(size, Qt.AspectRatioMode.KeepAspectRatioByExpanding, smooth)
    left, top = (filled.width() - size.width()) // 2, (filled.height() - size.height()) // 2
    middle = filled.copy(QRect(left, top, size.width(), size.height()))
    tiny = middle.scaled(size / 30, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
    return tiny.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)


def warm_up() -> None:
    """Call it on the GUI thread before any worker makes a picture.

    PySide makes a type's conversions ready at its first use, and two threads that do so at once crash: so the
    GUI thread uses everything that the workers will use before there are any.
    """
    framed(b"")
    _in_frame(QImage(1, 2, QImage.Format.Format_RGB32), FRAME / 10)
