"""The running time of a file: what a player shows, from 0 to the end, whatever the clocks in the file do.

Zero is the container's start. Where a clock starts again or leaps (recordings joined byte by byte, DVD cells,
a camera that restarts), the new part goes on where the one before ended (docs/decisions/0011-timelines.md).
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

import av
from av.container import InputContainer
from av.stream import Stream
from av.video.stream import VideoStream

from app.media import libav

TS_DISCONT, NO_TIMESTAMPS = 0x200, 0x80
"""AVFMT_TS_DISCONT, AVFMT_NOTIMESTAMPS: what a demuxer says of the clocks in its files."""

BACK, BACK_IN_STREAMS = 0.5, 0.1
"""Seconds that a decoding time may go back before the clock has started again; less where that is usual."""
LEAP_IN_STREAMS = 10.0
"""Seconds without picture or sound in a format made for broadcasts: the clock leapt (ffmpeg's threshold)."""
LEAP = 30 * 3600.0
"""Seconds in any other format (ffmpeg's threshold too): shorter gaps are pictures shown for long."""
NEAR = 0.25
"""Seconds: a clock that comes back to where an earlier part would be by now goes on with that part."""
LEAD = 60.0
"""Seconds that the sound of a part may begin before its picture."""
TAIL = 3600.0
"""Seconds that the sound of a part may go on after its picture."""
LATE = 600.0
"""Seconds that the picture of a broadcast may begin after its sound; more is another clock."""

USUAL_RATE = 25.0
"""Frames per second of a stream that does not tell: what its demuxer assumes as well."""


def start_of(container: InputContainer, stream: VideoStream) -> float:
    """Seconds, on the file's own clock, at which its running time begins: the first picture or sound."""
    tick = libav.number(stream.time_base)
    own = stream.start_time * tick if stream.start_time is not None else None
    common = container.start_time / av.time_base if container.start_time is not None else None
    if own is None or common is None:
        return own if own is not None else common or 0.0
    # The container's is in microseconds: the stream's own is exact.
    if abs(common - own) < 1e-5 or common > own:
        return own
    if common < 0:
        return min(own, 0.0)  # an encoder's lead-in, which is not played
    return own if broadcasts(container) and own - common > LATE else common


def broadcasts(container: InputContainer) -> bool:
    """Whether the format is made for endless streams, in which clocks start again (MPEG-TS, MPEG-PS)."""
    return bool(int(container.format.flags) & TS_DISCONT)


@dataclass(slots=True)
class _Sound:
    """The clock of the sound beside the picture, in seconds as the file has them."""

    begin: float = 0.0
    """Where it started, or started again."""
    end: float | None = None
    before: float | None = None
    """Where it ended before it started again, until the picture did as well."""
    expected: bool = False
    """Whether the picture's clock started again, and the sound's is to follow."""

    def hear(self, time: float, duration: float, back: float, leap: float) -> None:
        if self.end is None:
            self.begin = time
        elif time < self.end - duration - back or time > self.end + leap:
            if not self.expected:
                self.before = self.end
            self.begin, self.expected = time, False
            self.end = time
        self.end = max(self.end or time, time + duration)


class Timeline:
    """Reads the packets of the picture track and puts each on the running time.

    Args:
        container: just opened.
        stream: its picture track.
        start: seconds on the file's clock that are 0 of the running time.
        in_order: go by the times of decoding, since the format (AVI) stores no others.
    """

    def __init__(
        self, container: InputContainer, stream: VideoStream, start: float, *, in_order: bool
    ) -> None:
        self._container = container
        self._stream = stream
        self._start = start
        self._starts_with_first = container.start_time is None and stream.start_time is None
        self._in_order = in_order
        self._tick = libav.number(stream.time_base)
        rate = libav.number(stream.guessed_rate) or libav.number(stream.average_rate)
        self._frame = 1 / (rate or USUAL_RATE)
        streams = broadcasts(container)
        self._back = BACK_IN_STREAMS if streams else BACK
        self._leap = LEAP_IN_STREAMS if streams else LEAP
        self._counts = bool(int(container.format.flags) & NO_TIMESTAMPS)
        self._sound = _Sound()
        self._offsets: deque[int] = deque([0], maxlen=8)
        """Ticks that were added to the times of the parts so far, the newest last."""
        self._last: float | None = None
        """Decoding time of the packet before, in seconds of the file's clock."""
        self._end = 0.0
        """Until when the pictures of this part are shown, in seconds of the file's clock."""
        self._number = 0
        self.jumps = 0
        """How often the clock started again or leapt."""
        self.timed = False
        """Whether any packet has a presentation time."""
        self.picture_end = 0.0
        """Running time, in seconds, until when the pictures read so far are shown."""
        self.end = 0.0
        """Running time, in seconds, until when the pictures and sounds read so far last."""

    def packets(self) -> "Iterator[tuple[av.Packet[VideoStream], float | None]]":
        """Yield each packet with its running time in seconds; None where it has none or is not shown.

        The packets' own times are those of the running time as well, plus its start. Raises like `demux`.
        """
        sound = self._container.streams.audio[:1]
        for packet in libav.demux(self._container, self._stream, *sound):
            if packet.stream.index != self._stream.index:
                self._hear(packet)
            elif packet.size:
                picture = cast("av.Packet[VideoStream]", packet)
                yield picture, self._place(picture)

    def others(self, *streams: Stream) -> "Iterator[tuple[av.Packet[Stream], float]]":
        """Yield each packet of other tracks with its running time in seconds, in the order of the file.

        As `every`, without the picture.
        """
        for packet, at in self.every(*streams):
            if packet.stream.index != self._stream.index:
                yield packet, at

    def every(self, *streams: Stream) -> "Iterator[tuple[av.Packet[Stream], float]]":
        """Yield each packet of the picture and other tracks with its running time, in the order of the file.

        The packets' own times are those of the running time as well, plus its start. A packet without a time
        is left out, and so is sound whose clock started again until the picture's does: it is not known where
        it belongs. Raises like `demux`.
        """
        for packet, at in self.together(*streams):
            if at is not None and (packet.pts is not None or packet.dts is not None):
                yield packet, at

    def together(self, *streams: Stream) -> "Iterator[tuple[av.Packet[Stream], float | None]]":
        """As `every`, with those packets too of which it is not known where they belong: None."""
        wanted = {stream.index for stream in streams}
        sound = self._container.streams.audio[:1]
        tracks = {stream.index: stream for stream in (self._stream, *sound, *streams)}
        heard = sound[0].index if sound else None
        for packet in libav.demux(self._container, *tracks.values()):
            if not packet.size:
                continue
            number = packet.stream.index
            if number == self._stream.index:
                counted = self._place(cast("av.Packet[VideoStream]", packet))
                ticks = packet.dts if self._in_order or packet.pts is None else packet.pts
                yield packet, counted if ticks is None else self.seconds(ticks)
                continue
            if number == heard:
                self._hear(packet)
            if number in wanted and not (number == heard and self._sound.before):
                self._move(packet)
                ticks = packet.pts if packet.pts is not None else packet.dts
                tick = libav.number(packet.time_base)
                yield packet, None if ticks is None else ticks * tick - self._start

    def _move(self, packet: "av.Packet[Stream]") -> None:
        """Put a packet of another track on the running clock, as `_place` does with the picture's."""
        tick = libav.number(packet.time_base)
        ticks = round(self._offsets[-1] * self._tick / tick) if tick else 0
        if ticks:
            packet.pts = packet.pts + ticks if packet.pts is not None else None
            packet.dts = packet.dts + ticks if packet.dts is not None else None

    def seconds(self, ticks: int) -> float:
        """Turn a time of the picture track, already on the running clock, into running seconds."""
        return ticks * self._tick - self._start

    def _hear(self, packet: "av.Packet[Stream]") -> None:
        ticks = packet.dts if packet.dts is not None else packet.pts
        tick = libav.number(packet.time_base)
        if ticks is None:
            return
        self._sound.hear(ticks * tick, (packet.duration or 0) * tick, BACK, self._leap)
        # Until the picture's clock follows, it is not known where the sound after a jump belongs.
        if self._sound.before is None and not self._sound.expected and self._sound.end is not None:
            self.end = max(self.end, self._running(self._sound.end))

    def _place(self, packet: "av.Packet[VideoStream]") -> float | None:
        number, self._number = self._number, self._number + 1
        if packet.pts is None and packet.dts is None:
            return self._counted(number) if self._counts else None
        self.timed = self.timed or packet.pts is not None
        if self._is_absurd(packet):
            packet.pts = packet.dts
        if self._starts_with_first and packet.pts is not None:
            self._start, self._starts_with_first = packet.pts * self._tick, False
        self._follow(packet)
        offset = self._offsets[-1]
        if offset:
            packet.pts = packet.pts + offset if packet.pts is not None else None
            packet.dts = packet.dts + offset if packet.dts is not None else None
        ticks = packet.dts if self._in_order or packet.pts is None else packet.pts
        if ticks is None or packet.is_discard:
            return None
        self._reach(self.seconds(ticks) + self._length(packet))
        return self.seconds(ticks)

    def _is_absurd(self, packet: "av.Packet[VideoStream]") -> bool:
        """Whether it is to be shown so long after, or before, it is decoded that a time is damaged."""
        if packet.pts is None or packet.dts is None:
            return False
        return abs(packet.pts - packet.dts) * self._tick > LEAP

    def _counted(self, number: int) -> float:
        """An elementary stream has no times: its pictures follow each other at its rate."""
        self._reach((number + 1) * self._frame)
        return number * self._frame

    def _follow(self, packet: "av.Packet[VideoStream]") -> None:
        """Notice a clock that starts again, and find the offset that lets the running time go on."""
        shown = packet.pts if packet.pts is not None else packet.dts
        decoded = packet.dts if packet.dts is not None else packet.pts if packet.is_keyframe else None
        if decoded is not None and shown is not None:
            time = decoded * self._tick
            if self._last is not None and self._jumped(self._last, time):
                first = shown if packet.is_keyframe else min(decoded, shown)
                self._begin_part(first * self._tick)
                self._end = first * self._tick
            self._last = time
        if shown is not None and not packet.is_discard:
            time = shown * self._tick + self._length(packet)
            self._end = time if self._number == 1 else max(self._end, time)

    def _length(self, packet: "av.Packet[VideoStream]") -> float:
        return (packet.duration or 0) * self._tick or self._frame

    def _jumped(self, last: float, time: float) -> bool:
        if time < last - self._back:
            return True
        if time <= last + self._frame + self._leap:
            return False
        # Sound that plays through the gap shows that the clock is right, and the picture was held.
        heard = self._sound.end
        return self._sound.before is not None or heard is None or heard < time - self._leap

    def _begin_part(self, first: float) -> None:
        """Let the part whose first picture is at `first` seconds go on where the one before ended."""
        self.jumps += 1
        sound = self._sound
        last_heard = sound.before if sound.before is not None else sound.end
        end = self._end
        if last_heard is not None and end < last_heard < end + TAIL:
            end = last_heard
        begin = first
        if sound.before is not None and first - LEAD < sound.begin < first:
            begin = sound.begin
        sound.expected = sound.before is None and sound.end is not None
        sound.before = None
        now = self._running(end)
        for offset in list(self._offsets)[-2::-1]:
            if abs(begin + offset * self._tick - self._start - now) < NEAR:
                self._offsets.append(offset)
                return
        self._offsets.append(round((now + self._start - begin) / self._tick))

    def _running(self, time: float) -> float:
        return time + self._offsets[-1] * self._tick - self._start

    def _reach(self, time: float) -> None:
        self.picture_end = max(self.picture_end, time)
        self.end = max(self.end, time)
