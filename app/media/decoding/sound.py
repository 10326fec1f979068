"""The sound of a video as speech models take it: one channel, 16 kHz, in pieces of bounded size."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.stream import Disposition
from numpy.typing import NDArray

from app.media import libav
from app.media.decoding.opening.container import open_header, open_source
from app.media.decoding.opening.other_tracks import packets_of

logger = logging.getLogger(__name__)

RATE = 16_000
"""Samples per second."""
GAP = 0.3
"""Seconds by which a piece may be late or early before the sound begins anew at its own time."""
MOST_TRACKS = 8


@dataclass(frozen=True, slots=True)
class Sound:
    """A piece of one track, without gaps."""

    track: int
    start: float
    """Seconds of running time at its first sample."""
    samples: NDArray[np.float32]
    """(N,) between -1 and 1."""


def sound_tracks(path: Path) -> tuple[str, ...]:
    """The language tag of each track of sound that can be decoded, the usual one first; none where silent.

    Raises:
        MediaError: the file cannot be opened.
    """
    with open_header(path) as container:
        return tuple(
            stream.metadata.get("language", "")
            for stream in usual_first(container.streams.audio)[:MOST_TRACKS]
        )


def read_sound(path: Path, number: int = 0) -> Iterator[Sound]:
    """Decode one track, from its beginning to its end; what is damaged is left out.

    Args:
        path: of the video.
        number: of the track in `sound_tracks`.

    Raises:
        MediaError: the file cannot be opened, or its disk gave an error.
    """
    with open_source(path, threads=1) as source:
        tracks = usual_first(source.container.streams.audio)
        if number >= len(tracks):
            return
        track = tracks[number]
        resampler = AudioResampler(format="flt", layout="mono", rate=RATE)
        expected: float | None = None
        try:
            for packet, at in packets_of(source, [track]):
                begins, pieces = _decoded(packet, at, resampler)
                for piece in pieces:
                    if expected is None or abs(begins - expected) > GAP:
                        expected = begins
                    yield Sound(number, expected, piece)
                    expected = begins = expected + len(piece) / RATE
        except libav.ERRORS as error:
            if source.file.failure is not None:
                raise
            logger.info("%s: its sound ends early: %s", path, error)


def usual_first(streams: Sequence[AudioStream]) -> list[AudioStream]:
    """Those that can be decoded, the usual one first."""
    known = [stream for stream in streams if stream.codec_context is not None]
    return sorted(known, key=lambda stream: not stream.disposition & Disposition.default)


def _decoded(
    packet: "av.Packet[Any]", at: float, resampler: AudioResampler
) -> tuple[float, list[NDArray[np.float32]]]:
    """When the sound of a packet begins, and the sound; nothing where it is damaged."""
    try:
        pieces = [
            np.array(out.to_ndarray(), np.float32).reshape(-1)
            for frame in packet.decode()
            for out in resampler.resample(untimed(frame))
        ]
    except (*libav.ERRORS, ValueError):
        return at, []
    return at, [np.clip(np.nan_to_num(piece), -1, 1) for piece in pieces if len(piece)]


def untimed(frame: Any) -> av.AudioFrame:
    """A frame as the resampler takes it: one that goes on where the one before ended."""
    frame.pts = None
    same: av.AudioFrame = frame
    return same
