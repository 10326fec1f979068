"""Makes the program's icon for Windows (.ico) and macOS (.icns) out of the drawing in resources/.

    python packaging/icons.py FILE.ico|FILE.icns...

Both formats are containers of PNGs. Needs PySide6, and no screen.
"""

import os
import struct
import sys
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

DRAWING = Path(__file__).resolve().parent.parent / "resources" / "reelfind.svg"
ICO_SIZES = (16, 24, 32, 48, 64, 128, 256)
"""Pixels."""
ICNS_KINDS = {b"ic11": 32, b"ic12": 64, b"ic07": 128, b"ic08": 256, b"ic09": 512, b"ic10": 1024}
"""Pixels by the name of the entry."""


def picture(size: int) -> bytes:
    """The drawing as a PNG of so many pixels a side."""
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(str(DRAWING)).render(painter, QRectF(0, 0, size, size))
    painter.end()
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(data.data())


def ico() -> bytes:
    """All sizes in one file: a directory of entries, then the PNGs."""
    pictures = [picture(size) for size in ICO_SIZES]
    place = 6 + 16 * len(pictures)
    entries = []
    for size, data in zip(ICO_SIZES, pictures, strict=True):
        entries.append(struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(data), place))
        place += len(data)
    return struct.pack("<HHH", 0, 1, len(pictures)) + b"".join(entries) + b"".join(pictures)


def icns() -> bytes:
    """All sizes in one file, each behind its kind and length."""
    entries = b"".join(
        kind + struct.pack(">I", 8 + len(data)) + data
        for kind, data in ((kind, picture(size)) for kind, size in ICNS_KINDS.items())
    )
    return b"icns" + struct.pack(">I", 8 + len(entries)) + entries


def main(targets: list[Path]) -> None:
    """Write each file in the format that its name says."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    _ = QGuiApplication.instance() or QGuiApplication(sys.argv[:1])  # pictures are painted while there is one
    for target in targets:
        target.write_bytes({".ico": ico, ".icns": icns}[target.suffix]())


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]])
