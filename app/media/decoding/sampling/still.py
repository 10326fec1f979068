"""One picture out of a file: of a picture file the only one, of a video the frame at a moment."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum, auto
from pathlib import Path
from typing import SupportsFloat

import av
import numpy as np
from av.container import InputContainer
from av.video.stream import VideoStream
from numpy.typing import NDArray

from app.media import libav, reasons
from app.media.area import Area
from app.media.decoding.opening.container import (
    check_size,
    open_regular,
    open_source,
    refuse_others,
)
from app.media.decoding.opening.seeking import jump_before
from app.media.decoding.picture import FrameConverter, Ground, geometry
from app.media.decoding.sampling.picture_reader import Picture, Reader
from app.media.decoding.sampling.segments import Gop, Track
from app.media.frames import Sampling

PICTURE_FORMATS = (
    "jpeg_pipe,png_pipe,webp_pipe,bmp_pipe,tiff_pipe,gif,gif_pipe,apng,qoi_pipe,jpegxl_pipe,jpegxl_anim,"
    "jpegls_pipe,j2k_pipe,pam_pipe,pbm_pipe,pgm_pipe,ppm_pipe,mov,mp4"
)
"""Demuxers of pictures in one file, AVIF among them (`mov`); none (SVG) that refers to other files."""

THREADS = 2
NEAR = 0.5
"""Seconds: where the frame that was found is further from the moment, it is looked for in another way."""


def read_picture(path: Path, area: Area, short_side: int) -> NDArray[np.uint8]:
    """Read a picture file; of one that moves (GIF, APNG) the first frame.

    Args:
        path: of the file.
        area: the part that is wanted.
        short_side: pixels of the shorter side of what is returned (the part's own, if smaller).

    Returns:
        (H, W, 3) uint8 RGB, upright, square pixels.

    Raises:
        MediaError: it is no picture, or a damaged one.
    """
    with _open_picture(path) as (container, stream):
        try:
            frame = next(container.decode(stream), None)
        except libav.ERRORS as error:
            raise reasons.damaged_picture() from error
        if frame is None:
            raise reasons.damaged_picture()
        check_size(frame.width, frame.height)
        return _painted(frame, stream.sample_aspect_ratio, area, short_side, Ground())


def read_frame(
    path: Path, at: float, area: Area, short_side: int, heartbeat: Callable[[float], None]
) -> NDArray[np.uint8]:
    """Read the frame of a video that is nearest to a moment.

    Args:
        path: of the file.
        at: seconds on the container's clock, stream start = 0.
        area: the part that is wanted.
        short_side: pixels of the shorter side of what is returned (the part's own, if smaller).
        heartbeat: called now and then with the seconds reached.

    Returns:
        (H, W, 3) uint8 RGB, upright, square pixels.

    Raises:
        MediaError: there is no such frame, or it cannot be decoded.
    """
    for way in _Way:
        with open_source(path, THREADS) as source:
            if way is _Way.JUMP and not jump_before(source, at):
                continue
            wish = _Once(at, way)
            reader = Reader(source, Track(source), wish, heartbeat)
            picture = _nearest(reader, wish, at)
            if picture is None or (way is not _Way.ALL and not _is_sound(picture, reader, at)):
                continue
            aspect = source.stream.sample_aspect_ratio
            return _painted(picture.frame, aspect, area, short_side, Ground(source.ignores_alpha))
    raise reasons.nothing_decoded()


class _Way(Enum):
    """How a frame is reached, quickest first."""

    JUMP = auto()
    """From the key frame before it."""
    SKIM = auto()
    """All packets are read, and decoded from the key frame on: for files without an index."""
    ALL = auto()
    """Everything before it is decoded: for decoders that learn on the way what they need later."""


def _nearest(reader: Reader, wish: "_Once", at: float) -> Picture | None:
    """What the reader gives nearest to the moment; what comes behind it is not waited for."""
    best: Picture | None = None
    for seen in reader:
        if best is None or abs(seen.time - at) < abs(best.time - at):
            best = seen
        if seen.time >= at or (wish.given and at - seen.time <= NEAR):
            break
    return best


def _is_sound(picture: Picture, reader: Reader, at: float) -> bool:
    return abs(picture.time - at) <= NEAR and not reader.damaged


class _Once:
    """Wants one moment (a `Planner`), and nothing of the runs behind it."""

    keys_only = False
    spacing = 0.0

    def __init__(self, at: float, way: _Way) -> None:
        self._at: float | None = at
        self._way = way

    @property
    def given(self) -> bool:
        """Whether the run with the moment was reached."""
        return self._at is None

    def wanted(self, run: Gop) -> list[float]:
        """See `Planner.wanted`. A moment before the first picture means that."""
        at = self._at
        if at is None:
            return []
        if at >= run.end > run.start:
            return [run.start] if self._way is _Way.ALL else []
        shown = [step.time for step in run.steps if step.time is not None and step.time >= run.start]
        moment = min(shown, key=lambda time: abs(time - at), default=run.start)
        self._at = None
        return [moment]


@contextmanager
def _open_picture(path: Path) -> Iterator[tuple[InputContainer, VideoStream]]:
    with open_regular(path) as file:
        if file.size == 0:
            raise reasons.empty()
        head = file.read(3)
        file.seek(0)
        try:
            # By its first bytes a JPEG is taken for a series of files.
            known = "jpeg_pipe" if head == b"\xff\xd8\xff" else None
            with libav.open_input(file, PICTURE_FORMATS, refuse_others, known=known) as container:
                yield container, _only_picture(container)
        except libav.ERRORS as error:
            if file.failure is not None:
                raise reasons.cannot_open(file.failure) from error
            raise reasons.not_a_picture() from error


def _only_picture(container: InputContainer) -> VideoStream:
    tracks = [track for track in container.streams.video if track.codec_context is not None]
    if not tracks:
        raise reasons.not_a_picture()
    first = tracks[0]
    if container.format.name.startswith("mov"):
        if len(tracks) > 1 and all(libav.is_still(track) or track.frames <= 1 for track in tracks):
            raise reasons.in_tiles()
        if len(container.streams) > 1 or first.frames > 1:
            raise reasons.moves()
    check_size(first.width, first.height)
    first.codec_context.thread_count = 1
    return first


def _painted(
    frame: av.VideoFrame, aspect: SupportsFloat | None, area: Area, short_side: int, ground: Ground
) -> NDArray[np.uint8]:
    return FrameConverter(Sampling(short_side=short_side), ground).image(frame, geometry(frame, aspect), area)
