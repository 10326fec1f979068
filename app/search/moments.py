"""Scored clips become moments: neighbours that match merge, and no video crowds the others out."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.search.candidates import Candidates
from app.search.edges import Extent
from app.vectors.vector_index import Gallery

PER_VIDEO = 3
"""Moments of one video that may come before every other video had its turn."""

_KEEP = 0.65
"""A neighbour joins while it keeps this share of the seed's lead over the library's average."""

_AT_LEAST = 16
"""Spans whose edges are looked for at once: few cost hardly less."""

_SAME, _WITHIN = 0.3, 0.5
"""Two moments are one where more than this of all their frames is shared, or of the shorter one's."""

_NONE = -np.inf
"""Stands for the score of what is no candidate."""


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
    score_of = dict(zip(clips, scores.tolist(), strict=True))
    videos = gallery.video_of_row[candidates.rows[candidates.starts]].tolist()
    video_of = dict(zip(clips, videos, strict=True))
    best_row = dict(zip(clips, candidates.rows[_first_maxima(candidates)].tolist(), strict=True))
    taken: set[int] = set()

    def extended(clip: int, step: int, floor: float) -> int:
        """The last clip of a run of one video that begins with `clip`."""
        video = video_of[clip]
        neighbour = clip + step
        while (
            score_of.get(neighbour, _NONE) >= floor
            and neighbour not in taken
            and video_of[neighbour] == video
        ):
            neighbour += step
        return neighbour - step

    spans: list[Span] = []
    for clip in candidates.clips[np.lexsort((candidates.clips, -scores))].tolist():
        if clip in taken:
            continue
        score = score_of[clip]
        floor = average + _KEEP * (score - average)
        first, last = extended(clip, -1, floor), extended(clip, +1, floor)
        taken.update(range(first, last + 1))
        spans.append(Span(video_of[clip], first, last, best_row[clip], score))
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


def distinct(
    spans: Sequence[Span], extents: Callable[[list[int]], list[Extent]], limit: int
) -> list[tuple[Span, Extent]]:
    """Leave out spans whose edges show nearly what an earlier one of the same video does.

    Args:
        spans: best first.
        extents: gives the edges around best rows, asked only for as many as are needed.
        limit: how many to keep.
    """
    kept: list[tuple[Span, Extent]] = []
    of_video: defaultdict[int, list[Extent]] = defaultdict(list)
    place = 0
    while len(kept) < limit and place < len(spans):
        some = spans[place : place + max(limit - len(kept), _AT_LEAST)]
        place += len(some)
        for span, extent in zip(some, extents([span.best_row for span in some]), strict=True):
            shown = of_video[span.video_id]
            if not any(_is_same(extent, other) for other in shown):
                shown.append(extent)
                kept.append((span, extent))
    return kept[:limit]


def _is_same(one: Extent, other: Extent) -> bool:
    shared = one.shared(other)
    shorter, longer = sorted((len(one), len(other)))
    return shared > _SAME * (shorter + longer - shared) or shared > _WITHIN * shorter


def _first_maxima(candidates: Candidates) -> NDArray[np.intp]:
    """(K,) where the first of each clip's nearest frames is among the n."""
    similarities, starts = candidates.similarities, candidates.starts
    if len(starts) == 0:
        return np.empty(0, np.intp)
    best = np.repeat(np.maximum.reduceat(similarities, starts), candidates.lengths)
    maxima = np.flatnonzero(~(similarities < best))
    return np.asarray(maxima[np.searchsorted(maxima, starts)])
