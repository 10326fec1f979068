"""Opening an untrusted file so that it can be nothing but a file, and reading what it says about itself."""

import itertools
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import av
from av.container import InputContainer
from av.stream import Disposition
from av.video.stream import VideoStream

from app.media import reasons
from app.media.frames import VideoFacts
from app.media.picture import Geometry

FORMATS = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,mpegvideo,m4v,h264,hevc,flv,asf,ogg,gif,"
    "mxf,dv,rm,nut,ivf,obu,wtv"
)
"""Demuxers that read one file and nothing else: no playlist, manifest, script, image sequence or device."""

CREDIBLE_SECONDS = 100 * 3600.0
CREDIBLE_BYTES_PER_SECOND = 20.0
"""A claimed duration that leaves less than this is checked against the packets (even black has ~1200)."""
SCAN_PACKETS = 2_000_000
READ_BYTES = 128 << 10

_EARLIEST_YEAR = 1971
"""Cameras without a clock write 1904 or 1970."""


@dataclass(frozen=True, slots=True)
class Source:
    """An open file and its picture track."""

    container: InputContainer
    stream: VideoStream
    size: int
    """Bytes."""
    has_audio: bool
    duration: float
    """Seconds; 0 where neither the header nor the packets know."""
    has_pts: bool
    """Whether the container stores presentation times; AVI knows only the order of packets."""

    @property
    def knows_end(self) -> bool:
        """Whether `duration` is the picture track's own, not that of a longer sound track beside it."""
        own = self.stream.duration is not None or "DURATION" in self.stream.metadata
        return own or len(self.container.streams) == 1

    def seconds(self, ticks: int) -> float:
        """Turn a PTS into seconds since the stream's start."""
        return float((ticks - (self.stream.start_time or 0)) * (self.stream.time_base or 0))


@contextmanager
def open_source(path: Path, threads: int) -> Iterator[Source]:
    """Open a file, choose its picture track and check its claims, without decoding.

    libav gets a Python file object, never a name: no protocol can be smuggled in ("http:…", "concat:…",
    "-x"), any bytes are a valid name, and a further file that a container refers to is refused.

    Raises:
        MediaError: there is nothing to decode.
    """
    with _open_regular(path) as file:
        size = os.fstat(file.fileno()).st_size
        if size == 0:
            raise reasons.empty()
        container = _open_container(file)
        duration = _claimed_duration(container, _picture_track(container), size)
        if duration is None:
            with container:
                duration = _scanned_duration(container)
            container = _open_container(file)
        with container:
            stream = _picture_track(container)
            if _is_encrypted(stream, file):
                raise reasons.encrypted()
            context = stream.codec_context
            context.thread_count = threads
            context.thread_type = "AUTO"
            context.options = {**context.options, "max_pixels": str(reasons.MAX_PIXELS)}
            yield Source(
                container,
                stream,
                size,
                bool(container.streams.audio),
                duration,
                container.format.name != "avi",
            )


def facts(source: Source, shape: Geometry, created: str | None) -> VideoFacts:
    """Put together what is known once the first frame has shown its geometry."""
    rate = source.stream.average_rate
    return VideoFacts(
        container=source.container.format.name,
        codec=codec_name(source.stream),
        width=shape.width,
        height=shape.height,
        rotation=shape.rotation,
        duration=source.duration,
        frame_rate=float(rate) if rate else None,
        created=created,
        has_audio=source.has_audio,
        size=source.size,
    )


def codec_name(stream: VideoStream) -> str:
    """The coding format's usual name ("av1"), not the decoder's ("libdav1d")."""
    return stream.codec_context.codec.canonical_name


def creation_date(container: InputContainer, stream: VideoStream) -> str | None:
    """The date of recording, ISO 8601; None where absent, unreadable or a clock that was never set."""
    for metadata in (container.metadata, stream.metadata):
        tags = {key.lower(): value for key, value in metadata.items()}
        for key in ("com.apple.quicktime.creationdate", "creation_time", "date_recorded", "date", "icrd"):
            try:
                when = datetime.fromisoformat(tags[key].strip())
            except (KeyError, ValueError):
                continue
            if _EARLIEST_YEAR <= when.year <= datetime.now(UTC).year + 1:
                return when.isoformat()
    return None


def _open_regular(path: Path) -> BinaryIO:
    """Open for reading, unbuffered; a pipe or device is refused without waiting for its other end."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except OSError as error:
        raise reasons.cannot_open(error) from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise reasons.not_a_file()
    return os.fdopen(descriptor, "rb", buffering=0)


def _open_container(file: BinaryIO) -> InputContainer:
    file.seek(0)
    try:
        return av.open(
            file,
            "r",
            container_options={"format_whitelist": FORMATS, "protocol_whitelist": ""},
            metadata_errors="replace",
            buffer_size=READ_BYTES,
            io_open=_refuse,
        )
    except av.FFmpegError as error:
        raise reasons.from_open(error, file) from error


def _refuse(url: str, flags: int, options: dict[str, str]) -> BinaryIO:
    raise PermissionError(f"a video may not open another file: {url!r} ({flags}, {len(options)} options)")


def _picture_track(container: InputContainer) -> VideoStream:
    """The moving-picture track: cover art is none; the default track first, then the largest."""
    tracks = [t for t in container.streams.video if not t.disposition & Disposition.attached_pic]
    readable = [t for t in tracks if t.codec_context is not None]
    if not tracks:
        raise reasons.no_picture(bool(container.streams.audio))
    if not readable:
        raise reasons.unsupported_codec(str(tracks[0].codec_tag).strip("\0 ") or "unknown")
    best = max(readable, key=lambda t: (bool(t.disposition & Disposition.default), t.width * t.height))
    if max(best.width, best.height) > reasons.MAX_SIDE or best.width * best.height > reasons.MAX_PIXELS:
        raise reasons.too_large(best.width, best.height)
    return best


def _is_encrypted(stream: VideoStream, file: BinaryIO) -> bool:
    mp4 = stream.container.format.name.startswith("mov")
    return "enc_key_id" in stream.metadata or (mp4 and reasons.says_encrypted(file))


def _claimed_duration(container: InputContainer, stream: VideoStream, size: int) -> float | None:
    claimed = [
        float(stream.duration * stream.time_base) if stream.duration and stream.time_base else 0.0,
        _clock_seconds(stream.metadata.get("DURATION", "")),
        container.duration / av.time_base if container.duration else 0.0,
    ]
    for seconds in claimed:
        if 0 < seconds < CREDIBLE_SECONDS and size / seconds > CREDIBLE_BYTES_PER_SECOND:
            return seconds
    return None


def _clock_seconds(text: str) -> float:
    """Read Matroska's statistics tag of a track, "01:02:03.500000000"; 0 where it is none."""
    match = re.fullmatch(r"(\d+):(\d\d):(\d\d(?:\.\d+)?)", text)
    return int(match[1]) * 3600 + int(match[2]) * 60 + float(match[3]) if match else 0.0


def _scanned_duration(container: InputContainer) -> float:
    """Read the packets' own times to the end, in seconds; 0 where they have none."""
    stream = _picture_track(container)
    if stream.time_base is None:
        return 0.0
    last, step = 0.0, 0.0
    try:
        for packet in itertools.islice(container.demux(stream), SCAN_PACKETS):
            if packet.pts is not None:
                time = float((packet.pts - (stream.start_time or 0)) * stream.time_base)
                if last < time < CREDIBLE_SECONDS:
                    last, step = time, time - last
    except av.FFmpegError:
        return last + step  # What is damaged is met again, and reported, when it is decoded.
    return last + step
