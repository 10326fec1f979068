"""The text of a subtitle file becomes captions, by pysubs2, which is given only what it is made for.

A file that nobody vouches for may hold a line of 10 MB, a million blank lines or one wrong time: its lines
are cut, counted and looked through first, so that no pattern runs long and a wrong caption costs itself.
"""

import re
import warnings
from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import ParseError

import pysubs2

from app.media.decoding.subtitles.captions import Caption
from app.media.decoding.subtitles.markup import MOST_LETTERS, shown_lines

MOST_CAPTIONS = 100_000
"""Of one file."""
_CAPTION_LINES = 24
_HEAD_LINES = 400
"""Lines that are looked through for what the format is."""
_MOST_MARKED_UP = {"sami": 1 << 20, "ttml": 4 << 20}
"""Letters of a file that is one tree of tags."""

_TIME = r"-?\d{1,2}:\d{1,2}:\d{1,2}[.,]\d{1,3}"
_TIMES = re.compile(rf"\s*{_TIME}\s*(?:-->|,)\s*{_TIME}(?=\s|$)")
_CUE = re.compile(r"\s*(?:\d{1,4}:)?\d{2}:\d{2}\.\d{2,3}\s*-->\s*(?:\d{1,4}:)?\d{2}:\d{2}\.\d{2,3}(?=\s|$)")
_INSIDE = re.compile(r"<[\d:.]{1,16}>")
_DIALOGUE = re.compile(rf"Dialogue:[^,]{{0,40}},\s*{_TIME}\s*,\s*{_TIME}\s*,")
_FRAMES = re.compile(r" *\{ *\d{1,9} *\} *\{ *\d{1,9} *\}.")
_RATE = re.compile(r"\{1\}\{1\}\s*(\d{1,3}(?:\.\d{1,6})?)\s*$")
_TENTHS = re.compile(r"\[\d{1,9}\]\[\d{1,9}\]")
_SECONDS = re.compile(r"\d{1,2}:\d{2}:\d{2}:.")
_ENTITY = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


_PARSER_ERRORS = (
    *(ValueError, KeyError, TypeError, ArithmeticError, NotImplementedError, AssertionError, ParseError),
    pysubs2.exceptions.Pysubs2Error,
)


class NotSubtitlesError(ValueError):
    """A text that holds no subtitles of a known format."""


def captions_of(text: str, rate: float) -> list[Caption]:
    """The captions of a file, in its order.

    Args:
        text: all of it.
        rate: the video's frames per second, for formats that count frames.

    Raises:
        NotSubtitlesError: it is something else, or nothing in it can be read.
    """
    lines = _lines(text)
    kind = _format(lines)
    if kind in {"sami", "ttml"}:
        wanted: Iterable[str] = _tree(text, kind)
    elif kind == "ass":
        events = [line for line in lines if _DIALOGUE.match(line)]
        wanted = ["[V4+ Styles]", "[Events]", *events[:MOST_CAPTIONS]]
    elif kind in {"srt", "vtt"}:
        wanted = _timed(lines, kind)
    else:
        wanted = lines
        rated = next((match for line in lines[:3] if (match := _RATE.match(line))), None)
        if kind == "microdvd" and rated:
            rate = float(rated[1])
            wanted = [line for line in lines if not _RATE.match(line)]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            content = pysubs2.SSAFile.from_string("\n".join(wanted), format_=kind, fps=rate or 25.0)
    except _PARSER_ERRORS as error:
        raise NotSubtitlesError(f"{kind}: {error}") from error
    return [
        Caption(event.start / 1000, event.end / 1000, shown)
        for event in content.events[:MOST_CAPTIONS]
        if (shown := shown_lines(event.text, comments=kind == "ass"))
    ]


def _lines(text: str) -> list[str]:
    """Lines of bearable length; several blank ones are one."""
    found: list[str] = []
    for line in text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").split("\n"):
        if line.strip() or (found and found[-1]):
            found.append(line[: 4 * MOST_LETTERS].rstrip())
    return found


def _format(lines: list[str]) -> str:
    head = [line for line in lines[:_HEAD_LINES] if line]
    first = head[0].lstrip("\ufeff ") if head else ""
    beginning = "\n".join(head)[:8000].lower()
    if first.startswith("WEBVTT"):
        return "vtt"
    if beginning.lstrip().startswith("<sami"):
        return "sami"
    if "http://www.w3.org/ns/ttml" in beginning:
        return "ttml"
    if "[script info]" in beginning or "[events]" in beginning or any(map(_DIALOGUE.match, head)):
        return "ass"
    for kind, pattern in (
        ("srt", _TIMES),
        ("vtt", _CUE),
        ("microdvd", _FRAMES),
        ("mpl2", _TENTHS),
        ("tmp", _SECONDS),
    ):
        if any(map(pattern.match, head)):
            return kind
    raise NotSubtitlesError("no format that is known")


def _timed(lines: list[str], kind: str) -> Iterator[str]:
    """Each line of times with the few lines below it; in WebVTT those up to a blank one."""
    times = _CUE if kind == "vtt" else _TIMES
    left = count = 0
    if kind == "vtt":
        yield "WEBVTT"
    for line in lines:
        if match := times.match(line):
            if (count := count + 1) > MOST_CAPTIONS:
                return
            if kind == "vtt":  # pysubs2 takes a number before the times away, which is text without this one
                yield from ("", "0")
            yield match[0].strip()
            left = _CAPTION_LINES
        elif left > 0:
            if kind == "vtt" and not line:
                left = 0
                continue
            yield _INSIDE.sub("", line)
            left -= 1


def _tree(text: str, kind: str) -> list[str]:
    """A format of nested tags, whole, where it is small and defines no entities."""
    if len(text) > _MOST_MARKED_UP[kind] or _ENTITY.search(text):
        raise NotSubtitlesError("too large, or with definitions of its own")
    return text.split("\n")
