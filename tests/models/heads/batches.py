"""Random texts and padded clips in float64, and what is done with every pair of them."""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from tests.models.heads.slow import Array


def clips(
    queries: int = 4, videos: int = 5, frames: int = 6, width: int = 8, seed: int = 0
) -> tuple[Tensor, Tensor, Tensor]:
    """`t` `(Q, D)`, `f` `(V, F, D)`, `mask` `(V, F)`: the first clip full, the second with one frame only,
    the others with real frames at any slots. Raw: of lengths far from one."""
    draw = torch.Generator().manual_seed(seed)
    t = 3 * torch.randn(queries, width, generator=draw, dtype=torch.float64)
    f = 5 * torch.randn(videos, frames, width, generator=draw, dtype=torch.float64)
    mask = torch.rand(videos, frames, generator=draw) < 0.6
    mask[torch.arange(videos), torch.randint(frames, (videos,), generator=draw)] = True
    mask[0] = True
    if videos > 1:
        mask[1] = torch.arange(frames) == frames // 2
    return t, f, mask


def spoiled(f: Tensor, mask: Tensor, garbage: float) -> Tensor:
    """The same clips with garbage in the padded slots."""
    return f.masked_fill(~mask[..., None], garbage)


def pairs(
    t: Tensor, f: Tensor, mask: Tensor, slow: Callable[[Array, Array], float]
) -> dict[tuple[int, int], float]:
    """`slow(text, real frames)` of every pair, by (query, clip)."""
    return {
        (query, clip): slow(t[query].numpy(), f[clip][mask[clip]].numpy())
        for query in range(len(t))
        for clip in range(len(f))
    }


def shaken(module: nn.Module, seed: int = 0, spread: float = 0.3) -> nn.Module:
    """The module in float64 with every parameter moved at random from where it starts."""
    draw = torch.Generator().manual_seed(seed)
    module.double()
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.add_(spread * torch.randn(parameter.shape, generator=draw, dtype=torch.float64))
    return module


def parameters(module: nn.Module) -> dict[str, Array]:
    """By name, as numpy float64."""
    return {name: value.detach().numpy().copy() for name, value in module.named_parameters()}
