"""What a score means: how cosines of right and wrong pictures are spread, measured on held-out pictures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.pocket.evaluate import Vectors, unit

GALLERY = 10
SEED = 3
NEWTON_STEPS = 50
RIDGE = 1e-9


@dataclass(frozen=True, slots=True)
class Spread:
    """Mean and standard deviation of cosines."""

    mean: float
    std: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """P(match) = sigmoid(a * z + b) with z = (cosine - mean_q) / std_q, mean_q and std_q being those of the
    query's cosines with pictures that do not match it.

    `unmatched`, `matched`: cosines over all queries. `gallery`: how many wrong pictures the right one was up
    against in the fit.
    """

    unmatched: Spread
    matched: Spread
    a: float
    b: float
    gallery: int


def calibrate(
    texts: Vectors, pictures: Vectors, answers: NDArray[np.int64], gallery: int = GALLERY
) -> Calibration:
    """Fit on `texts (Q, D)`, `pictures (P, D)`, `answers (Q,)`.

    Positives: a text with its own picture; negatives: the text with the best of `gallery` wrong pictures
    drawn at random, so that "match" means more than "better than some picture". Against the best of a
    thousand wrong ones the curve would fall: such a picture often fits the words as well as the right one
    does.
    """
    scores = (unit(texts) @ unit(pictures).T).astype(np.float64)
    queries = np.arange(len(answers))
    wrong = np.ones(scores.shape, bool)
    wrong[queries, answers] = False
    matched = scores[queries, answers]
    unmatched = scores[wrong].reshape(len(answers), -1)
    mean, std = unmatched.mean(1), np.maximum(unmatched.std(1), 1e-6)
    draw = np.random.default_rng(SEED)
    rivals = draw.permuted(unmatched, axis=1)[:, :gallery].max(1)
    z = np.concatenate([(matched - mean) / std, (rivals - mean) / std])
    truth = np.concatenate([np.ones(len(answers)), np.zeros(len(answers))])
    a, b = fit_logistic(z, truth)
    return Calibration(
        Spread(float(unmatched.mean()), float(unmatched.std())),
        Spread(float(matched.mean()), float(matched.std())),
        a,
        b,
        gallery,
    )


def fit_logistic(values: NDArray[np.float64], truth: NDArray[np.float64]) -> tuple[float, float]:
    """Slope and offset of the maximum-likelihood logistic curve through `truth` (0 or 1), by Newton's
    method."""
    design = np.stack([values, np.ones_like(values)], axis=1)
    weights = np.zeros(2)
    for _ in range(NEWTON_STEPS):
        predicted = 1 / (1 + np.exp(-design @ weights))
        gradient = design.T @ (truth - predicted)
        curvature = (design * (predicted * (1 - predicted))[:, None]).T @ design + RIDGE * np.eye(2)
        weights = weights + np.linalg.solve(curvature, gradient)
    return float(weights[0]), float(weights[1])
