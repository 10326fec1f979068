"""Pictures made by tests."""

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QColor, QImage


def webp(size: tuple[int, int], colour: tuple[int, int, int]) -> bytes:
    """A picture of one colour, as the library keeps thumbnails."""
    image = QImage(*size, QImage.Format.Format_RGB32)
    image.fill(QColor(*colour))
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert image.save(buffer, "WEBP", 90)  # type: ignore[call-overload]
    return bytes(data.data())
