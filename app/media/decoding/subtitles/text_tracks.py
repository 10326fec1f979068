"""The text tracks of a container become captions: as they are stored, else as FFmpeg decodes them."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import av
from av.container import InputContainer
from av.stream import Stream

from app.lines.language_codes import iso_639_1
from app.media import libav
from app.media.decoding.opening.container import Source, open_header, open_source
from app.media.decoding.opening.other_tracks import packets_of
from app.media.decoding.subtitles.captions import Caption
from app.media.decoding.subtitles.encodings import encoding_of
from app.media.decoding.subtitles.markup import MOST_LETTERS, MOST_LINES, shown_lines

logger = logging.getLogger(__name__)

MOST_TRACKS = 40
MOST_CAPTIONS = 100_000
"""Of all tracks of a file."""
MOST_BYTES = 64 << 20
"""Of all captions of a file."""

_PLAIN = {"subrip", "srt", "text", "webvtt"}
_SUBSTATION = {"ass", "ssa"}
_DECODED = {
    *("eia_608", "dvb_teletext", "arib_caption", "hdmv_text_subtitle", "stl", "subviewer", "subviewer1"),
    *("microdvd", "mpl2", "jacosub", "pjs", "realtext", "sami", "vplayer"),
}
"""Text as FFmpeg's decoders give it, where this FFmpeg has them; it gives none for pictures of text."""
_ASS_FIELDS = 8
"""What stands before the text of an event: read order, layer, style, name, three margins, effect."""
_BEAT_PACKETS = 500


@dataclass(slots=True)
class TextTrack:
    """One track of text."""

    codec: str
    language: str
    """ISO 639-1, or empty."""
    events: list[tuple[float, float | None, bytes]] = field(default_factory=list)
    """Start and end in seconds of running time, and what is stored."""

    def captions(self) -> Iterator[Caption]:
        """What it shows, in the order of the file."""
        encoding = encoding_of(b"\n".join(data for _, _, data in self.events), self.language)
        for start, end, data in self.events:
            text = data.decode(encoding, "replace").removeprefix("\ufeff")
            substation = self.codec not in _PLAIN and self.codec != "mov_text"
            if substation:
                text = text.split(",", _ASS_FIELDS)[-1]
            yield Caption(start, end, shown_lines(text, comments=substation))


@dataclass(frozen=True, slots=True)
class ContainerText:
    """What a container says that subtitles need."""

    tracks: tuple[TextTrack, ...]
    duration: float
    """Seconds; 0 where unknown."""
    rate: float
    """Frames per second; 0 where unknown."""


def read_container(path: Path, beat: Callable[[float], None]) -> ContainerText:
    """Read the text tracks of a video; one without any is not read beyond its headers.

    Args:
        path: of the video.
        beat: told the seconds reached, now and then.

    Raises:
        MediaError: it cannot be opened, or its disk gave an error.
    """
    with open_header(path) as container:
        found = _text_streams(container)
        duration = container.duration / av.time_base if container.duration else 0.0
        rate = max((libav.number(stream.average_rate) for stream in container.streams.video), default=0.0)
    if not found:
        return ContainerText((), duration, rate)
    with open_source(path, threads=1) as source:
        streams = _text_streams(source.container)
        tracks = {
            stream.index: TextTrack(_codec(stream), iso_639_1(stream.metadata.get("language", "")))
            for stream in streams
        }
        try:
            _collect(source, streams, tracks, beat)
        except libav.ERRORS as error:  # damage is told by who reads the pictures: what was read is kept
            if source.file.failure is not None:
                raise
            logger.info("%s: its subtitles end early: %s", path, error)
        return ContainerText(tuple(tracks.values()), source.duration or duration, rate)


def _collect(
    source: Source, streams: Sequence[Stream], tracks: Mapping[int, TextTrack], beat: Callable[[float], None]
) -> None:
    left, count = MOST_BYTES, 0
    for number, (packet, at) in enumerate(packets_of(source, streams)):
        if number % _BEAT_PACKETS == 0:
            beat(at)
        track = tracks[packet.stream.index]
        event = _event(track.codec, packet)
        if event is None:
            continue
        data, after, lasting = event
        track.events.append((at + after, None if lasting is None else at + lasting, data))
        left, count = left - len(data), count + 1
        if left < 0 or count >= MOST_CAPTIONS:
            break


def _text_streams(container: InputContainer) -> Sequence[Stream]:
    known = _PLAIN | _SUBSTATION | _DECODED | {"mov_text"}
    return [stream for stream in container.streams.subtitles if _codec(stream) in known][:MOST_TRACKS]


def _codec(stream: Stream) -> str:
    context = stream.codec_context
    return context.codec.canonical_name if context is not None else ""


def _event(codec: str, packet: "av.Packet[Stream]") -> tuple[bytes, float, float | None] | None:
    """What a packet holds, and after how many seconds it appears and vanishes, where it says so."""
    lasting = (packet.duration or 0) * libav.number(packet.time_base) or None
    if codec in _DECODED:
        return _decoded(packet, lasting)
    data = bytes(packet)[: MOST_LETTERS * MOST_LINES]
    if codec == "mov_text":
        data = data[2 : 2 + int.from_bytes(data[:2], "big")]
        if data.startswith((b"\xfe\xff", b"\xff\xfe")):
            data = data.decode("utf-16", "replace").encode()
    elif data[4:8] in {b"vttc", b"vtte"}:  # WebVTT in MP4: boxes (ISO/IEC 14496-30, 6)
        data = b"\n".join(_payloads(data))
    return (data, 0.0, lasting) if data.strip() else None


def _payloads(data: bytes) -> Iterator[bytes]:
    at = 0
    while at + 8 <= len(data):
        size, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if size < 8:
            return
        if kind == b"vttc":
            yield from _payloads(data[at + 8 : at + size])
        elif kind == b"payl":
            yield data[at + 8 : at + size]
        at += size


def _decoded(packet: "av.Packet[Stream]", lasting: float | None) -> tuple[bytes, float, float | None] | None:
    try:
        found = packet.decode()
    except libav.ERRORS:
        return None  # one caption
    texts = [
        rect.ass
        for item in found
        for rect in getattr(item, "rects", ())
        if isinstance(getattr(rect, "ass", None), bytes)
    ]
    if not texts:
        return None
    first = found[0]
    after, until = (getattr(first, name, 0) for name in ("start_display_time", "end_display_time"))
    if 0 < until < _UNKNOWN:
        lasting = until / 1000
    joined = b"\\N".join(text.split(b",", _ASS_FIELDS)[-1] for text in texts)
    return b"," * _ASS_FIELDS + joined[: MOST_LETTERS * MOST_LINES], max(0, after) / 1000, lasting


_UNKNOWN = 0xFFFFFFFF
"""What FFmpeg says of an end it does not know, in milliseconds."""
