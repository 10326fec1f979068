"""The frames that stand for a video: F of them, evenly spaced, upright, at exact positions.

The file is read twice: once for the times of its packets, which costs next to nothing, and once to decode.
Only the runs of packets (from one key frame to the next) that hold a wanted frame are decoded.
"""

from __future__ import annotations

import itertools
import os
import stat
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, BinaryIO, cast

import av
import cv2
import numpy as np
from av.container import InputContainer
from av.stream import Disposition
from av.video.reformatter import Colorspace, Interpolation, VideoReformatter
from av.video.stream import VideoStream
from numpy.typing import NDArray

from app.errors import MediaError

SHORT_SIDE = 360
"""Pixels, where nothing smaller is asked for: more than most encoders' inputs need."""

FORMATS = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,mpegvideo,m4v,h264,hevc,flv,asf,ogg,gif,"
    "mxf,dv,rm,nut,ivf,obu,wtv"
)
"""Demuxers that read one file and nothing else: no playlist, script, image sequence or device."""

MAX_PIXELS = 130_000_000

_METADATA: dict[str, Any] = (
    {"metadata_errors": "replace"} if hasattr(InputContainer, "metadata_errors") else {}
)
"""Up to PyAV 18 a tag that is no UTF-8 fails unless told otherwise; PyAV 19 keeps its bytes as surrogates."""


_COMPLETE = 0.9
"""An MP4 with less than this share of the frames that its index promises is cut off."""


def _scales_in_threads() -> bool:
    """Whether PyAV can be told to scale on one thread; up to 16 it always does."""
    try:
        VideoReformatter().reformat(av.VideoFrame(2, 2, "gray"), threads=1)
    except TypeError:
        return False
    return True


_ONE_THREAD: dict[str, Any] = {"threads": 1} if _scales_in_threads() else {}
_BT2020 = cast(Colorspace, getattr(Colorspace, "BT2020", 9))
"""Up to PyAV 17 libswscale's number for it has no name."""

_MATRICES = {1: Colorspace.ITU709, 7: Colorspace.SMPTE240M, 9: _BT2020, 10: _BT2020}
_MATRIX_UNSPECIFIED = 2
_HIGH_DEFINITION = 720
"""Lines."""


def read_frames(
    path: Path,
    count: int = 12,
    *,
    start: float | None = None,
    end: float | None = None,
    short_side: int = SHORT_SIDE,
) -> NDArray[np.uint8]:
    """Decode `count` frames of a video, each the middle of one of `count` equal parts (X-Pool, T-MASS: test).

    Args:
        path: a video file; nothing but this file is opened.
        count: most frames wanted; a video with fewer gives those it has.
        start, end: seconds; only what is shown from `start` to `end` is parted. None for the video's own.
        short_side: pixels of the shorter side at most.

    Returns:
        (n, H, W, 3) uint8 RGB, 1 <= n <= count, in time order, upright with square pixels.

    Raises:
        MediaError: the file cannot be read, is damaged where a frame is wanted, or ends before `start`.
        ValueError: `count` is not positive.
    """
    if count < 1:
        raise ValueError(f"{count} frames are wanted")
    try:
        with _open(path) as (container, stream):
            timeline = _Timeline.of(container, stream)
        wanted = [timeline.shown[position] for position in timeline.middles(count, start, end)]
        with _open(path) as (container, stream):
            painter = VideoReformatter()
            pictures = [
                _upright(painter, frame, stream.sample_aspect_ratio, short_side)
                for frame in _decode(container, stream, timeline, wanted)
            ]
    except (av.FFmpegError, OSError) as error:  # of libav, and of the disk
        raise MediaError(f"The video cannot be read ({error.strerror}).", "Copy it again.") from error
    return _stacked(pictures)


def middle_positions(first: int, last: int, count: int) -> list[int]:
    """The middles of `count` equal parts of the positions `first` to `last - 1`; all of them where fewer."""
    count = min(count, last - first)
    bounds = [first + (last - first) * part // count for part in range(count + 1)]
    return [(low + high - 1) // 2 for low, high in itertools.pairwise(bounds)]


@dataclass(frozen=True, slots=True)
class _Timeline:
    """When the frames of a track are shown, as its packets tell."""

    shown: tuple[int, ...]
    """Times of the frames in the order of display, in ticks; numbers of frames where it is not `timed`."""
    keys: tuple[tuple[int, int], ...]
    """Time and number of each packet at which decoding may begin; numbers count from 0."""
    timed: bool
    """Whether each frame has a time of display of its own; AVI knows only the order of packets."""
    tick: float
    """Seconds; 0 where nothing tells."""

    @classmethod
    def of(cls, container: InputContainer, stream: VideoStream) -> _Timeline:
        """Read all packets of the track; nothing is decoded.

        Raises:
            MediaError: there are none, or fewer than the header promises.
        """
        packets = [
            (packet.pts, packet.is_keyframe, packet.is_discard)
            for packet in container.demux(stream)
            if packet.size
        ]
        # What an edit list discards is decoded, since other frames build on it, but not shown.
        shown = [time for time, _, discarded in packets if not discarded]
        if not shown:
            raise MediaError("The video has no frames.")
        if container.format.name.startswith("mov") and len(packets) < _COMPLETE * stream.frames:
            raise MediaError(
                f"The video is cut off: {len(packets)} of its {stream.frames} frames are there.",
                "Copy it again.",
            )
        times = sorted(time for time in shown if time is not None)
        timed = container.format.name != "avi" and len(set(times)) == len(shown)
        if not timed:
            rate = stream.average_rate or stream.guessed_rate
            return cls(tuple(range(len(shown))), (), timed, float(1 / rate) if rate else 0.0)
        keys = ((time, number) for number, (time, key, _) in enumerate(packets) if key and time is not None)
        return cls(tuple(times), tuple(keys), timed, float(stream.time_base or 0))

    def middles(self, count: int, start: float | None, end: float | None) -> list[int]:
        """Positions in `shown`; a segment begins with the frame that is on display at its start."""
        times = [(time - self.shown[0]) * self.tick for time in self.shown]
        last_shown = times[-1] - times[-2] if len(times) > 1 else 0.0
        if start is not None and start > times[-1] + last_shown:
            raise MediaError(
                f"The video ends after {times[-1] + last_shown:.1f} s, before its segment begins."
            )
        first = 0 if start is None else max(0, bisect_right(times, start) - 1)
        last = len(times) if end is None else max(first + 1, bisect_left(times, end))
        return middle_positions(first, last, count)

    def decode_from(self, time: int) -> int:
        """Number of the packet at which decoding begins for the frame shown at `time`."""
        return max((number for key, number in self.keys if key <= time), default=0)


def _decode(
    container: InputContainer, stream: VideoStream, timeline: _Timeline, wanted: list[int]
) -> Iterator[av.VideoFrame]:
    """Yield the frames shown at the times `wanted`, ascending; a frame that is hidden gives way to the next.

    Raises:
        MediaError: damage leaves some of them out, or there is none at all.
    """
    left = deque(wanted)
    begin = timeline.decode_from(left[0])
    decoded, damaged = 0, False
    packets = (packet for packet in container.demux(stream) if packet.size)
    for number, packet in enumerate(itertools.chain(packets, [None])):  # None: whatever is still inside
        if packet is not None and number < begin:
            continue
        try:
            frames = stream.decode(packet)
        except av.InvalidDataError:
            damaged = True
            continue
        for frame in frames:
            time = frame.pts if timeline.timed else decoded
            decoded += 1
            if time is None or time < left[0]:
                continue
            yield frame
            while left and left[0] <= time:
                left.popleft()
            if not left:
                return
            begin = timeline.decode_from(left[0])
            if begin > number:
                stream.codec_context.flush_buffers()
                break
    if damaged or len(left) == len(wanted):
        raise MediaError(
            f"The video is damaged: {len(left)} of {len(wanted)} frames cannot be decoded.", "Copy it again."
        )


def _upright(
    painter: VideoReformatter, frame: av.VideoFrame, pixel_aspect: Fraction | None, short_side: int
) -> NDArray[np.uint8]:
    """Return (H, W, 3) RGB with square pixels, turned as the file says, as the program sees a frame."""
    wide, high = max(1, round(frame.width * float(pixel_aspect or 1))), frame.height
    scale = min(1.0, short_side / min(wide, high))
    width, height = max(1, round(wide * scale)), max(1, round(high * scale))
    shrinks = width < frame.width and height < frame.height
    rgb = painter.reformat(
        frame,
        width,
        height,
        "rgb24",
        src_colorspace=None if frame.format.is_rgb else _matrix(frame),
        interpolation=Interpolation.AREA if shrinks else Interpolation.BICUBIC,
        **_ONE_THREAD,
    )
    turned: NDArray[np.uint8] = np.rot90(rgb.to_ndarray(), round(frame.rotation / 90))
    return np.ascontiguousarray(turned)


def _matrix(frame: av.VideoFrame) -> Colorspace:
    """The YUV matrix. Untagged video is BT.709 from 720 lines on and BT.601 below, as players assume."""
    tag = int(frame.colorspace)
    if tag == _MATRIX_UNSPECIFIED:
        return Colorspace.ITU709 if frame.height >= _HIGH_DEFINITION else Colorspace.ITU601
    return _MATRICES.get(tag, Colorspace.ITU601)


def _stacked(pictures: list[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    """(n, H, W, 3); where a joined file changes its size on the way, all get that of the first."""
    height, width = pictures[0].shape[:2]
    return np.stack(
        [
            picture
            if picture.shape[:2] == (height, width)
            else np.asarray(cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
            for picture in pictures
        ]
    )


@contextmanager
def _open(path: Path) -> Iterator[tuple[InputContainer, VideoStream]]:
    """Open a file and choose its picture track.

    libav gets a Python file object, never a name, and may open nothing else: no protocol, no further file.

    Raises:
        MediaError: it is no regular file, holds no picture track, or one too large to decode.
    """
    with _open_regular(path) as file:
        try:
            container = av.open(
                file,
                "r",
                container_options={"format_whitelist": FORMATS, "protocol_whitelist": ""},
                **_METADATA,
                io_open=_refuse,
            )
        except av.FFmpegError as error:
            raise MediaError(f"This is no video that can be read ({error.strerror}).") from error
        with container:
            tracks = [t for t in container.streams.video if not t.disposition & Disposition.attached_pic]
            readable = [track for track in tracks if track.codec_context is not None]
            if not readable:
                raise MediaError("The file has no picture track that can be decoded.")
            best = max(
                readable, key=lambda t: (bool(t.disposition & Disposition.default), t.width * t.height)
            )
            if best.width * best.height > MAX_PIXELS:
                raise MediaError(f"The video claims {best.width} × {best.height} pixels.")
            context = best.codec_context
            context.thread_count = 1  # several videos are decoded at a time instead
            context.options = {**context.options, "max_pixels": str(MAX_PIXELS)}
            yield container, best


def _open_regular(path: Path) -> BinaryIO:
    """Open for reading; a pipe or device is refused without waiting for its other end."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except OSError as error:
        raise MediaError(f"The file cannot be opened ({error.strerror}).") from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise MediaError("This is not a regular file.")
    return os.fdopen(descriptor, "rb")


def _refuse(url: str, flags: int, options: dict[str, str]) -> BinaryIO:
    raise PermissionError(f"a video may not open another file: {url!r} ({flags}, {len(options)} options)")
