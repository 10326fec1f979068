"""The file that a clip is written to: its format, and what it says about itself."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import av
from av.container import InputContainer, OutputContainer
from av.stream import Stream

from app.errors import MediaError
from app.media.decoding.opening.container import Source

SUFFIXES = {
    "mp4": ".mp4",
    "mov": ".mov",
    "matroska": ".mkv",
    "webm": ".webm",
    "mpegts": ".ts",
}
"""Formats that clips are written in, by libav's names."""
LAST_RESORT = "matroska"
"""Holds what others cannot."""

_TEXT_KEYS = {
    "title", "comment", "description", "synopsis", "artist", "copyright", "creation_time", "date", "location",
    "location-eng", "make", "model", "keywords", "genre", "com.apple.quicktime.creationdate",
    "com.apple.quicktime.make", "com.apple.quicktime.model",
}  # fmt: skip
_PLACE = "com.apple.quicktime.location.ISO6709"


def format_like(container: InputContainer, path: Path) -> str:
    """The format in which a part of a file is written: the file's own where it is a usual one.

    Not AVI: its writer loses sound of a varying rate.
    """
    name, suffix = container.format.name, path.suffix.lower()
    if name.startswith(("mov", "mxf", "gxf")):
        return "mov" if suffix in {".mov", ".qt", ".mxf", ".gxf"} else "mp4"
    if name.startswith("matroska"):
        return "webm" if suffix == ".webm" else "matroska"
    return {"mpegts": "mpegts", "mpeg": "mpegts", "flv": "mp4"}.get(name, LAST_RESORT)


def open_output(target: Path, form: str) -> OutputContainer:
    """Begin a file in one of the formats of `SUFFIXES`. Raises OSError, av.FFmpegError."""
    options = {"movflags": "+faststart"} if form in {"mp4", "mov"} else {}
    return av.open(str(target), "w", format=form, options=options)


def check_start(source: Source, start: float) -> None:
    """Refuse a part that begins where the video has ended. Raises MediaError."""
    if source.duration and start >= source.duration:
        raise nothing_there()


def nothing_there() -> MediaError:
    """There is no picture where one is wanted."""
    return MediaError("The video has no picture at this time.", "Play it to see where it ends.")


def copy_tags(source: InputContainer, output: OutputContainer) -> None:
    """Give the file the title, day, place and camera of the one it comes from."""
    for key, value in source.metadata.items():
        if key.lower() in _TEXT_KEYS:
            output.metadata[key] = value
    if place := source.metadata.get(_PLACE):
        output.metadata.setdefault("location", place)


def copy_track_tags(source: Stream, output: Stream) -> None:
    """Give a track the language, name and role of the one it comes from."""
    for key in ("language", "title", "handler_name"):
        if value := source.metadata.get(key):
            output.metadata[key] = value
    with suppress(AttributeError, TypeError, ValueError):
        setattr(output, "disposition", _number(source.disposition))  # noqa: B010 (PyAV's type varies)


def _number(disposition: Any) -> int:
    return int(getattr(disposition, "value", disposition))
