"""Opening an untrusted file so that it can be nothing but a file, and reading what it says about itself."""

import contextlib
import itertools
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

import av
from av.codec import CodecContext
from av.container import InputContainer
from av.stream import Disposition
from av.video.codeccontext import VideoCodecContext
from av.video.stream import VideoStream

from app.media import libav, reasons
from app.media.decoding.opening.relayed_file import RelayedFile
from app.media.decoding.opening.source_file import SourceFile
from app.media.decoding.opening.timeline import Timeline, broadcasts, start_of
from app.media.decoding.picture import Geometry
from app.media.frames import Origin, VideoFacts

FORMATS = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,mpegvideo,m4v,h264,hevc,vvc,flv,asf,ogg,gif,"
    "mxf,gxf,dv,rm,nut,nuv,ivf,obu,wtv,mjpeg,yuv4mpegpipe,nsv,pva,roq,bink,smk,apng,flic,vc1,h263"
)
"""Demuxers that read one file and nothing else: no playlist, manifest, script, image sequence or device."""

CREDIBLE_SECONDS = 100 * 3600.0
CREDIBLE_BYTES_PER_SECOND = 20.0
"""A claimed duration that leaves less than this is checked against the packets (even black has ~1200)."""
SCAN_PACKETS = 2_000_000
SCAN_BYTES = 64 << 20
"""A broadcast up to this size is read once for its clocks; of a larger one they are known at its end."""
COUNTED_BYTES = 32 << 20
"""How much of a file with several picture tracks is read to find the one with the film."""

SMALLEST_SIDE = 16
"""Pixels: what is smaller, in a format that holds pictures as well, is an icon or a web beacon."""
PICTURES = {"gif", "apng", "mjpeg"}
"""Formats in which a single frame is a picture and no video."""

_ENDS_KNOWN = ("mov", "avi")
"""Formats whose index tells the length of each track; elsewhere libav estimates or copies it."""
_ALPHA_DECODERS = {"vp8": "libvpx", "vp9": "libvpx-vp9"}
"""Decoders that know the transparency which WebM keeps beside the picture."""
_PREVIEWS = {"mjpeg", "png", "bmp", "gif", "tiff", "webp"}
"""Codecs of pictures: beside a film they hold its cover or preview."""

AnyFile = SourceFile | RelayedFile

_JPEG = b"\xff\xd8\xff"


@dataclass(frozen=True, slots=True)
class Source:
    """An open file and its picture track."""

    file: AnyFile
    container: InputContainer
    stream: VideoStream
    codec: str
    """The coding format's usual name; a context that failed to open does not know it any more."""
    context: VideoCodecContext
    """Decodes the stream's packets."""
    timeline: Timeline
    has_audio: bool
    duration: float
    """Seconds of running time, as a player shows it; 0 where neither the header nor the packets know."""
    picture_end: float | None
    """Seconds of running time at which the picture track says that it ends; None where it does not say."""
    has_pts: bool
    """Whether the packets have presentation times; AVI and elementary streams know only their order."""

    @property
    def size(self) -> int:
        """Bytes."""
        return self.file.size

    @property
    def begins_anywhere(self) -> bool:
        """Whether the first pictures may lack what they are made from, with nothing being damaged."""
        return broadcasts(self.container)

    @property
    def ignores_alpha(self) -> bool:
        """Whether the fourth byte of a pixel means nothing, as in uncompressed AVI."""
        return self.container.format.name == "avi" and self.codec == "rawvideo"

    def seconds(self, ticks: int) -> float:
        """Turn a time of the track, as its packets and frames have it, into seconds of running time."""
        return self.timeline.seconds(ticks)


@contextmanager
def open_source(path: Path, threads: int) -> Iterator[Source]:
    """Open a file, choose its picture track and check its claims, without decoding.

    libav gets a Python file object, never a name: no protocol can be smuggled in ("http:…", "concat:…",
    "-x"), any bytes are a valid name, and a further file that a container refers to is refused.

    Raises:
        MediaError: there is nothing to decode.
    """
    with open_regular(path) as file, open_file(file, threads) as source:
        yield source


@contextmanager
def open_file(file: AnyFile, threads: int) -> Iterator[Source]:
    """As `open_source`, of a file that is open. Of one that lies elsewhere not all is read for its clocks."""
    if file.size == 0:
        raise reasons.empty()
    try:
        with _open_container(file) as container:
            number = _picture_track(container, file)
            claimed = _claimed_duration(container, _track(container, number), file.size)
            must_scan = claimed is None or (broadcasts(container) and file.size <= SCAN_BYTES)
        scanned = _scan(file, number) if must_scan and file.is_near else None
        with _open_container(file) as container:
            yield _source(file, container, _track(container, number), claimed, scanned, threads)
    except av.FFmpegError as error:
        if file.failure is not None:
            raise reasons.cannot_open(file.failure) from error
        raise


@contextmanager
def open_header(path: Path) -> Iterator[InputContainer]:
    """Open a file only to read what its headers say.

    Raises:
        MediaError: it cannot be opened.
    """
    with open_regular(path) as file:
        if file.size == 0:
            raise reasons.empty()
        with _open_container(file) as container:
            yield container


def _source(
    file: AnyFile,
    container: InputContainer,
    stream: VideoStream,
    claimed: float | None,
    scanned: Timeline | None,
    threads: int,
) -> Source:
    if _is_encrypted(stream, file):
        raise reasons.encrypted()
    codec = codec_name(stream)
    context = _decoder(stream)
    context.thread_count = threads
    context.thread_type = "AUTO"
    context.options = {**context.options, "max_pixels": str(reasons.MAX_PIXELS)}
    timeline = _timeline(container, stream)
    known = claimed is not None and not (scanned and scanned.jumps)
    return Source(
        file=file,
        container=container,
        stream=stream,
        codec=codec,
        context=context,
        timeline=timeline,
        has_audio=bool(container.streams.audio),
        duration=claimed if known and claimed is not None else scanned.end if scanned else 0.0,
        picture_end=_picture_end(container, stream),
        has_pts=container.format.name != "avi" and (scanned is None or scanned.timed),
    )


def facts(source: Source, shape: Geometry, created: str | None, origin: Origin) -> VideoFacts:
    """Put together what is known once the first frame has shown its geometry."""
    rate = libav.number(source.stream.average_rate)
    return VideoFacts(
        container=source.container.format.name,
        codec=source.codec,
        width=shape.width,
        height=shape.height,
        rotation=shape.rotation,
        duration=source.duration,
        frame_rate=rate or None,
        created=created,
        has_audio=source.has_audio,
        size=source.size,
        origin=origin,
    )


def codec_name(stream: VideoStream) -> str:
    """The coding format's usual name ("av1"), not the decoder's ("libdav1d")."""
    return stream.codec_context.codec.canonical_name


def open_regular(path: Path) -> SourceFile:
    """Open for reading, unbuffered; a pipe or device is refused without waiting for its other end."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except OSError as error:
        raise reasons.cannot_open(error) from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise reasons.not_a_file()
    return SourceFile(descriptor)


def _open_container(file: AnyFile) -> InputContainer:
    file.seek(0)
    try:
        # To libav a file that begins like a JPEG is a series of picture files, which is no video.
        known = "mjpeg" if file.read(len(_JPEG)) == _JPEG else None
        file.seek(0)
        return libav.open_input(cast(BinaryIO, file), FORMATS, refuse_others, known=known)
    except libav.ERRORS as error:
        if file.failure is not None:
            raise reasons.cannot_open(file.failure) from error
        raise reasons.from_open(error, cast(BinaryIO, file)) from error


def refuse_others(url: str, flags: int, options: dict[str, str]) -> BinaryIO:
    """For libav's `io_open`: a container may not open a further file."""
    raise libav.OtherFileError(f"{url!r} ({flags}, {len(options)} options)")


def _track(container: InputContainer, number: int) -> VideoStream:
    """The picture track whose number among all tracks is `number`, in a container opened again."""
    for track in container.streams.video:
        if track.index == number:
            return track
    raise reasons.no_picture(bool(container.streams.audio))


def _picture_track(container: InputContainer, file: AnyFile) -> int:
    """The number of the track with the film: cover art is none, nor a still or a preview beside it."""
    tracks = [track for track in container.streams.video if not libav.is_still(track)]
    readable = [track for track in tracks if track.codec_context is not None]
    if not tracks:
        raise reasons.no_picture(bool(container.streams.audio))
    if not readable:
        raise reasons.unsupported_codec(libav.codec_tag(tracks[0]))
    best = readable[0] if len(readable) == 1 else _film(readable, file)
    check_size(best.width, best.height)
    if container.format.name in PICTURES and 0 < min(best.width, best.height) < SMALLEST_SIDE:
        raise reasons.still_picture()
    return best.index


def check_size(width: int, height: int) -> None:
    """Raise MediaError where pictures of this size (0: not known yet) are too large to decode."""
    if max(width, height) > reasons.MAX_SIDE or width * height > reasons.MAX_PIXELS:
        raise reasons.too_large(width, height)


def _film(tracks: list[VideoStream], file: AnyFile) -> VideoStream:
    """Of several picture tracks the one that moves, and for longest; else the default, or the largest."""
    counted = _count(file) if not all(track.frames for track in tracks) else {}
    frames = {track.index: track.frames or counted.get(track.index, (0, 0.0))[0] for track in tracks}
    seconds = {track.index: _length(track) or counted.get(track.index, (0, 0.0))[1] for track in tracks}

    def merit(track: VideoStream) -> tuple[bool | int, ...]:
        return (
            frames[track.index] > 1,
            seconds[track.index] >= max(seconds.values()) / 2,
            frames[track.index] >= max(frames.values()) / 8,
            codec_name(track) not in _PREVIEWS,
            bool(track.disposition & Disposition.default),
            track.width * track.height,
        )

    return max(tracks, key=merit)


def _count(file: AnyFile) -> dict[int, tuple[int, float]]:
    """Frames and seconds of each picture track in the first part of the file."""
    found: dict[int, tuple[int, float]] = {}
    left = COUNTED_BYTES
    with _open_container(file) as container, contextlib.suppress(*libav.ERRORS):
        for packet in libav.demux(container, *container.streams.video):
            if packet.size and packet.pts is not None:
                count, seconds = found.get(packet.stream.index, (0, 0.0))
                end = (packet.pts + (packet.duration or 0)) * libav.number(packet.time_base)
                found[packet.stream.index] = count + 1, max(seconds, end)
            left -= packet.size
            if left < 0:
                break
    return found


def _length(track: VideoStream) -> float:
    """Seconds that a track says it lasts; 0 where it does not, or the container's length was copied to it."""
    if track.container.format.name.startswith(_ENDS_KNOWN) and track.duration:
        return track.duration * libav.number(track.time_base)
    return _tagged_seconds(track)


def _decoder(stream: VideoStream) -> VideoCodecContext:
    name = _ALPHA_DECODERS.get(codec_name(stream))
    tags = {key.lower(): value for key, value in stream.metadata.items()}
    if name is None or tags.get("alpha_mode") != "1" or name not in av.codecs_available:
        return stream.codec_context
    decoder: VideoCodecContext = CodecContext.create(name, "r")  # type: ignore[assignment]
    return decoder


def _timeline(container: InputContainer, stream: VideoStream) -> Timeline:
    return Timeline(container, stream, start_of(container, stream), in_order=container.format.name == "avi")


def _is_encrypted(stream: VideoStream, file: AnyFile) -> bool:
    mp4 = stream.container.format.name.startswith("mov")
    return "enc_key_id" in stream.metadata or (mp4 and reasons.says_encrypted(cast(BinaryIO, file)))


def _claimed_duration(container: InputContainer, stream: VideoStream, size: int) -> float | None:
    """Seconds of running time that the header claims, the longest track's; None where not credible."""
    tick = libav.number(stream.time_base)
    claimed = [
        container.duration / av.time_base if container.duration else 0.0,
        stream.duration * tick if stream.duration else 0.0,
        _tagged_seconds(stream),
    ]
    for seconds in claimed:
        if 0 < seconds < CREDIBLE_SECONDS and size / seconds > CREDIBLE_BYTES_PER_SECOND:
            return seconds
    return None


def _picture_end(container: InputContainer, stream: VideoStream) -> float | None:
    """Seconds of running time at which the picture track says that it ends, not the sound beside it."""
    tick, start = libav.number(stream.time_base), start_of(container, stream)
    tagged = _tagged_seconds(stream)
    if tagged:
        return tagged - start
    if broadcasts(container):
        return None  # an estimate
    if container.format.name.startswith(_ENDS_KNOWN) and stream.duration:
        return ((stream.start_time or 0) + stream.duration) * tick - start
    if len(container.streams) == 1 and container.duration:
        return container.duration / av.time_base
    return None


def _tagged_seconds(stream: VideoStream) -> float:
    """Where a track of Matroska ends by its statistics tag, "01:02:03.500000000"; 0 without one."""
    match = re.fullmatch(r"(\d+):(\d\d):(\d\d(?:\.\d+)?)", stream.metadata.get("DURATION", ""))
    return int(match[1]) * 3600 + int(match[2]) * 60 + float(match[3]) if match else 0.0


def _scan(file: AnyFile, number: int) -> Timeline:
    """Follow the packets' own times to the end, without decoding."""
    with _open_container(file) as container:
        timeline = _timeline(container, _track(container, number))
        # What is damaged is met again, and reported, when it is decoded.
        with contextlib.suppress(*libav.ERRORS):
            for _ in itertools.islice(timeline.packets(), SCAN_PACKETS):
                pass
        return timeline
