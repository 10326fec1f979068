"""The T-MASS head: its loss and its score, against loops over texts, clips and samples."""

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("torch")

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

from models.heads import tmass, xpool
from models.heads.radius import Radius
from models.heads.stochastic import Prior
from models.heads.tmass import TMassConfig, TMassHead
from tests.models.heads.batches import clips, parameters, shaken, spoiled
from tests.models.heads.slow import Array, cosine, cosines, cross_entropy, pool, radius

KINDS: tuple[Radius, ...] = ("none", "cos", "scalar", "linear")
CONFIG = TMassConfig(width=8, frames=6, temperature=1.7, samples=5)
SCALE = torch.tensor(1.3, dtype=torch.float64)


def head(config: TMassConfig = CONFIG) -> TMassHead:
    made = shaken(TMassHead(config), seed=11)
    assert isinstance(made, TMassHead)
    return made.eval()


def slow_pool(module: TMassHead, t: Tensor, f: Tensor, mask: Tensor) -> Array:
    real = f[mask].numpy()
    return pool(parameters(module.xpool), t.numpy(), real, module.config.heads, module.config.temperature)


def slow_radius(module: TMassHead, t: Tensor, f: Tensor, mask: Tensor) -> Array:
    return radius(module.config.radius, parameters(module.radius), t.numpy(), f[mask].numpy(), mask.tolist())


def slow_soft_maximum(t: Array, frames: Array, g: float) -> float:
    s = cosines(t, frames)
    return math.log(sum(math.exp(g * value) for value in s) / len(s)) / g


def slow_similarities(
    module: TMassHead, t: Tensor, f: Tensor, mask: Tensor, samples: Tensor | None
) -> list[list[float]]:
    """Every sample of every pair one by one."""
    rows = []
    for text in t:
        row = []
        for clip, real in zip(f, mask, strict=True):
            pooled, reach = slow_pool(module, text, clip, real), slow_radius(module, text, clip, real)
            tried = [text.numpy() + reach * eps.numpy() for eps in samples] if samples is not None else []
            best = max(cosine(point, pooled) for point in tried or [text.numpy()])
            w, g = module.config.soft_maximum_weight, module.config.soft_maximum_gain
            soft = slow_soft_maximum(text.numpy(), clip[real].numpy(), g)
            row.append((1 - w) * best + w * soft)
        rows.append(row)
    return rows


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("prior", [Prior(), Prior("normal", 0.7)])
def test_the_score_is_the_best_of_the_direct_loop_over_samples(kind: Radius, prior: Prior) -> None:
    t, f, mask = clips(seed=1)
    module = head(replace(CONFIG, radius=kind, prior=prior))
    samples = module.draw_samples().double()
    found = module.similarities(t, f, mask, samples=samples)
    assert np.allclose(found, slow_similarities(module, t, f, mask, samples), atol=1e-10)


@pytest.mark.parametrize("samples", [None, torch.empty(0, 8)])
def test_without_samples_the_score_is_the_cosine_with_the_pooled_clip(samples: Tensor | None) -> None:
    t, f, mask = clips(seed=2)
    module = head(replace(CONFIG, heads=2))
    found = module.similarities(t, f, mask, samples=samples)
    assert np.allclose(found, slow_similarities(module, t, f, mask, None), atol=1e-10)


def test_the_soft_maximum_is_mixed_in() -> None:
    t, f, mask = clips(seed=3)
    module = head(replace(CONFIG, soft_maximum_weight=0.35, soft_maximum_gain=6.0))
    for samples in (None, module.draw_samples().double()):
        found = module.similarities(t, f, mask, samples=samples)
        assert np.allclose(found, slow_similarities(module, t, f, mask, samples), atol=1e-10)


def test_blocks_do_not_change_the_score(monkeypatch: pytest.MonkeyPatch) -> None:
    t, f, mask = clips(queries=7, videos=9, seed=4)
    module = head()
    samples = module.draw_samples()
    whole = module.similarities(t, f, mask, samples=samples)
    monkeypatch.setattr(tmass, "QUERY_BLOCK", 3)
    monkeypatch.setattr(tmass, "BLOCK_ELEMENTS", 3 * 8 * 2)
    assert torch.allclose(whole, module.similarities(t, f, mask, samples=samples), atol=1e-12)


def test_both_directions_read_the_same_matrix() -> None:
    """A clip asked for its texts sees what the texts saw of it: a pair's score depends on the pair only."""
    t, f, mask = clips(seed=5)
    module = head()
    samples = module.draw_samples()
    whole = module.similarities(t, f, mask, samples=samples)
    for query in range(len(t)):
        row = module.similarities(t[query : query + 1], f, mask, samples=samples)
        assert torch.allclose(row[0], whole[query], atol=1e-12)
    for clip in range(len(f)):
        one = slice(clip, clip + 1)
        column = module.similarities(t, f[one], mask[one], samples=samples)
        assert torch.allclose(column[:, 0], whole[:, clip], atol=1e-12)


def test_a_sample_more_never_lowers_a_score() -> None:
    t, f, mask = clips(seed=6)
    module = head(replace(CONFIG, samples=40))
    samples = module.draw_samples()
    few = module.similarities(t, f, mask, samples=samples[:10])
    many = module.similarities(t, f, mask, samples=samples)
    assert (many >= few - 1e-12).all()
    assert (many > few + 1e-6).any()


def test_single_precision_is_enough() -> None:
    t, f, mask = clips(queries=20, videos=20, frames=12, width=64, seed=7)
    module = head(TMassConfig(width=64))
    samples = module.draw_samples()
    exact = module.similarities(t, f, mask, samples=samples)
    rounded = module.float().similarities(t.float(), f.float(), mask, samples=samples)
    assert rounded.dtype == torch.float32
    assert torch.allclose(exact.float(), rounded, atol=2e-6)


@pytest.mark.parametrize("garbage", [1e30, math.nan, math.inf])
def test_padding_never_changes_score_or_loss(garbage: float) -> None:
    t, f, mask = clips(videos=4, seed=8)
    module = head(replace(CONFIG, soft_maximum_weight=0.2))
    other = spoiled(f, mask, garbage)
    samples = module.draw_samples()
    assert torch.equal(
        module.similarities(t, f, mask, samples=samples), module.similarities(t, other, mask, samples=samples)
    )
    losses = [
        module.losses(t, frames, mask, SCALE, generator=torch.Generator().manual_seed(1)).total
        for frames in (f, other)
    ]
    assert torch.equal(*losses)


def slow_losses(
    module: TMassHead, t: Tensor, f: Tensor, mask: Tensor, scale: float, groups: list[int], eps: Array
) -> tuple[float, float]:
    batch = range(len(t))
    pooled = [[slow_pool(module, t[text], f[clip], mask[clip]) for clip in batch] for text in batch]
    reach = [slow_radius(module, t[row], f[row], mask[row]) for row in batch]
    found = []
    for term in ("stochastic", "support"):
        logits = np.zeros((len(t), len(t)))
        for text in batch:
            own = t[text].numpy()
            if term == "stochastic":
                moved = own + reach[text] * eps[text]
            else:
                mean = sum(pooled[other][text] for other in batch) / len(t)
                moved = own + reach[text] * (mean - own) / np.linalg.norm(mean - own)
            for clip in batch:
                fit = cosine(moved, pooled[text][clip])
                w, g = module.config.soft_maximum_weight, module.config.soft_maximum_gain
                soft = slow_soft_maximum(own, f[clip][mask[clip]].numpy(), g)
                logits[text, clip] = math.exp(scale) * ((1 - w) * fit + w * soft)
        found.append(cross_entropy(logits, groups))
    return found[0], found[1]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("groups", [None, [0, 1, 0, 2]])
@pytest.mark.parametrize(("training", "soft"), [(False, 0.0), (True, 0.0), (True, 0.4)])
def test_the_loss_equals_the_loops(
    kind: Radius, groups: list[int] | None, training: bool, soft: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In training so little is dropped that nothing is, in blocks of one clip."""
    monkeypatch.setattr(xpool, "BLOCK_ELEMENTS", 8 * 4)
    t, f, mask = clips(queries=4, videos=4, seed=9)
    config = replace(CONFIG, radius=kind, support_weight=0.6, dropout=1e-12, soft_maximum_weight=soft)
    module = head(config).train(training)
    found = module.losses(
        t, f, mask, SCALE, generator=torch.Generator().manual_seed(5),
        groups=None if groups is None else torch.tensor(groups),
    )  # fmt: skip
    eps = torch.rand(4, 8, generator=torch.Generator().manual_seed(5), dtype=torch.float64).numpy()
    stochastic, support = slow_losses(module, t, f, mask, float(SCALE), groups or [0, 1, 2, 3], eps)
    assert found.stochastic.item() == pytest.approx(stochastic, abs=1e-9)
    assert found.support.item() == pytest.approx(support, abs=1e-9)
    assert found.total.item() == pytest.approx(stochastic + 0.6 * support, abs=1e-9)


@pytest.mark.parametrize("kind", ["cos", "scalar", "linear"])
def test_gradients_of_everything_that_is_learned(kind: Radius) -> None:
    t, f, mask = clips(queries=3, videos=3, frames=3, width=4, seed=10)
    module = head(TMassConfig(width=4, frames=3, radius=kind))
    names = [name for name, _ in module.named_parameters()]
    values = tuple(value.detach().clone().requires_grad_() for value in module.parameters())

    class Loss(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.head = module

        def forward(self, t: Tensor, f: Tensor, scale: Tensor) -> Tensor:
            return self.head.losses(t, f, mask, scale, generator=torch.Generator().manual_seed(3)).total

    def run(t: Tensor, f: Tensor, scale: Tensor, *values: Tensor) -> Tensor:
        state = {f"head.{name}": value for name, value in zip(names, values, strict=True)}
        result: Tensor = torch.func.functional_call(Loss(), state, (t, f, scale))
        return result

    inputs = (t.requires_grad_(), f.requires_grad_(), SCALE.clone().requires_grad_(), *values)
    assert torch.autograd.gradcheck(run, inputs)


def test_a_seed_repeats_a_training_step() -> None:
    t, f, mask = clips(videos=4, seed=12)
    module = head().train()
    totals = []
    for seed in (1, 1, 2):
        torch.manual_seed(0)
        generator = torch.Generator().manual_seed(seed)
        totals.append(module.losses(t, f, mask, SCALE, generator=generator).total.item())
    assert totals[0] == totals[1] != totals[2]


def test_training_brings_texts_to_their_clips() -> None:
    t, f, mask = (x.float() if x.is_floating_point() else x for x in clips(12, 12, seed=13))
    torch.manual_seed(1)
    module = TMassHead(TMassConfig(width=8, frames=6))
    samples = module.draw_samples()
    optimizer = torch.optim.AdamW(module.parameters(), lr=1e-2)

    def right() -> int:
        module.eval()
        found = module.similarities(t, f, mask, samples=samples)
        module.train()
        return int((found.argmax(1) == torch.arange(12)).sum())

    before = right()
    for _ in range(60):
        loss = module.losses(t, f, mask, torch.tensor(3.0)).total
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert right() > before + 4


class LargestTensor(TorchDispatchMode):
    """Notes the number of elements of the largest tensor that is made."""

    def __init__(self) -> None:
        super().__init__()
        self.elements = 0

    def __torch_dispatch__(  # type: ignore[override]
        self, func: Callable[..., object], types: object, args: tuple[object, ...] = (), kwargs: object = None
    ) -> object:
        result = func(*args, **(kwargs if isinstance(kwargs, dict) else {}))
        if isinstance(result, Tensor):
            self.elements = max(self.elements, result.numel())
        return result


def test_scoring_makes_no_tensor_beyond_a_block(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing over queries, clips and width, let alone samples."""
    t, f, mask = clips(queries=40, videos=50, width=16, seed=14)
    module = head(TMassConfig(width=16, frames=6))
    monkeypatch.setattr(tmass, "QUERY_BLOCK", 10)
    monkeypatch.setattr(tmass, "BLOCK_ELEMENTS", 10 * 16 * 5)
    with LargestTensor() as largest:
        module.similarities(t, f, mask, samples=module.draw_samples())
    assert largest.elements < 50 * 6 * 16 * 2  # a few numbers per frame
    assert largest.elements < 40 * 50 * 16 / 2


def test_scores_know_no_dropout() -> None:
    t, f, mask = clips(seed=16)
    module = head()
    samples = module.draw_samples()
    evaluated = module.similarities(t, f, mask, samples=samples)
    assert torch.equal(evaluated, module.train().similarities(t, f, mask, samples=samples))


@pytest.mark.parametrize(("dropout", "most"), [(0.3, 2.0), (0.0, 1.0)])
def test_a_large_batch_keeps_little_for_the_gradient(
    dropout: float, most: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With dropout ψ of all pairs and not twice that, without it less."""
    t, f, mask = clips(queries=100, videos=100, frames=3, width=128, seed=15)
    module = head(TMassConfig(width=128, frames=3, dropout=dropout)).train()
    monkeypatch.setattr(xpool, "BLOCK_ELEMENTS", 100 * 128 * 9)
    kept: dict[int, int] = {}

    def note(tensor: Tensor) -> Tensor:
        storage = tensor.untyped_storage()
        kept[storage.data_ptr()] = storage.nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(note, lambda tensor: tensor):
        loss = module.losses(t.requires_grad_(), f, mask, SCALE).total
    assert sum(kept.values()) < most * 100 * 100 * 128 * f.itemsize
    loss.backward()
    assert t.grad is not None
    assert t.grad.isfinite().all()
