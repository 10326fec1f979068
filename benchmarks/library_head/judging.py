"""How much evidence a score is, learned from a library alone: the slope and offset of a logistic line on z.

`z` is a score's distance from what its query gives for the library, in deviations.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.library_head.learned import Clips, Scores, pooled

_TEXTS = 96

Numbers = NDArray[np.float64]


class Line(NamedTuple):
    """Evidence is `slope · z + offset`, a log-likelihood ratio."""

    slope: float
    offset: float

    def loss(self, matched: Numbers, others: Numbers) -> float:
        """Cross-entropy, what matches and what does not weighing the same; 0.693 knows nothing."""
        wrong = np.logaddexp(0, self.slope * others + self.offset).mean()
        missed = np.logaddexp(0, -(self.slope * matched + self.offset)).mean()
        return float(0.5 * (wrong + missed))


def distances(scores: Scores) -> Numbers:
    """z (Q, V) of scores (Q, V)."""
    exact = scores.astype(np.float64)
    return np.asarray((exact - exact.mean(1, keepdims=True)) / exact.std(1, keepdims=True), np.float64)


def split(z: Numbers, answers: NDArray[np.integer]) -> tuple[Numbers, Numbers]:
    """The z of the right clip of every query, and all others."""
    right = np.zeros(z.shape, np.bool_)
    right[np.arange(len(z)), answers] = True
    return z[right], z[~right]


def fitted(matched: Numbers, others: Numbers) -> Line:
    """The logistic line on z that was labelled, both sides weighing the same (Newton's method)."""
    z = np.concatenate([matched, others])
    rows = np.stack([z, np.ones_like(z)], axis=1)
    wanted = np.concatenate([np.ones(len(matched)), np.zeros(len(others))])
    weight = np.concatenate(
        [np.full(len(matched), 0.5 / len(matched)), np.full(len(others), 0.5 / len(others))]
    )
    line = np.array([1.0, 0.0])
    for _ in range(50):
        given = 1 / (1 + np.exp(-np.clip(rows @ line, -50, 50)))
        gradient = rows.T @ (weight * (given - wanted))
        curvature = (rows * (weight * given * (1 - given))[:, np.newaxis]).T @ rows + 1e-6 * np.eye(2)
        line -= np.linalg.solve(curvature, gradient)
    return Line(float(line[0]), float(line[1]))


def from_neighbours(clips: Clips) -> Line | None:
    """A clip's first frame is the query, the rest of its clip what matches; None without longer clips."""
    chosen = np.flatnonzero(clips.mask.sum(1) >= 3)
    if len(chosen) < 2:
        return None
    chosen = chosen[np.linspace(0, len(chosen) - 1, min(_TEXTS, len(chosen))).astype(np.intp)]
    first = clips.mask[chosen].argmax(1)
    queries = clips.frames[chosen, first]
    mask = clips.mask.copy()
    mask[chosen, first] = False
    left = mask.any(1)
    z = distances(pooled(Clips(clips.frames[left], mask[left]), queries))
    return fitted(*split(z, (np.cumsum(left) - 1)[chosen]))


def from_mixture(bank: Scores) -> Line:
    """The bank's z taken for two normal distributions, a rare one that matches and one that does not (EM)."""
    z = distances(bank).ravel()
    share, low, high = 0.05, (-0.1, 0.9), (2.0, 0.7)
    for _ in range(200):
        rare = share * _density(z, *high)
        part = rare / (rare + (1 - share) * _density(z, *low))
        share = float(part.mean())
        high, low = _weighted(z, part), _weighted(z, 1 - part)
    variance = share * high[1] ** 2 + (1 - share) * low[1] ** 2
    slope = (high[0] - low[0]) / variance
    return Line(slope, -slope * (high[0] + low[0]) / 2)


def from_first_answers(bank: Scores) -> Line:
    """Every query of the bank is taken to be answered by its first clip."""
    z = distances(bank)
    return fitted(*split(z, z.argmax(1)))


def presence_area(scores: Scores, answers: NDArray[np.integer]) -> float:
    """Probability that a library with the described clip has a higher best z than one without (ROC area)."""
    z = distances(scores)
    there = z.max(1)
    z[np.arange(len(z)), answers] = -np.inf
    ordered = np.sort(z.max(1))
    return float(np.mean(np.searchsorted(ordered, there) / len(ordered)))


def _density(z: Numbers, mean: float, deviation: float) -> Numbers:
    return np.asarray(np.exp(-0.5 * ((z - mean) / deviation) ** 2) / deviation, np.float64)


def _weighted(z: Numbers, weight: Numbers) -> tuple[float, float]:
    mean = float((weight * z).sum() / weight.sum())
    return mean, float(np.sqrt((weight * (z - mean) ** 2).sum() / weight.sum()))
