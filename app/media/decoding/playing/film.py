"""A video from a moment on, as it is watched: pictures in order of time, and the sound beside them."""

import time as clock
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import av
import numpy as np
from av.audio.stream import AudioStream
from numpy.typing import NDArray

from app.media import libav
from app.media.decoding.opening.container import SCAN_BYTES, Source, check_size
from app.media.decoding.opening.timeline import broadcasts
from app.media.decoding.playing.film_sound import FilmSound, Heard
from app.media.decoding.playing.screen import ScreenConverter
from app.media.decoding.sampling.picture_reader import SKIPPABLE
from app.media.decoding.sound import usual_first

EPSILON = 5e-4
"""Seconds by which the time that is asked for may miss the frame that is meant."""
SKIP_BEFORE = 0.5
"""Seconds before the wanted time up to which frames that no other needs are not decoded."""
LATE, VERY_LATE = 0.1, 1.5
"""Seconds behind the clock from which on single frames are left out, and all up to the next key frame."""
LEAST_SPACING = 0.5
"""However late, a picture is shown this often, in seconds."""
GATHERED_BYTES = 96 << 20
"""Most that is read ahead to find the key frame before the wanted time."""
ALIVE_EVERY = 0.5
"""Seconds between signs of life on the way to the first picture."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture to be shown from `time` on."""

    time: float
    pixels: NDArray[np.uint8]
    """(H, W, 4): blue, green, red and a byte without meaning."""
    dropped: int
    """How many before it were left out because the clock had passed them."""


class Alive:
    """A sign of life."""


class Film:
    """Plays one source once.

    Args:
        source: just opened.
        at: seconds of running time; the first picture is the one that is on then.
        speed: of the sound.
        sound: whether sound is wanted.
        box: what the pictures have to fit into; asked for each.
        now: the clock's time in seconds as far as it is known, else minus infinity.
    """

    def __init__(
        self,
        source: Source,
        *,
        at: float,
        speed: float,
        sound: bool,
        box: Callable[[], tuple[int, int]],
        now: Callable[[], float],
    ) -> None:
        self._source = source
        self._at = at
        self._now = now
        self._box = box
        self._screen = ScreenConverter(source, box())
        self._tracks: Sequence[AudioStream] = usual_first(source.container.streams.audio)[:1] if sound else ()
        self._sound = FilmSound(at, speed)
        self._kept: tuple[float, av.VideoFrame] | None = None
        """The last frame up to the wanted time, until one behind it has come."""
        self._begun = False
        self._last = float("-inf")
        self._dropped = 0
        self._waits_for_key = False
        self._resumed = float("-inf")
        """Seconds of the last key frame that was waited for: the decoder has it, and gives it back later."""
        self._number = 0
        self.damaged = 0
        """Packets that could not be decoded."""
        self.reached = 0.0
        """Seconds of the last picture that was decoded."""

    @property
    def has_sound(self) -> bool:
        """Whether sound will come."""
        return bool(self._tracks)

    def __iter__(self) -> Iterator[Shown | Heard | Alive]:
        self._learn()
        _jump(self._source, self._at)
        for packet in self._pictures_and_sound():
            if isinstance(packet, Heard | Alive):
                yield packet
            else:
                yield from self._shown(self._decoded(packet))
        yield from self._shown(self._decoded(None))
        if self._kept is not None and not self._begun:
            yield self._made(*self._kept)

    def _pictures_and_sound(self) -> "Iterator[av.Packet[Any] | Heard | Alive]":
        """Packets of the picture from the key frame before the wanted time on, and sound."""
        gathered: list[av.Packet[Any]] = []
        size, reached, told = 0, False, clock.monotonic()
        picture = self._source.stream.index
        for packet, at in self._source.timeline.together(*self._tracks):
            if packet.stream.index != picture:
                if at is not None:
                    yield from self._sound.pieces(packet, at)
                continue
            if reached:
                yield packet
                continue
            if packet.is_keyframe and (at is None or at <= self._at + EPSILON):
                gathered, size = [], 0
            gathered.append(packet)
            size += packet.size
            reached = size > GATHERED_BYTES or (at is not None and at > self._at + EPSILON)
            if clock.monotonic() - told > ALIVE_EVERY:
                told = clock.monotonic()
                yield Alive()
            if reached:
                yield from self._one_by_one(gathered)
        if not reached:
            yield from self._one_by_one(gathered)

    def _one_by_one(self, packets: "list[av.Packet[Any]]") -> "Iterator[av.Packet[Any] | Alive]":
        told = clock.monotonic()
        for packet in packets:
            yield packet
            if clock.monotonic() - told > ALIVE_EVERY:
                told = clock.monotonic()
                yield Alive()

    def _decoded(self, packet: "av.Packet[Any] | None") -> Iterator[tuple[float, av.VideoFrame]]:
        """Frames with their times; None gets those that the decoder still holds."""
        context = self._source.context
        if packet is not None:
            behind = self._behind()
            if behind > VERY_LATE and self._source.codec in SKIPPABLE:
                self._waits_for_key = True
            if self._waits_for_key and not packet.is_keyframe:
                self._dropped += 1
                return
            ahead = self._source.seconds(packet.pts) if packet.pts is not None else self._at
            if self._waits_for_key and packet.pts is not None:
                self._resumed = ahead
            self._waits_for_key = False
            skips = ahead < self._at - SKIP_BEFORE or behind > LATE
            context.skip_frame = "NONREF" if skips and self._source.codec in SKIPPABLE else "DEFAULT"
        try:
            frames = context.decode(packet)
        except libav.ERRORS:
            self.damaged += 1
            return
        for frame in frames:
            self._number += 1
            if frame.pts is not None and self._source.has_pts:
                at = self._source.seconds(frame.pts)
            elif frame.dts is not None:
                at = self._source.seconds(frame.dts)
            else:
                at = self.reached
            self.reached = max(self.reached, at)
            yield at, frame

    def _shown(self, frames: Iterator[tuple[float, av.VideoFrame]]) -> Iterator[Shown]:
        for at, frame in frames:
            check_size(frame.width, frame.height)
            if not self._begun and at <= self._at + EPSILON:
                self._kept = at, frame
                continue
            if not self._begun and self._kept is not None:
                yield self._made(*self._kept)
            if at < self._now() - LATE and at - self._last < LEAST_SPACING and self._begun:
                self._dropped += 1
                continue
            yield self._made(at, frame)

    def _made(self, at: float, frame: av.VideoFrame) -> Shown:
        self._begun, self._kept, self._last = True, None, at
        dropped, self._dropped = self._dropped, 0
        self._screen.box = self._box()
        return Shown(at, self._screen.pixels(frame), dropped)

    def _behind(self) -> float:
        return self._now() - max(self.reached, self._resumed) if self._begun else 0.0

    def _learn(self) -> None:
        """Let the decoder see the very first picture where what it says there matters later.

        x264 says only there which version it was, and FFmpeg needs to know that to decode its 4:4:4 streams.
        """
        source = self._source
        if source.codec != "h264" or "444" not in str(source.context.pix_fmt or "") or not _can_jump(source):
            return
        source.context.thread_count = 1
        for packet in libav.demux(source.container, source.stream):
            if packet.size:
                for _ in self._decoded(packet):
                    pass
                self.reached = 0.0
                return


def _can_jump(source: Source) -> bool:
    """Whether the clock is right wherever reading begins."""
    if not source.has_pts or source.container.start_time is None:
        return False
    was_scanned = source.file.is_near and source.size <= SCAN_BYTES
    return not broadcasts(source.container) or not was_scanned


def _jump(source: Source, at: float) -> None:
    """Go to the key frame before a moment, where that can be done without losing the clock."""
    if not _can_jump(source):
        return
    tick = libav.number(source.stream.time_base)
    ticks = round((max(at, 0.0) + EPSILON - source.seconds(0)) / tick)
    try:
        source.container.seek(ticks, stream=source.stream, backward=True)
    except libav.ERRORS:
        return
