"""Decoded frames from far away, inside what is picture of them: bars stand still whatever happens there."""

import math

import av
import numpy as np
from av.video.plane import VideoPlane
from av.video.reformatter import Interpolation, VideoReformatter
from numpy.typing import NDArray

from app.media import libav
from app.media.area import WHOLE, Area
from app.media.decoding.picture import Ground
from app.media.decoding.sampling.shots import (
    COLUMNS,
    ROWS,
    Signature,
    near_identical,
    same_beside,
    signature,
)

PLANAR = {f"yuv{full}{chroma}p" for full in ("", "j") for chroma in ("420", "422", "444")}
POINT_PIXELS = 8
"""Areas of planes with at least this many rows per point are read directly, point by point."""


class SignatureReader:
    """Reads signatures: straight from plain large planes, else by a small libswscale pass.

    Args:
        ground: what transparent pictures lie on.
    """

    def __init__(self, ground: Ground | None = None) -> None:
        self.area = WHOLE
        """What is picture of the frames as they are coded, as far as is known."""
        self._scaler = VideoReformatter()
        self._ground = ground or Ground()

    def view(self, frame: av.VideoFrame) -> "View":
        """What a decoded frame looks like, by the area that is known when it is asked."""
        return View(frame, self)

    def look(self, frame: av.VideoFrame, area: Area = WHOLE) -> Signature:
        """Return the signature of an area of a decoded frame, both as it is coded (not rotated)."""
        rows = _Stretch.of(frame.height, area.top, area.bottom)
        columns = _Stretch.of(frame.width, area.left, area.right)
        large = rows.length >= ROWS * POINT_PIXELS and columns.length >= COLUMNS * POINT_PIXELS
        if not large or frame.format.name not in PLANAR:
            rows = _Stretch.scaled(ROWS, area.top, area.bottom)
            columns = _Stretch.scaled(COLUMNS, area.left, area.right)
            frame = self._scaler.reformat(
                self._ground.laid(frame, columns.whole, rows.whole),
                columns.whole,
                rows.whole,
                "yuv444p",
                interpolation=Interpolation.AREA,
                **libav.ONE_THREAD,
            )
        return signature(np.stack([_points(plane, rows, columns) for plane in frame.planes[:3]]))


class View:
    """A decoded frame, and what it looks like; each signature is read when it is asked for first."""

    __slots__ = ("_area", "_inside", "_reader", "_whole", "frame")

    def __init__(self, frame: av.VideoFrame, reader: SignatureReader) -> None:
        self.frame = frame
        self._reader = reader
        self._area = WHOLE
        self._inside: Signature | None = None
        self._whole: Signature | None = None

    @property
    def inside(self) -> Signature:
        """Of what is picture, as is known by now; of all of it where that has hardly a pixel a point."""
        area = self._reader.area
        if area == WHOLE or _is_tiny(self.frame, area):
            return self.whole
        if self._inside is None or self._area != area:
            self._area, self._inside = area, self._reader.look(self.frame, area)
        return self._inside

    @property
    def whole(self) -> Signature:
        """Of all of it, whatever bars there are."""
        if self._whole is None:
            self._whole = self._reader.look(self.frame)
        return self._whole

    def shows_the_same(self, other: "View") -> bool:
        """Whether another frame of the video shows nothing new, neither in the picture nor in its bars."""
        area = self._reader.area
        return near_identical(self.inside, other.inside) and (
            area == WHOLE or same_beside(self.whole, other.whole, area)
        )


def _is_tiny(frame: av.VideoFrame, area: Area) -> bool:
    height, width = (area.bottom - area.top) * frame.height, (area.right - area.left) * frame.width
    return height < ROWS or width < COLUMNS


class _Stretch:
    """A part of a line of pixels."""

    __slots__ = ("first", "length", "whole")

    def __init__(self, whole: int, first: int, length: int) -> None:
        self.whole, self.first, self.length = whole, first, length

    @classmethod
    def of(cls, pixels: int, first: float, last: float) -> "_Stretch":
        """The pixels that lie wholly between two shares of the line."""
        start, end = math.ceil(first * pixels), math.floor(last * pixels)
        return cls(pixels, start, end - start)

    @classmethod
    def scaled(cls, points: int, first: float, last: float) -> "_Stretch":
        """A line scaled so that `points` pixels lie between two shares of it."""
        share = last - first
        whole = points if share == 1 else math.ceil((points + 1) / share)
        return cls(whole, round(whole * (first + last) / 2 - points / 2), points)


def _points(plane: VideoPlane, rows: _Stretch, columns: _Stretch) -> NDArray[np.uint8]:
    """(36, 64) samples on a regular grid over a part of a plane; chroma may have fewer pixels."""
    pixels = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
    top, down = rows.first * plane.height // rows.whole, rows.length * plane.height // rows.whole // ROWS
    left = columns.first * plane.width // columns.whole
    across = columns.length * plane.width // columns.whole // COLUMNS
    return pixels[
        top + down // 2 : top + down * ROWS : down,
        left + across // 2 : left + across * COLUMNS : across,
    ]
