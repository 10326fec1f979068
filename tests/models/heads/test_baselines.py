"""The similarities without training, against loops over pairs and frames."""

import math
from collections.abc import Callable
from functools import partial

import numpy as np
import pytest

pytest.importorskip("torch")

import torch
from torch import Tensor

from models.heads.baselines import (
    cosine_frames,
    log_sum_exp_similarity,
    max_similarity,
    mean_pool_similarity,
    top_k_similarity,
)
from tests.models.heads.batches import clips, pairs, spoiled
from tests.models.heads.slow import Array, cosine, cosines

Similarity = Callable[[Tensor, Tensor, Tensor], Tensor]


def slow_mean_pool(t: Array, frames: Array) -> float:
    return cosine(t, sum(frame / np.linalg.norm(frame) for frame in frames) / len(frames))


def slow_top_k(t: Array, frames: Array, k: int) -> float:
    best = sorted(cosines(t, frames), reverse=True)[:k]
    return sum(best) / len(best)


def slow_soft_maximum(t: Array, frames: Array, g: float) -> float:
    return math.log(sum(math.exp(g * s) for s in cosines(t, frames)) / len(frames)) / g


ALL = [
    pytest.param(mean_pool_similarity, slow_mean_pool, id="mean"),
    pytest.param(max_similarity, lambda t, frames: max(cosines(t, frames)), id="max"),
    pytest.param(partial(top_k_similarity, k=3), partial(slow_top_k, k=3), id="top 3"),
    pytest.param(partial(top_k_similarity, k=99), partial(slow_top_k, k=99), id="top of all"),
    pytest.param(partial(log_sum_exp_similarity, g=7.0), partial(slow_soft_maximum, g=7.0), id="soft"),
]


@pytest.mark.parametrize(("fast", "slow"), ALL)
def test_equals_the_loop_over_real_frames(fast: Similarity, slow: Callable[[Array, Array], float]) -> None:
    t, f, mask = clips(seed=1)
    for (query, clip), expected in pairs(t, f, mask, slow).items():
        assert float(fast(t, f, mask)[query, clip]) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(("fast", "slow"), ALL)
@pytest.mark.parametrize("garbage", [1e30, math.nan, math.inf])
def test_padding_never_changes_a_similarity(fast: Similarity, slow: object, garbage: float) -> None:
    t, f, mask = clips(seed=2)
    assert torch.equal(fast(t, f, mask), fast(t, spoiled(f, mask, garbage), mask))


@pytest.mark.parametrize(("fast", "slow"), ALL)
def test_gradients_are_those_of_the_formula_and_none_reaches_padding(fast: Similarity, slow: object) -> None:
    t, f, mask = clips(queries=2, videos=3, width=4, seed=3)
    assert torch.autograd.gradcheck(lambda t, f: fast(t, f, mask), (t.requires_grad_(), f.requires_grad_()))
    fast(t, f, mask).sum().backward()
    assert f.grad is not None
    assert f.grad[~mask].abs().max() == 0


def test_cosine_frames_keeps_every_slot() -> None:
    t, f, _ = clips(seed=4)
    assert cosine_frames(t, f).shape == (len(t), *f.shape[:2])
    assert float(cosine_frames(t, f)[1, 2, 0]) == pytest.approx(cosine(t[1].numpy(), f[2, 0].numpy()))


def test_the_soft_maximum_lies_between_the_mean_and_the_maximum() -> None:
    t, f, mask = clips(seed=5)
    assert torch.allclose(log_sum_exp_similarity(t, f, mask, g=5e3), max_similarity(t, f, mask), atol=1e-3)
    mean = top_k_similarity(t, f, mask, k=f.shape[1])
    assert torch.allclose(log_sum_exp_similarity(t, f, mask, g=1e-5), mean, atol=1e-5)


def test_top_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        top_k_similarity(*clips(seed=6), k=0)
