"""Moments within a video, as QVHighlights measures them (Lei et al., NeurIPS 2021): recall and precision.

`python -m models.evaluate.moments --truth qvhighlights_highlight_val_release.jsonl --found found.jsonl`

Both are JSON lines, as published: of the truth `qid`, `query`, `vid`, `duration` and `relevant_windows`
(seconds); of what was found `qid` and `pred_relevant_windows` (start, end, score; best first). Who has the
videos makes the latter with `python -m benchmarks.moments.qvhighlights`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.errors import ReelfindError
from models.datasets.annotations import malformed, read_lines

RECALL_AT = (0.5, 0.7)
PRECISION_AT = tuple(round(0.5 + 0.05 * number, 2) for number in range(10))
"""Intersections over union, as published."""

Windows = NDArray[np.float64]
"""(n, 2) start and end in seconds."""


@dataclass(frozen=True, slots=True)
class MomentQuery:
    """One query of the truth."""

    number: int
    text: str
    video: str
    """The name of the video's file, without suffix."""
    duration: float
    windows: Windows
    """Where it is to be seen; at least one."""


@dataclass(frozen=True, slots=True)
class MomentFigures:
    """Means over queries, percent."""

    queries: int
    recall: Mapping[float, float]
    """R@1 by the intersection over union that counts as found."""
    precision: Mapping[float, float]
    """mAP, likewise."""

    @property
    def mean_precision(self) -> float:
        """mAP averaged over `PRECISION_AT`."""
        return float(np.mean(list(self.precision.values())))


def read_truth(file: Path) -> list[MomentQuery]:
    """Read annotated moments.

    Raises:
        UsageError: the file cannot be read, or is not as published.
    """
    queries = []
    for line, content in read_lines(file):
        entry = _entry(file, line, content)
        windows = _windows(file, line, entry, "relevant_windows", 2)
        if len(windows) == 0:
            raise malformed(file, line, "has no window")
        text, video, duration = entry.get("query"), entry.get("vid"), entry.get("duration")
        if not (isinstance(text, str) and isinstance(video, str) and isinstance(duration, int | float)):
            raise malformed(file, line, "has no query, vid or duration")
        queries.append(MomentQuery(_number(file, line, entry), text, video, float(duration), windows))
    return queries


def read_found(file: Path) -> dict[int, Windows]:
    """Read what was found: windows by number of the query, best first.

    Raises:
        UsageError: the file cannot be read, or is not as published.
    """
    found: dict[int, Windows] = {}
    for line, content in read_lines(file):
        entry = _entry(file, line, content)
        windows = _windows(file, line, entry, "pred_relevant_windows", 3)
        order = np.argsort(-windows[:, 2], kind="stable")
        found[_number(file, line, entry)] = windows[order, :2]
    return found


def moment_figures(truth: Sequence[MomentQuery], found: Mapping[int, Windows]) -> MomentFigures:
    """Compare what was found with the truth; a query without an answer counts as not found."""
    none = np.empty((0, 2))
    overlaps = [overlap(found.get(query.number, none), query.windows) for query in truth]
    best = np.array([shared[0].max() if len(shared) else 0.0 for shared in overlaps])
    return MomentFigures(
        len(truth),
        {least: 100 * float(np.mean(best >= least)) for least in RECALL_AT},
        {
            least: 100 * float(np.mean([average_precision(shared, least) for shared in overlaps]))
            for least in PRECISION_AT
        },
    )


def overlap(found: Windows, right: Windows) -> NDArray[np.float64]:
    """Intersection over union (n, m) of windows (n, 2) and windows (m, 2)."""
    shared = np.minimum(found[:, None, 1], right[None, :, 1]) - np.maximum(
        found[:, None, 0], right[None, :, 0]
    )
    shared = np.maximum(shared, 0)
    lengths = (found[:, 1] - found[:, 0])[:, None] + (right[:, 1] - right[:, 0])[None, :]
    return np.asarray(shared / np.maximum(lengths - shared, 1e-9))


def average_precision(overlaps: NDArray[np.float64], least: float) -> float:
    """Interpolated average precision of one query (as in ActivityNet's evaluation).

    Each window found, best first, takes the window of the truth that it overlaps most of those that are left;
    it is right where they overlap by at least `least`.

    Args:
        overlaps: (n, m) of what was found and what is right.
        least: intersection over union that counts as found.
    """
    taken = np.zeros(overlaps.shape[1], np.bool_)
    right = np.zeros(len(overlaps), np.bool_)
    for number, row in enumerate(overlaps):
        for place in np.argsort(-row, kind="stable"):
            if row[place] < least:
                break
            if not taken[place]:
                taken[place] = right[number] = True
                break
    recall = np.cumsum(right) / overlaps.shape[1]
    precision = np.cumsum(right) / np.arange(1, len(right) + 1)
    precision = np.maximum.accumulate(precision[::-1])[::-1]
    steps = np.diff(recall, prepend=0.0)
    return float((steps * precision).sum())


def table(figures: MomentFigures) -> str:
    """One Markdown table."""
    names = [f"R@1, IoU ≥ {least}" for least in figures.recall] + ["mAP@0.5", "mAP@0.75", "mAP"]
    values = [
        *figures.recall.values(),
        figures.precision[0.5],
        figures.precision[0.75],
        figures.mean_precision,
    ]
    cells = " | ".join(f"{value:.2f}" for value in values)
    return f"| queries | {' | '.join(names)} |\n{'|---' * (len(names) + 1)}|\n| {figures.queries} | {cells} |"


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m models.evaluate.moments",
        description=__doc__,
        formatter_class=argparse.RawTextHelpFormatter,
    )
    parser.add_argument("--truth", type=Path, required=True, help="annotated moments, JSON lines")
    parser.add_argument("--found", type=Path, required=True, help="what was found, JSON lines")
    chosen = parser.parse_args(arguments)
    try:
        print(table(moment_figures(read_truth(chosen.truth), read_found(chosen.found))))
    except ReelfindError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    return 0


def _entry(file: Path, line: int, content: str) -> dict[str, Any]:
    try:
        entry = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise malformed(file, line, "is no JSON") from error
    if not isinstance(entry, dict):
        raise malformed(file, line, "is no JSON object")
    return entry


def _number(file: Path, line: int, entry: dict[str, Any]) -> int:
    number = entry.get("qid")
    if not isinstance(number, int):
        raise malformed(file, line, "has no “qid”")
    return number


def _windows(file: Path, line: int, entry: dict[str, Any], name: str, width: int) -> Windows:
    try:
        windows = np.array(entry[name], np.float64).reshape(-1, width)
    except (KeyError, ValueError, TypeError) as error:
        raise malformed(file, line, f"has no “{name}” that can be read") from error
    if not np.isfinite(windows).all() or (windows[:, 1] < windows[:, 0]).any():
        raise malformed(file, line, f"has a window in “{name}” that is none")
    return windows


if __name__ == "__main__":
    sys.exit(main())
