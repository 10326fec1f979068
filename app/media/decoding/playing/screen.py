"""Decoded pictures as a screen takes them: upright, square pixels, as large as they are shown."""

import av
import numpy as np
from av.video.reformatter import Interpolation, VideoReformatter
from numpy.typing import NDArray

from app.media import libav
from app.media.decoding.opening.container import Source
from app.media.decoding.picture import Geometry, Ground, Orientation, geometry, orientation, yuv_matrix


class ScreenConverter:
    """Scales the pictures of one source in one libswscale pass.

    Args:
        source: where they are from.
        box: width and height in pixels that they have to fit into, and fill in one direction.
    """

    def __init__(self, source: Source, box: tuple[int, int]) -> None:
        self._aspect = source.stream.sample_aspect_ratio
        self._ground = Ground(source.ignores_alpha)
        self._turned: Orientation | None = None
        self._scaler = VideoReformatter()
        self.box = box

    def shape(self, frame: av.VideoFrame) -> Geometry:
        """How the picture stands."""
        if self._turned is None:
            self._turned = orientation(frame)
        return geometry(frame, self._aspect, self._turned)

    def pixels(self, frame: av.VideoFrame) -> NDArray[np.uint8]:
        """Return (H, W, 4) uint8: blue, green, red and a byte without meaning."""
        shape = self.shape(frame)
        scale = min(self.box[0] / shape.width, self.box[1] / shape.height)
        width, height = max(1, round(shape.width * scale)), max(1, round(shape.height * scale))
        if shape.rotation in (90, 270):
            width, height = height, width
        shrinks = width < frame.width and height < frame.height
        scaled = self._scaler.reformat(
            self._ground.laid(frame),
            width,
            height,
            "bgra",
            src_colorspace=None if frame.format.is_rgb else yuv_matrix(frame),
            interpolation=Interpolation.AREA if shrinks else Interpolation.BILINEAR,
            **libav.ONE_THREAD,
        )
        pixels: NDArray[np.uint8] = np.rot90(scaled.to_ndarray(), -shape.rotation // 90)
        return np.ascontiguousarray(pixels[:, ::-1] if shape.mirrored else pixels)
