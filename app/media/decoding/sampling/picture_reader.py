"""Decoding only what is needed: key frames alone where they are close, else runs in sequence."""

import time as clock
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import av
from av.video.stream import VideoStream

from app.media.area import Area
from app.media.decoding.opening.container import Source, check_size
from app.media.decoding.picture import Ground
from app.media.decoding.sampling.segments import Gop, Planner, TimedPacket
from app.media.decoding.sampling.shots import CutDetector
from app.media.decoding.sampling.views import SignatureReader, View

HEARTBEAT = 0.5
"""Seconds between signs of life while no frame is wanted."""

FRAMES_PER_SECOND_LIMIT = 500
FRAMES_FREE = 20_000
"""A file with more frames than this, and so many more per second of its timeline, is called endless."""

SKIPPABLE = {"h264", "hevc", "mpeg2video", "mpeg4"}
"""Codecs whose frames keep exact pixels and times when those that none depends on are skipped (tested)."""

SEPARATION = 0.4
"""Two frames of a shot are never closer than this share of the wanted spacing, whatever damage left."""
CUT_SEPARATION = 0.1
"""The first frame of a shot may come this soon."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A wanted frame that was decoded."""

    view: View
    time: float
    """Seconds since the stream's start."""
    cut: bool
    """Whether a new shot began since the picture before."""

    @property
    def frame(self) -> av.VideoFrame:
        return self.view.frame


class Reader:
    """Decodes one source once, in time order.

    Args:
        heartbeat: called now and then with the seconds reached: a slow file is not taken for a dead one.
    """

    def __init__(
        self, source: Source, track: Iterable[Gop], planner: Planner, heartbeat: Callable[[float], None]
    ) -> None:
        self._source = source
        self._track = track
        self._context = source.context
        if planner.keys_only:
            # A tenth of the time: the edges of blocks stay hard, which no later frame inherits.
            self._context.options = {**self._context.options, "skip_loop_filter": "all"}
        self._planner = planner
        self._spacing = planner.spacing
        self._beat = heartbeat
        self._beaten = clock.monotonic()
        self._looker = SignatureReader(Ground(source.ignores_alpha))
        self._cuts = CutDetector[View](lambda view: view.inside)
        self._pending: deque[float] = deque()
        self._before: tuple[View, float] | None = None
        self._given = float("-inf")
        self._keys_trusted = True
        self._untimed: deque[float | None] = deque()
        """Times of packets whose frames are still to come, where packets have no presentation times."""
        self.reached = 0.0
        """Seconds of the video that are done."""
        self.decoded = 0
        self.damaged = 0
        """Packets that could not be decoded."""
        self.endless = False

    def look_inside(self, area: Area) -> None:
        """From now on, cuts and stillness are judged in this part of the frames as they are coded."""
        self._looker.area = area

    def __iter__(self) -> Iterator[Picture]:
        skipped = False
        for run in self._track:
            keys_only = self._planner.keys_only and self._keys_trusted
            wanted = self._planner.wanted(run)
            if keys_only and not wanted:
                self.reached, skipped = max(self.reached, run.end), True
                continue
            restart = run.key and skipped and self._keys_trusted
            if restart:
                yield from self._settle()
            last = len(run.steps)
            cut = run.closed and not run.leads_over(wanted, self._spacing)
            if run.key and self._keys_trusted and (cut or keys_only):
                last = _needed(run, wanted, leading=bool(self._pending) and not restart)
            skipped = last < len(run.steps)
            self._pending.extend(wanted)
            self._context.skip_frame = "NONREF" if self._dense(run) else "DEFAULT"
            decoded = self.decoded
            yield from self._decode(run.steps[:last])
            if skipped:
                yield from self._drain()
                if last and self.decoded == decoded:
                    self._keys_trusted = skipped = False
                    yield from self._decode(run.steps)
            self.reached = max(self.reached, run.end)
            if self.decoded > FRAMES_FREE + FRAMES_PER_SECOND_LIMIT * self.reached:
                self.endless = True
                break
        yield from self._drain()
        yield from self._leftovers()

    def _dense(self, run: Gop) -> bool:
        """Whether frames that no other depends on may be left out, since others are near every moment."""
        known = self._source.has_pts and self._source.codec in SKIPPABLE
        return known and run.spacing() <= self._spacing / 5

    def _decode(self, packets: list[TimedPacket]) -> Iterator[Picture]:
        for step in packets:
            if not self._source.has_pts:
                self._untimed.append(step.time)
            for frame in self._frames(step.packet):
                yield from self._take(frame)
            self._sign_of_life()

    def _frames(self, packet: "av.Packet[VideoStream] | None") -> list[av.VideoFrame]:
        """Decode; what is damaged gives no frames."""
        try:
            return self._context.decode(packet)
        except MemoryError:
            raise
        # A decoder that a damaged header kept from opening has no codec any more: a ValueError.
        except (av.FFmpegError, ValueError):
            self._note_damage()
            return []

    def _note_damage(self) -> None:
        """Count it, unless it comes before the first picture of a recording that begins anywhere."""
        if self.decoded or not self._source.begins_anywhere:
            self.damaged += 1

    def _drain(self) -> Iterator[Picture]:
        """Get the frames the decoder still holds and make it ready for a fresh start."""
        for frame in self._frames(None):
            yield from self._take(frame)
        self._context.flush_buffers()
        self._untimed.clear()

    def _settle(self) -> Iterator[Picture]:
        """Frames were left out: what is still wanted before here is the last one seen, if it is near."""
        yield from self._leftovers()
        self._before = None

    def _leftovers(self) -> Iterator[Picture]:
        while self._pending:
            moment = self._pending.popleft()
            if self._before is not None and abs(self._before[1] - moment) <= self._spacing / 2:
                yield from self._give(self._before)

    def _take(self, frame: av.VideoFrame) -> Iterator[Picture]:
        time = self._time(frame)
        if frame.is_corrupt or time is None:
            self._note_damage()
            return
        check_size(frame.width, frame.height)
        if self._before is not None and time <= self._before[1]:
            return
        self.decoded += 1
        self.reached = max(self.reached, time)
        view = self._looker.view(frame)
        cut = self._cuts.see(time, view)
        now = (view, time)
        while self._pending and self._pending[0] <= time:
            moment = self._pending.popleft()
            before = self._before
            closer = before is not None and moment - before[1] < time - moment
            yield from self._give(before if before is not None and closer and not cut else now)
        if cut and self._spacing > 0:  # else one moment is wanted, and no shots
            # A shot begins with its first frame: that is where the cut is.
            yield from self._give(now, CUT_SEPARATION)
        self._before = now

    def _time(self, frame: av.VideoFrame) -> float | None:
        """Seconds. Without presentation times, frames are shown in the order of their packets."""
        if not self._source.has_pts:
            return self._untimed.popleft() if self._untimed else None
        ticks = frame.pts if frame.pts is not None else frame.dts
        return None if ticks is None else self._source.seconds(ticks)

    def _give(self, what: tuple[View, float], separation: float = SEPARATION) -> Iterator[Picture]:
        view, time = what
        if time > self._given + separation * self._spacing:
            self._given = time
            yield Picture(view, time, self._cuts.cut_before(time, view))

    def _sign_of_life(self) -> None:
        now = clock.monotonic()
        if now - self._beaten >= HEARTBEAT:
            self._beaten = now
            self._beat(self.reached)


def _needed(run: Gop, wanted: list[float], *, leading: bool) -> int:
    """How many packets hold every frame up to the one at or just after the last wanted moment.

    With `leading`, those that are shown before the key frame are among them (open GOP).
    """
    count = 0
    if wanted:
        times = [step.time for step in run.steps if step.time is not None and step.time >= run.start]
        target = min((time for time in times if time >= wanted[-1]), default=max(times))
        shown = (step.time is not None and run.start <= step.time <= target for step in run.steps)
        count = 1 + max(index for index, is_shown in enumerate(shown) if is_shown)
    if leading:
        before = (step.time is not None and step.time < run.start for step in run.steps)
        count = max(
            count, 1 + max((index for index, is_before in enumerate(before) if is_before), default=-1)
        )
    return count
