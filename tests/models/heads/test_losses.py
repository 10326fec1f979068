"""The batch losses, against loops over rows, answers and directions."""

import math

import numpy as np
import pytest

pytest.importorskip("torch")

import torch

from models.heads.losses import LogitScale, gees_loss, symmetric_cross_entropy, triplet
from tests.models.heads.batches import clips, spoiled
from tests.models.heads.slow import Array, cross_entropy

GROUPS = [[0, 1, 2, 3, 4], [0, 1, 0, 2, 0], [7, 7, 7, 7, 7]]


def matrix(seed: int = 0) -> torch.Tensor:
    return torch.randn(5, 5, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


@pytest.mark.parametrize("groups", GROUPS)
def test_cross_entropy_equals_the_loop_with_several_right_answers(groups: list[int]) -> None:
    logits = 4 * matrix()
    found = symmetric_cross_entropy(logits, torch.tensor(groups))
    assert found.item() == pytest.approx(cross_entropy(logits.numpy(), groups), abs=1e-12)


def test_without_groups_every_row_has_one_right_answer() -> None:
    logits = matrix()
    assert symmetric_cross_entropy(logits).item() == pytest.approx(
        cross_entropy(logits.numpy(), [0, 1, 2, 3, 4]), abs=1e-12
    )


def test_cross_entropy_does_not_overflow() -> None:
    assert symmetric_cross_entropy(torch.eye(3) * 1e4).item() == pytest.approx(0.0, abs=1e-6)


def slow_triplet(similarities: Array, margin: float, hardest: bool, groups: list[int]) -> float:
    total = 0.0
    for scores in (similarities, similarities.T):
        for row in range(len(scores)):
            hinges = [
                max(0.0, margin + scores[row, other] - scores[row, row])
                for other in range(len(scores))
                if groups[other] != groups[row]
            ]
            if hinges:
                total += max(hinges) if hardest else sum(hinges) / len(hinges)
    return total / (2 * len(similarities))


@pytest.mark.parametrize("groups", GROUPS)
@pytest.mark.parametrize("hardest", [True, False])
@pytest.mark.parametrize("margin", [0.0, 0.4])
def test_triplet_equals_the_loop(groups: list[int], hardest: bool, margin: float) -> None:
    similarities = matrix(1)
    found = triplet(similarities, margin, hardest, torch.tensor(groups))
    assert found.item() == pytest.approx(
        slow_triplet(similarities.numpy(), margin, hardest, groups), abs=1e-12
    )


@pytest.mark.parametrize("hardest", [True, False])
def test_triplet_is_nothing_where_the_margin_is_kept(hardest: bool) -> None:
    assert triplet(torch.eye(4), 0.9, hardest) == 0
    assert triplet(torch.eye(4), 1.1, hardest).item() == pytest.approx(0.1)


def slow_gees(t: Array, frames: Array, g: float) -> float:
    """g²-scaled text against the mean and the explicit covariance of the unit frames."""
    unit = frames / np.linalg.norm(frames, axis=1, keepdims=True)
    text = g * t / np.linalg.norm(t)
    centred = unit - unit.mean(0)
    covariance = sum(np.outer(row, row) for row in centred) / len(unit)
    return float(text @ unit.mean(0) + 0.5 * text @ covariance @ text)


@pytest.mark.parametrize("groups", [None, [0, 0, 1, 2]])
def test_gees_loss_equals_the_log_softmax_of_explicit_gaussians(groups: list[int] | None) -> None:
    t, f, mask = clips(queries=4, videos=4, seed=2)
    scores = np.array([[slow_gees(text.numpy(), f[v][mask[v]].numpy(), 3.0) for v in range(4)] for text in t])
    found = gees_loss(
        t, f, mask, torch.tensor(math.log(3.0)), None if groups is None else torch.tensor(groups)
    )
    assert found.item() == pytest.approx(cross_entropy(scores, groups or [0, 1, 2, 3]), abs=1e-6)


def test_gradients_of_every_loss() -> None:
    similarities = matrix(3).requires_grad_()
    groups = torch.tensor([0, 1, 0, 2, 3])
    assert torch.autograd.gradcheck(lambda x: symmetric_cross_entropy(x, groups), (similarities,))
    for hardest in (True, False):
        assert torch.autograd.gradcheck(
            lambda x, hardest=hardest: triplet(x, 0.5, hardest, groups), (similarities,)
        )
    t, f, mask = clips(queries=3, videos=3, frames=4, width=4, seed=4)
    scale = torch.tensor(0.8, dtype=torch.float64)
    inputs = tuple(x.requires_grad_() for x in (t, f, scale))
    assert torch.autograd.gradcheck(lambda t, f, scale: gees_loss(t, f, mask, scale), inputs)


@pytest.mark.parametrize("garbage", [1e30, math.nan, math.inf])
def test_padding_never_changes_the_gees_loss(garbage: float) -> None:
    t, f, mask = clips(queries=5, seed=5)
    scale = torch.tensor(1.0)
    assert gees_loss(t, f, mask, scale) == gees_loss(t, spoiled(f, mask, garbage), mask, scale)


def test_the_logit_scale_is_kept_below_its_bound_and_comes_back() -> None:
    scale = LogitScale(4.6)
    optimizer = torch.optim.SGD(scale.parameters(), lr=1.0)
    (-scale()).backward()
    optimizer.step()
    assert scale().item() == pytest.approx(math.log(100))
    optimizer.zero_grad()
    scale().backward()
    optimizer.step()
    assert scale().item() == pytest.approx(math.log(100) - 1)


def test_the_logit_scale_starts_where_it_is_told() -> None:
    assert LogitScale()().exp().item() == pytest.approx(1 / 0.07)
    assert LogitScale(2.0)().item() == pytest.approx(2.0)
