"""From a decoded frame to what is kept of it: an upright RGB image with square pixels, and a thumbnail."""

from dataclasses import dataclass
from fractions import Fraction
from typing import cast

import av
import numpy as np
from av.codec import CodecContext
from av.sidedata.sidedata import SideData
from av.video.codeccontext import VideoCodecContext
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter
from numpy.typing import NDArray

from app.media.frames import Sampling

WEBP_QUALITY = 75
WEBP_EFFORT = 2
"""libwebp's method, 0 to 6: its default 4 makes files 3 % smaller and takes 1.7 times as long."""
THUMBNAIL_TALLEST = 4
"""A thumbnail is at most this many times as tall as `Sampling.thumbnail_width`."""

_MATRIX_UNSPECIFIED = 2
_MATRIX_BT709 = 1
_MATRIX_BT2020 = (9, 10)
_MATRIX_SMPTE240M = 7


@dataclass(frozen=True, slots=True)
class Geometry:
    """How coded pixels become the upright picture."""

    width: int
    """Displayed width in pixels."""
    height: int
    rotation: int
    """Clockwise degrees: 0, 90, 180 or 270."""
    mirrored: bool
    """Whether the picture is flipped left to right after the rotation."""


def geometry(frame: av.VideoFrame, pixel_aspect: Fraction | None) -> Geometry:
    """Read rotation and mirroring from the frame's display matrix; make pixels square by width.

    The matrix is 3×3 in 16.16 (2.30 in the last column) fixed point, row vectors: (x, y, 1) · M
    (ISO/IEC 14496-12, 8.3.2); only quarter turns are applied, any other angle goes to the nearest.
    """
    aspect = float(pixel_aspect) if pixel_aspect else 1.0
    width, height = max(1, round(frame.width * aspect)), frame.height
    rotation, mirrored = 0, False
    matrix = _display_matrix(frame)
    if matrix is not None:
        a, b, _, c, d, *_ = matrix
        mirrored = a * d - b * c < 0
        # A mirrored matrix is a rotation followed by x → -x: undo the flip before reading the angle.
        angle = np.degrees(np.arctan2(b, -a if mirrored else a))
        rotation = round(angle / 90) % 4 * 90
    if rotation in (90, 270):
        width, height = height, width
    return Geometry(width, height, rotation, mirrored)


def _display_matrix(frame: av.VideoFrame) -> NDArray[np.float64] | None:
    try:
        matrix = frame.side_data.get("DISPLAYMATRIX")
    except ValueError:
        # PyAV does not know a newer kind of side data beside it; the angle alone is still told.
        angle = np.radians(-frame.rotation)
        return np.array([np.cos(angle), np.sin(angle), 0, -np.sin(angle), np.cos(angle), 0, 0, 0, 1])
    return (
        None if matrix is None else np.frombuffer(bytes(cast(SideData, matrix)), np.int32).astype(np.float64)
    )


class Painter:
    """Turns kept frames into images and thumbnails: one libswscale pass each, contexts reused."""

    def __init__(self, sampling: Sampling) -> None:
        self._sampling = sampling
        self._image_scaler = VideoReformatter()
        self._thumbnail_scaler = VideoReformatter()
        self._webp_scaler = VideoReformatter()
        self._encoder: VideoCodecContext | None = None

    def image(self, frame: av.VideoFrame, shape: Geometry) -> NDArray[np.uint8]:
        """Return (H, W, 3) uint8 RGB with the shorter side at most `Sampling.short_side`."""
        scale = min(1.0, self._sampling.short_side / min(shape.width, shape.height))
        return _upright(self._image_scaler, frame, shape, scale)

    def thumbnail(self, frame: av.VideoFrame, shape: Geometry) -> bytes:
        """Return a WebP at most `Sampling.thumbnail_width` wide."""
        wide = self._sampling.thumbnail_width
        scale = min(1.0, wide / shape.width, wide * THUMBNAIL_TALLEST / shape.height)
        pixels = _upright(self._thumbnail_scaler, frame, shape, scale)
        return self._webp(pixels)

    def _webp(self, pixels: NDArray[np.uint8]) -> bytes:
        height, width, _ = pixels.shape
        if self._encoder is None or (self._encoder.width, self._encoder.height) != (width, height):
            encoder = CodecContext.create("libwebp", "w")
            encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
            encoder.time_base = Fraction(1)
            encoder.thread_count = 1
            encoder.options = {"quality": str(WEBP_QUALITY), "compression_level": str(WEBP_EFFORT)}
            self._encoder = encoder
        picture = self._webp_scaler.reformat(
            av.VideoFrame.from_ndarray(pixels, format="rgb24"),
            format="yuv420p",
            dst_colorspace=Colorspace.ITU601,
            dst_color_range=ColorRange.MPEG,
            threads=1,
        )
        return b"".join(bytes(packet) for packet in self._encoder.encode(picture))


def _upright(
    scaler: VideoReformatter, frame: av.VideoFrame, shape: Geometry, scale: float
) -> NDArray[np.uint8]:
    width, height = max(1, round(shape.width * scale)), max(1, round(shape.height * scale))
    if shape.rotation in (90, 270):
        width, height = height, width
    shrinks = width < frame.width and height < frame.height
    rgb = scaler.reformat(
        frame,
        width,
        height,
        "rgb24",
        src_colorspace=None if frame.format.is_rgb else _matrix(frame),
        interpolation=Interpolation.AREA if shrinks else Interpolation.BICUBIC,
        threads=1,
    )
    pixels: NDArray[np.uint8] = np.rot90(rgb.to_ndarray(), -shape.rotation // 90)
    return np.ascontiguousarray(pixels[:, ::-1] if shape.mirrored else pixels)


def _matrix(frame: av.VideoFrame) -> Colorspace:
    """The YUV matrix. Untagged video is BT.709 from 720 lines on and BT.601 below, as players assume."""
    tag = int(frame.colorspace)
    if tag == _MATRIX_UNSPECIFIED:
        return Colorspace.ITU709 if frame.height >= 720 else Colorspace.ITU601
    if tag == _MATRIX_BT709:
        return Colorspace.ITU709
    if tag in _MATRIX_BT2020:
        return Colorspace.BT2020
    return Colorspace.SMPTE240M if tag == _MATRIX_SMPTE240M else Colorspace.ITU601
