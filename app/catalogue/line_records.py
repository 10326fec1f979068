"""The values about lines of text that enter and leave the library."""

from dataclasses import dataclass

from app.catalogue.records import Video
from app.errors import Cause
from app.lines.line import Source


@dataclass(frozen=True, slots=True)
class StoredLine:
    """One line of the library; times in seconds on the container's clock."""

    id: int
    video_id: int
    """Of names the file's own video; of everything else that whose content the line was read from."""
    source: Source
    start: float
    end: float
    text: str
    language: str = ""
    word_times: tuple[float, ...] = ()
    """Seconds at which each of `text.split()` begins; empty where that is not known."""


@dataclass(frozen=True, slots=True)
class LineCounts:
    """How far one source has been read; numbers of videos, and of lines."""

    done: int
    failed: int
    pending: int
    """Those that are indexed, and of which this source was not read yet."""
    lines: int


@dataclass(frozen=True, slots=True)
class LineFailure:
    """A source that could not be read from a video."""

    video: Video
    source: Source
    reason: str
    """A plain sentence."""
    advice: str
    cause: Cause
    attempts: int
