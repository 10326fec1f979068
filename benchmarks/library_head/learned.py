"""Heads that are learned from a library alone, in closed form: from its frames, from which of them are
neighbours in time, and from the query bank.

Every one is made from frames (V, F, D) and queries of the bank (B, D) and changes scores (Q, V) of texts and
clips; captions are seen by none.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Scores = NDArray[np.float32]

GAINS = (2.0, 5.0, 10.0, 20.0, 40.0, 80.0)


@dataclass(frozen=True, slots=True)
class Clips:
    """A library: `frames` (V, F, D) float32, L2-normalised, zero where `mask` (V, F) is False."""

    frames: Vectors
    mask: NDArray[np.bool_]

    @classmethod
    def of(cls, frames: Vectors, mask: NDArray[np.bool_]) -> "Clips":
        """From raw frames."""
        return cls(unit(frames) * mask[..., np.newaxis], mask)

    def cosines(self, texts: Vectors) -> Scores:
        """Of texts (Q, D), L2-normalised, and frames: (Q, V, F); -inf where there is no frame."""
        found = np.einsum("qd,vfd->qvf", texts, self.frames, optimize=True)
        return np.where(self.mask, found, np.float32(-np.inf))

    @property
    def real(self) -> Vectors:
        """All frames (n, D), clip by clip."""
        return self.frames[self.mask]


Pooling = Callable[[Clips, Vectors], Scores]


def unit(vectors: Vectors) -> Vectors:
    """L2-normalised along the last axis; zero stays zero."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), np.float32)


def pooled(clips: Clips, texts: Vectors) -> Scores:
    """Half the best frame and half the mean: what a model without a head has."""
    return _in_parts(texts, lambda part: _pooled(clips.cosines(part), clips.mask))


def soft_maximum(gain: float) -> Pooling:
    """The soft maximum of the frames' cosines."""

    def pool(clips: Clips, texts: Vectors) -> Scores:
        return _in_parts(texts, lambda part: _soft(clips.cosines(part), clips.mask, gain))

    return pool


# --- the soft maximum's gain


def gain_by_spread(clips: Clips, bank: Vectors) -> float:
    """2.5 over the deviation of the bank's cosines, as `models.train` takes it for any encoder."""
    return float(2.5 / (bank @ clips.real.T).std())


def gain_by_neighbours(clips: Clips, bank: Vectors) -> float:
    """The gain with which a frame finds the rest of its own clip best among all clips (mean reciprocal rank).

    Pictures are nearer to each other than words to pictures: the gain is carried over by the two deviations.
    """
    long = np.flatnonzero(clips.mask.sum(1) >= 3)
    if not len(long):
        return gain_by_spread(clips, bank)
    first = np.array([np.flatnonzero(clips.mask[clip])[0] for clip in long])
    queries = clips.frames[long, first]
    mask = clips.mask.copy()
    mask[long, first] = False
    cosines = Clips(clips.frames, mask).cosines(queries)
    spread = np.std(queries @ clips.real.T) / np.std(bank @ clips.real.T)
    found = [float(np.mean(1 / ranks(_soft(cosines, mask, gain / float(spread)), long))) for gain in GAINS]
    return GAINS[int(np.argmax(found))]


# --- hubness: what a clip gives for the whole bank is taken off

Correction = Callable[[Scores, Scores], Scores]
"""From the scores of texts (Q, V) and those of the bank (B, V)."""


def less_bank_mean(weight: float) -> Correction:
    """`s(t, v) - weight · mean_b s(b, v)`."""
    return lambda scores, bank: np.asarray(scores - weight * bank.mean(0), np.float32)


def less_nearest_of_bank(weight: float, k: int = 16) -> Correction:
    """`s(t, v) - weight · mean of the k highest s(b, v)` (nearest neighbour normalisation, Chowdhury et al.,
    EMNLP 2024)."""
    return lambda scores, bank: np.asarray(scores - weight * np.sort(bank, axis=0)[-k:].mean(0), np.float32)


def standardised_by_bank(scores: Scores, bank: Scores) -> Scores:
    """`(s(t, v) - mean_b s(b, v)) / std_b s(b, v)`: a clip on the scale of its own answers to the bank."""
    return np.asarray((scores - bank.mean(0)) / np.maximum(bank.std(0), 1e-6), np.float32)


# --- maps of the space


Map = Callable[[Vectors, Vectors], tuple[Vectors, Vectors]]
"""Moves frames (V, F, D) and texts (Q, D)."""

MakeMap = Callable[[Clips, Vectors], Map]
"""Learns a map from a library and the bank (B, D)."""


def mapped(make: MakeMap, pool: Pooling, clips: Clips, bank: Vectors, texts: Vectors) -> Scores:
    """Frames and texts are mapped, normalised and pooled."""
    frames, moved = make(clips, bank)(clips.frames, texts)
    return pool(replace(clips, frames=unit(frames) * clips.mask[..., np.newaxis]), unit(moved))


def centring(clips: Clips, bank: Vectors) -> Map:
    """Each side less its mean: of the frames, of the bank."""
    frame, text = clips.real.mean(0), bank.mean(0)
    return lambda frames, texts: (frames - frame, texts - text)


def half_centring(clips: Clips, bank: Vectors) -> Map:
    """Each side less half its mean."""
    frame, text = 0.5 * clips.real.mean(0), 0.5 * bank.mean(0)
    return lambda frames, texts: (frames - frame, texts - text)


def whitening(share: float) -> MakeMap:
    """Centred, and the frames' covariance made rounder: `(Σ + share · tr Σ / D)^(-1/2)`."""

    def make(clips: Clips, bank: Vectors) -> Map:
        apart = clips.real - clips.real.mean(0)
        return _rounder(apart.T @ apart / len(apart), share, clips.real.mean(0), bank.mean(0))

    return make


def within_clip(share: float) -> MakeMap:
    """Within-class covariance normalisation, a clip for a class (Hatch et al., 2006): what varies between
    neighbours in time says little of what is seen, and counts less."""

    def make(clips: Clips, bank: Vectors) -> Map:
        counts = np.maximum(clips.mask.sum(1), 1)[:, np.newaxis]
        means = clips.frames.sum(1) / counts
        apart = ((clips.frames - means[:, np.newaxis]) * clips.mask[..., np.newaxis]).reshape(
            -1, bank.shape[1]
        )
        return _rounder(
            apart.T @ apart / max(int(clips.mask.sum()), 1), share, clips.real.mean(0), bank.mean(0)
        )

    return make


def taught_by_itself(weight: float, nearest: int = 5, ridge: float = 1.0) -> MakeMap:
    """Self-training: the bank's queries and the mean of the frames nearest to each are taken for pairs. A
    ridge regression maps texts towards such means; a text moves by `weight` of what it says."""

    def make(clips: Clips, bank: Vectors) -> Map:
        real = clips.real
        best = np.argsort(-(bank @ real.T), axis=1)[:, :nearest]
        targets = unit(real[best].mean(1)) - bank
        gram = bank @ bank.T + ridge * np.eye(len(bank), dtype=np.float32)
        inner = np.linalg.solve(gram, targets)
        return lambda frames, texts: (frames, texts + weight * (texts @ bank.T) @ inner)

    return make


def _rounder(covariance: NDArray[np.floating], share: float, frame: Vectors, text: Vectors) -> Map:
    values, vectors = np.linalg.eigh(covariance.astype(np.float64))
    ridge = max(share * float(values.mean()), 1e-9)
    matrix = ((vectors / np.sqrt(np.maximum(values, 0) + ridge)) @ vectors.T).astype(np.float32)
    return lambda frames, texts: ((frames - frame) @ matrix, (texts - text) @ matrix)


# --- figures


def ranks(scores: Scores, answers: NDArray[np.integer]) -> NDArray[np.int64]:
    """The rank (Q,) of the right clip in (Q, V), from 1; ties are lost."""
    right = scores[np.arange(len(scores)), answers]
    return np.asarray((scores >= right[:, np.newaxis]).sum(1), np.int64)


def _pooled(cosines: Scores, mask: NDArray[np.bool_]) -> Scores:
    mean = np.where(mask, cosines, 0).sum(-1) / np.maximum(mask.sum(-1), 1)
    return np.asarray(0.5 * cosines.max(-1) + 0.5 * mean, np.float32)


def _soft(cosines: Scores, mask: NDArray[np.bool_], gain: float) -> Scores:
    best = cosines.max(-1)
    raised = np.exp(gain * (cosines - best[..., np.newaxis])).sum(-1) / np.maximum(mask.sum(-1), 1)
    return np.asarray(best + np.log(raised) / gain, np.float32)


def _in_parts(texts: Vectors, work: Callable[[Vectors], Scores], size: int = 200) -> Scores:
    return np.concatenate([work(texts[start : start + size]) for start in range(0, len(texts), size)])
