"""Text-conditioned pooling, against the equations of X-Pool pair by pair."""

import math

import numpy as np
import pytest

pytest.importorskip("torch")

import torch
from torch import Tensor

from models.heads import xpool
from models.heads.xpool import XPool
from tests.models.heads.batches import clips, parameters, shaken, spoiled
from tests.models.heads.slow import cosine, pool


def head(width: int = 8, heads: int = 1, temperature: float = 1.0, dropout: float = 0.3) -> XPool:
    made = shaken(XPool(width, heads, dropout, temperature), seed=7)
    assert isinstance(made, XPool)
    return made.eval()


FORMS = ["factors", "one block", "blocks"]
NEARLY_NONE = 1e-12
"""So little dropout drops nothing here, but takes the way of training with dropout."""


def in_form(module: XPool, form: str, monkeypatch: pytest.MonkeyPatch) -> XPool:
    """The module made to hold ψ in one of its `FORMS`."""
    if form == "factors":
        return module.eval()
    module.dropout.p = NEARLY_NONE
    monkeypatch.setattr(xpool, "BLOCK_ELEMENTS", 2**22 if form == "one block" else 2 * 4 * 8)
    return module.train()


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("heads", "temperature"), [(1, 1.0), (1, 3.5), (4, 1.0), (2, 0.5)])
def test_equals_the_equations_pair_by_pair(
    form: str, heads: int, temperature: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    t, f, mask = clips(queries=4, videos=5, seed=1)
    module = in_form(head(heads=heads, temperature=temperature), form, monkeypatch)
    held = module.pooled(t, f, mask)
    assert len(getattr(held, "blocks", ())) == {"factors": 0, "one block": 1, "blocks": 3}[form]
    expected = np.array(
        [
            [
                pool(parameters(module), text.numpy(), clip[real].numpy(), heads, temperature)
                for clip, real in zip(f, mask, strict=True)
            ]
            for text in t
        ]
    )
    texts = torch.randn(3, 4, 8, dtype=torch.float64)
    slow_cosines = [
        [[cosine(one[query].numpy(), expected[query, clip]) for clip in range(5)] for query in range(4)]
        for one in texts
    ]
    with torch.no_grad():
        assert np.allclose(module(t, f, mask), expected, atol=1e-10)
        assert np.allclose(held.whole(), expected, atol=1e-10)
        assert np.allclose(held.mean_over_texts(), expected.mean(0), atol=1e-10)
        assert np.allclose(held.cosines(texts), slow_cosines, atol=1e-10)


def test_starts_as_the_paper_says() -> None:
    module = XPool(4)
    for part in (module.q, module.k, module.v, module.o, module.linear):
        assert torch.equal(part.weight, torch.eye(4))
        assert part.bias.count_nonzero() == 0
    assert {name.split(".")[0] for name, _ in module.named_parameters()} == {
        "ln1", "q", "k", "v", "o", "ln2", "linear", "ln3"
    }  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("garbage", [1e30, math.nan, math.inf])
def test_padding_never_changes_the_pooled_clip(
    form: str, garbage: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    t, f, mask = clips(seed=2)
    module = in_form(head(), form, monkeypatch)
    assert torch.equal(module(t, f, mask), module(t, spoiled(f, mask, garbage), mask))


def test_where_the_real_frames_lie_is_no_matter() -> None:
    t, f, mask = clips(videos=1, seed=3)
    mask[0] = torch.tensor([True, True, True, False, False, False])
    order = torch.tensor([3, 0, 4, 1, 5, 2])
    module = head()
    assert torch.allclose(module(t, f, mask), module(t, f[:, order], mask[:, order]), atol=1e-12)
    assert torch.allclose(
        module(t, f, mask), module(t, f[:, :3], torch.ones(1, 3, dtype=torch.bool)), atol=1e-12
    )


def test_a_padded_clip_is_not_a_clip_that_repeats_a_frame() -> None:
    t, f, mask = clips(videos=1, seed=4)
    mask[0] = torch.tensor([True, True, True, False, False, False])
    repeated = torch.where(mask[..., None], f, f[:, :1])
    module = head()
    assert not torch.allclose(module(t, f, mask), module(t, repeated, torch.ones_like(mask)), atol=1e-3)


def names_and_values(module: XPool) -> tuple[list[str], tuple[Tensor, ...]]:
    state = {name: value.detach().clone().requires_grad_() for name, value in module.named_parameters()}
    return list(state), tuple(state.values())


@pytest.mark.parametrize("form", FORMS[:2])
@pytest.mark.parametrize("heads", [1, 2])
def test_gradients_of_every_parameter_and_input(
    form: str, heads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    t, f, mask = clips(queries=2, videos=3, frames=3, width=4, seed=5)
    module = in_form(head(4, heads), form, monkeypatch)
    names, values = names_and_values(module)

    def run(t: Tensor, f: Tensor, *values: Tensor) -> Tensor:
        state = dict(zip(names, values, strict=True))
        result: Tensor = torch.func.functional_call(module, state, (t, f, mask))
        return result

    assert torch.autograd.gradcheck(run, (t.requires_grad_(), f.requires_grad_(), *values))


def test_how_it_is_held_changes_no_gradient(monkeypatch: pytest.MonkeyPatch) -> None:
    t, f, mask = clips(queries=4, videos=5, seed=6)
    texts = torch.randn(2, 4, 8, dtype=torch.float64)
    found = []
    for form in FORMS:
        module = in_form(head(), form, monkeypatch)
        held = module.pooled(t, f, mask)
        towards = held.whole().sin().sum() + held.cosines(texts).exp().sum()
        (towards + held.mean_over_texts().square().sum()).backward()
        found.append([value.grad for value in module.parameters()])
    for other in found[1:]:
        for one, same in zip(found[0], other, strict=True):
            assert torch.allclose(one, same, rtol=1e-8, atol=1e-8)


@pytest.mark.parametrize("elements", [2**22, 8 * 4 * 2])
def test_dropout_is_drawn_in_training_only_and_again_the_same_for_a_seed(
    elements: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xpool, "BLOCK_ELEMENTS", elements)
    t, f, mask = clips(seed=8)
    module = head(dropout=0.5)
    assert torch.equal(module(t, f, mask), module(t, f, mask))
    module.train()
    drawn = []
    for seed in (1, 1, 2):
        torch.manual_seed(seed)
        module.zero_grad()
        pooled = module(t, f, mask)
        pooled.square().mul(torch.arange(8)).sum().backward()
        drawn.append((pooled.detach(), module.q.weight.grad.clone()))
    assert torch.equal(drawn[0][0], drawn[1][0])
    assert torch.equal(drawn[0][1], drawn[1][1])
    assert not torch.equal(drawn[0][0], drawn[2][0])


def test_dropout_falls_on_the_linear_layer_only() -> None:
    t, f, mask = clips(seed=9)
    module = head(dropout=1.0).train()
    everything_dropped = module(t, f, mask)
    module.eval()
    with torch.no_grad():
        module.linear.weight.zero_()
        module.linear.bias.zero_()
    assert torch.allclose(everything_dropped, module(t, f, mask), atol=1e-12)


def test_heads_must_divide_the_width() -> None:
    with pytest.raises(ValueError, match="do not divide"):
        XPool(8, heads=3)
