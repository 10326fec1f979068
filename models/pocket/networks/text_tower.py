"""The text tower: four of the teacher's six layers and a head into the joint space.

The layers start as the teacher's own (all-MiniLM-L6-v2, Wang et al. 2020); `from_teacher` says which.
"""

from __future__ import annotations

from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.pocket.config import TextTowerConfig
from models.pocket.networks.int8_layers import Int8Linear
from models.pocket.networks.joint_head import JointHead
from models.pocket.networks.teacher import EPSILON, Layer, Teacher

MASKED = -1e4  # far below any score, and finite in every precision


class TextLayer(nn.Module):
    """A post-norm transformer layer of BERT (Devlin et al. 2019), with one projection for query, key and
    value."""

    def __init__(self, config: TextTowerConfig) -> None:
        super().__init__()
        self.heads = config.heads
        self.mix: nn.Module = nn.Linear(config.width, 3 * config.width)
        self.attended: nn.Module = nn.Linear(config.width, config.width)
        self.attended_norm = nn.LayerNorm(config.width, EPSILON)
        self.up: nn.Module = nn.Linear(config.width, config.feed_forward)
        self.down: nn.Module = nn.Linear(config.feed_forward, config.width)
        self.norm = nn.LayerNorm(config.width, EPSILON)

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        """States `(N, L, width)`; `mask` bool `(N, 1, 1, L)`, true where a real token may be attended to."""
        batch, length, width = states.shape
        mixed = self.mix(states).view(batch, length, 3, self.heads, width // self.heads)
        query, key, value = mixed.permute(2, 0, 3, 1, 4)
        scores = query @ key.transpose(-2, -1) * (width // self.heads) ** -0.5
        attended = scores.masked_fill(~mask, MASKED).softmax(-1).to(value.dtype) @ value
        attended = attended.transpose(1, 2).reshape(batch, length, width)
        states = self.attended_norm(states + self.attended(attended))
        fed: Tensor = self.norm(states + self.down(functional.gelu(self.up(states))))
        return fed

    def to_int8(self) -> None:
        """Let the four linear maps have int8 weights and inputs; the inputs' ranges are not known yet."""
        for name in ("mix", "attended", "up", "down"):
            linear = getattr(self, name)
            if isinstance(linear, nn.Linear):
                setattr(self, name, Int8Linear(linear))

    def copy(self, layer: Layer) -> None:
        """Take the weights of one of the teacher's layers."""
        projections = (layer.query, layer.key, layer.value)
        mix = cast(nn.Linear, self.mix)
        mix.weight.copy_(torch.cat([projection.weight for projection in projections]))
        mix.bias.copy_(torch.cat([projection.bias for projection in projections]))
        for name in ("attended", "attended_norm", "up", "down", "norm"):
            getattr(self, name).load_state_dict(getattr(layer, name).state_dict())


class TextTower(nn.Module):
    """Token ids `(N, L)` to raw joint-space embeddings `(N, D)`. Padding never changes an embedding."""

    def __init__(self, config: TextTowerConfig, embedding_width: int) -> None:
        super().__init__()
        self.pad_id = config.pad_id
        self.words = nn.Embedding(config.vocabulary, config.width)
        self.positions = nn.Parameter(torch.zeros(config.context_length, config.width))
        self.norm = nn.LayerNorm(config.width, EPSILON)
        self.layers = nn.ModuleList(TextLayer(config) for _ in range(config.layers))
        self.head = JointHead(config.width, config.head_width, embedding_width, config.dropout)

    def to_int8(self) -> None:
        """Let every layer compute with int8 weights and inputs; words and head stay as they are."""
        for layer in self.layers:
            cast(TextLayer, layer).to_int8()

    def pooled(self, tokens: Tensor) -> Tensor:
        """The mean of the real tokens' last states `(N, width)`: near the teacher's sentence vectors."""
        real = tokens != self.pad_id
        states = self.norm(self.words(tokens) + self.positions[: tokens.shape[1]])
        for layer in self.layers:
            states = layer(states, real[:, None, None, :])
        weights = real.unsqueeze(-1).float()
        mean: Tensor = (states.float() * weights).sum(1) / weights.sum(1).clamp(min=1.0)
        return mean

    def forward(self, tokens: Tensor) -> Tensor:
        embedded: Tensor = self.head(functional.normalize(self.pooled(tokens), dim=-1))
        return embedded


def from_teacher(teacher: Teacher, config: TextTowerConfig, embedding_width: int) -> TextTower:
    """A tower whose words, places and layers `config.layers_taken` are the teacher's."""
    tower = TextTower(config, embedding_width)
    with torch.no_grad():
        tower.words.weight.copy_(teacher.words.weight)
        places = teacher.positions.weight[: config.context_length]
        tower.positions.copy_(places + teacher.types.weight[0])
        tower.norm.load_state_dict(teacher.norm.state_dict())
        for layer, number in zip(tower.layers, config.layers_taken, strict=True):
            cast(TextLayer, layer).copy(cast(Layer, teacher.layers[number]))
    return tower
