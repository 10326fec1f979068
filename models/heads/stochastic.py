"""The stochastic text of T-MASS (Wang et al., CVPR 2024): a text is a mass of points, not one point."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor
from torch.nn import functional


@dataclass(frozen=True, slots=True)
class Prior:
    """Where ε comes from, per component: "uniform" `scale · U[0, 1)`, "normal" `N(0, scale²)`.

    The released code uses uniform with scale 1 (MSR-VTT, DiDeMo) and normal with 0.003 (LSMDC).
    """

    kind: Literal["uniform", "normal"] = "uniform"
    scale: float = 1.0

    def sample(self, like: Tensor, generator: torch.Generator | None = None) -> Tensor:
        """Fresh ε of the shape, dtype and device of `like`. `generator` must be on that device."""
        draw = torch.rand if self.kind == "uniform" else torch.randn
        return self.scale * draw(like.shape, generator=generator, dtype=like.dtype, device=like.device)


def draw(prior: Prior, samples: int, width: int, seed: int) -> Tensor:
    """`E` float32 `(samples, width)` on the CPU: the same for the same seed, so that a query always gives the
    same ranking."""
    return prior.sample(torch.empty(samples, width), torch.Generator().manual_seed(seed))


def stochastic_text(t: Tensor, radius: Tensor, eps: Tensor) -> Tensor:
    """`t_s = t + R ⊙ ε`; the three broadcast to `(..., D)`."""
    return t + radius * eps


def support_text(t: Tensor, radius: Tensor, pooled: Tensor) -> Tensor:
    """`t_sup = t + R ⊙ (v̄ − t) / ‖v̄ − t‖`: the point of the mass's surface that faces the pooled video
    `v̄`; the three broadcast to `(..., D)`."""
    return t + radius * functional.normalize(pooled - t, dim=-1)
