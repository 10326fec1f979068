"""What an editing program has to be told of a file: rate, timecode, size, sound."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

from app.media import libav
from app.media.cut_requests import TimelineFacts
from app.media.decoding.opening.container import Source, open_source
from app.media.decoding.opening.timeline import USUAL_RATE
from app.media.decoding.picture import geometry

USUAL = tuple(
    Fraction(number, base)
    for number, base in (
        (24000, 1001), (24, 1), (25, 1), (30000, 1001), (30, 1), (48000, 1001), (48, 1), (50, 1),
        (60000, 1001), (60, 1), (100, 1), (120000, 1001), (120, 1),
    )
)  # fmt: skip
"""Rates that editing programs know."""
CLOSE = 0.0004
"""Share by which a rate may be off and still be a usual one: 29.97 is told from 30 by 0.001."""
FASTEST = 240.0
"""Frames per second that a rate can be."""
STEADY = 0.002
"""Share by which the average may differ from the nominal rate of a steady video."""


def read_timeline_facts(path: Path) -> TimelineFacts:
    """Read them of the headers, and the first frame where the header does not know the size.

    Raises:
        MediaError: the file cannot be read.
    """
    with open_source(path, threads=1) as source:
        nominal, average = _rates(source)
        rate = usual_rate(nominal)
        sound = next((each for each in source.container.streams.audio if each.codec_context), None)
        width, height = _size(source)
        return TimelineFacts(
            rate=rate,
            variable=bool(average) and abs(average - float(rate)) > STEADY * float(rate),
            timecode=_timecode(source),
            duration=source.duration,
            width=width,
            height=height,
            sound_channels=sound.codec_context.layout.nb_channels if sound is not None else 0,
            sound_rate=sound.codec_context.sample_rate or 0 if sound is not None else 0,
        )


def usual_rate(rate: float) -> Fraction:
    """The rate that editing programs know which is nearest, or this one where none is close.

    None of them knows less than a frame per second: pictures of a slower video stay on for several frames.
    """
    nearest = min(USUAL, key=lambda usual: abs(float(usual) - rate))
    if abs(float(nearest) - rate) <= CLOSE * rate:
        return nearest
    return Fraction(max(rate, 1.0)).limit_denominator(1001)


def _rates(source: Source) -> tuple[float, float]:
    """Frames per second: nominal, and on average (0 where unknown)."""
    stream = source.stream
    average = libav.number(stream.average_rate)
    base = libav.number(stream.base_rate)
    guessed = libav.number(stream.guessed_rate)
    nominal = base if 0 < base <= FASTEST else guessed
    if nominal > FASTEST:  # the ticks of its clock
        return USUAL_RATE, 0.0
    if average and nominal > 2 * average:
        nominal = average  # the least common multiple of what was seen, no rate anyone shot at
    return nominal or average or USUAL_RATE, average


def _timecode(source: Source) -> str:
    for tags in _all_tags(source):
        if code := tags.get("timecode"):
            return code.strip()[:16]
    return ""


def _all_tags(source: Source) -> Iterator[dict[str, str]]:
    yield dict(source.stream.metadata)
    yield dict(source.container.metadata)
    for stream in source.container.streams:
        if stream.type == "data":
            yield dict(stream.metadata)


def _size(source: Source) -> tuple[int, int]:
    """Displayed width and height, upright with square pixels, of the first frame."""
    for packet in libav.demux(source.container, source.stream):
        try:
            frames: list[Any] = source.context.decode(packet)
        except libav.ERRORS:
            continue
        if frames:
            shape = geometry(frames[0], source.stream.sample_aspect_ratio)
            return shape.width, shape.height
    return source.stream.width, source.stream.height
