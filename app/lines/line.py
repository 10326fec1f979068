"""One line of text and when it is there: the value that every source of words gives."""

from dataclasses import dataclass
from enum import StrEnum


class Source(StrEnum):
    """Where a line was read."""

    NAME = "name"
    """The file's name, its folders, and the title, description and tags in the file."""
    SUBTITLE = "subtitle"
    """Subtitles, in the file or beside it."""
    SPEECH = "speech"
    """What is said, as a speech model hears it."""
    WRITING = "writing"
    """What stands written in the picture."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text.

    Attributes:
        start: seconds from the video's beginning, as the times of frames count.
        end: seconds at which it is over, at least `start`.
        text: one line, without markup, not empty.
        language: ISO 639-1 where it is known, else empty.
        word_times: seconds at which each of `text.split()` begins; empty where that is not known.
    """

    start: float
    end: float
    text: str
    language: str = ""
    word_times: tuple[float, ...] = ()
