"""ψ of many pairs without one tensor over texts, clips and width: the two ways in which it is held."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor
from torch.nn import functional
from torch.utils.checkpoint import checkpoint


class Pooled(Protocol):
    """ψ of Q texts and V clips, and what a loss asks of it."""

    def whole(self) -> Tensor:
        """ψ itself `(Q, V, D)`."""
        ...

    def mean_over_texts(self) -> Tensor:
        """v̄ `(V, D)`: the mean of ψ over the texts."""
        ...

    def cosines(self, texts: Tensor) -> Tensor:
        """`(N, Q, V)`: `cos(texts[n, q], ψ[q, v])` of N texts per query, `(N, Q, D)` of any length."""
        ...


@dataclass(frozen=True, slots=True)
class PooledFactors:
    """`ψ[q, v] = shares[v, q] · basis[v]`: `shares` `(V, Q, L)`, `basis` `(V, L, D)`, L a little more than
    the number of frames. Sums and products go through the basis, without a tensor over pairs and width."""

    shares: Tensor
    basis: Tensor

    def whole(self) -> Tensor:
        return (self.shares @ self.basis).transpose(0, 1)

    def mean_over_texts(self) -> Tensor:
        return (self.shares.mean(1, keepdim=True) @ self.basis)[:, 0]

    def cosines(self, texts: Tensor) -> Tensor:
        unit = functional.normalize(texts, dim=-1)
        parts = (unit @ self.basis.flatten(0, 1).T).reshape(*unit.shape[:2], *self.basis.shape[:2])
        products = torch.einsum("nqvl,vql->nqv", parts, self.shares)
        gram = self.basis @ self.basis.transpose(1, 2)
        length = ((self.shares @ gram) * self.shares).sum(-1).clamp(min=1e-24).sqrt()
        return products / length.T


@dataclass(frozen=True, slots=True)
class PooledBlocks:
    """ψ in blocks of clips, `(v, Q, D)` each, in order."""

    blocks: tuple[Tensor, ...]

    def whole(self) -> Tensor:
        return torch.cat(self.blocks).transpose(0, 1)

    def mean_over_texts(self) -> Tensor:
        return torch.cat([block.mean(1) for block in self.blocks])

    def cosines(self, texts: Tensor) -> Tensor:
        unit = functional.normalize(texts, dim=-1)
        return torch.cat(
            [checkpoint(_cosines, unit, block, use_reentrant=False) for block in self.blocks], -1
        )


def _cosines(texts: Tensor, pooled: Tensor) -> Tensor:
    """`(N, Q, v)` of texts of length one `(N, Q, D)` with a block of ψ `(v, Q, D)`."""
    length = torch.linalg.vector_norm(pooled, dim=-1).clamp(min=1e-12)
    cosines: Tensor = torch.einsum("nqd,vqd->nqv", texts, pooled) / length.T
    return cosines
