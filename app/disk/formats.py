"""What is taken for a video: one table of suffixes; where one means several things, the first bytes decide.

What is no video is passed over in silence. In doubt (a file that cannot be read, or whose beginning is
damaged) it is one: indexing then says what is wrong with it.
"""

import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from app.disk.found_file import FoundFile

logger = logging.getLogger(__name__)

_HEAD = 64 << 10
"""Bytes from which the first look decides."""

_LARGEST_GIF = 16 << 20
"""Bytes of a GIF that are searched for a second picture."""

_MOST_REMEMBERED = 100_000
"""Files: about 40 MB."""

_SMALLEST_PICTURE = 16
"""Pixels; a GIF that is not wider or not higher is an icon or a counter, no video."""


def is_video_name(name: str) -> bool:
    """Whether a file of this name may be a video; hidden files and AppleDouble twins (`._x.mp4`) may not."""
    return not name.startswith(".") and suffix_of(name) in FORMATS


def is_ambiguous(name: str) -> bool:
    """Whether the first bytes of a file of this name decide."""
    return FORMATS.get(suffix_of(name)) is not None


def is_video(path: Path) -> bool:
    """Whether a file whose name may be a video's is one, by its first bytes where the name leaves it open."""
    decide = FORMATS.get(suffix_of(path.name))
    if decide is None:
        return True
    try:
        with path.open("rb", buffering=0) as file:
            return decide(_Beginning(file.read(_HEAD), file))
    except OSError as error:  # indexing says what is wrong with it
        logger.info("%s cannot be looked into: %s", path, error)
        return True


class FormatCache:
    """Remembers of ambiguous files that they are no videos, so that no scan opens them again."""

    def __init__(self) -> None:
        self._passed_over: set[FoundFile] = set()

    def is_video(self, file: FoundFile) -> bool:
        """What `is_video` says of a file, as long as its size and time of change stay."""
        if not is_ambiguous(file.path.name):
            return True
        if file in self._passed_over:
            return False
        found = is_video(file.path)
        if not found:
            if len(self._passed_over) >= _MOST_REMEMBERED:
                self._passed_over.clear()
            self._passed_over.add(file)
        return found


def suffix_of(name: str) -> str:
    """The suffix of a file name with its dot, lower case."""
    return os.path.splitext(name)[1].lower()  # noqa: PTH122 - no Path per file


@dataclass(frozen=True, slots=True)
class _Beginning:
    head: bytes
    file: IO[bytes]
    """Open behind `head`."""


def _mpeg_or_text(beginning: _Beginning) -> bool:
    """MPEG transport streams share `.ts` and `.mts` with TypeScript, and with Qt's translations."""
    return _is_transport_stream(beginning.head) or not _is_text(beginning.head)


def _known_container(beginning: _Beginning) -> bool:
    """For suffixes that mean anything at all: only what begins as a video does."""
    return _is_container(beginning.head)


def _not_text(beginning: _Beginning) -> bool:
    """For suffixes that source code, tables or notes share with recordings."""
    return not _is_text(beginning.head)


def _ogg_video(beginning: _Beginning) -> bool:
    """A song or a film, as the first packet of each stream says (RFC 3533: all of them come first)."""
    head = beginning.head
    if not head.startswith(b"OggS"):
        return _is_container(head)
    start = 0
    while head.startswith(b"OggS", start) and len(head) >= start + 27:
        begins_stream = head[start + 5] & 2
        if not begins_stream:
            return False
        table = head[start + 27 : start + 27 + head[start + 26]]
        packet = start + 27 + head[start + 26]
        if head.startswith(_OGG_VIDEO, packet):
            return True
        start = packet + sum(table)
    return False


_OGG_VIDEO = (b"\x80theora", b"BBCD\0", b"OVP80", b"\x80daala", b"\x01video", b"\x80kate_video", b"YUV4MPEG")


def _real_video(beginning: _Beginning) -> bool:
    """RealMedia with a picture; `.rm` is mostly sound. Its streams are described at its beginning."""
    head = beginning.head
    if not head.startswith(b".RMF"):
        return _is_container(head)
    return b"video/" in head or b"VIDO" in head


def _windows_video(beginning: _Beginning) -> bool:
    """An ASF file with a picture; one that is text is a link to a broadcast."""
    head = beginning.head
    if head.startswith(_ASF):
        return _ASF_VIDEO in head or _ASF_AUDIO not in head
    return not _is_text(head)


_ASF = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
_ASF_VIDEO = bytes.fromhex("c0ef19bc4d5bcf11a8fd00805f5c442b")
_ASF_AUDIO = bytes.fromhex("409e69f84d5bcf11a8fd00805f5c442b")


def _moving_gif(beginning: _Beginning) -> bool:
    """A GIF of more than one picture that is more than an icon."""
    head = beginning.head
    if not head.startswith((b"GIF87a", b"GIF89a")):
        return _is_container(head)
    width, height = int.from_bytes(head[6:8], "little"), int.from_bytes(head[8:10], "little")
    if min(width, height) <= _SMALLEST_PICTURE:
        return False
    content = head + beginning.file.read(_LARGEST_GIF) if len(head) == _HEAD else head
    return _has_two_pictures(content)


def _has_two_pictures(gif: bytes) -> bool:
    """Walk the blocks of a GIF (version 89a) up to the second picture; in doubt, a long one has it."""
    at = 13 + _table_bytes(gif[10])
    pictures = 0
    while at < len(gif):
        kind = gif[at]
        if kind == 0x3B:
            return False
        if kind == 0x2C:
            pictures += 1
            if pictures == 2:
                return True
            if at + 10 > len(gif):
                break
            at += 11 + _table_bytes(gif[at + 9])
        elif kind == 0x21:
            at += 2
        else:
            return False
        while at < len(gif) and gif[at]:
            at += 1 + gif[at]
        at += 1
    return len(gif) > _LARGEST_GIF


def _table_bytes(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _moving_png(beginning: _Beginning) -> bool:
    """An animated PNG: its control chunk comes before the first picture data."""
    before, found, _ = beginning.head.partition(b"acTL")
    return bool(found) and b"IDAT" not in before


_MPEG = (b"\0\0\x01\xba", b"\0\0\x01\xb3", b"\0\0\x01\xe0", b"\0\0\x01\xb0", b"\0\0\x01\xb5")


def _is_container(head: bytes) -> bool:
    """Whether a file begins as one of the containers of videos does."""
    return (
        head[4:8] in {b"ftyp", b"moov", b"mdat", b"wide", b"skip", b"free"}
        or head.startswith((b"\x1a\x45\xdf\xa3", b"FLV\x01", b".RMF", _ASF, *_MPEG))
        or (head.startswith(b"RIFF") and head[8:12] in {b"AVI ", b"AVIX", b"CDXA"})
        or head.startswith(b"\0" + b"\xff" * 10 + b"\0")  # sectors of a Video CD, as they are
        or _is_transport_stream(head)
    )


def _is_transport_stream(head: bytes) -> bool:
    """Whether packets begin with 0x47 at one of the distances in use, from one of the first bytes on."""
    if _is_text(head):
        return False
    for size in (188, 192, 204):
        wanted = min(5, len(head) // size)
        marks = (head[start : start + size * wanted : size] for start in range(size))
        if wanted >= 2 and b"\x47" * wanted in marks:
            return True
    return False


def _is_text(head: bytes) -> bool:
    """Whether a file begins as a text; an empty one does."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):  # UTF-16 with its mark
        return True
    return not head[:4096].translate(None, _TEXT)


_TEXT = bytes(byte for byte in range(256) if byte >= 0x20 or byte in b"\t\n\v\f\r\x1b")
"""Bytes that a text of whatever encoding holds; recordings hold others in every few bytes."""

_Decide = Callable[[_Beginning], bool]


def _table() -> dict[str, _Decide | None]:
    plain = """
        mp4 m4v mp4v mpg4 mov qt 3gp 3gpp 3g2 3gp2 3gpp2 mj2 lrv lrf insv f4v ismv
        mkv mk3d webm avi divx
        m2t m2ts tp trp tod ssif
        mpg mpeg mpe mpv mpv2 mp2v m1v m2v m2p vob vro evo
        flv wmv dvr-ms wtv rmvb ogv ogm mxf gxf dv dif nut nuv pva nsv
        ivf obu h264 264 avc 26l hevc h265 265 vvc h266 266 h263 vc1 mjpg mjpeg y4m
        bik smk fli flc roq amv dav
    """
    ambiguous: dict[str, _Decide] = {
        "ts": _mpeg_or_text,
        "mts": _mpeg_or_text,
        "m2ts": _mpeg_or_text,
        "ogg": _ogg_video,
        "ogx": _ogg_video,
        "dat": _known_container,
        "mod": _known_container,
        "mp": _known_container,
        "360": _known_container,
        "rec": _known_container,
        "rm": _real_video,
        "asf": _windows_video,
        "gif": _moving_gif,
        "apng": _moving_png,
    }
    # Notes, tables and settings of other programs are called so too.
    shared = "tod tp obu 26l 264 265 266 avc h263 vc1 dv dif nut nuv pva nsv roq fli flc dav evo vro lrf qt"
    table: dict[str, _Decide | None] = {f".{name}": None for name in plain.split()}
    table |= {f".{name}": _not_text for name in shared.split()}
    return table | {f".{name}": decide for name, decide in ambiguous.items()}


FORMATS = _table()
"""Suffixes with their dot, lower case; what decides where a name alone does not, else None.

Playlists and scripts (`.m3u8`, `.avs`, `.mpd`) are not among them: they name other files. A download in
progress (`.part`, `.crdownload`, `.!qB`, `.tmp`) has no suffix of these.
"""
