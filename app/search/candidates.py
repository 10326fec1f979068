"""Which clips are worth scoring: those with the frames nearest to the query."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from app.vectors.vector_index import Gallery, VectorIndex

CLIPS = 400
"""Candidates per query at least: re-scoring so many takes a few milliseconds (docs/benchmarks.md)."""

_FRAMES_PER_CLIP = 4


@dataclass(frozen=True, slots=True)
class Candidates:
    """K clips that came near a query, and how near each of their n frames is; as large as they are."""

    clips: NDArray[np.intp]
    """(K,) clip numbers of the gallery, best first."""
    rows: NDArray[np.intp]
    """(n,) gallery rows of their frames, one clip after the other."""
    starts: NDArray[np.intp]
    """(K,) where each clip starts among the n."""
    similarities: NDArray[np.float32]
    """(n,) cosine of the query to each frame."""

    @classmethod
    def of(cls, clips: NDArray[np.intp], gallery: Gallery, similarities: NDArray[np.float32]) -> Self:
        """Clips (K,) of a gallery where the similarities (N,) of all its frames are known."""
        rows, starts = frame_rows(clips, gallery)
        return cls(clips, rows, starts, similarities[rows])

    @property
    def lengths(self) -> NDArray[np.intp]:
        """(K,) frames of each clip."""
        return np.diff(self.starts, append=len(self.rows))

    def __getitem__(self, which: NDArray[np.bool_] | slice) -> "Candidates":
        """Some of the clips."""
        places, starts = _runs(self.starts[which], self.lengths[which])
        return Candidates(self.clips[which], self.rows[places], starts, self.similarities[places])

    def among(self, rows: NDArray[np.intp]) -> "Candidates":
        """What of the clips lies among some gallery rows; a clip of which nothing does is left out."""
        here = np.isin(self.rows, rows)
        counts = np.add.reduceat(here, self.starts, dtype=np.intp) if len(self.starts) else self.starts
        starts = (np.cumsum(counts) - counts)[counts > 0]
        return Candidates(self.clips[counts > 0], self.rows[here], starts, self.similarities[here])


def find_candidates(
    index: VectorIndex,
    gallery: Gallery,
    text: NDArray[np.float32],
    *,
    rows: NDArray[np.intp] | None = None,
    most: int = CLIPS,
    exact: bool = False,
) -> Candidates:
    """Find the clips with the nearest frames.

    Args:
        index: answers nearest-frame queries.
        gallery: the snapshot the answer refers to.
        text: (D,) float32, L2-normalised.
        rows: only these gallery rows, all where None.
        most: clips at most.
        exact: compare with each of the rows, see `VectorIndex.nearest_frames`.

    Returns:
        Clips, best frame first, ties by position.
    """
    wanted = _FRAMES_PER_CLIP * most
    nearest, near = index.nearest_frames(text, wanted, rows=rows, gallery=gallery, exact=exact)
    clips = gallery.clip_of_row[nearest]
    _, first = np.unique(clips, return_index=True)
    chosen = clips[np.sort(first)][:most].astype(np.intp)
    return _completed(chosen, gallery, text, nearest, near)


def compared(clips: NDArray[np.intp], gallery: Gallery, text: NDArray[np.float32]) -> Candidates:
    """Any clips, compared with a text.

    Args:
        clips: (K,) of the gallery.
        gallery: where they are.
        text: (D,) float32, L2-normalised.
    """
    rows, starts = frame_rows(clips, gallery)
    return Candidates(clips, rows, starts, gallery.vectors[rows] @ text)


def frame_rows(clips: NDArray[np.intp], gallery: Gallery) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Gallery rows of the clips' frames, one clip after the other, and where each clip starts in them."""
    starts = gallery.clip_starts
    if len(starts) == 0:
        return np.empty(0, np.intp), np.empty(0, np.intp)
    last = len(starts) - 1
    ends = np.where(clips < last, starts[np.minimum(clips + 1, last)], len(gallery))
    return _runs(starts[clips], ends - starts[clips])


def _completed(
    clips: NDArray[np.intp],
    gallery: Gallery,
    text: NDArray[np.float32],
    known_rows: NDArray[np.intp],
    known: NDArray[np.float32],
) -> Candidates:
    """Clips with their similarities, of which those (m,) of some gallery rows (m,) are known already."""
    rows, starts = frame_rows(clips, gallery)
    similarities = np.empty(len(rows), np.float32)
    is_known = np.zeros(len(rows), np.bool_)
    if len(known_rows):
        order = np.argsort(known_rows)
        found = order[np.minimum(np.searchsorted(known_rows, rows, sorter=order), len(order) - 1)]
        is_known = known_rows[found] == rows
        similarities[is_known] = known[found[is_known]]
    similarities[~is_known] = gallery.vectors[rows[~is_known]] @ text
    return Candidates(clips, rows, starts, similarities)


def _runs(
    first: NDArray[np.integer], lengths: NDArray[np.integer]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Runs of consecutive numbers, one after the other, and where each run starts in them."""
    starts = (np.cumsum(lengths) - lengths).astype(np.intp)
    numbers = np.arange(int(lengths.sum())) + np.repeat(first - starts, lengths)
    return numbers.astype(np.intp), starts
