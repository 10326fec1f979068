"""Priors, samples and the two texts made from them."""

import math

import numpy as np
import pytest

pytest.importorskip("torch")

import torch

from models.heads.stochastic import Prior, draw, stochastic_text, support_text


def test_samples_are_the_same_for_a_seed_and_others_for_another() -> None:
    first = draw(Prior(), 20, 16, seed=24)
    assert first.dtype == torch.float32
    assert first.shape == (20, 16)
    assert torch.equal(first, draw(Prior(), 20, 16, seed=24))
    assert not torch.equal(first, draw(Prior(), 20, 16, seed=25))
    assert draw(Prior(), 0, 16, seed=24).shape == (0, 16)


def test_the_global_generator_is_left_alone() -> None:
    torch.manual_seed(3)
    expected = torch.rand(4)
    torch.manual_seed(3)
    draw(Prior("normal"), 5, 6, seed=1)
    assert torch.equal(torch.rand(4), expected)


def test_the_uniform_prior_covers_zero_to_its_scale() -> None:
    values = draw(Prior("uniform", 2.0), 400, 100, seed=1)
    assert values.min() >= 0
    assert values.max() < 2
    assert float(values.mean()) == pytest.approx(1.0, abs=0.02)
    assert float(values.var()) == pytest.approx(4 / 12, abs=0.02)


def test_the_normal_prior_has_its_scale_as_deviation() -> None:
    values = draw(Prior("normal", 0.003), 400, 100, seed=1)
    assert float(values.mean()) == pytest.approx(0.0, abs=1e-4)
    assert float(values.std()) == pytest.approx(0.003, rel=0.02)
    assert float((values.abs() > 0.006).float().mean()) == pytest.approx(0.0455, abs=0.005)


@pytest.mark.parametrize("prior", [Prior("uniform"), Prior("normal")])
def test_a_sample_takes_shape_dtype_and_generator(prior: Prior) -> None:
    like = torch.empty(3, 5, dtype=torch.float64)
    first = prior.sample(like, torch.Generator().manual_seed(4))
    assert (first.shape, first.dtype) == (like.shape, like.dtype)
    assert torch.equal(first, prior.sample(like, torch.Generator().manual_seed(4)))
    assert not torch.equal(first, prior.sample(like))


def test_both_texts_component_by_component() -> None:
    draws = np.random.default_rng(0)
    t, radius, eps, pooled = draws.normal(size=(4, 3, 5))
    found = stochastic_text(*(torch.from_numpy(x) for x in (t, radius, eps)))
    faced = support_text(*(torch.from_numpy(x) for x in (t, radius, pooled)))
    for row in range(3):
        length = math.sqrt(sum((pooled[row, d] - t[row, d]) ** 2 for d in range(5)))
        for d in range(5):
            moved = t[row, d] + radius[row, d] * eps[row, d]
            assert float(found[row, d]) == pytest.approx(moved)
            step = radius[row, d] * (pooled[row, d] - t[row, d]) / length
            assert float(faced[row, d]) == pytest.approx(t[row, d] + step)


def test_the_support_text_lies_on_the_surface_towards_the_video() -> None:
    t, pooled = torch.randn(2, 7, 9, dtype=torch.float64)
    support = support_text(t, torch.full((7, 1), 0.25, dtype=torch.float64), pooled)
    assert torch.allclose((support - t).norm(dim=1), torch.full((7,), 0.25, dtype=torch.float64))
    assert ((pooled - support).norm(dim=1) < (pooled - t).norm(dim=1)).all()


def test_a_text_on_its_video_stays_there() -> None:
    t = torch.randn(2, 4)
    assert torch.equal(support_text(t, torch.ones(2, 4), t), t)


@pytest.mark.parametrize("text", [stochastic_text, support_text])
def test_gradients_of_text_radius_and_the_third(text: object) -> None:
    assert callable(text)
    inputs = tuple(torch.randn(3, 4, dtype=torch.float64, requires_grad=True) for _ in range(3))
    assert torch.autograd.gradcheck(text, inputs)
