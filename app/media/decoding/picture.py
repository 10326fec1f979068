"""From a decoded frame to what is kept of it: an upright RGB image with square pixels, and a thumbnail."""

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import SupportsFloat, cast

import av
import numpy as np
from av.codec import CodecContext
from av.sidedata.sidedata import SideData
from av.video.codeccontext import VideoCodecContext
from av.video.format import VideoFormat
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter
from numpy.typing import NDArray

from app.media import libav
from app.media.area import WHOLE, Area
from app.media.frames import Sampling

WEBP_QUALITY = 75
WEBP_EFFORT = 2
"""libwebp's method, 0 to 6: its default 4 makes files 3 % smaller and takes 1.7 times as long."""
THUMBNAIL_TALLEST = 4
"""A thumbnail is at most this many times as tall as `Sampling.thumbnail_width`."""

WIDEST_PIXEL = 100
"""Pixels that claim to be this many times as wide as tall, or as tall as wide, are taken for square."""

GROUND = np.uint16(128)
"""Level of all channels under a transparent picture."""
OPAQUE = np.uint16(255)

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


@dataclass(frozen=True, slots=True)
class Orientation:
    """How a coded picture is turned to stand upright."""

    rotation: int = 0
    """Clockwise degrees: 0, 90, 180 or 270."""
    mirrored: bool = False
    """Whether it is flipped left to right after the rotation."""

    def coded(self, area: Area) -> Area:
        """Where a part of the upright picture is in the coded one."""
        if self.mirrored:
            area = Area(1 - area.right, area.top, 1 - area.left, area.bottom)
        for _ in range(self.rotation // 90):
            area = Area(area.top, 1 - area.right, area.bottom, 1 - area.left)
        return area


def orientation(frame: av.VideoFrame) -> Orientation:
    """Read rotation and mirroring from the frame's display matrix. One frame per stream is enough to ask.

    The matrix is 3×3 in 16.16 (2.30 in the last column) fixed point, row vectors: (x, y, 1) · M
    (ISO/IEC 14496-12, 8.3.2); only quarter turns are applied, any other angle goes to the nearest.

    A frame whose side data was asked for belongs to a reference cycle and stays until it is collected: asked
    of all frames, decoders grow by gigabytes.
    """
    matrix = _display_matrix(frame)
    if matrix is None:
        return Orientation()
    a, b, _, c, d, *_ = matrix
    mirrored = bool(a * d - b * c < 0)
    # A mirrored matrix is a rotation followed by x → -x: undo the flip before reading the angle.
    angle = np.degrees(np.arctan2(b, -a if mirrored else a))
    return Orientation(round(angle / 90) % 4 * 90, mirrored)


def geometry(
    frame: av.VideoFrame, pixel_aspect: SupportsFloat | None, turned: Orientation | None = None
) -> Geometry:
    """Make pixels square by width, and turn the picture as its stream says.

    Args:
        frame: decoded.
        pixel_aspect: width of a pixel divided by its height; 1 where None, zero or absurd.
        turned: of the stream; read from the frame where None.
    """
    aspect = libav.number(pixel_aspect)
    aspect = aspect if 1 / WIDEST_PIXEL <= aspect <= WIDEST_PIXEL else 1.0
    width, height = max(1, round(frame.width * aspect)), frame.height
    turned = turned or orientation(frame)
    if turned.rotation in (90, 270):
        width, height = height, width
    return Geometry(width, height, turned.rotation, turned.mirrored)


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


class Ground:
    """What transparent pictures are laid on: mid-grey, on which black letters are seen as well as white ones.

    Args:
        ignored: whether the alpha channel means nothing.
    """

    def __init__(self, ignored: bool = False) -> None:
        self._ignored = ignored
        self._scaler = VideoReformatter()

    def laid(self, frame: av.VideoFrame, width: int = 0, height: int = 0) -> av.VideoFrame:
        """Return an opaque RGB frame of the given size (its own without one), or itself if it is opaque.

        Whole pictures are laid down before they are scaled: else hidden colours seep into the edges.
        """
        if self._ignored or not _may_be_transparent(frame.format):
            return frame
        pixels = self._scaler.reformat(
            frame,
            width or frame.width,
            height or frame.height,
            "rgba",
            src_colorspace=None if frame.format.is_rgb else yuv_matrix(frame),
            interpolation=Interpolation.AREA,
            **libav.ONE_THREAD,
        ).to_ndarray()
        alpha = pixels[..., 3:].astype(np.uint16)
        if alpha.min() == OPAQUE:
            return frame
        mixed = (pixels[..., :3] * alpha + GROUND * (OPAQUE - alpha) + OPAQUE // 2) // OPAQUE
        return av.VideoFrame.from_ndarray(np.ascontiguousarray(mixed.astype(np.uint8)), format="rgb24")


def _may_be_transparent(form: VideoFormat) -> bool:
    return form.has_palette or any(component.is_alpha for component in form.components)


class FrameConverter:
    """Turns kept frames into images and thumbnails: one libswscale pass each, contexts reused.

    Args:
        sampling: their sizes.
        ground: what transparent pictures lie on.
    """

    def __init__(self, sampling: Sampling, ground: Ground | None = None) -> None:
        self._sampling = sampling
        self._ground = ground or Ground()
        self._image_scaler = VideoReformatter()
        self._thumbnail_scaler = VideoReformatter()
        self._webp_scaler = VideoReformatter()
        self._encoder: VideoCodecContext | None = None

    def image(self, frame: av.VideoFrame, shape: Geometry, area: Area = WHOLE) -> NDArray[np.uint8]:
        """Return (H, W, 3) uint8 RGB of an area, its shorter side at most `Sampling.short_side`."""
        width, height = _size(shape, area)
        scale = min(1.0, self._sampling.short_side / min(width, height))
        return _upright(self._image_scaler, self._ground.laid(frame), shape, area, scale)

    def thumbnail(self, frame: av.VideoFrame, shape: Geometry, area: Area = WHOLE) -> bytes:
        """Return a WebP of an area, at most `Sampling.thumbnail_width` wide."""
        wide = self._sampling.thumbnail_width
        width, height = _size(shape, area)
        scale = min(1.0, wide / width, wide * THUMBNAIL_TALLEST / height)
        pixels = _upright(self._thumbnail_scaler, self._ground.laid(frame), shape, area, scale)
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
            **libav.ONE_THREAD,
        )
        return b"".join(bytes(packet) for packet in self._encoder.encode(picture))


def _size(shape: Geometry, area: Area) -> tuple[float, float]:
    """Displayed width and height of an area in pixels."""
    return (area.right - area.left) * shape.width, (area.bottom - area.top) * shape.height


def _upright(
    scaler: VideoReformatter, frame: av.VideoFrame, shape: Geometry, area: Area, scale: float
) -> NDArray[np.uint8]:
    across = _Span.of(shape.width, area.left, area.right, scale)
    down = _Span.of(shape.height, area.top, area.bottom, scale)
    width, height = across.whole, down.whole
    if shape.rotation in (90, 270):
        width, height = height, width
    shrinks = width < frame.width and height < frame.height
    rgb = scaler.reformat(
        frame,
        width,
        height,
        "rgb24",
        src_colorspace=None if frame.format.is_rgb else yuv_matrix(frame),
        interpolation=Interpolation.AREA if shrinks else Interpolation.BICUBIC,
        **libav.ONE_THREAD,
    )
    pixels: NDArray[np.uint8] = np.rot90(rgb.to_ndarray(), -shape.rotation // 90)
    pixels = pixels[:, ::-1] if shape.mirrored else pixels
    return np.ascontiguousarray(pixels[down.part, across.part])


@dataclass(frozen=True, slots=True)
class _Span:
    """Which pixels of a scaled frame, across or down, an area takes."""

    whole: int
    """Pixels of the whole frame, scaled."""
    part: slice

    @classmethod
    def of(cls, pixels: int, first: float, last: float, scale: float) -> "_Span":
        """Scale `pixels` so that the area from share `first` to `last` has as many as asked for."""
        share = last - first
        wanted = max(1, round(pixels * share * scale))
        if share == 1:
            return cls(wanted, slice(wanted))
        # One more than asked for: where an edge lies inside a pixel, that is left out.
        whole = min(pixels, math.ceil((wanted + 1) / share))
        start = round(whole * (first + last) / 2 - wanted / 2)
        return cls(whole, slice(start, start + wanted))


def yuv_matrix(frame: av.VideoFrame) -> Colorspace:
    """The YUV matrix. Untagged video is BT.709 from 720 lines on and BT.601 below, as players assume."""
    tag = int(frame.colorspace)
    if tag == _MATRIX_UNSPECIFIED:
        return Colorspace.ITU709 if frame.height >= 720 else Colorspace.ITU601
    if tag == _MATRIX_BT709:
        return Colorspace.ITU709
    if tag in _MATRIX_BT2020:
        return libav.BT2020
    return Colorspace.SMPTE240M if tag == _MATRIX_SMPTE240M else Colorspace.ITU601
