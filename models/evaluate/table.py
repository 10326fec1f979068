"""Several scorers on one set of queries, side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Literal

from numpy.typing import ArrayLike

from models.metrics import Figures, Interval, Rankings, bootstrap, figures, text_to_video, video_to_text

Direction = Literal["text to video", "video to text"]
DIRECTIONS: tuple[Direction, ...] = ("text to video", "video to text")

Scorer = Callable[[], ArrayLike]
"""Gives the similarities of all queries and videos, float `(Q, V)`, higher = better: what numpy can read."""

_HEADINGS = ("R@1", "R@5", "R@10", "MdR", "MnR", "mAP", "nDCG@10")


@dataclass(frozen=True, slots=True)
class Measured:
    """One scorer in one direction: the rank of every query, the figures and their 95 % intervals."""

    rankings: Rankings
    figures: Figures
    interval: Interval


@dataclass(frozen=True, slots=True)
class Row:
    """One scorer."""

    name: str
    text_to_video: Measured
    video_to_text: Measured

    def of(self, direction: Direction) -> Measured:
        """The scorer in one direction."""
        return self.text_to_video if direction == "text to video" else self.video_to_text


@dataclass(frozen=True, slots=True)
class ScoreTable:
    """Scorers in the order they were given."""

    rows: tuple[Row, ...]

    def markdown(self, direction: Direction, *, heading: str = "scorer", intervals: bool = True) -> str:
        """A Markdown table: a row per scorer, recall, mAP and nDCG in percent; with `intervals` the bounds of
        every figure in brackets. Ends with a newline; the title is the caller's."""
        lines = ["| " + " | ".join((heading, *_HEADINGS)) + " |", "|---" * (1 + len(_HEADINGS)) + "|"]
        for row in self.rows:
            cells = _cells(row.of(direction), intervals=intervals)
            lines.append("| " + " | ".join((row.name, *cells)) + " |")
        return "\n".join(lines) + "\n"


def score_table(
    rows: Mapping[str, Scorer],
    video_of_text: ArrayLike,
    *,
    resamples: int = 1_000,
    seed: int = 24,
    report: Callable[[str], None] | None = None,
) -> ScoreTable:
    """Measure scorers on the same queries, one after the other: one matrix is in memory at a time.

    Args:
        rows: the scorer of every row, by the name the row gets.
        video_of_text: int64 `(Q,)`, the video each caption belongs to.
        resamples: draws of the bootstrap behind the intervals.
        seed: of the bootstrap; all rows draw the same queries.
        report: takes a line when a row is done.

    Raises:
        ValueError: a scorer's matrix does not fit the captions or holds something that is not a number.
    """
    measured = []
    for name, scorer in rows.items():
        similarity = scorer()
        row = Row(
            name,
            _measure(text_to_video(similarity, video_of_text), resamples, seed),
            _measure(video_to_text(similarity, video_of_text), resamples, seed),
        )
        measured.append(row)
        if report is not None:
            shares = (f"{row.of(direction).figures.recall_at_1:.1f} %" for direction in DIRECTIONS)
            report(f"{name}: R@1 {' and '.join(shares)} (text to video, video to text)")
    return ScoreTable(tuple(measured))


def _measure(rankings: Rankings, resamples: int, seed: int) -> Measured:
    return Measured(rankings, figures(rankings), bootstrap(rankings, resamples=resamples, seed=seed))


def _cells(measured: Measured, *, intervals: bool) -> Iterator[str]:
    for field in fields(Figures):
        form = "g" if field.name == "median_rank" else ".1f"
        value, low, high = (
            format(getattr(part, field.name), form)
            for part in (measured.figures, measured.interval.low, measured.interval.high)
        )
        yield f"{value} [{low}–{high}]" if intervals else value
