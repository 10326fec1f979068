"""The four radii, against the formula component by component."""

import math

import numpy as np
import pytest

pytest.importorskip("torch")

import torch
from torch import Tensor

from models.heads.baselines import cosine_frames, real_cosines
from models.heads.radius import Radius, RadiusModule
from tests.models.heads.batches import clips, parameters, shaken, spoiled
from tests.models.heads.slow import radius

KINDS: tuple[Radius, ...] = ("none", "cos", "scalar", "linear")


def module(kind: Radius, width: int = 8, frames: int = 6) -> RadiusModule:
    made = shaken(RadiusModule(kind, width, frames), seed=3)
    assert isinstance(made, RadiusModule)
    return made


@pytest.mark.parametrize("kind", KINDS)
def test_equals_the_formula_pair_by_pair(kind: Radius) -> None:
    t, f, mask = clips(seed=1)
    made = module(kind)
    found = made(real_cosines(t, f, mask), mask).expand(len(t), len(f), 8)
    for query in range(len(t)):
        for clip in range(len(f)):
            real = f[clip][mask[clip]].numpy()
            slots = mask[clip].tolist()
            expected = radius(kind, parameters(made), t[query].numpy(), real, slots)
            assert np.allclose(found[query, clip].detach().numpy(), expected, atol=1e-12)


@pytest.mark.parametrize("kind", KINDS)
def test_starts_as_the_paper_says(kind: Radius) -> None:
    made = RadiusModule(kind, width=4, frames=3)
    s, mask = torch.tensor([[0.2, 0.4, 0.9]]), torch.ones(1, 3, dtype=torch.bool)
    expected = {
        "none": [0.0],
        "cos": [math.exp(0.5)],
        "scalar": [math.exp(0.5)],
        "linear": [math.exp(0.2), math.exp(0.4), math.exp(0.9), 1.0],
    }[kind]
    assert made(s, mask)[0].tolist() == pytest.approx(expected)
    assert sum(value.numel() for value in made.parameters()) == {"scalar": 1, "linear": 16}.get(kind, 0)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("garbage", [1e30, math.nan, math.inf])
def test_padding_never_changes_a_radius(kind: Radius, garbage: float) -> None:
    t, f, mask = clips(seed=2)
    made = module(kind)
    clean = made(cosine_frames(t, f), mask)
    assert torch.equal(clean, made(cosine_frames(t, spoiled(f, mask, garbage)), mask))


def test_a_short_clip_is_not_one_that_repeats_a_frame() -> None:
    s = torch.tensor([[0.1, 0.3, 0.8, 0.0]], dtype=torch.float64)
    mask = torch.tensor([[True, True, True, False]])
    repeated = torch.tensor([[0.1, 0.3, 0.8, 0.1]], dtype=torch.float64)
    full = torch.ones_like(mask)
    for kind in ("cos", "scalar", "linear"):
        made = module(kind, frames=4)
        assert not torch.allclose(made(s, mask), made(repeated, full), atol=1e-4)


def test_a_short_clip_keeps_the_scale_of_a_full_one_with_the_linear_radius() -> None:
    made = RadiusModule("linear", width=5, frames=4)
    with torch.no_grad():
        made.weight.fill_(1.0)
    full = made(torch.full((1, 4), 0.3), torch.ones(1, 4, dtype=torch.bool))
    short = made(torch.full((1, 4), 0.3), torch.tensor([[True, False, False, False]]))
    assert torch.allclose(full, short)


@pytest.mark.parametrize("kind", ["cos", "scalar", "linear"])
def test_gradients_of_parameters_and_cosines(kind: Radius) -> None:
    t, f, mask = clips(queries=2, videos=3, width=4, seed=4)
    made = module(kind, width=4)
    names = [name for name, _ in made.named_parameters()]
    values = tuple(value.detach().clone().requires_grad_() for value in made.parameters())
    s = cosine_frames(t, f).detach().requires_grad_()

    def run(s: Tensor, *values: Tensor) -> Tensor:
        result: Tensor = torch.func.functional_call(made, dict(zip(names, values, strict=True)), (s, mask))
        return result

    assert torch.autograd.gradcheck(run, (s, *values))
    made(s, mask).sum().backward()
    assert s.grad is not None
    assert s.grad[:, ~mask].abs().max() == 0
