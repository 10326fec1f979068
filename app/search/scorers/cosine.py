"""Scorers: how well a clip, described by its frames, matches a description.

All scorers share one interface, so that sampled re-scoring (`app.search.scorers.tmass`) stands where plain
pooling stands. Those here need no training: they look at `s_i`, the cosines of the text and the frames.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from app.search.candidates import Candidates
from app.vectors.vector_index import Gallery


class Medium(Enum):
    """What says what is looked for."""

    WORDS = auto()
    PICTURE = auto()
    BOTH = auto()


@dataclass(frozen=True, slots=True)
class EncodedText:
    """A description as the text encoder gave it, or what stands for one."""

    raw: NDArray[np.float32]
    """(D,)"""
    unit: NDArray[np.float32]
    """(D,) L2-normalised; zero where `raw` is."""
    medium: Medium = Medium.WORDS
    """What it was made of: a trained head knows words only, and pictures are nearer to each other."""

    @classmethod
    def of(cls, raw: NDArray[np.float32], medium: Medium = Medium.WORDS) -> Self:
        """From an embedding (D,) float32, not normalised."""
        unit = np.asarray(raw / max(float(np.linalg.norm(raw)), 1e-12), dtype=np.float32)
        return cls(raw, unit, medium)


class Scorer(Protocol):
    """Scores candidate clips against one description."""

    @property
    def name(self) -> str:
        """Its name among `app.engines.scorer_names.SCORERS`."""
        ...

    def score(self, text: EncodedText, candidates: Candidates, gallery: Gallery) -> NDArray[np.float32]:
        """Score clips.

        Args:
            text: the description.
            candidates: the clips to score, K of them.
            gallery: where their frames are.

        Returns:
            (K,) float32, comparable within this query, higher is better.
        """
        ...


class PlainScorer(ABC):
    """A `Scorer` that looks at nothing but the similarities."""

    __slots__ = ()
    name: str

    def score(self, text: EncodedText, candidates: Candidates, gallery: Gallery) -> NDArray[np.float32]:
        """See `Scorer.score`. Only the similarities are needed: the rest is used in them already."""
        del text, gallery
        return self.pool(candidates.similarities, candidates.starts)

    @abstractmethod
    def pool(self, similarities: NDArray[np.float32], starts: NDArray[np.intp]) -> NDArray[np.float32]:
        """Scores (..., K) of clips whose frames have these similarities (..., n), one clip after the other.

        Args:
            similarities: of any number of texts.
            starts: (K,) where each clip starts among the n.
        """


@dataclass(frozen=True, slots=True)
class PooledScorer(PlainScorer):
    """`w * max_i s_i + (1 - w) * mean_i s_i`.

    The best frame finds what is seen for a moment only, the mean holds a clip to what it shows throughout.
    """

    best_weight: float = 0.5
    name: str = "pooled"

    def pool(self, similarities: NDArray[np.float32], starts: NDArray[np.intp]) -> NDArray[np.float32]:
        """See `PlainScorer.pool`."""
        best, mean = _maximum(similarities, starts), _mean(similarities, starts)
        return self.best_weight * best + np.float32(1.0 - self.best_weight) * mean


@dataclass(frozen=True, slots=True)
class MeanScorer(PlainScorer):
    """`mean_i s_i`."""

    name: str = "mean"

    def pool(self, similarities: NDArray[np.float32], starts: NDArray[np.intp]) -> NDArray[np.float32]:
        """See `PlainScorer.pool`."""
        return _mean(similarities, starts)


@dataclass(frozen=True, slots=True)
class MaximumScorer(PlainScorer):
    """`max_i s_i`."""

    name: str = "max"

    def pool(self, similarities: NDArray[np.float32], starts: NDArray[np.intp]) -> NDArray[np.float32]:
        """See `PlainScorer.pool`."""
        return _maximum(similarities, starts)


@dataclass(frozen=True, slots=True)
class TopKScorer(PlainScorer):
    """The mean of the k highest `s_i`, of all where a clip has fewer frames (Gorti et al., CVPR 2022)."""

    k: int = 3
    name: str = "top-k"

    def pool(self, similarities: NDArray[np.float32], starts: NDArray[np.intp]) -> NDArray[np.float32]:
        """See `PlainScorer.pool`."""
        lengths = _lengths(starts, similarities.shape[-1])
        slot = np.arange(int(lengths.max(initial=self.k)))
        real = slot < lengths[:, np.newaxis]
        slots = np.where(real, starts[:, np.newaxis] + slot, 0)
        filled = np.where(real, similarities[..., slots], -np.inf)
        best_first = -np.sort(-filled, axis=-1)[..., : self.k]
        total = np.where(np.isfinite(best_first), best_first, 0).sum(axis=-1)
        return np.asarray(total / np.minimum(lengths, self.k), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class SoftMaximumScorer(PlainScorer):
    """`(1/g) · log mean_i exp(g · s_i)`: between the mean (g to 0) and the maximum (g to infinity)."""

    gain: float = 20.0
    name: str = "soft-maximum"

    def pool(self, similarities: NDArray[np.float32], starts: NDArray[np.intp]) -> NDArray[np.float32]:
        """See `PlainScorer.pool`."""
        lengths = _lengths(starts, similarities.shape[-1])
        best = _maximum(similarities, starts)
        raised = np.exp(self.gain * (similarities - np.repeat(best, lengths, axis=-1)))
        mean = np.add.reduceat(raised, starts, axis=-1) / lengths
        return np.asarray(best + np.log(mean) / self.gain, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class GeesScorer(PlainScorer):
    """`g · mean_i s_i + ½ g² · var_i s_i`: the clip's frames taken for a Gaussian (Ji et al., CRET, 2022).

    The variance of the similarities is `tᵀΣt` of the frames' empirical covariance, which is never formed. The
    scale is that of logits, not of cosines.
    """

    gain: float = 20.0
    name: str = "gees"

    def pool(self, similarities: NDArray[np.float32], starts: NDArray[np.intp]) -> NDArray[np.float32]:
        """See `PlainScorer.pool`."""
        lengths = _lengths(starts, similarities.shape[-1])
        mean = _mean(similarities, starts)
        apart = similarities - np.repeat(mean, lengths, axis=-1)
        variance = np.add.reduceat(apart * apart, starts, axis=-1) / lengths
        return np.asarray(self.gain * mean + 0.5 * self.gain**2 * variance, dtype=np.float32)


def _lengths(starts: NDArray[np.intp], count: int) -> NDArray[np.intp]:
    """How many frames each clip has, of `count` in all."""
    return np.diff(np.append(starts, count))


def _maximum(similarities: NDArray[np.float32], starts: NDArray[np.intp]) -> NDArray[np.float32]:
    """Largest similarity of each clip: (..., n) to (..., K)."""
    return np.asarray(np.maximum.reduceat(similarities, starts, axis=-1), dtype=np.float32)


def _mean(similarities: NDArray[np.float32], starts: NDArray[np.intp]) -> NDArray[np.float32]:
    """Mean similarity of each clip: (..., n) to (..., K)."""
    total = np.add.reduceat(similarities, starts, axis=-1)
    return np.asarray(total / _lengths(starts, similarities.shape[-1]), dtype=np.float32)
