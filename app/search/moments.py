"""Scored clips become moments: neighbours that match merge, and no video crowds the others out."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.search.cosine import Candidates
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
    score_of = dict(zip(candidates.clips.tolist(), scores.tolist(), strict=True))
    taken: set[int] = set()
    spans: list[Span] = []
    for clip in sorted(score_of, key=lambda number: (-score_of[number], number)):
        if clip in taken:
            continue
        floor = average + _KEEP * (score_of[clip] - average)
        first = _extend(clip, -1, floor, score_of, taken, gallery)
        last = _extend(clip, +1, floor, score_of, taken, gallery)
        taken.update(range(first, last + 1))
        begin, end = gallery.clip_rows(clip)
        best_row = begin + int(np.argmax(candidates.similarities[begin:end]))
        spans.append(Span(int(gallery.video_of_row[begin]), first, last, best_row, score_of[clip]))
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


def _extend(
    clip: int, step: int, floor: float, score_of: Mapping[int, float], taken: set[int], gallery: Gallery
) -> int:
    video = gallery.video_of_row[gallery.clip_starts[clip]]
    while True:
        neighbour = clip + step
        if neighbour in taken or score_of.get(neighbour, -np.inf) < floor:
            return clip
        if gallery.video_of_row[gallery.clip_starts[neighbour]] != video:
            return clip
        clip = neighbour
