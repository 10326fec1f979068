"""Retrieval figures: recall, ranks, average precision and gain in both directions, with confidence intervals.

A similarity matrix is float `(Q, V)`, one row per caption, one column per video, higher = better;
`video_of_text` is int64 `(Q,)`, the video each caption belongs to. Ranks start at 1. **Ties count against the
system**: what is not right and scores the same is ranked before what is right.

Text to video: every caption is a query with one right video. Video to text: every video that has captions is
a query, all its captions are right and the best of their ranks counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import ArrayLike, NDArray

GAIN_DEPTH = 10
"""nDCG is cut here."""

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Rankings:
    """What each of N queries gave, in the order of the queries.

    `ranks` int64 `(N,)` the best rank of a right item, `average_precisions` and `gains` (nDCG@10) float64
    `(N,)`, 0 to 1; `gallery` is how many items were ranked.
    """

    ranks: Indices
    average_precisions: Floats
    gains: Floats
    gallery: int

    def take(self, numbers: Indices) -> Rankings:
        """The queries with these numbers, repeated ones repeated."""
        return Rankings(
            self.ranks[numbers], self.average_precisions[numbers], self.gains[numbers], self.gallery
        )


@dataclass(frozen=True, slots=True)
class Figures:
    """Means over queries: R@K, mAP and nDCG@10 in percent, median and mean rank."""

    recall_at_1: float
    recall_at_5: float
    recall_at_10: float
    median_rank: float
    mean_rank: float
    mean_average_precision: float
    ndcg_at_10: float


@dataclass(frozen=True, slots=True)
class Interval:
    """Lower and upper bounds of every figure."""

    low: Figures
    high: Figures


def text_to_video(similarity: ArrayLike, video_of_text: ArrayLike) -> Rankings:
    """Rank all videos for every caption: `Rankings` of Q queries.

    Raises:
        ValueError: shapes that do not fit, a caption of no video, or a similarity that is not a number.
    """
    scores, owner = _checked(similarity, video_of_text)
    return _rankings((row, owner[number : number + 1]) for number, row in enumerate(scores))


def video_to_text(similarity: ArrayLike, video_of_text: ArrayLike) -> Rankings:
    """Rank all captions for every video that has one: `Rankings` of at most V queries.

    Raises:
        ValueError: as `text_to_video`.
    """
    scores, owner = _checked(similarity, video_of_text)
    columns = np.ascontiguousarray(scores.T)
    return _rankings((columns[video], np.flatnonzero(owner == video)) for video in np.unique(owner))


def figures(rankings: Rankings) -> Figures:
    """The figures of one ranking.

    Raises:
        ValueError: there are no queries.
    """
    ranks = rankings.ranks
    if not len(ranks):
        raise ValueError("no queries: nothing was measured")

    def recall(depth: int) -> float:
        return 100 * float(np.mean(ranks <= depth))

    return Figures(
        recall_at_1=recall(1),
        recall_at_5=recall(5),
        recall_at_10=recall(10),
        median_rank=float(np.median(ranks)),
        mean_rank=float(np.mean(ranks)),
        mean_average_precision=100 * float(np.mean(rankings.average_precisions)),
        ndcg_at_10=100 * float(np.mean(rankings.gains)),
    )


def bootstrap(rankings: Rankings, *, resamples: int = 1_000, level: float = 0.95, seed: int = 24) -> Interval:
    """Percentile bootstrap over queries (Efron & Tibshirani 1993, chapter 13).

    N queries are drawn with replacement `resamples` times; the bounds hold the middle share `level` of every
    figure. The same seed and number of queries draw the same queries, so rows of one table are compared on
    equal terms. Captions of one video are drawn apart, so with many captions per video the interval is a
    little too narrow.
    """
    draw = np.random.default_rng(seed)
    queries = len(rankings.ranks)
    drawn = np.array([
        _values(figures(rankings.take(draw.integers(queries, size=queries)))) for _ in range(resamples)
    ])  # fmt: skip
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2], axis=0)
    return Interval(Figures(*map(float, low)), Figures(*map(float, high)))


def roc_area(there: ArrayLike, gone: ArrayLike) -> float:
    """Area under the ROC curve: the probability that one of `there` (n,) is above one of `gone` (m,), ties
    counting half (Hanley & McNeil 1982); not a number where either is empty."""
    higher, ordered = np.asarray(there, np.float64), np.sort(np.asarray(gone, np.float64))
    if not len(higher) or not len(ordered):
        return float("nan")
    below = np.searchsorted(ordered, higher, "left") + np.searchsorted(ordered, higher, "right")
    return float(below.mean() / (2 * len(ordered)))


def _values(measured: Figures) -> list[float]:
    return [getattr(measured, field.name) for field in fields(measured)]


def _checked(similarity: ArrayLike, video_of_text: ArrayLike) -> tuple[NDArray[np.floating], Indices]:
    scores, owner = np.asarray(similarity), np.asarray(video_of_text, np.int64)
    if scores.ndim != 2 or owner.shape != scores.shape[:1]:
        raise ValueError(f"similarities {scores.shape} do not fit {owner.shape} captions")
    if len(owner) and not 0 <= owner.min() <= owner.max() < scores.shape[1]:
        raise ValueError("a caption belongs to a video that is not among the columns")
    if np.isnan(scores).any():
        raise ValueError("a similarity is not a number: ranks would be meaningless")
    return scores, owner


def _rankings(queries: Iterable[tuple[NDArray[np.floating], Indices]]) -> Rankings:
    """`queries` gives the scores of all items and the numbers of the right ones."""
    ranks, precisions, gains, gallery = [], [], [], 0
    for scores, right in queries:
        places = _places(scores, right)
        found = np.arange(1, len(places) + 1)
        ranks.append(places[0])
        precisions.append(np.mean(found / places))
        gains.append(_gain(places) / _gain(found))
        gallery = len(scores)
    return Rankings(np.array(ranks, np.int64), np.array(precisions), np.array(gains), gallery)


def _places(scores: NDArray[np.floating], right: Indices) -> Indices:
    """The ranks of the right items, ascending, after everything wrong that scores the same."""
    theirs = np.sort(scores[right])[::-1]
    not_worse = (scores[None, :] >= theirs[:, None]).sum(1) - (theirs[None, :] >= theirs[:, None]).sum(1)
    return np.asarray(not_worse + np.arange(1, len(right) + 1), np.int64)


def _gain(places: Indices) -> float:
    """Discounted cumulated gain of right items at these ranks (Järvelin & Kekäläinen 2002), binary gains."""
    return float((1 / np.log2(1 + places[places <= GAIN_DEPTH])).sum())
