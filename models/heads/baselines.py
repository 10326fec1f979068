"""Similarities that need no training: one number per pair from the cosines of the text and the frames.

All take `t` float `(Q, D)`, `f` float `(V, F, D)`, both raw, and `mask` bool `(V, F)`, and return `(Q, V)`.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional


def unit_frames(f: Tensor, mask: Tensor) -> Tensor:
    """Frames of length one `(V, F, D)`, zero in the padded slots whatever lies there."""
    return functional.normalize(f.masked_fill(~mask[..., None], 0.0), dim=-1)


def cosine_frames(t: Tensor, f: Tensor) -> Tensor:
    """The cosine of every text with every frame slot `(Q, V, F)`, padded slots included."""
    return torch.einsum("qd,vfd->qvf", functional.normalize(t, dim=-1), functional.normalize(f, dim=-1))


def real_cosines(t: Tensor, f: Tensor, mask: Tensor) -> Tensor:
    """`cosine_frames` with 0 in the padded slots: `(Q, V, F)`."""
    return cosine_frames(t, f.masked_fill(~mask[..., None], 0.0))


def real_mean(s: Tensor, mask: Tensor) -> Tensor:
    """The mean of `s` `(..., F)` over real slots: `(...)`. `mask` bool, broadcastable to `s`."""
    return s.masked_fill(~mask, 0.0).sum(-1) / mask.sum(-1)


def mean_pool_similarity(t: Tensor, f: Tensor, mask: Tensor) -> Tensor:
    """Cosine of the text and the mean of the unit frames (CLIP4Clip, Luo et al. 2022, "meanP")."""
    pooled = unit_frames(f, mask).sum(1)  # the mean but for a positive factor, which a cosine does not see
    return functional.normalize(t, dim=-1) @ functional.normalize(pooled, dim=-1).T


def max_similarity(t: Tensor, f: Tensor, mask: Tensor) -> Tensor:
    """The cosine of the text and the frame most like it."""
    return real_cosines(t, f, mask).masked_fill(~mask, -torch.inf).amax(-1)


def top_k_similarity(t: Tensor, f: Tensor, mask: Tensor, k: int = 3) -> Tensor:
    """The mean cosine of the `k` frames most like the text (a baseline of X-Pool, Gorti et al. 2022); of all
    real frames where a clip has fewer."""
    if k < 1:
        raise ValueError("k must be at least 1")
    best = real_cosines(t, f, mask).masked_fill(~mask, -torch.inf).topk(min(k, f.shape[1]), dim=-1).values
    return real_mean(best, best.isfinite())


def log_sum_exp_similarity(t: Tensor, f: Tensor, mask: Tensor, g: float = 20.0) -> Tensor:
    """`(1/g) · log(mean_i exp(g · s_i))` over the real frames: between their mean (g to 0) and their maximum
    (g to infinity)."""
    logits = (g * real_cosines(t, f, mask)).masked_fill(~mask, -torch.inf)
    return (logits.logsumexp(-1) - mask.sum(-1, dtype=logits.dtype).log()) / g
