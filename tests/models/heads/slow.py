"""The equations spelled out with loops over texts, clips, frames and samples: what the fast code is held to.

Works on numpy float64, one pair at a time, and on a clip's real frames only: it knows no padding but in the
linear radius.
"""

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def cosine(a: Array, b: Array) -> float:
    return float(a @ b) / math.sqrt(float(a @ a) * float(b @ b))


def cosines(t: Array, frames: Array) -> list[float]:
    return [cosine(t, frame) for frame in frames]


def layer_norm(x: Array, weight: Array, bias: Array) -> Array:
    mean = sum(x) / len(x)
    variance = sum((value - mean) ** 2 for value in x) / len(x)
    return (x - mean) / math.sqrt(variance + 1e-5) * weight + bias


def softmax(logits: list[float]) -> list[float]:
    powers = [math.exp(logit - max(logits)) for logit in logits]
    return [power / sum(powers) for power in powers]


def pool(p: Mapping[str, Array], t: Array, frames: Array, heads: int, temperature: float) -> Array:
    """ψ of one text and one clip, without dropout."""

    def linear(name: str, x: Array) -> Array:
        return p[f"{name}.weight"] @ x + p[f"{name}.bias"]

    def norm(name: str, x: Array) -> Array:
        return layer_norm(x, p[f"{name}.weight"], p[f"{name}.bias"])

    width = len(t)
    query = linear("q", norm("ln1", t))
    keys = [linear("k", norm("ln1", frame)) for frame in frames]
    values = [linear("v", norm("ln1", frame)) for frame in frames]
    attended = np.zeros(width)
    for head in range(heads):
        part = slice(head * width // heads, (head + 1) * width // heads)
        attention = softmax(
            [temperature * float(key[part] @ query[part]) / math.sqrt(width / heads) for key in keys]
        )
        for share, value in zip(attention, values, strict=True):
            attended[part] += share * value[part]
    h = norm("ln2", linear("o", attended))
    return norm("ln3", h + linear("linear", h))


def radius(kind: str, p: Mapping[str, Array], t: Array, frames: Array, slots: list[bool]) -> Array:
    """R of one pair `(D,)`. `frames` are the real ones; `slots` says which of the F slots they lie in."""
    s = cosines(t, frames)
    mean = sum(s) / len(s)
    if kind == "none":
        return np.zeros(len(t))
    if kind == "cos":
        return np.full(len(t), math.exp(mean))
    if kind == "scalar":
        return np.full(len(t), math.exp(float(p["theta"][0]) * mean))
    waiting = iter(s)
    filled = [next(waiting) if real else mean for real in slots]
    rows = [
        sum(value * float(p["weight"][slot, d]) for slot, value in enumerate(filled)) + float(p["bias"][d])
        for d in range(len(t))
    ]
    return np.exp(np.array(rows))


def cross_entropy(logits: Array, groups: list[int]) -> float:
    """-log softmax, mean over right answers, rows and both directions."""
    total = 0.0
    for matrix in (logits, logits.T):
        for row, scores in enumerate(matrix):
            log_sum = math.log(sum(math.exp(score) for score in scores))
            right = [score for score, group in zip(scores, groups, strict=True) if group == groups[row]]
            total += sum(log_sum - score for score in right) / len(right)
    return total / (2 * len(groups))
