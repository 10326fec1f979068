"""Scorers: how well a clip, described by its frames, matches a description.

All scorers share one interface so that sampled re-scoring (T-MASS) can stand where plain pooling stands.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from app.library.vectors import Gallery


@dataclass(frozen=True, slots=True)
class Candidates:
    """Clips that came near a query, with what is already known of them."""

    clips: NDArray[np.intp]
    """(K,) clip numbers of the gallery, best first."""
    similarities: NDArray[np.float32]
    """(N,) cosine of the query to every frame of the gallery; NaN where it was not computed."""


class Scorer(Protocol):
    """Scores candidate clips against one description."""

    name: str

    def score(
        self, text: NDArray[np.float32], candidates: Candidates, gallery: Gallery
    ) -> NDArray[np.float32]:
        """Score clips.

        Args:
            text: (D,) float32, L2-normalised.
            candidates: the clips to score, K of them.
            gallery: where their frames are.

        Returns:
            (K,) float32, comparable within this query, higher is better.
        """
        ...


@dataclass(frozen=True, slots=True)
class PooledScorer:
    """`w * max_i cos(t, f_i) + (1 - w) * mean_i cos(t, f_i)` over the frames of a clip.

    The best frame finds what is seen for a moment only, the mean holds a clip to what it shows throughout.
    """

    best_weight: float = 0.5
    name: str = "pooled"

    def score(
        self, text: NDArray[np.float32], candidates: Candidates, gallery: Gallery
    ) -> NDArray[np.float32]:
        """See `Scorer.score`. Only the similarities are needed, in which `text` is already used."""
        del text
        best = clip_maximum(candidates.similarities, candidates.clips, gallery)
        mean = clip_mean(candidates.similarities, candidates.clips, gallery)
        return self.best_weight * best + np.float32(1.0 - self.best_weight) * mean


def clip_maximum(
    similarities: NDArray[np.float32], clips: NDArray[np.intp], gallery: Gallery
) -> NDArray[np.float32]:
    """Largest of the frame similarities (N,) in each of the `clips` (K,); returns (K,) float32."""
    rows, starts = frame_rows(clips, gallery)
    return np.asarray(np.maximum.reduceat(similarities[rows], starts), dtype=np.float32)


def clip_mean(
    similarities: NDArray[np.float32], clips: NDArray[np.intp], gallery: Gallery
) -> NDArray[np.float32]:
    """Mean of the frame similarities (N,) in each of the `clips` (K,); returns (K,) float32."""
    rows, starts = frame_rows(clips, gallery)
    lengths = np.diff(np.append(starts, len(rows)))
    return np.asarray(np.add.reduceat(similarities[rows], starts) / lengths, dtype=np.float32)


def frame_rows(clips: NDArray[np.intp], gallery: Gallery) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Gallery rows of the clips' frames, one clip after the other, and where each clip starts in them."""
    first = gallery.clip_starts[clips]
    ends = np.append(gallery.clip_starts[1:], len(gallery.times))
    lengths = ends[clips] - first
    starts = np.concatenate(([0], np.cumsum(lengths)[:-1])).astype(np.intp)
    offsets = np.arange(int(lengths.sum())) - np.repeat(starts, lengths)
    return (np.repeat(first, lengths) + offsets).astype(np.intp), starts
