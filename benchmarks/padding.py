"""Copies of videos with bars beside the picture, as editors, broadcasters and phones make them."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from app.media.area import Area

Picture = NDArray[np.uint8]

_CODING = {"preset": "veryfast", "crf": "14", "sc_threshold": "0", "bf": "0"}
"""Of x264: better than what is often called invisible (18), a key frame every second, cuts or not, and every
frame one that others depend on: all copies of a video offer the same frames."""

BLACK, TEAL = (0, 0, 0), (30, 110, 120)


def letterbox(picture: Picture) -> tuple[Picture, Area]:
    """Black above and below: a third more height."""
    return _flat(picture, 0, len(picture) // 6, BLACK)


def pillarbox(picture: Picture) -> tuple[Picture, Area]:
    """Black at both sides: a third more width."""
    return _flat(picture, picture.shape[1] // 6, 0, BLACK)


def coloured(picture: Picture) -> tuple[Picture, Area]:
    """One colour at both sides: half as much width again."""
    return _flat(picture, picture.shape[1] // 4, 0, TEAL)


def blurred(picture: Picture) -> tuple[Picture, Area]:
    """A blurred, darker, enlarged copy at both sides: twice the width."""
    height, width, _ = picture.shape
    side = width // 2
    whole = width + 2 * side
    # Blurred while it is small, for speed.
    share = height * width / whole  # of the rows, so many fill the height when they are enlarged
    middle = picture[round((height - share) / 2) : round((height + share) / 2)]
    small = cv2.GaussianBlur(cv2.resize(middle, (64, 36), interpolation=cv2.INTER_AREA), (0, 0), 1.4)
    padded = cv2.resize(small, (whole, height), interpolation=cv2.INTER_CUBIC) * 0.8
    padded[:, side : side + width] = picture
    return padded.astype(np.uint8), Area(side / whole, 0.0, (side + width) / whole, 1.0)


WAYS: dict[str, Callable[[Picture], tuple[Picture, Area]]] = {
    "letterbox": letterbox,
    "pillarbox": pillarbox,
    "coloured": coloured,
    "blurred": blurred,
}


def unpadded(picture: Picture) -> tuple[Picture, Area]:
    """As it is."""
    return picture, Area()


ENCODED_AGAIN = "encoded again"
"""A copy without bars: what it costs to be encoded a second time."""

COPIES: dict[str, Callable[[Picture], tuple[Picture, Area]]] = {ENCODED_AGAIN: unpadded} | WAYS


def pad_video(source: Path, target: Path, way: str, seconds: float = float("inf")) -> Area:
    """Write a copy of a video, H.264 without sound, padded in one of `WAYS`.

    It keeps the shape of the pixels and what the colours mean, and is encoded so that what differs from
    another copy is the bars.

    Args:
        source: the video; its pixels are taken as they are coded.
        target: the copy.
        way: a key of `COPIES`.
        seconds: how much of it is copied.

    Returns:
        Where the picture is in the copy.
    """
    area = Area()
    with av.open(str(source)) as video, av.open(str(target), "w") as output:
        track = video.streams.video[0]
        rate = track.average_rate or track.guessed_rate or 25
        stream = None
        for number, frame in enumerate(video.decode(track)):
            if number >= seconds * rate:
                break
            picture, area = COPIES[way](frame.to_ndarray(format="rgb24").astype(np.uint8, copy=False))
            height, width = (side // 2 * 2 for side in picture.shape[:2])
            if stream is None:
                stream = output.add_stream("libx264", rate=rate, options=_CODING)
                stream.gop_size = max(1, round(rate))
                stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
                stream.sample_aspect_ratio = track.sample_aspect_ratio or Fraction(1)
                stream.codec_context.colorspace = frame.colorspace
                stream.codec_context.color_range = frame.color_range
            copied = av.VideoFrame.from_ndarray(
                np.ascontiguousarray(picture[:height, :width]), format="rgb24"
            )
            matrix, scale = frame.colorspace, frame.color_range
            output.mux(
                stream.encode(copied.reformat(format="yuv420p", dst_colorspace=matrix, dst_color_range=scale))
            )
        if stream is not None:
            output.mux(stream.encode(None))
    return area


def _flat(picture: Picture, across: int, down: int, colour: tuple[int, ...]) -> tuple[Picture, Area]:
    height, width, _ = picture.shape
    padded = cv2.copyMakeBorder(picture, down, down, across, across, cv2.BORDER_CONSTANT, value=colour)
    wide, tall = width + 2 * across, height + 2 * down
    area = Area(across / wide, down / tall, (across + width) / wide, (down + height) / tall)
    return padded.astype(np.uint8), area
