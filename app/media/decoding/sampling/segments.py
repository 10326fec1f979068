"""Packets in runs from one key frame to the next, and the moments wanted of each. Nothing is decoded here."""

import itertools
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import av
from av.video.stream import VideoStream

from app.media import libav
from app.media.decoding.opening.container import Source

RUN_SECONDS = 12.0
RUN_BYTES = 48 << 20
RUN_PACKETS = 2_000
"""A run is cut at any of these: a file with one key frame per hour needs no hour of packets in memory."""

LEADING = 1.5
"""A gap before the next key frame this many frames long is filled by frames that follow it in the file."""

CLOSEST, WIDEST = 0.9, 1.5
"""Neighbouring moments lie this many wanted spacings apart; evenly where key frames allow it."""


@dataclass(frozen=True, slots=True)
class TimedPacket:
    """One packet with its presentation time in seconds; None where it has none or its frame is not shown.

    Where there are no presentation times at all (`Source.has_pts`), it is the time of decoding.
    """

    packet: "av.Packet[VideoStream]"
    time: float | None


@dataclass(frozen=True, slots=True)
class Gop:
    """Packets in decoding order; when `key`, the first is a key frame and decoding may start there."""

    steps: list[TimedPacket]
    key: bool
    start: float
    """Seconds at which the first frame is shown."""
    end: float
    """Seconds at which the next run starts, or the last frame of the video ends."""
    closed: bool
    """Whether the next run is a key one, or there is none: the run's last packets may be left out."""

    def leads_over(self, moments: list[float], spacing: float) -> bool:
        """Whether pictures near a wanted moment come only with the next run, before its key frame (open GOP).

        Where they are few and close, the last picture here does as well: `spacing` is that of the moments.
        """
        last, typical = self._shown()
        missing = self.end - last > max(LEADING * typical, spacing / 4)
        return missing and bool(moments) and moments[-1] > last + typical / 2

    def pictures(self) -> int:
        """How many pictures are shown to the end, those that come only with the next run included."""
        last, typical = self._shown()
        gap = self.end - last
        leading = round(gap / typical) - 1 if typical and gap > LEADING * typical else 0
        return len(self.steps) + min(leading, len(self.steps))

    def _shown(self) -> tuple[float, float]:
        """When the last picture of these packets is shown, and how long each is (0 if unknown); seconds."""
        times = sorted(step.time for step in self.steps if step.time is not None and step.time >= self.start)
        if len(times) < 2:
            return self.end, 0.0
        return times[-1], (times[-1] - times[0]) / (len(times) - 1)

    def spacing(self) -> float:
        """Longest time one frame of the run is shown, in seconds."""
        times = sorted(step.time for step in self.steps if step.time is not None)
        return max((b - a for a, b in itertools.pairwise(times)), default=0.0)


class Track:
    """The picture track in runs; one run is held in memory, since it is known only when the next begins."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.broke: Exception | None = None
        """Why the file could not be read to its end."""

    def __iter__(self) -> Iterator[Gop]:
        held: list[TimedPacket] = []
        size = 0
        first = True
        for step in self._steps():
            key = step.packet.is_keyframe and step.time is not None
            if held and (key or size > RUN_BYTES or len(held) >= RUN_PACKETS or _span(held) > RUN_SECONDS):
                yield _run(held, step.time if key else None, first=first, closed=key)
                held, size, first = [], 0, False
            held.append(step)
            size += step.packet.size
        if held:
            yield _run(held, None, first=first, closed=True)

    def _steps(self) -> Iterator[TimedPacket]:
        try:
            for packet, time in self._source.timeline.packets():
                yield TimedPacket(packet, time)
        except MemoryError:
            raise
        except (*libav.ERRORS, OSError) as error:
            self.broke = error


def _span(held: list[TimedPacket]) -> float:
    first, last = held[0].time, held[-1].time
    return last - first if first is not None and last is not None else 0.0


def _run(held: list[TimedPacket], next_key: float | None, *, first: bool, closed: bool) -> Gop:
    head = held[0]
    times = sorted(step.time for step in held if step.time is not None)
    if not times:
        return Gop(held, False, 0.0, 0.0, closed)
    key = head.packet.is_keyframe and head.time is not None
    # Pictures shown before the key frame they follow belong to the run before (open GOP), if there is one.
    start = head.time if key and not first and head.time is not None else times[0]
    step = times[-1] - times[-2] if len(times) > 1 else 0.0
    end = next_key if next_key is not None else times[-1] + step
    return Gop(held, key, start, max(start, end), closed)


class Planner(Protocol):
    """Chooses the wanted moments of one run after the other."""

    spacing: float
    """Seconds between wanted moments, about."""
    keys_only: bool
    """Whether none but key frames are wanted: what lies between them is not decoded."""

    def wanted(self, run: Gop) -> list[float]:
        """Moments in seconds, ascending, at which frames of this run are wanted."""


class RatePlanner:
    """About one moment per `spacing` seconds, evenly from key frame to key frame, since those cost least."""

    keys_only = False

    def __init__(self, spacing: float) -> None:
        self.spacing = spacing
        self._last: float | None = None

    def wanted(self, run: Gop) -> list[float]:
        """See `Planner.wanted`."""
        moments: list[float] = []
        if self._last is None or run.start - self._last >= CLOSEST * self.spacing:
            moments.append(run.start)
            self._last = run.start
        gap = run.end - self._last
        parts = min(max(1, int(gap / self.spacing + 1 - CLOSEST)), run.pictures())
        if parts == 1 and gap > WIDEST * self.spacing:
            # Too wide for none between, too narrow for an even one: the next key frame may come too early.
            moments.append(self._last + max(gap / 2, CLOSEST * self.spacing))
        else:
            moments.extend(self._last + number * gap / parts for number in range(1, parts))
        self._last = moments[-1] if moments else self._last
        return moments


class KeyPlanner:
    """The key frames, none nearer to the one before than `spacing` seconds, about."""

    keys_only = True

    def __init__(self, spacing: float) -> None:
        self.spacing = spacing
        self._last: float | None = None

    def wanted(self, run: Gop) -> list[float]:
        """See `Planner.wanted`."""
        if not run.key or (self._last is not None and run.start - self._last < CLOSEST * self.spacing):
            return []
        self._last = run.start
        return [run.start]


class GridPlanner:
    """`count` moments spread over a video too short for the usual rate."""

    keys_only = False

    def __init__(self, start: float, duration: float, count: int) -> None:
        """Make the plan.

        Args:
            start: seconds at which the picture begins.
            duration: seconds that it lasts.
            count: how many moments are wanted.
        """
        self.spacing = duration / count
        self._left = deque(start + number * self.spacing for number in range(count))

    def wanted(self, run: Gop) -> list[float]:
        """See `Planner.wanted`."""
        moments = []
        while self._left and (self._left[0] < run.end or self._left[0] <= run.start):
            moments.append(max(run.start, self._left.popleft()))
        return moments
