"""GEES against explicit covariances, CCM against its equations, and the Henze-Zirkler test."""

import math

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("pingouin")

import torch
from torch import Tensor, nn

from models.heads.cret import (
    CrossModalCorrespondence,
    correspondence_similarity,
    gaussianity,
    gees_similarity,
    new_centres,
)
from tests.models.heads.batches import clips, parameters, shaken, spoiled
from tests.models.heads.slow import Array, cosine, layer_norm, softmax


def explicit_gees(t: Array, frames: Array, g: float) -> float:
    """`t·μ + ½ tᵀΣt` with the D×D covariance, t of length g."""
    unit = np.array([frame / math.sqrt(float(frame @ frame)) for frame in frames])
    mean = sum(unit) / len(unit)
    covariance = np.zeros((len(t), len(t)))
    for i in range(len(t)):
        for j in range(len(t)):
            covariance[i, j] = sum((u[i] - mean[i]) * (u[j] - mean[j]) for u in unit) / len(unit)
    text = g * t / math.sqrt(float(t @ t))
    return float(text @ mean + 0.5 * text @ covariance @ text)


@pytest.mark.parametrize("g", [1.0, 14.3])
def test_gees_closed_form_equals_the_explicit_covariance(g: float) -> None:
    t, f, mask = clips(seed=1)
    found = gees_similarity(t, f, mask, g)
    for query in range(len(t)):
        for clip in range(len(f)):
            expected = explicit_gees(t[query].numpy(), f[clip][mask[clip]].numpy(), g)
            assert float(found[query, clip]) == pytest.approx(expected, abs=1e-10)


def test_gees_is_the_log_of_the_mean_of_a_large_gaussian_sample() -> None:
    """What the closed form stands for: log E[exp(g·s)] when the cosines are Gaussian."""
    draws = np.random.default_rng(0)
    cosine_of_frame = 0.4 + 0.05 * draws.normal(size=200_000)
    f = torch.from_numpy(np.stack((cosine_of_frame, np.sqrt(1 - cosine_of_frame**2)), axis=1))[None]
    found = gees_similarity(
        torch.tensor([[2.0, 0.0]], dtype=torch.float64), f, torch.ones(f.shape[:2], dtype=torch.bool), 20.0
    )
    assert float(found) == pytest.approx(math.log(np.exp(20 * cosine_of_frame).mean()), abs=0.02)


def test_of_two_clips_of_equal_mean_gees_prefers_the_one_that_varies_along_the_text() -> None:
    s = torch.tensor([[0.5, 0.5], [0.7, 0.3]], dtype=torch.float64)
    f = torch.stack((s, (1 - s**2).sqrt()), dim=-1)
    t = torch.tensor([[1.0, 0.0]], dtype=torch.float64)
    steady, varied = gees_similarity(t, f, torch.ones(2, 2, dtype=torch.bool), 3.0)[0].tolist()
    assert steady == pytest.approx(1.5)
    assert varied == pytest.approx(1.5 + 4.5 * 0.04)


@pytest.mark.parametrize("garbage", [1e30, math.nan, math.inf])
def test_padding_never_changes_gees(garbage: float) -> None:
    t, f, mask = clips(seed=2)
    clean = gees_similarity(t, f, mask, 5.0)
    assert torch.equal(clean, gees_similarity(t, spoiled(f, mask, garbage), mask, 5.0))


def test_gees_of_a_padded_clip_is_not_that_of_a_clip_that_repeats_a_frame() -> None:
    t, f, mask = clips(videos=1, seed=3)
    mask[0] = torch.tensor([True, True, True, False, False, False])
    repeated = torch.where(mask[..., None], f, f[:, :1])
    full = torch.ones_like(mask)
    assert not torch.allclose(gees_similarity(t, f, mask, 5.0), gees_similarity(t, repeated, full, 5.0))


def test_gradients_of_gees() -> None:
    t, f, mask = clips(queries=2, videos=3, frames=4, width=4, seed=4)
    g = torch.tensor(2.0, dtype=torch.float64)
    inputs = tuple(x.requires_grad_() for x in (t, f, g))
    assert torch.autograd.gradcheck(lambda t, f, g: gees_similarity(t, f, mask, g), inputs)


def side(local_width: int, centres: nn.Parameter, heads: int, seed: int) -> CrossModalCorrespondence:
    made = shaken(CrossModalCorrespondence(local_width, centres, heads), seed)
    assert isinstance(made, CrossModalCorrespondence)
    return made


def slow_correspondence(p: dict[str, Array], local: Array, heads: int) -> Array:
    """`Z` `(C, D)` of one text or clip from its real local features."""

    def linear(name: str, x: Array) -> Array:
        return p[f"{name}.weight"] @ x + p[f"{name}.bias"]

    rows = []
    for centre in p["centres"]:
        query, attended = linear("q", centre), np.zeros(len(centre))
        for head in range(heads):
            part = slice(head * len(centre) // heads, (head + 1) * len(centre) // heads)
            logits = [
                float(linear("k", x)[part] @ query[part]) / math.sqrt(len(centre) / heads) for x in local
            ]
            for share, x in zip(softmax(logits), local, strict=True):
                attended[part] += share * linear("v", x)[part]
        z = layer_norm(centre + linear("o", attended), p["ln1.weight"], p["ln1.bias"])
        hidden = np.array([max(0.0, value) for value in linear("up", z)])
        rows.append(layer_norm(z + linear("down", hidden), p["ln2.weight"], p["ln2.bias"]))
    return np.array(rows)


@pytest.mark.parametrize("heads", [1, 2])
def test_correspondence_equals_the_equations_centre_by_centre(heads: int) -> None:
    _, local, mask = clips(width=5, seed=5)
    module = side(5, new_centres(3, 8), heads, seed=1)
    z = module(local, mask)
    assert z.shape == (len(local), 3, 8)
    for row in range(len(local)):
        expected = slow_correspondence(parameters(module), local[row][mask[row]].numpy(), heads)
        assert np.allclose(z[row].detach().numpy(), expected, atol=1e-10)


def test_the_score_is_the_mean_cosine_of_the_rows() -> None:
    z_t, z_v = torch.randn(4, 3, 5, dtype=torch.float64), torch.randn(6, 3, 5, dtype=torch.float64)
    found = correspondence_similarity(z_t, z_v)
    assert found.shape == (4, 6)
    for query in range(4):
        for clip in range(6):
            rows = [cosine(z_t[query, c].numpy(), z_v[clip, c].numpy()) for c in range(3)]
            assert float(found[query, clip]) == pytest.approx(sum(rows) / 3)
    assert torch.allclose(found.T, correspondence_similarity(z_v, z_t))


@pytest.mark.parametrize("garbage", [1e30, math.nan, math.inf])
def test_padding_never_changes_a_correspondence(garbage: float) -> None:
    _, local, mask = clips(width=5, seed=6)
    module = side(5, new_centres(3, 8), 2, seed=2)
    assert torch.equal(module(local, mask), module(spoiled(local, mask, garbage), mask))


def test_two_sides_of_different_width_share_and_train_the_same_centres() -> None:
    centres = new_centres(3, 8)
    texts, patches = side(5, centres, 1, seed=3), side(7, centres, 1, seed=4)
    _, words, word_mask = clips(videos=4, width=5, seed=7)
    _, views, view_mask = clips(videos=6, width=7, seed=8)
    correspondence_similarity(texts(words, word_mask), patches(views, view_mask)).square().sum().backward()
    assert texts.centres is patches.centres
    together = nn.ModuleList((texts, patches))
    assert sum(value is centres for value in together.parameters()) == 1
    assert all(value.grad is not None and value.grad.any() for value in together.parameters())


def test_gradients_of_the_correspondence() -> None:
    _, local, mask = clips(videos=2, frames=3, width=3, seed=9)
    module = side(3, new_centres(2, 4), 2, seed=5)
    names = [name for name, _ in module.named_parameters()]
    values = tuple(value.detach().clone().requires_grad_() for value in module.parameters())

    def run(local: Tensor, *values: Tensor) -> Tensor:
        state = dict(zip(names, values, strict=True))
        result: Tensor = torch.func.functional_call(module, state, (local, mask))
        return result

    assert torch.autograd.gradcheck(run, (local.requires_grad_(), *values))


def test_correspondence_heads_must_divide_the_width() -> None:
    with pytest.raises(ValueError, match="do not divide"):
        CrossModalCorrespondence(5, new_centres(3, 8), heads=3)


def gaussian_clips(videos: int, frames: int, width: int, seed: int) -> Tensor:
    """Frames around one mean per clip, with a covariance far from round."""
    draws = np.random.default_rng(seed)
    mean = 4 * draws.normal(size=(videos, 1, width))
    spread = 0.3 * np.exp(draws.normal(size=width))
    return torch.from_numpy(mean + spread * draws.normal(size=(videos, frames, width)))


def test_gaussian_frames_pass_about_as_often_as_the_level_says() -> None:
    f = gaussian_clips(200, 12, 32, seed=1)
    report = gaussianity(f, torch.ones(f.shape[:2], dtype=torch.bool))
    assert (len(report.p_values), report.skipped) == (200, 0)
    assert report.passed >= 180
    assert 0.35 < float(np.mean(report.p_values)) < 0.65


def test_clips_of_two_or_three_scenes_are_rejected() -> None:
    draws = np.random.default_rng(2)
    scenes = 4 * draws.normal(size=(20, 3, 32))
    f = torch.from_numpy(np.repeat(scenes, 10, axis=1) + 0.05 * draws.normal(size=(20, 30, 32)))
    report = gaussianity(f, torch.ones(20, 30, dtype=torch.bool))
    assert report.passed == 0
    assert max(report.p_values) < 0.01


def test_padding_and_clips_without_enough_frames_are_left_out() -> None:
    f = gaussian_clips(4, 20, 16, seed=3)
    mask = torch.ones(4, 20, dtype=torch.bool)
    mask[1, 12:] = False
    mask[2, 5:] = False  # too few
    f[3] = f[3, :1]  # one still picture
    report = gaussianity(f, mask)
    assert (len(report.p_values), report.skipped) == (2, 2)
    assert report == gaussianity(spoiled(f, mask, math.nan), mask)
    alone = gaussianity(f[1:2, :12], mask[1:2, :12])
    assert report.p_values[1] == pytest.approx(alone.p_values[0], rel=1e-9)
    assert str(report).startswith(f"{report.passed} of 2 clips pass for Gaussian")
