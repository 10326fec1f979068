"""The sound of a video as loudspeakers take it: two channels of 16 bits, at the speed it is watched at."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import av
import av.filter
import numpy as np
from av.audio.resampler import AudioResampler
from numpy.typing import NDArray

from app.media import libav
from app.media.decoding.sound import GAP, untimed

RATE = 48_000
"""Samples per second that are sent for each channel."""
PREROLL = 0.2
"""Seconds before the wanted time from which on is decoded: what the first packets need of those before."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A piece of sound without gaps."""

    time: float
    """Seconds of running time at its first sample."""
    samples: NDArray[np.int16]
    """(N, 2)."""


class FilmSound:
    """Decodes one track from a time on.

    Args:
        start: seconds of running time from which on it is wanted.
        speed: 1 as it was recorded; the pitch stays.
    """

    def __init__(self, start: float, speed: float) -> None:
        self._start = start
        self._speed = speed
        self._resampler = AudioResampler(format="s16", layout="stereo", rate=RATE)
        self._tempo = None if speed == 1 else _Tempo(speed)
        self._next: float | None = None

    def pieces(self, packet: "av.Packet[Any]", at: float) -> Iterator[Heard]:
        """Yield what a packet at a running time gives; nothing where it is damaged or too early."""
        if at < self._start - PREROLL:
            return
        try:
            frames = [part for frame in packet.decode() for part in self._resampler.resample(untimed(frame))]
        except (*libav.ERRORS, ValueError):
            return
        begins = at
        for frame in frames:
            samples = np.asarray(frame.to_ndarray(), np.int16).reshape(-1, 2)
            early = round((self._start - begins) * RATE)
            kept = samples[max(early, 0) :]
            begins += len(samples) / RATE
            if len(kept):
                yield from self._spoken(kept, begins - len(kept) / RATE)

    def _spoken(self, samples: NDArray[np.int16], at: float) -> Iterator[Heard]:
        if self._next is None or abs(at - self._next) > GAP:
            self._next = at
        stretched = samples if self._tempo is None else self._tempo.stretched(samples)
        if len(stretched):
            yield Heard(self._next, stretched)
            self._next += len(stretched) / RATE * self._speed


class _Tempo:
    """Makes sound quicker or slower at the same pitch."""

    def __init__(self, speed: float) -> None:
        graph = av.filter.Graph()
        source = graph.add_abuffer(format="s16", sample_rate=RATE, layout="stereo")
        nodes = [source, *(graph.add("atempo", f"{factor:.6f}") for factor in _factors(speed))]
        shape = graph.add("aformat", "sample_fmts=s16:channel_layouts=stereo")
        sink = graph.add("abuffersink")
        graph.link_nodes(*nodes, shape, sink).configure()
        self._graph, self._source, self._sink = graph, source, sink
        self._given = 0

    def stretched(self, samples: NDArray[np.int16]) -> NDArray[np.int16]:
        """Return (M, 2) int16: what is ready after (N, 2) more samples."""
        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(samples).reshape(1, -1), format="s16", layout="stereo"
        )
        frame.sample_rate, frame.pts = RATE, self._given
        self._given += len(samples)
        self._source.push(frame)
        ready = []
        while True:
            try:
                made: Any = self._sink.pull()
            except (av.error.BlockingIOError, av.error.EOFError):
                break
            ready.append(made.to_ndarray().reshape(-1, 2))
        return np.concatenate(ready) if ready else np.empty((0, 2), np.int16)


def _factors(speed: float) -> list[float]:
    """One step of `atempo` does not go below a half."""
    factors = []
    while speed < 0.5:
        factors.append(0.5)
        speed /= 0.5
    return [*factors, speed]
