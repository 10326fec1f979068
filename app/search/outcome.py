"""What a search gives back."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from app.catalogue.records import Presence


class Verdict(StrEnum):
    """Whether the library holds what was described."""

    GOOD = "good"
    WEAK = "weak"
    NONE = "none"


BY_DATE = "date"
"""Stands for the scorer of what was listed and not ranked."""

GOOD = 0.4
WEAK = 0.2
"""From these on a moment's probability of being a match is called so."""


def verdict_of(strength: float) -> Verdict:
    """What to say of a query whose strongest moment is so strong."""
    if strength >= GOOD:
        return Verdict.GOOD
    return Verdict.WEAK if strength >= WEAK else Verdict.NONE


@dataclass(frozen=True, slots=True)
class Took:
    """Milliseconds spent in each stage of a query."""

    encode: float
    candidates: float
    rescore: float
    total: float


class ReasonKind(StrEnum):
    """Why a moment was found."""

    SEEN = "seen"
    """Its picture shows what was asked for."""
    ABSENT = "absent"
    """Its picture does not show what was left out."""
    SAID = "said"
    """It is said, or stands in subtitles, at that time."""
    WRITTEN = "written"
    """It is written in the picture."""
    NAMED = "named"
    """The file, a folder, or the title in the file is called so."""


@dataclass(frozen=True, slots=True)
class Reason:
    """What one part of the query has to do with a moment."""

    kind: ReasonKind
    text: str
    """The part of the query."""
    strength: float
    """0..1: calibrated probability that it is so."""
    step: int
    """Of which step of the query, from 1."""
    quote: str = ""
    """What is said or written, or the name; empty of what is seen."""
    marks: tuple[tuple[int, int], ...] = ()
    """Where in `quote` the words that were asked for begin and end, in characters."""

    @property
    def marked_quote(self) -> str:
        """`quote` with two asterisks around each of these words."""
        pieces, at = [], 0
        for start, end in self.marks:
            pieces += [self.quote[at:start], "**", self.quote[start:end], "**"]
            at = end
        return "".join([*pieces, self.quote[at:]])


@dataclass(frozen=True, slots=True)
class MomentPart:
    """What one step of a chain found; times in seconds on the container's clock."""

    start: float
    end: float
    best: float
    strength: float
    """0..1: calibrated probability that it shows what the step describes."""
    frame_id: int
    """Row of the best frame in the library."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A run of frames of one video that match; times in seconds on the container's clock.

    Of a chain, from the first part's start to the last part's end.
    """

    rank: int
    """1 = best."""
    video_id: int
    path: Path
    start: float
    end: float
    best: float
    """Time of the best matching frame: where the player opens."""
    score: float
    """The scorer's number; comparable within one query only."""
    strength: float
    """0..1: calibrated probability that this moment shows what was described."""
    frame_id: int
    """Row of the best frame in the library, for its thumbnail."""
    presence: Presence
    """Where the file is; whatever is not `HERE` shows but does not play."""
    copies: tuple[Path, ...] = ()
    """Other files with the same content, `path` not among them."""
    parts: tuple[MomentPart, ...] = ()
    """Of a chain, one for each step in order of time; empty for all other queries."""
    reasons: tuple[Reason, ...] = ()
    """One for each part of the query, in its order."""
    duration: float = 0.0
    """Seconds of the whole video; 0 where it is not known yet."""
    filmed: float = 0.0
    """When, in seconds since 1970: as the file's own data says, else of its last change."""
    listed: bool = False
    """Whether filters alone were asked: nothing was compared, and `strength` says nothing."""

    @property
    def online(self) -> bool:
        """Whether the file can be played now, as far as the last scan knows."""
        return self.presence is Presence.HERE


@dataclass(frozen=True, slots=True)
class SearchOutcome:
    """The answer to one query."""

    query: str
    model: str
    """Identity of the encoder bundle."""
    scorer: str
    """Name of what ranked (`app.engines.scorer_names.SCORERS`); `BY_DATE` where filters alone were asked."""
    verdict: Verdict
    took: Took
    moments: tuple[Moment, ...]
    notice: str = ""
    """What to know about the query beside the answer, sentences; empty where there is nothing."""

    @property
    def is_listing(self) -> bool:
        """Whether everything that meets the filters is listed, newest first: nothing was compared."""
        return self.scorer == BY_DATE
