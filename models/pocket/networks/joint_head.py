"""What stands on either tower: features into the joint space."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional


class JointHead(nn.Module):
    """Standardise, then a linear map plus a 1-hidden-layer GELU network: `(N, features)` to `(N, D)`, raw."""

    mean: Tensor
    deviation: Tensor

    def __init__(self, features: int, hidden: int, embedding_width: int, dropout: float) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(features))
        self.register_buffer("deviation", torch.ones(features))
        self.drop_in = nn.Dropout(dropout)
        self.up = nn.Linear(features, hidden)
        self.drop_hidden = nn.Dropout(dropout)
        self.project = nn.Linear(hidden, embedding_width)
        self.skip = nn.Linear(features, embedding_width, bias=False)
        self.folded = False

    def standardise_to(self, features: Tensor) -> None:
        """Take mean and deviation from sample features `(N, features)`."""
        self.mean.copy_(features.mean(0))
        self.deviation.copy_(features.std(0).clamp(min=1e-4))

    @torch.no_grad()
    def fold(self) -> None:
        """Put mean and deviation into the linear maps."""
        for linear in (self.up, self.skip):
            linear.weight.div_(self.deviation)
        self.up.bias.sub_(self.up.weight @ self.mean)
        self.project.bias.sub_(self.skip.weight @ self.mean)
        self.mean.zero_()
        self.deviation.fill_(1)
        self.folded = True

    @torch.no_grad()
    def unfold(self, features: Tensor) -> None:
        """Undo `fold`, with mean and deviation of sample features `(N, features)`: what learns further learns
        from inputs of one size."""
        self.standardise_to(features)
        self.up.bias.add_(self.up.weight @ self.mean)
        self.project.bias.add_(self.skip.weight @ self.mean)
        for linear in (self.up, self.skip):
            linear.weight.mul_(self.deviation)
        self.folded = False

    def forward(self, features: Tensor) -> Tensor:
        standard = features if self.folded else (features - self.mean) / self.deviation
        standard = self.drop_in(standard)
        hidden = self.drop_hidden(functional.gelu(self.up(standard)))
        projected: Tensor = self.project(hidden) + self.skip(standard)
        return projected
