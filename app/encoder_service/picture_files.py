"""JPEG, PNG and WebP files become pixels; how many is read from their headers before anything is decoded."""

import cv2
import numpy as np
from numpy.typing import NDArray

from app.encoder_service.exchange import MOST_PIXELS, BadRequestError

_SIZES_OF_JPEG = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Markers of a JPEG's frame header (ITU-T T.81, table B.1)."""


def size_of(file: bytes) -> tuple[int, int]:
    """Width and height that a file claims.

    Raises:
        BadRequestError: it is no JPEG, PNG or WebP, or claims more than `MOST_PIXELS`.
    """
    width, height = _claimed(file)
    if not (width and height):
        raise BadRequestError("a picture is no JPEG, PNG or WebP")
    if width * height > MOST_PIXELS:
        raise BadRequestError(f"a picture has more than {MOST_PIXELS} pixels")
    return width, height


def pixels_of(file: bytes) -> NDArray[np.uint8]:
    """The picture, (H, W, 3) uint8 RGB, of the size that the file claims.

    Raises:
        BadRequestError: it cannot be decoded.
    """
    claimed = size_of(file)
    try:
        flags = cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION
        picture = cv2.imdecode(np.frombuffer(file, np.uint8), flags)
    except cv2.error:
        picture = None
    if picture is None or (picture.shape[1], picture.shape[0]) != claimed or picture.dtype != np.uint8:
        raise BadRequestError("a picture cannot be decoded")
    return np.ascontiguousarray(picture[..., ::-1])  # OpenCV's order is blue, green, red


def _claimed(file: bytes) -> tuple[int, int]:
    """Width and height, or zeros."""
    if file.startswith(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR") and len(file) >= 24:
        return int.from_bytes(file[16:20], "big"), int.from_bytes(file[20:24], "big")
    if file.startswith(b"\xff\xd8\xff"):
        return _of_jpeg(file)
    if file.startswith(b"RIFF") and file[8:12] == b"WEBP" and len(file) >= 30:
        return _of_webp(file)
    return 0, 0


def _of_jpeg(file: bytes) -> tuple[int, int]:
    at = 2
    while at + 9 <= len(file) and file[at] == 0xFF:
        marker = file[at + 1]
        if marker == 0xFF:  # fill
            at += 1
        elif marker in _SIZES_OF_JPEG:
            return int.from_bytes(file[at + 7 : at + 9], "big"), int.from_bytes(file[at + 5 : at + 7], "big")
        elif marker == 0xDA:
            break
        else:
            at += 2 + max(2, int.from_bytes(file[at + 2 : at + 4], "big"))
    return 0, 0


def _of_webp(file: bytes) -> tuple[int, int]:
    kind = file[12:16]
    if kind == b"VP8 " and file[23:26] == b"\x9d\x01\x2a":
        return int.from_bytes(file[26:28], "little") & 0x3FFF, int.from_bytes(file[28:30], "little") & 0x3FFF
    if kind == b"VP8L" and file[20] == 0x2F:
        bits = int.from_bytes(file[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8X":
        return int.from_bytes(file[24:27], "little") + 1, int.from_bytes(file[27:30], "little") + 1
    return 0, 0
