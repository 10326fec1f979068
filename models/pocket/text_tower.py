"""The text tower: a small pre-norm transformer over WordPiece subwords."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.pocket.config import TextTowerConfig

MASKED = -1e4  # far below any score, and finite in every precision


class TextLayer(nn.Module):
    """Self-attention and a GELU feed-forward, each behind a layer norm and beside a residual."""

    def __init__(self, config: TextTowerConfig) -> None:
        super().__init__()
        self.heads = config.heads
        self.attention_norm = nn.LayerNorm(config.width)
        self.mix = nn.Linear(config.width, 3 * config.width)
        self.attended = nn.Linear(config.width, config.width)
        self.forward_norm = nn.LayerNorm(config.width)
        self.up = nn.Linear(config.width, config.feed_forward)
        self.down = nn.Linear(config.feed_forward, config.width)
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        """States `(N, L, width)`; `mask` bool `(N, 1, 1, L)`, true where a real token may be attended to."""
        batch, length, width = states.shape
        mixed = self.mix(self.attention_norm(states)).view(batch, length, 3, self.heads, width // self.heads)
        query, key, value = mixed.permute(2, 0, 3, 1, 4)
        # Spelled out: torch's fused attention is several times slower going backward over such short rows.
        scores = query @ key.transpose(-2, -1) * (width // self.heads) ** -0.5
        attended = scores.masked_fill(~mask, MASKED).softmax(-1).to(value.dtype) @ value
        attended = attended.transpose(1, 2).reshape(batch, length, width)
        states = states + self.dropout(self.attended(attended))
        fed: Tensor = self.down(functional.gelu(self.up(self.forward_norm(states))))
        out: Tensor = states + self.dropout(fed)
        return out


class TextTower(nn.Module):
    """Token ids `(N, L)` to raw joint-space embeddings `(N, D)`. Padding never changes an embedding."""

    def __init__(self, config: TextTowerConfig, embedding_width: int, teacher_width: int) -> None:
        super().__init__()
        self.pad_id = config.pad_id
        self.words = nn.Embedding(config.vocabulary, config.width)
        self.positions = nn.Parameter(torch.randn(config.context_length, config.width) * 0.02)
        self.layers = nn.ModuleList(TextLayer(config) for _ in range(config.layers))
        self.norm = nn.LayerNorm(config.width)
        self.up = nn.Linear(config.width, config.head_width)
        self.project = nn.Linear(config.head_width, embedding_width)
        self.skip = nn.Linear(config.width, embedding_width, bias=False)
        # Only for distilling: the shipped graph ends at `forward`.
        self.to_teacher = nn.Linear(config.width, teacher_width)

    def pooled(self, tokens: Tensor) -> Tensor:
        """The mean of the real tokens' last states `(N, width)`."""
        real = tokens != self.pad_id
        states = self.words(tokens) + self.positions[: tokens.shape[1]]
        for layer in self.layers:
            states = layer(states, real[:, None, None, :])
        weights = real.unsqueeze(-1).float()
        states = self.norm(states).float() * weights
        mean: Tensor = states.sum(1) / weights.sum(1).clamp(min=1.0)
        return mean

    def from_pooled(self, pooled: Tensor) -> Tensor:
        """Joint-space embeddings `(N, D)` of pooled states."""
        projected: Tensor = self.project(functional.gelu(self.up(pooled))) + self.skip(pooled)
        return projected

    def forward(self, tokens: Tensor) -> Tensor:
        embedded: Tensor = self.from_pooled(self.pooled(tokens))
        return embedded


def principal_embeddings(table: Tensor, width: int) -> Tensor:
    """The rows of a token table `(V, w)` in the space of their `width` strongest principal directions."""
    centred = table - table.mean(0)
    _, vectors = torch.linalg.eigh(centred.T @ centred)
    projected: Tensor = centred @ vectors.flip(1)[:, :width]
    return projected
