"""A part of a video as it is, without encoding it anew: from the key frame at or before the start.

Pictures, sound and text tracks are copied packet by packet, with rotation, shape of pixels, colours and tags.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
from av.container import OutputContainer
from av.stream import Stream

from app.errors import MediaError
from app.media import libav, reasons
from app.media.cut_requests import Cut
from app.media.cutting import clip_output
from app.media.decoding.opening.container import Source, open_source
from app.media.decoding.opening.seeking import jump_before

NEAR = 0.002
"""Seconds by which a key frame may begin after the start and still be meant: Matroska counts milliseconds."""
HELD = 32
"""Pictures that are looked at to see in which order they are decoded."""
SOUND_WAITS = 10.0
"""Seconds of the file that are read after the picture's end for the rest of the sound."""
_KEPT = ("audio", "subtitle")
_CALLED = {"audio": "sound", "subtitle": "subtitles"}


def copy_clip(path: Path, start: float, end: float, target: Path, heartbeat: Callable[[float], None]) -> Cut:
    """Write the part of a video from the key frame at or before `start` to `end`.

    Args:
        path: of the video.
        start: seconds of running time.
        end: seconds of running time.
        target: of the file; its suffix does not matter.
        heartbeat: called now and then with the seconds reached.

    Raises:
        MediaError: nothing can be copied.
    """
    with open_source(path, threads=1) as source:
        form = clip_output.format_like(source.container, path)
    for attempt in dict.fromkeys((form, clip_output.LAST_RESORT)):
        try:
            cut = _copy(path, start, end, target, attempt, heartbeat)
            if cut.start <= start + NEAR:
                return cut
            # An index may pass over key frames: read from the beginning, there may be one before.
            return _copy(path, start, end, target, attempt, heartbeat, jump=False)
        except (ValueError, *libav.ERRORS) as error:
            if reasons.is_full(error):
                raise
    raise _not_copied()


def _copy(
    path: Path,
    start: float,
    end: float,
    target: Path,
    form: str,
    heartbeat: Callable[[float], None],
    *,
    jump: bool = True,
) -> Cut:
    with open_source(path, threads=1) as source:
        if not source.has_pts and source.container.format.name != "avi":
            raise _not_copied()
        clip_output.check_start(source, start)
        if jump:
            jump_before(source, start)
        with clip_output.open_output(target, form) as output:
            tracks = _Tracks(source, output, form)
            part = _Part(start, end)
            for packet, at in source.timeline.every(*tracks.others):
                for ready in part.take(packet, at, is_picture=packet.stream is source.stream):
                    tracks.write(ready, part.begin)
                heartbeat(at)
                if part.is_over(tracks.sounds):
                    break
            else:
                for ready in part.rest():
                    tracks.write(ready, part.begin)
            tracks.finish(part.begin)
            if part.begin is None:
                raise clip_output.nothing_there()
        return Cut(clip_output.SUFFIXES[form], part.begin, part.reached, tuple(sorted(tracks.left_out)))


class _Tracks:
    """The tracks of the new file, each a copy of one of the video's."""

    def __init__(self, source: Source, output: OutputContainer, form: str) -> None:
        self._source = source
        self._output = output
        self.left_out: set[str] = set()
        self._copies: dict[int, Stream] = {}
        clip_output.copy_tags(source.container, output)
        self._add(source.stream)
        self.others: list[Stream] = []
        for stream in source.container.streams:
            if stream.type not in _KEPT:
                continue
            try:
                if not _holds(output, stream, form):
                    raise ValueError(stream.type)
                self._add(stream)
            except (ValueError, *libav.ERRORS):
                self.left_out.add(_CALLED[stream.type])
                continue
            self.others.append(stream)
        output.start_encoding()
        self.sounds = {stream.index for stream in self.others if stream.type == "audio"}
        self._held: list[av.Packet[Any]] | None = []
        """The first pictures, until it is known by how much they are decoded too late."""
        self._early = 0
        """Ticks by which pictures are to be decoded sooner than the file says."""
        self._late = 0
        """Ticks by which pictures are to be shown sooner."""
        self._decoded = -(1 << 62)

    def write(self, packet: "av.Packet[Any]", begin: float | None) -> None:
        """Write a packet whose times are running ones; those of the file begin with 0 at `begin`."""
        if packet.stream is not self._source.stream:
            self._write(packet, begin)
        elif self._held is None:
            self._write_picture(packet, begin)
        else:
            self._held.append(packet)
            if len(self._held) >= HELD:
                self.finish(begin)

    def finish(self, begin: float | None) -> None:
        """Write the pictures that are held.

        Some cameras (telephones, HEVC) store pictures as decoded after they are shown. No format takes that.
        """
        held, self._held = self._held or [], None
        first = held[0] if held else None
        if first is not None and not self._source.has_pts:  # AVI: only the order is stored, libav counts late
            self._late = (first.pts or 0) - (first.dts or 0)
        late = [each.dts - each.pts for each in held if each.pts is not None and each.dts is not None]
        self._early = max(0, *late, 0)
        for each in held:
            self._write_picture(each, begin)

    def _write_picture(self, packet: "av.Packet[Any]", begin: float | None) -> None:
        if packet.pts is not None:
            packet.pts -= self._late
        if packet.dts is not None:
            packet.dts -= self._early + self._late
            if packet.pts is not None:
                packet.dts = min(packet.dts, packet.pts)
            self._decoded = packet.dts = max(packet.dts, self._decoded + 1)
        self._write(packet, begin)

    def _write(self, packet: "av.Packet[Any]", begin: float | None) -> None:
        tick = libav.number(packet.time_base)
        zero = round(((begin or 0.0) - self._source.seconds(0)) / tick)
        copy = self._copies[packet.stream.index]
        packet.pts = packet.pts - zero if packet.pts is not None else None
        packet.dts = packet.dts - zero if packet.dts is not None else None
        packet.stream = copy
        self._output.mux_one(packet)

    def _add(self, stream: Stream) -> None:
        copy = self._output.add_stream_from_template(stream, opaque=True)
        clip_output.copy_track_tags(stream, copy)
        self._copies[stream.index] = copy


class _Part:
    """Chooses the packets between two times, whole runs of pictures from a key frame on."""

    def __init__(self, start: float, end: float) -> None:
        self._start, self._end = start, end
        self._run: list[tuple[av.Packet[Any], float]] = []
        """Pictures from the last key frame that may be the first one."""
        self._beside: list[tuple[av.Packet[Any], float]] = []
        """Sound and text that may belong to them."""
        self._ended: set[int] = set()
        self._picture_over = False
        self._late = 0.0
        self.begin: float | None = None
        """Seconds of running time at which the part begins; None until it is known."""
        self.reached = start
        """Seconds up to which there are pictures."""

    def take(self, packet: "av.Packet[Any]", at: float, *, is_picture: bool) -> "list[av.Packet[Any]]":
        """Packets that are to be written now that this one is known."""
        return self._take_picture(packet, at) if is_picture else self._take_other(packet, at)

    def rest(self) -> "list[av.Packet[Any]]":
        """What is left where the file ended before the start was passed."""
        return self._begin() if self.begin is None and self._run else []

    def is_over(self, sounds: set[int]) -> bool:
        """Whether nothing more belongs to the part."""
        return self._picture_over and (sounds <= self._ended or self._late > self._end + SOUND_WAITS)

    def _take_picture(self, packet: "av.Packet[Any]", at: float) -> "list[av.Packet[Any]]":
        if self.begin is not None:
            return self._go_on(packet, at)
        if packet.is_keyframe and at <= self._start + NEAR:
            self._run = [(packet, at)]
            self._beside = [(each, when) for each, when in self._beside if when + _length(each) > at]
            return []
        if not self._run:
            if not packet.is_keyframe:
                return []  # what it is made from is not there
            self._run = [(packet, at)]
            return self._begin()
        if at <= self._start + NEAR:
            self._run.append((packet, at))
            return []
        return [*self._begin(), *self._go_on(packet, at)]

    def _begin(self) -> "list[av.Packet[Any]]":
        begin = self.begin = self._run[0][1]
        ready = [each for each, at in self._run if at >= begin]
        self.reached = max(at + _length(each) for each, at in self._run)
        for each, at in self._beside:
            ready += self._take_other(each, at)
        self._run, self._beside = [], []
        return ready

    def _go_on(self, packet: "av.Packet[Any]", at: float) -> "list[av.Packet[Any]]":
        decoded = at if packet.pts is None or packet.dts is None else at - _earlier(packet)
        self._late = max(self._late, at)
        # What is shown before a picture that is in already belongs to it: else there would be a hole.
        past = decoded >= self._end and at >= self.reached - NEAR
        if self._picture_over or past or (packet.is_keyframe and at >= self._end):
            self._picture_over = True
            return []
        if at < (self.begin or 0.0):
            return []  # shown before the key frame, and made from the run before it
        self.reached = max(self.reached, at + _length(packet))
        return [packet]

    def _take_other(self, packet: "av.Packet[Any]", at: float) -> "list[av.Packet[Any]]":
        if self.begin is None:
            self._beside.append((packet, at))
            return []
        self._late = max(self._late, at)
        last = max(self._end, self.reached)
        if at >= last:
            if self._picture_over or at > last + SOUND_WAITS:
                self._ended.add(packet.stream.index)
            return []
        if packet.stream.type == "subtitle" and at + _length(packet) > self.begin:
            early = max(0.0, self.begin - at)
            ticks = round(early / libav.number(packet.time_base))
            if ticks:  # it is shown already when the part begins
                packet.pts = (packet.pts or 0) + ticks
                packet.dts = packet.pts
                packet.duration = max(1, (packet.duration or 0) - ticks)
            return [packet]
        return [packet] if at >= self.begin else []


def _holds(output: OutputContainer, stream: Stream, form: str) -> bool:
    """Whether a format can hold a track; libav refuses only when it writes the header."""
    name = stream.codec_context.codec.canonical_name if stream.codec_context is not None else ""
    if stream.type == "subtitle":
        return {
            "mp4": name == "mov_text",
            "mov": name == "mov_text",
            "webm": name == "webvtt",
            "matroska": name in {"subrip", "ass", "ssa", "webvtt", "hdmv_pgs_subtitle", "dvd_subtitle"},
            "mpegts": name == "dvb_subtitle",
        }.get(form, False)
    return bool(name) and (form != "webm" or name in output.supported_codecs)


def _length(packet: "av.Packet[Any]") -> float:
    return (packet.duration or 0) * libav.number(packet.time_base)


def _earlier(packet: "av.Packet[Any]") -> float:
    """Seconds by which a packet is decoded before it is shown."""
    return ((packet.pts or 0) - (packet.dts or 0)) * libav.number(packet.time_base)


def _not_copied() -> MediaError:
    return MediaError(
        "This video cannot be cut without encoding it anew.", "Export it again with exact start and end."
    )
