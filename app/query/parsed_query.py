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


@dataclass(frozen=True, slots=True)
class Term:
    """Words that describe the picture, for the encoder as they stand."""

    text: str
    weight: float = 1.0
    """How much it counts beside the other terms of its step, above 0."""


@dataclass(frozen=True, slots=True)
class Step:
    """What one moment shows: all terms together, and nothing of what is excluded."""

    terms: tuple[Term, ...]
    without: tuple[str, ...] = ()
    """Descriptions of what it must not show. One of the two is never empty."""

    @property
    def is_plain(self) -> bool:
        """Whether it is one description and nothing else."""
        return len(self.terms) == 1 and not self.without


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for: one step, or a chain of them that follow each other in one video."""

    steps: tuple[Step, ...]
    """At least one."""
    filters: tuple[Filter, ...] = ()
    within: float = WITHIN
    """Seconds at most from the moment of one step to that of the next."""
    text: str = field(default="", compare=False)
    """As it was typed."""

    @property
    def is_plain(self) -> bool:
        """Whether it is one description and nothing else, filters aside."""
        return len(self.steps) == 1 and self.steps[0].is_plain
