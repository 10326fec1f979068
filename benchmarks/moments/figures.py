"""How well found times cover the true ones."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

THRESHOLDS = (0.3, 0.5, 0.7)
_RESAMPLES, _SEED = 1000, 24

Times = tuple[float, float]
"""Start and end, seconds."""


def overlap(found: Times, true: Times) -> float:
    """Intersection over union of two spans of time, 0..1."""
    shared = min(found[1], true[1]) - max(found[0], true[0])
    whole = max(found[1], true[1]) - min(found[0], true[0])
    return max(0.0, shared) / whole if whole > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Figure:
    """A mean over queries, with the middle 95 % of a bootstrap."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.1f} [{self.low:.1f}–{self.high:.1f}]"


def mean(values: NDArray[np.float64] | Sequence[float], clips: Sequence[int]) -> Figure:
    """Mean with its interval: whole clips are drawn, since the cases of one clip are alike.

    Args:
        values: (n,) of cases.
        clips: (n,) the clip each case asks for.
    """
    if len(values) == 0:
        return Figure(float("nan"), float("nan"), float("nan"))
    values = np.asarray(values, np.float64)
    names, groups = np.unique(np.asarray(clips), return_inverse=True)
    sums, counts = np.bincount(groups, values), np.bincount(groups)
    drawn = np.random.default_rng(_SEED).integers(len(names), size=(_RESAMPLES, len(names)))
    means = sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return Figure(float(values.mean()), float(low), float(high))
