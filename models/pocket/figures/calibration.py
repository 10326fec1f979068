"""What a score means: how cosines of right and wrong pictures are spread, measured on held-out pictures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.bundle.picture_bank import reaches
from models.pocket.figures.evaluate import Vectors, unit

WRONG_PER_TEXT = 40
SEED = 3
NEWTON_STEPS = 50
RIDGE = 1e-9


@dataclass(frozen=True, slots=True)
class Spread:
    """Mean and standard deviation of cosines."""

    mean: float
    std: float


@dataclass(frozen=True, slots=True)
class Logistic:
    """`a * z + b` is the log-likelihood ratio of match to no match."""

    a: float
    b: float


@dataclass(frozen=True, slots=True)
class Reach:
    """What a text's reach over the picture bank (`app.bundle.picture_bank`) says of its scores."""

    usual: float
    """Mean over the held-out texts."""
    slope: float
    """Evidence that is added for each unit above it, where a score is measured against all queries alike."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """What a cosine or a scorer's score means; `calibration.json` of the bundle.

    `unmatched`, `matched`: scores over all queries. `logistic`: the evidence in `z = (score - mean_q) /
    std_q`, where mean_q and std_q are those of the query's scores of what does not match it. `reach` is None
    where there is no picture bank.
    """

    unmatched: Spread
    matched: Spread
    logistic: Logistic
    reach: Reach | None = None


def calibrate(
    texts: Vectors, pictures: Vectors, answers: NDArray[np.int64], bank: Vectors | None = None
) -> Calibration:
    """Fit on `texts (Q, D)`, `pictures (P, D)`, `answers (Q,)`; `bank (N, D)` is the picture bank.

    See `calibrate_scores`.
    """
    reach = None if bank is None else reaches(unit(texts), unit(bank))
    return calibrate_scores(unit(texts) @ unit(pictures).T, answers, reach)


def calibrate_scores(
    similarities: NDArray[np.floating],
    answers: NDArray[np.int64],
    reach: NDArray[np.floating] | None = None,
) -> Calibration:
    """Fit on a scorer's `similarities (Q, P)` of texts and pictures or clips; text q fits `answers[q]`.

    A logistic regression on pairs of a text with its own picture and with wrong pictures drawn at random.
    Both kinds weigh the same, so that the fit is a likelihood ratio and holds for any number of rivals: how
    many there are is the searcher's to weigh. With the texts' `reach (Q,)` a second one on the same pairs,
    beside the first: z is against all queries alike there, as a small library has it.
    """
    scores = similarities.astype(np.float64)
    queries = np.arange(len(answers))
    wrong = np.ones(scores.shape, bool)
    wrong[queries, answers] = False
    matched = scores[queries, answers]
    unmatched = scores[wrong].reshape(len(answers), -1)
    mean, std = unmatched.mean(1, keepdims=True), np.maximum(unmatched.std(1, keepdims=True), 1e-6)
    drawn = np.random.default_rng(SEED).permuted(unmatched, axis=1)[:, :WRONG_PER_TEXT]
    right_z = ((matched[:, None] - mean) / std).ravel()
    wrong_z = ((drawn - mean) / std).ravel()
    z = np.concatenate([right_z, wrong_z])
    truth = np.concatenate([np.ones(len(right_z)), np.zeros(len(wrong_z))])
    weights = np.concatenate(
        [np.full(len(right_z), 1 / len(right_z)), np.full(len(wrong_z), 1 / len(wrong_z))]
    )
    overall = Spread(float(unmatched.mean()), float(unmatched.std()))
    line = fit_logistic(z, truth, weights)
    return Calibration(
        overall,
        Spread(float(matched.mean()), float(matched.std())),
        line,
        None if reach is None else _fit_reach(matched, drawn, reach, overall, line),
    )


def _fit_reach(
    matched: NDArray[np.float64],
    drawn: NDArray[np.float64],
    reach: NDArray[np.floating],
    overall: Spread,
    line: Logistic,
) -> Reach:
    """From the scores of what matches `(Q,)` and of what does not `(Q, n)`."""
    usual = float(reach.mean())
    z = (np.concatenate([matched[:, None], drawn], axis=1) - overall.mean) / overall.std
    truth = np.zeros_like(z)
    truth[:, 0] = 1
    weights = np.where(truth == 1, 1 / len(matched), 1 / drawn.size)
    values = np.broadcast_to((reach.astype(np.float64) - usual)[:, None], z.shape)
    slope = _steepness(values.ravel(), line.a * z.ravel() + line.b, truth.ravel(), weights.ravel())
    return Reach(usual, slope)


def _steepness(
    values: NDArray[np.float64],
    given: NDArray[np.float64],
    truth: NDArray[np.float64],
    weights: NDArray[np.float64],
) -> float:
    """The s that makes `truth` likeliest where the evidence is `given + s * values`; by Newton's method."""
    slope = 0.0
    for _ in range(NEWTON_STEPS):
        predicted = 1 / (1 + np.exp(-given - slope * values))
        curvature = float((weights * predicted * (1 - predicted) * values**2).sum())
        slope += float((weights * (truth - predicted) * values).sum()) / (curvature + RIDGE)
    return slope


def fit_logistic(
    values: NDArray[np.float64], truth: NDArray[np.float64], weights: NDArray[np.float64]
) -> Logistic:
    """The maximum-likelihood logistic curve through `truth` (0 or 1), by Newton's method.

    Args:
        values: (N,).
        truth: (N,) 0 or 1.
        weights: (N,) how much each counts.
    """
    design = np.stack([values, np.ones_like(values)], axis=1)
    line = np.zeros(2)
    for _ in range(NEWTON_STEPS):
        predicted = 1 / (1 + np.exp(-design @ line))
        gradient = design.T @ (weights * (truth - predicted))
        curvature = (design * (weights * predicted * (1 - predicted))[:, None]).T @ design
        line = line + np.linalg.solve(curvature + RIDGE * np.eye(2), gradient)
    return Logistic(float(line[0]), float(line[1]))
