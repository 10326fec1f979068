"""A part of a video as a small picture that moves: GIF or WebP."""

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.video.format import VideoFormat
from numpy.typing import NDArray

from app.media import reasons
from app.media.cut_requests import Cut, MovingPicture
from app.media.cutting.clip_output import check_start
from app.media.cutting.decoded_part import decoded_part
from app.media.decoding.opening.container import open_source
from app.media.decoding.opening.seeking import jump_before
from app.media.decoding.picture import FrameConverter, Ground, geometry, orientation
from app.media.frames import Sampling

THREADS = 2
WEBP = {"quality": "75", "compression_level": "4"}
MOST_BYTES = 700 << 20
"""Of pictures that are held at once, to find the colours of a GIF."""


def write_moving(
    path: Path,
    start: float,
    end: float,
    target: Path,
    wanted: MovingPicture,
    heartbeat: Callable[[float], None],
) -> Cut:
    """Write the part between two times, upright, with square pixels, in an endless loop.

    Args:
        path: of the video.
        start: seconds of running time.
        end: seconds of running time.
        target: of the file.
        wanted: how it is to look.
        heartbeat: called now and then with the seconds reached.

    Raises:
        MediaError: there is no picture to write.
    """
    pictures = _pictures(path, start, end, wanted, heartbeat)
    first = next(pictures, None)
    if first is None:
        raise reasons.nothing_decoded()
    height, width, _ = first.shape
    rate = Fraction(wanted.rate).limit_denominator(1000)
    with av.open(str(target), "w", format=wanted.kind, options={"loop": "0"}) as output:
        codec, form = ("gif", "pal8") if wanted.kind == "gif" else ("libwebp_anim", "yuv420p")
        stream: Any = output.add_stream(codec, rate=rate, options={} if wanted.kind == "gif" else WEBP)
        stream.width, stream.height, stream.pix_fmt = width, height, form
        stream.codec_context.time_base = 1 / rate
        frames = _frames(_chain(first, pictures), 1 / rate)
        if form == "pal8":
            frames = _with_palette(frames, width, height, rate)
        for number, frame in enumerate(frames):
            frame.pts, frame.time_base = number, 1 / rate
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return Cut(f".{wanted.kind}", start, end)


def _pictures(
    path: Path, start: float, end: float, wanted: MovingPicture, heartbeat: Callable[[float], None]
) -> Iterator[NDArray[np.uint8]]:
    """Pictures at a steady rate: at each time the one that is on view then."""
    with open_source(path, THREADS) as source:
        check_start(source, start)
        jump_before(source, start)
        converter: FrameConverter | None = None
        turned = None
        shown: NDArray[np.uint8] | None = None
        number = 0
        left = MOST_BYTES
        for frame, at in decoded_part(source, start, end, (), heartbeat):
            while shown is not None and start + number / wanted.rate < min(at, end) and left > 0:
                yield shown
                number, left = number + 1, left - shown.nbytes
            if converter is None:
                turned = orientation(frame)
                shape = geometry(frame, source.stream.sample_aspect_ratio, turned)
                short = wanted.long_side * min(shape.width, shape.height) // max(shape.width, shape.height)
                converter = FrameConverter(Sampling(short_side=max(16, short)), Ground(source.ignores_alpha))
            if shown is None or start + number / wanted.rate < at + 1 / wanted.rate:
                shape = geometry(frame, source.stream.sample_aspect_ratio, turned)
                picture = converter.image(frame, shape)
                same = shown is None or shown.shape == picture.shape
                shown = picture if same else shown
        while shown is not None and start + number / wanted.rate < end and left > 0:
            yield shown
            number, left = number + 1, left - shown.nbytes


def _chain(first: NDArray[np.uint8], others: Iterable[NDArray[np.uint8]]) -> Iterator[NDArray[np.uint8]]:
    yield first
    yield from others


def _frames(pictures: Iterable[NDArray[np.uint8]], tick: Fraction) -> Iterator[av.VideoFrame]:
    for number, picture in enumerate(pictures):
        frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
        frame.pts, frame.time_base = number, tick
        yield frame


def _with_palette(
    frames: Iterable[av.VideoFrame], width: int, height: int, rate: Fraction
) -> Iterator[av.VideoFrame]:
    """The frames in the 256 colours that suit all of them."""
    graph = av.filter.Graph()
    source = graph.add_buffer(width=width, height=height, format=VideoFormat("rgb24"), time_base=1 / rate)
    split, palette = graph.add("split"), graph.add("palettegen", "stats_mode=diff")
    use, sink = graph.add("paletteuse", "dither=bayer:bayer_scale=3"), graph.add("buffersink")
    source.link_to(split)
    split.link_to(use, 0, 0)
    split.link_to(palette, 1, 0)
    palette.link_to(use, 0, 1)
    use.link_to(sink)
    graph.configure()
    for frame in frames:
        source.push(frame)
    source.push(None)
    while True:
        try:
            yield sink.pull()  # type: ignore[misc]
        except (av.EOFError, av.BlockingIOError):
            return
