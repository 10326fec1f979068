"""The similarity-aware radius of T-MASS (Wang et al., CVPR 2024, table 5)."""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor, nn

from models.heads.baselines import real_mean

Radius = Literal["none", "cos", "scalar", "linear"]
"""How far the text may move: not at all, or by one of the three functions of the frame cosines `s`."""


class RadiusModule(nn.Module):
    """`R(s)`: "none" 0, "cos" `exp(mean_i s_i)`, "scalar" `exp(θ · mean_i s_i)`, "linear" `exp(s·W + b)`.

    `θ` starts at 1, `W` (F, D) as `eye`, `b` at 0. The mean is over real frames. The linear radius has one
    weight per slot: a padded slot is filled with the mean of the clip's real `s_i`, our rule, which keeps the
    radius of a short clip on the scale of a full one (a zero there would shrink it).
    """

    def __init__(self, kind: Radius, width: int, frames: int) -> None:
        super().__init__()
        self.kind: Radius = kind
        if kind == "scalar":
            self.theta = nn.Parameter(torch.ones(1))
        elif kind == "linear":
            self.weight = nn.Parameter(torch.eye(frames, width))
            self.bias = nn.Parameter(torch.zeros(width))

    def forward(self, s: Tensor, mask: Tensor) -> Tensor:
        """`R` from the frame cosines `s` float `(..., F)`; `mask` bool, broadcastable to `s`.

        `(..., D)` for "linear", `(..., 1)`, the same for every component, for the others.
        """
        mean = real_mean(s, mask)[..., None]
        if self.kind == "none":
            return torch.zeros_like(mean)
        if self.kind == "cos":
            return mean.exp()
        if self.kind == "scalar":
            return (self.theta * mean).exp()
        return (torch.where(mask, s, mean) @ self.weight + self.bias).exp()
