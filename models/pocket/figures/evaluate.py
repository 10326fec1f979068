"""Retrieval figures: how often the right picture is among the first k for a sentence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.metrics import text_to_video

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Recall:
    """Share of queries (0-1) whose right picture ranks among the first 1, 5, 10; the median rank (1 is
    best)."""

    at_1: float
    at_5: float
    at_10: float
    median_rank: float
    queries: int

    def __str__(self) -> str:
        shares = f"R@1 {self.at_1:.1%} R@5 {self.at_5:.1%} R@10 {self.at_10:.1%}"
        return f"{shares} median rank {self.median_rank:g} of {self.queries} queries"


def unit(vectors: Vectors) -> Vectors:
    """Rows scaled to length one."""
    return np.asarray(
        vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-12), np.float32
    )


def recall(texts: Vectors, pictures: Vectors, answers: NDArray[np.int64]) -> Recall:
    """Text to picture retrieval: `texts (Q, D)`, `pictures (P, D)`, `answers (Q,)` the right picture of each
    text.

    A picture with the same score as the right one counts as ranked before it.
    """
    ranks = text_to_video(unit(texts) @ unit(pictures).T, answers).ranks
    return Recall(
        float((ranks <= 1).mean()),
        float((ranks <= 5).mean()),
        float((ranks <= 10).mean()),
        float(np.median(ranks)),
        len(answers),
    )
