"""The frames of a part of a video, decoded, and the sound beside them handed on."""

import heapq
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol, cast

import av
from av.audio.stream import AudioStream

from app.media import libav
from app.media.decoding.opening.container import Source

SOUND_WAITS = 10.0
"""Seconds of the file that are read after the picture's end for the rest of the sound."""


class Listener(Protocol):
    """Takes the packets of a track of sound."""

    stream: AudioStream

    @property
    def is_done(self) -> bool:
        """Whether it needs no more."""
        ...

    def take(self, packet: "av.Packet[Any]") -> None:
        """Take the next packet."""
        ...


def decoded_part(
    source: Source, start: float, end: float, sounds: Sequence[Listener], heartbeat: Callable[[float], None]
) -> Iterator[tuple[av.VideoFrame, float]]:
    """Yield the frames shown from `start` to `end`, each with its running time; and one before and behind.

    The one behind says until when the last is shown; there is none where the video ends before.

    Args:
        source: just opened, perhaps moved to a key frame before `start`.
        start: seconds of running time.
        end: seconds of running time.
        sounds: are given the packets of their tracks until they are done.
        heartbeat: called with the seconds reached.
    """
    before: tuple[av.VideoFrame, float] | None = None
    for frame, at in _frames_until(source, end, sounds, heartbeat):
        if at <= start:
            before = frame, at
            continue
        if before is not None:
            yield before
            before = None
        yield frame, at
    if before is not None:
        yield before


def _frames_until(
    source: Source, end: float, sounds: Sequence[Listener], heartbeat: Callable[[float], None]
) -> Iterator[tuple[av.VideoFrame, float]]:
    """All frames that are decoded, to the first from `end` on; the sound is handed on to its end."""
    frames = _Frames(source)
    listeners = {sound.stream.index: sound for sound in sounds}
    over = False
    for packet, at in source.timeline.every(*(sound.stream for sound in sounds)):
        heartbeat(at)
        if packet.stream.index != source.stream.index:
            listeners[packet.stream.index].take(packet)
        elif not over:
            shown = frames.of(packet, at)
            yield from _to_first_behind(shown, end)
            over = any(time >= end for _, time in shown)
        if over and (all(sound.is_done for sound in sounds) or at > end + SOUND_WAITS):
            return
    if not over:
        yield from _to_first_behind(frames.rest(), end)


def _to_first_behind(
    shown: Sequence[tuple[av.VideoFrame, float]], end: float
) -> Iterator[tuple[av.VideoFrame, float]]:
    for frame, time in shown:
        yield frame, time
        if time >= end:
            return


class _Frames:
    """Decodes packets, and gives each frame its time."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._untimed: list[float] = []

    def of(self, packet: "av.Packet[Any]", at: float) -> list[tuple[av.VideoFrame, float]]:
        """What a packet brings; what is damaged is left out."""
        heapq.heappush(self._untimed, at)
        try:
            return [self._timed(frame) for frame in self._source.context.decode(packet)]
        except libav.ERRORS:
            return []

    def rest(self) -> list[tuple[av.VideoFrame, float]]:
        """What the decoder still holds."""
        try:
            return [self._timed(frame) for frame in self._source.context.decode(None)]
        except libav.ERRORS:
            return []

    def _timed(self, frame: Any) -> tuple[av.VideoFrame, float]:
        usual = heapq.heappop(self._untimed) if self._untimed else 0.0
        if frame.pts is None or not self._source.has_pts:
            return cast(av.VideoFrame, frame), usual
        return cast(av.VideoFrame, frame), self._source.seconds(frame.pts)
