"""Text-conditioned pooling of a clip's frames (X-Pool, Gorti et al., CVPR 2022): the fusion ψ of T-MASS."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

import torch
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from models.heads.pooled import Pooled, PooledBlocks, PooledFactors

BLOCK_ELEMENTS = 2**22
"""Pairs times width that are held at a time (16 MiB in float32)."""


@dataclass(frozen=True, slots=True)
class ProjectedFrames:
    """What pooling needs of V clips, whatever the text; L = heads · F.

    `keys` `(V, F, heads, D/heads)`; `values` `(V, L, D)`: every frame's share of LN2's input, centred and
    weighted; `moved` `(V, L, D)`: the same after `linear` without its bias; `gram` `(V, L, L)`: the mean
    products of the centred shares; `mask` bool `(V, F)`.
    """

    keys: Tensor
    values: Tensor
    moved: Tensor
    gram: Tensor
    mask: Tensor

    def __getitem__(self, clips: slice) -> ProjectedFrames:
        return ProjectedFrames(*(getattr(self, field.name)[clips] for field in fields(self)))

    def __len__(self) -> int:
        return len(self.mask)


class XPool(nn.Module):
    """`ψ = LN3(h + dropout(Wl·h + bl))` with `h = LN2(Wo·Σ_i a_i v_i + bo)`, `a = softmax_i(k_i·q / √(D/H))`,
    `q = Wq·LN1(t) + bq`, `k_i = Wk·LN1(f_i) + bk`, `v_i = Wv·LN1(f_i) + bv`.

    One LN1 serves text and frames. All W start as identity, all b at 0. `temperature` multiplies the
    attention logits: 1 is the paper's; larger attends more sharply.

    Computed in another order, exact but for rounding: `a` sums to one, so `Wo`, LN2's centring and `Wl` go
    through the sum to the frames, and the variance in LN2 is `aᵀ·gram·a`. No D×D product is left per pair,
    and without dropout nothing of width D.
    """

    def __init__(self, width: int, heads: int = 1, dropout: float = 0.3, temperature: float = 1.0) -> None:
        super().__init__()
        if width % heads:
            raise ValueError(f"{heads} heads do not divide a width of {width}")
        self.width = width
        self.heads = heads
        self.temperature = temperature
        self.ln1 = nn.LayerNorm(width)
        self.q = nn.Linear(width, width)
        self.k = nn.Linear(width, width)
        self.v = nn.Linear(width, width)
        self.o = nn.Linear(width, width)
        self.ln2 = nn.LayerNorm(width)
        self.linear = nn.Linear(width, width)
        self.ln3 = nn.LayerNorm(width)
        self.dropout = nn.Dropout(dropout)
        for projection in (self.q, self.k, self.v, self.o, self.linear):
            nn.init.eye_(projection.weight)
            nn.init.zeros_(projection.bias)

    def forward(self, t: Tensor, f: Tensor, mask: Tensor) -> Tensor:
        """ψ `(Q, V, D)`, not normalised, from raw `t` `(Q, D)`, raw `f` `(V, F, D)`, bool `mask` `(V, F)`."""
        return self.pooled(t, f, mask).whole()

    def pooled(self, t: Tensor, f: Tensor, mask: Tensor) -> Pooled:
        """`forward` in a form that a batch of hundreds can be trained from.

        With dropout in blocks of clips, of which ψ is kept and the rest computed again for the gradient;
        without it in factors.
        """
        queries, frames = self.queries(t), self.project(f, mask)
        if not (self.training and self.dropout.p > 0):
            return self.factors(queries, frames)
        size = max(1, BLOCK_ELEMENTS // (len(t) * self.width))
        if len(frames) <= size:
            return PooledBlocks((self._dropped(queries, frames),))
        blocks = (frames[start : start + size] for start in range(0, len(frames), size))
        return PooledBlocks(
            tuple(checkpoint(self._dropped, queries, block, use_reentrant=False) for block in blocks)
        )

    def queries(self, t: Tensor) -> Tensor:
        """`q` times the factors of the attention logits: `(Q, heads, D/heads)`."""
        factor = self.temperature / math.sqrt(self.width / self.heads)
        return self._split(self.q(self.ln1(t)) * factor)

    def project(self, f: Tensor, mask: Tensor) -> ProjectedFrames:
        """What is computed once per clip. `f` `(V, F, D)`, `mask` bool `(V, F)`."""
        seen = self.ln1(f.masked_fill(~mask[..., None], 0.0))
        keys, values, out = (self._split(x) for x in (self.k(seen), self.v(seen), self.o.weight))
        shares = torch.einsum("vfhd,ohd->vhfo", values, out).flatten(1, 2) + self.o.bias / self.heads
        centred = shares - shares.mean(-1, keepdim=True)
        weighted = centred * self.ln2.weight
        gram = centred @ centred.transpose(1, 2) / self.width
        return ProjectedFrames(keys, weighted, weighted @ self.linear.weight.T, gram, mask)

    def factors(self, queries: Tensor, frames: ProjectedFrames) -> PooledFactors:
        """ψ without dropout, whatever the mode: LN3's centring, too, goes through the sum to the frames."""
        shares = self._shares(queries, frames)
        constant = (self.ln2.bias + self.linear(self.ln2.bias)).expand(len(frames), 1, -1)
        rows = torch.cat((frames.values + frames.moved, constant), dim=1)
        rows = rows - rows.mean(-1, keepdim=True)
        shares = torch.cat((shares, torch.ones_like(shares[..., :1])), dim=-1)
        shares = shares * _inverse_deviation(shares, rows @ rows.transpose(1, 2) / self.width, self.ln3.eps)
        return PooledFactors(
            torch.cat((shares, torch.ones_like(shares[..., :1])), dim=-1),
            torch.cat((rows * self.ln3.weight, self.ln3.bias.expand(len(frames), 1, -1)), dim=1),
        )

    def _dropped(self, queries: Tensor, frames: ProjectedFrames) -> Tensor:
        """ψ with dropout, `(V, Q, D)`."""
        shares = self._shares(queries, frames)
        h = shares @ frames.values + self.ln2.bias
        moved = shares @ frames.moved + self.linear(self.ln2.bias)
        pooled: Tensor = self.ln3(h + self.dropout(moved))
        return pooled

    def _shares(self, queries: Tensor, frames: ProjectedFrames) -> Tensor:
        """The attention over LN2's deviation `(V, Q, heads · F)`."""
        logits = torch.einsum("qhd,vfhd->vqhf", queries, frames.keys)
        attention = logits.masked_fill(~frames.mask[:, None, None], -torch.inf).softmax(-1).flatten(2)
        return attention * _inverse_deviation(attention, frames.gram, self.ln2.eps)

    def _split(self, x: Tensor) -> Tensor:
        """Heads apart: `(..., D)` to `(..., heads, D/heads)`."""
        return x.reshape(*x.shape[:-1], self.heads, -1)


def _inverse_deviation(shares: Tensor, gram: Tensor, eps: float) -> Tensor:
    """What a LayerNorm multiplies centred rows by: `(V, Q, 1)` from how they are mixed, `shares` `(V, Q, L)`,
    and the mean products of what is mixed, `gram` `(V, L, L)`."""
    variance = ((shares @ gram) * shares).sum(-1, keepdim=True)
    return (variance.clamp(min=0) + eps).rsqrt()
