"""The icons of Windows and macOS, made from the drawing: containers of PNGs that other readers can read."""

import struct
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QImage, QImageReader

from tests.conftest import ROOT


@pytest.fixture(scope="module")
def icons(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("icons")
    script = ROOT / "packaging" / "icons.py"
    files = [folder / "reelfind.ico", folder / "reelfind.icns"]
    subprocess.run([sys.executable, str(script), *files], check=True, capture_output=True)
    return folder


def sizes(data: bytes, kind: bytes) -> list[int]:
    """Of all pictures in a container, as Qt's own reader finds them."""
    held = QByteArray(data)  # the buffer keeps no copy
    buffer = QBuffer(held)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(kind))
    found = []
    for number in range(reader.imageCount()):
        assert reader.jumpToImage(number)
        image = reader.read()
        assert image.width() == image.height()
        found.append(image.width())
    return found


def test_windows_gets_a_picture_for_each_place_it_shows_one(icons: Path) -> None:
    data = (icons / "reelfind.ico").read_bytes()
    assert sizes(data, b"ico") == [16, 24, 32, 48, 64, 128, 256]


def test_macos_gets_pictures_up_to_the_largest(icons: Path) -> None:
    data = (icons / "reelfind.icns").read_bytes()
    kind, length = struct.unpack_from(">4sI", data)
    assert (kind, length) == (b"icns", len(data))
    place, found = 8, []
    while place < len(data):
        _, size = struct.unpack_from(">4sI", data, place)
        found.append(QImage.fromData(data[place + 8 : place + size], "PNG").width())
        place += size
    assert found == [32, 64, 128, 256, 512, 1024]


def test_the_corners_are_transparent_and_something_is_painted(icons: Path) -> None:
    image = QImage(str(icons / "reelfind.ico"))
    assert image.pixelColor(0, 0).alpha() == 0
    assert image.pixelColor(image.width() // 2, image.height() // 2).alpha() > 0
