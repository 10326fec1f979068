"""A query as it was read. Positions in the text are carried for errors and take no part in comparisons."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

WITHIN = 60.0
"""Seconds at most from one step of a chain to the next, where nothing else is asked for."""


class FilterName(StrEnum):
    """What can be asked of a video beside what it shows."""

    IN = "in"
    AFTER = "after"
    BEFORE = "before"
    LONGER = "longer"
    SHORTER = "shorter"
    IS = "is"
    TYPE = "type"
    NAME = "name"
    CAMERA = "camera"
    PLACE = "place"
    TAG = "tag"
    IN_COLLECTION = "in-collection"


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition that a video has to meet."""

    name: FilterName
    value: str | float | date
    """Of `AFTER` and `BEFORE` a day, of `LONGER` and `SHORTER` seconds, of the others text."""
    excluded: bool = False
    """Whether the video must not meet it."""
    at: int = field(default=0, compare=False)
    """Where in the query it was typed."""
    person: str = ""
    """Whose favourites are meant; the library's own where empty. Who asks says so, nobody types it."""


@dataclass(frozen=True, slots=True)
class Term:
    """Words that describe the picture, for the encoder as they stand."""

    text: str
    weight: float = 1.0
    """How much it counts beside the other terms of its step, above 0."""


Area = tuple[float, float, float, float]
"""Left, top, right and bottom of a part of a picture, as shares of its width and height."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """A picture, a moment or a whole video that what is looked for is like."""

    path: str
    """As typed: of a picture, or of a video of the library (the end of its path is enough)."""
    at: float | None = None
    """Seconds on the video's clock; None of a picture, and of a video that is meant as a whole."""
    crop: Area | None = None
    """The part of the picture that is meant; all of it where None."""
    weight: float = 1.0
    """How much it counts beside the others of its step, above 0."""
    place: int = field(default=0, compare=False)
    """Where in the query it was typed."""


class LineKind(StrEnum):
    """How words come to be in a video."""

    SAID = "said"
    """In its sound, or in its subtitles."""
    TEXT = "text"
    """Written in its picture."""


@dataclass(frozen=True, slots=True)
class LineTerm:
    """Words that are said or written at the moment that is looked for."""

    kind: LineKind
    text: str
    excluded: bool = False
    """Whether they must not be."""


@dataclass(frozen=True, slots=True)
class Step:
    """What one moment shows: all terms together, and nothing of what is excluded."""

    terms: tuple[Term, ...]
    without: tuple[str, ...] = ()
    """Descriptions of what it must not show."""
    like: tuple[Likeness, ...] = ()
    """What it is like, beside what the terms say."""
    lines: tuple[LineTerm, ...] = ()
    """What is said or written in it. Something in one of the four is to be found, not only left out."""

    @property
    def is_plain(self) -> bool:
        """Whether it is one description and nothing else."""
        return len(self.terms) == 1 and not self.without and not self.like and not self.lines

    @property
    def shows(self) -> bool:
        """Whether anything is asked of its picture."""
        return bool(self.terms or self.without or self.like)


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for: one step, a chain of them that follow each other in one video, or filters alone."""

    steps: tuple[Step, ...]
    """None where only filters were typed: then all that meets them is listed."""
    filters: tuple[Filter, ...] = ()
    within: float = WITHIN
    """Seconds at most from the moment of one step to that of the next."""
    text: str = field(default="", compare=False)
    """As it was typed."""

    @property
    def is_listing(self) -> bool:
        """Whether it asks for everything that meets its filters."""
        return not self.steps

    @property
    def is_plain(self) -> bool:
        """Whether it is one description and nothing else, filters aside."""
        return len(self.steps) == 1 and self.steps[0].is_plain
