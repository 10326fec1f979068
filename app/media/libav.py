"""PyAV 15 to 19 behind one face: where they differ is settled here, by what is there and not by version."""

import contextlib
import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any, BinaryIO, SupportsFloat, cast

import av
import av.logging
from av.container import InputContainer
from av.stream import Disposition, Stream
from av.video.reformatter import Colorspace, VideoReformatter

READ_BYTES = 128 << 10

_METADATA: dict[str, Any] = (
    {"metadata_errors": "replace"} if hasattr(InputContainer, "metadata_errors") else {}
)
"""Up to PyAV 18 a tag that is no UTF-8 fails unless told otherwise; PyAV 19 keeps its bytes as surrogates."""


def _scales_in_threads() -> bool:
    try:
        VideoReformatter().reformat(av.VideoFrame(2, 2, "gray"), threads=1)
    except TypeError:
        return False
    return True


ONE_THREAD: dict[str, Any] = {"threads": 1} if _scales_in_threads() else {}
"""For `VideoReformatter.reformat`: up to PyAV 16 it knows nothing but one thread."""

BT2020 = cast(Colorspace, getattr(Colorspace, "BT2020", 9))
"""Up to PyAV 17 libswscale's number for it has no name."""

_DISCARD_ALL = 48
"""AVDISCARD_ALL."""

_STILLS = Disposition.attached_pic | Disposition.timed_thumbnails | Disposition.still_image


class OtherFileError(Exception):
    """The file refers to another one, which it may not open."""


ERRORS = (av.FFmpegError, OtherFileError)
"""What reading a file of any content may raise, besides what its disk does."""


def be_quiet() -> None:
    """Have libav print nothing: what is wrong with a file is told otherwise."""
    av.logging.set_level(None)


def ffmpeg_versions() -> dict[str, str]:
    """Versions of FFmpeg's libraries, by their names."""
    return {name: ".".join(map(str, parts)) for name, parts in sorted(av.library_versions.items())}


def open_input(
    file: BinaryIO,
    formats: str,
    io_open: Callable[[str, int, dict[str, str]], BinaryIO],
    *,
    known: str | None = None,
) -> InputContainer:
    """Open `file` for reading, with the demuxers named in `formats` (comma separated) only.

    Args:
        file: binary, seekable.
        formats: names of demuxers.
        io_open: called where the file refers to another one.
        known: the name of the demuxer, where libav would guess wrong.

    Raises:
        av.FFmpegError: libav cannot read it.
        OSError: what `file` raised.
    """
    container: InputContainer = av.open(
        file,
        "r",
        format=known,
        container_options={"format_whitelist": formats, "protocol_whitelist": ""},
        buffer_size=READ_BYTES,
        io_open=io_open,
        **_METADATA,
    )
    return container


def demux(container: InputContainer, *streams: Stream) -> "Iterator[av.Packet[Stream]]":
    """Yield the packets of some streams in file order. Raises like `InputContainer.demux`.

    A broadcast may get further streams on the way: PyAV then trips over them, after the last packet.
    """
    with contextlib.suppress(IndexError):
        yield from container.demux(*streams)


def leave_out_others(container: InputContainer, streams: Sequence[Stream]) -> bool:
    """Tell libav not to read any track but these from the file; returns whether this PyAV can."""
    if not hasattr(Stream, "discard"):
        return False
    wanted = {stream.index for stream in streams}
    for stream in container.streams:
        if stream.index not in wanted:
            setattr(stream, "discard", _DISCARD_ALL)  # noqa: B010 (PyAV's own type for it comes and goes)
    return True


def number(ratio: SupportsFloat | None) -> float:
    """Turn a rational (a Fraction or None up to PyAV 18, an AVRational that may be 0/1 since) into a float.

    Returns 0 for what is unset, infinite or not positive: rates, time bases and the shapes of pixels are.
    """
    try:
        value = float(ratio) if ratio is not None else 0.0
    except (ArithmeticError, ValueError):
        return 0.0
    return value if math.isfinite(value) and value > 0 else 0.0


def is_still(stream: Stream) -> bool:
    """Whether the container says that a picture track is no film: cover art, thumbnails, a still."""
    return bool(stream.disposition & _STILLS)


def codec_tag(stream: Stream) -> str:
    """The four characters that name a codec libav does not know, or "unknown"."""
    try:
        tag = str(stream.codec_tag)
    except (AttributeError, ValueError):
        return "unknown"  # PyAV asks the codec's context, which there is none of
    return "".join(letter for letter in tag if letter.isprintable()).strip() or "unknown"
