"""Scored clips become moments: neighbours that match merge, and no video crowds the others out."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.search.candidates import Candidates
from app.vectors.vector_index import Gallery

PER_VIDEO = 3
"""Moments of one video that may come before every other video had its turn."""

_KEEP = 0.65
"""A neighbour joins while it keeps this share of the seed's lead over the library's average."""


@dataclass(frozen=True, slots=True)
class Span:
    """A run of neighbouring clips of one video."""

    video_id: int
    first_clip: int
    last_clip: int
    """Clip numbers of the gallery, both included."""
    best_row: int
    """Gallery row of the best frame."""
    score: float


def merge(
    candidates: Candidates, scores: NDArray[np.float32], gallery: Gallery, *, average: float
) -> list[Span]:
    """Merge neighbouring candidate clips.

    Args:
        candidates: K clips.
        scores: (K,) float32, one per clip.
        gallery: where the clips' frames are.
        average: the library's average similarity to the query.

    Returns:
        Spans, best first, ties by position in the gallery.
    """
    clips = candidates.clips.tolist()
    videos = gallery.video_of_row[candidates.rows[candidates.starts]].tolist()
    best_rows = candidates.rows[_first_maxima(candidates)].tolist()
    known = {
        clip: _Scored(score, video, row)
        for clip, score, video, row in zip(clips, scores.tolist(), videos, best_rows, strict=True)
    }
    taken: set[int] = set()
    spans: list[Span] = []
    for clip in sorted(known, key=lambda number: (-known[number].score, number)):
        if clip in taken:
            continue
        seed = known[clip]
        floor = average + _KEEP * (seed.score - average)
        first = _extend(clip, -1, floor, known, taken)
        last = _extend(clip, +1, floor, known, taken)
        taken.update(range(first, last + 1))
        spans.append(Span(seed.video_id, first, last, seed.best_row, seed.score))
    return spans


def take_turns(spans: list[Span], limit: int) -> list[Span]:
    """Order spans by score, but a video's fourth waits until every other video had its first three.

    Args:
        spans: best first.
        limit: how many to keep.
    """
    seen: defaultdict[int, int] = defaultdict(int)
    keyed: list[tuple[int, int, Span]] = []
    for position, span in enumerate(spans):
        keyed.append((seen[span.video_id] // PER_VIDEO, position, span))
        seen[span.video_id] += 1
    return [span for _, _, span in sorted(keyed, key=lambda item: item[:2])[:limit]]


class _Scored(NamedTuple):
    """A candidate clip."""

    score: float
    video_id: int
    best_row: int


def _first_maxima(candidates: Candidates) -> NDArray[np.intp]:
    """(K,) where the first of each clip's nearest frames is among the n."""
    similarities, starts = candidates.similarities, candidates.starts
    if len(starts) == 0:
        return np.empty(0, np.intp)
    best = np.repeat(np.maximum.reduceat(similarities, starts), candidates.lengths)
    maxima = np.flatnonzero(~(similarities < best))
    return np.asarray(maxima[np.searchsorted(maxima, starts)])


def _extend(clip: int, step: int, floor: float, known: Mapping[int, _Scored], taken: set[int]) -> int:
    """The last clip of a run that begins with `clip`."""
    video = known[clip].video_id
    while True:
        neighbour = clip + step
        found = known.get(neighbour)
        if neighbour in taken or found is None or found.score < floor or found.video_id != video:
            return clip
        clip = neighbour
