"""Which clips are worth scoring: those with the frames nearest to the query."""

import numpy as np
from numpy.typing import NDArray

from app.search.cosine import Candidates, frame_rows
from app.vectors.vector_index import Gallery, VectorIndex

CLIPS = 400
"""Candidates per query: where re-scoring is still well below a millisecond (docs/benchmarks.md)."""

_FRAMES = 4 * CLIPS


def find_candidates(
    index: VectorIndex,
    gallery: Gallery,
    text: NDArray[np.float32],
    *,
    rows: NDArray[np.intp] | None = None,
) -> Candidates:
    """Find the clips with the nearest frames.

    Args:
        index: answers nearest-frame queries.
        gallery: the snapshot the answer refers to.
        text: (D,) float32, L2-normalised.
        rows: only these gallery rows, all where None.

    Returns:
        At most `CLIPS` clips, best frame first, ties by position.
    """
    nearest, near = index.nearest_frames(text, _FRAMES, rows=rows, gallery=gallery)
    clips = gallery.clip_of_row[nearest]
    _, first = np.unique(clips, return_index=True)
    chosen = clips[np.sort(first)][:CLIPS].astype(np.intp)

    similarities = np.full(len(gallery.times), np.nan, dtype=np.float32)
    similarities[nearest] = near
    wanted, _ = frame_rows(chosen, gallery)
    missing = wanted[np.isnan(similarities[wanted])]
    similarities[missing] = gallery.vectors[missing] @ text
    return Candidates(chosen, similarities)


def with_clips(
    candidates: Candidates, clips: NDArray[np.intp], gallery: Gallery, text: NDArray[np.float32]
) -> Candidates:
    """The candidates, then these clips (n,) whether they are among them or not.

    Args:
        candidates: K clips.
        clips: further clips of the same gallery.
        gallery: where they are.
        text: (D,) float32, L2-normalised.
    """
    similarities = candidates.similarities.copy()
    rows, _ = frame_rows(clips, gallery)
    missing = rows[np.isnan(similarities[rows])]
    similarities[missing] = gallery.vectors[missing] @ text
    return Candidates(np.concatenate((candidates.clips, clips)), similarities)
