"""A part of a video, exactly from one time to another: decoded and encoded anew."""

from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
from av.container import OutputContainer
from av.video.codeccontext import VideoCodecContext
from av.video.stream import VideoStream

from app.media import libav, reasons
from app.media.cut_requests import Cut
from app.media.cutting import clip_output
from app.media.cutting.decoded_part import decoded_part
from app.media.cutting.sound_encoder import SoundEncoder
from app.media.decoding.opening.container import Source, open_source
from app.media.decoding.opening.seeking import jump_before
from app.media.decoding.opening.timeline import USUAL_RATE
from app.media.decoding.picture import Orientation, orientation

THREADS = 2
_EIGHT_BIT = (
    ("libx264", "yuv420p", {"crf": "18", "preset": "veryfast"}),
    ("h264_videotoolbox", "yuv420p", {"q:v": "65"}),
    ("mpeg4", "yuv420p", {"qscale": "3", "mbd": "rd"}),
)
_DEEP = (("libx265", "yuv420p10le", {"crf": "20", "preset": "veryfast", "x265-params": "log-level=none"}),)
"""Encoders in the order of preference; a deep picture (HDR) keeps its ten bits where one can."""
_FINEST = Fraction(1, 60_000)
"""Seconds of a tick that every encoder takes (MPEG-4 has 16 bits for it)."""
_COLOURS = ("color_range", "color_primaries", "color_trc", "colorspace")


def encode_clip(
    path: Path, start: float, end: float, target: Path, heartbeat: Callable[[float], None]
) -> Cut:
    """Write the part of a video between two times into an MP4, to the frame; its sound to the sample.

    Frames keep their own times, so that a variable rate stays one. Args and errors are those of `copy_clip`.
    """
    with open_source(path, THREADS) as source:
        clip_output.check_start(source, start)
        jump_before(source, start)
        with clip_output.open_output(target, "mp4") as output:
            clip_output.copy_tags(source.container, output)
            writer = _Writer(source, output, start, end)
            for frame, at in decoded_part(source, start, end, writer.sounds, heartbeat):
                writer.take(frame, at)
            if not writer.finish():
                raise reasons.nothing_decoded()
        left_out = {"subtitles"} if source.container.streams.subtitles else set()
        return Cut(".mp4", start, min(end, writer.reached), tuple(sorted(left_out | writer.left_out)))


class _Writer:
    """Encodes frames and sound into one file."""

    def __init__(self, source: Source, output: OutputContainer, start: float, end: float) -> None:
        self._source, self._output = source, output
        self._start, self._end = start, end
        self._stream: VideoStream | None = None
        self._tick = Fraction(source.stream.time_base or _FINEST)
        self._before: tuple[av.VideoFrame, float] | None = None
        self._last = -1
        self.reached = start
        self.left_out: set[str] = set()
        self.sounds: list[SoundEncoder] = []
        for stream in source.container.streams.audio:
            try:
                self.sounds.append(SoundEncoder(source, stream, output, start, end))
            except (ValueError, *libav.ERRORS):
                self.left_out.add("sound")

    def take(self, frame: av.VideoFrame, at: float) -> None:
        """Take the next frame, in the order in which they are shown."""
        before, self._before = self._before, (frame, at)
        if before is not None:
            self._show(before[0], max(before[1], self._start), min(at, self._end))

    def finish(self) -> bool:
        """Write what is left; returns whether there was a frame."""
        if self._before is not None:
            frame, at = self._before
            self._show(frame, max(at, self._start), min(at + self._length(frame), self._end))
        if self._stream is None:
            return False
        self._output.mux(self._stream.encode(None))
        for sound in self.sounds:
            sound.finish()
        return True

    def _length(self, frame: av.VideoFrame) -> float:
        """Seconds that the very last frame is shown."""
        own = (getattr(frame, "duration", 0) or 0) * libav.number(frame.time_base)
        return own or 1 / (libav.number(self._source.stream.guessed_rate) or USUAL_RATE)

    def _show(self, frame: av.VideoFrame, at: float, until: float) -> None:
        """Encode a frame that is shown from one time to another, unless none of that is wanted."""
        if until <= self._start or at >= self._end:
            return
        stream = self._stream or self._open(frame)
        ticks = round((at - self._start) / float(self._tick))
        if ticks <= self._last:
            return
        self._last = ticks
        self.reached = until
        shown = _plain(frame, stream)
        shown.pts, shown.time_base = ticks, self._tick
        with suppress(AttributeError):
            shown.duration = max(1, round((until - at) / float(self._tick)))
        shown.pict_type = 0
        self._output.mux(stream.encode(shown))

    def _open(self, frame: av.VideoFrame) -> VideoStream:
        stream = self._stream = self._add_picture(frame)
        for sound in self.sounds:
            sound.add_track()
        self._output.start_encoding()
        for sound in self.sounds:
            sound.begin()
        return stream

    def _add_picture(self, frame: av.VideoFrame) -> VideoStream:
        deep = any(component.bits > 8 for component in frame.format.components)
        choices = (*_DEEP, *_EIGHT_BIT) if deep else _EIGHT_BIT
        name, form, options = next(choice for choice in choices if choice[0] in av.codecs_available)
        rate = self._source.stream.guessed_rate or self._source.stream.average_rate or 25
        stream = cast(VideoStream, self._output.add_stream(name, rate=Fraction(rate), options=dict(options)))
        context = stream.codec_context
        context.width, context.height = frame.width - frame.width % 2, frame.height - frame.height % 2
        context.pix_fmt = form
        if self._tick < _FINEST or self._tick.denominator > 60_000:
            self._tick = _FINEST if name == "mpeg4" else self._tick
        context.time_base = self._tick
        context.thread_count = THREADS
        if name == "libx265":
            context.codec_tag = "hvc1"
        if aspect := self._source.stream.sample_aspect_ratio:
            context.sample_aspect_ratio = Fraction(aspect)
        _copy_colours(self._source.context, context)
        _turn(stream, orientation(frame))
        clip_output.copy_track_tags(self._source.stream, stream)
        return stream


def _plain(frame: av.VideoFrame, stream: VideoStream) -> av.VideoFrame:
    """The frame in the encoder's size and kind of pixels."""
    context = stream.codec_context
    if (frame.width, frame.height, frame.format.name) == (context.width, context.height, context.pix_fmt):
        return frame
    return frame.reformat(context.width, context.height, context.pix_fmt)


def _copy_colours(source: VideoCodecContext, encoder: VideoCodecContext) -> None:
    for name in _COLOURS:
        with suppress(AttributeError, ValueError):
            setattr(encoder, name, getattr(source, name))


def _turn(stream: VideoStream, turned: Orientation) -> None:
    """Have the picture shown as the source's: libav's degrees run counterclockwise."""
    if turned != Orientation():
        try:
            stream.set_display_rotation(-turned.rotation % 360, hflip=turned.mirrored)
        except TypeError:  # a PyAV that knows no mirrors
            stream.set_display_rotation(-turned.rotation % 360)
