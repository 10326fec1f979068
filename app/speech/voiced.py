"""Where somebody speaks: sound is cut into stretches of speech before a model hears any of it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

RATE = 16_000
"""Samples per second."""
CHUNK = 120.0
"""Seconds of sound that are looked through at once: 8 MB, whatever the video's length."""
LONGEST = 26.0
"""Seconds of one stretch, and of several that are heard together: a model hears 30 at once."""
PAUSE = 0.6
"""Seconds of silence between two stretches that are heard together, whatever lay between them."""

Samples = NDArray[np.float32]
Detector = Callable[[Samples], list[tuple[int, int]]]
"""From samples to first and last sample of each stretch of speech in them, in order."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Somebody speaks."""

    start: float
    """Seconds of running time."""
    samples: Samples


@dataclass(slots=True)
class Passage:
    """Stretches that are heard together, with short pauses between them."""

    stretches: list[Stretch] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        """How long it is to hear."""
        spoken = sum(len(stretch.samples) for stretch in self.stretches) / RATE
        return spoken + PAUSE * max(0, len(self.stretches) - 1)

    @property
    def samples(self) -> Samples:
        """What is heard."""
        pause = np.zeros(round(PAUSE * RATE), np.float32)
        parts: list[Samples] = []
        for stretch in self.stretches:
            parts += [pause, stretch.samples] if parts else [stretch.samples]
        return np.concatenate(parts) if parts else np.zeros(0, np.float32)

    def running(self, seconds: float) -> float:
        """The running time of what is heard `seconds` after its beginning."""
        begin = 0.0
        for number, stretch in enumerate(self.stretches):
            length = len(stretch.samples) / RATE
            if seconds < begin + length + PAUSE / 2 or number == len(self.stretches) - 1:
                return stretch.start + min(max(0.0, seconds - begin), length)
            begin += length + PAUSE
        return seconds


def passages(
    sound: Iterable[tuple[float, Samples]], detect: Detector, reached: Callable[[float], None]
) -> Iterator[Passage]:
    """Cut sound into passages of at most `LONGEST` seconds; silence, music and noise are in none of them.

    Args:
        sound: running time in seconds and samples of each piece, in order.
        detect: finds speech.
        reached: told the running time up to which all was looked through.
    """
    waiting = Passage()
    for stretch in _stretches(sound, detect, reached):
        if waiting.stretches and waiting.seconds + PAUSE + len(stretch.samples) / RATE > LONGEST:
            yield waiting
            waiting = Passage()
        waiting.stretches.append(stretch)
    if waiting.stretches:
        yield waiting


def _stretches(
    sound: Iterable[tuple[float, Samples]], detect: Detector, reached: Callable[[float], None]
) -> Iterator[Stretch]:
    for start, samples in _chunks(sound):
        kept, offset = samples, 0
        for first, last in detect(kept):
            for begin in range(first, last, round(LONGEST * RATE)):
                end = min(last, begin + round(LONGEST * RATE))
                yield Stretch(start + (offset + begin) / RATE, kept[begin:end])
        reached(start + len(samples) / RATE)


def _chunks(sound: Iterable[tuple[float, Samples]]) -> Iterator[tuple[float, Samples]]:
    """Sound without gaps, cut at the quietest place near the end of each chunk."""
    parts: list[Samples] = []
    start = length = 0.0
    for at, samples in sound:
        if parts and abs(at - (start + length)) > 1e-3:
            yield start, np.concatenate(parts)
            parts, length = [], 0.0
        if not parts:
            start = at
        parts.append(samples)
        length += len(samples) / RATE
        if length >= CHUNK:
            whole = np.concatenate(parts)
            cut = _quiet(whole)
            yield start, whole[:cut]
            parts, start = [whole[cut:]], start + cut / RATE
            length = len(parts[0]) / RATE
    if parts:
        yield start, np.concatenate(parts)


def _quiet(samples: Samples) -> int:
    """The middle of the quietest third of a second in the last quarter."""
    width = RATE // 3
    first = len(samples) * 3 // 4
    blocks = (len(samples) - first) // width
    if blocks < 2:
        return len(samples)
    energy = np.square(samples[first : first + blocks * width]).reshape(blocks, width).mean(1)
    return first + int(np.argmin(energy)) * width + width // 2
