"""The values about lines of text that enter and leave the library."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.catalogue.records import Video
from app.errors import Cause
from app.lines.asked import AskedWord
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


@dataclass(frozen=True, slots=True)
class FoundLine:
    """A line that holds words of a query."""

    line: StoredLine
    content: int
    """Id of the video whose frames stand for the line's video: of the original."""
    words: tuple[str, ...]
    """The line's words as they are searched."""
    places: Mapping[AskedWord, list[int]]
    """The query's words that it holds, and where each begins among `words`."""


@dataclass(frozen=True, slots=True)
class FoundLines:
    """What a library's lines hold of a query's words."""

    total: int
    """About how many lines there are."""
    frequency: Mapping[AskedWord, float]
    """In how many lines each word stands, estimated where those are many; 0 where in none."""
    read_as: Mapping[AskedWord, AskedWord]
    """Words of the library that were taken for words of the query that it does not have."""
    lines: tuple[FoundLine, ...]
    """Those with the most of what is rare, first."""
