"""Batch losses. In a batch, row i of the texts belongs to clip i; a matrix is `(B, B)`, texts down, clips
across.

`groups` int64 `(B,)`: rows of equal group are right answers to each other (two captions of one video).
Without it every row has one right answer, its own.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from models.heads.cret import gees_similarity

HIGHEST_LOGIT_SCALE = math.log(100)


class LogitScale(nn.Module):
    """The learned logarithm of the factor on the cosines (CLIP, Radford et al. 2021), kept at or below
    ln 100."""

    def __init__(self, initial: float = math.log(1 / 0.07)) -> None:
        super().__init__()
        self.log = nn.Parameter(torch.tensor(float(initial)))

    def forward(self) -> Tensor:
        """The logarithm, a scalar. What an optimiser's step put beyond the bound is first set back to it, as
        in the released code: a clamp inside the graph would stop the gradient and stay there."""
        with torch.no_grad():
            self.log.clamp_(max=HIGHEST_LOGIT_SCALE)
        return self.log


def symmetric_cross_entropy(logits: Tensor, groups: Tensor | None = None) -> Tensor:
    """The mean of both directions' cross-entropy of `softmax(logits)` float `(B, B)` to the right answers,
    which share the target equally (SupCon, Khosla et al. 2020, eq. 2)."""
    right = _right(logits, groups).to(logits.dtype)
    target = right / right.sum(1, keepdim=True)
    by_text = -(target * logits.log_softmax(1)).sum(1).mean()
    by_clip = -(target * logits.T.log_softmax(1)).sum(1).mean()
    return (by_text + by_clip) / 2


def triplet(similarities: Tensor, margin: float, hardest: bool, groups: Tensor | None = None) -> Tensor:
    """The hinge `max(0, margin + s_negative − s_ii)`, mean over rows and both directions.

    `hardest` takes the worst negative of each row (VSE++, Faghri et al. 2018, max of hinges), otherwise
    the mean over all negatives (its sum of hinges, divided by their number). A row without a negative
    counts 0.
    """
    right = _right(similarities, groups)
    own = similarities.diagonal()[:, None]
    directions = []
    for scores in (similarities, similarities.T):
        hinge = (margin + scores - own).clamp(min=0).masked_fill(right, 0.0)
        worst = hinge.amax(1) if hardest else hinge.sum(1) / (~right).sum(1).clamp(min=1)
        directions.append(worst.mean())
    return torch.stack(directions).mean()


def gees_loss(
    t: Tensor, f: Tensor, mask: Tensor, logit_scale: Tensor, groups: Tensor | None = None
) -> Tensor:
    """The GEES loss of CRET: minus the log-softmax of `gees_similarity` over the batch, both directions.

    `t` float `(B, D)`, `f` float `(B, F, D)`, raw; `mask` bool `(B, F)`; `logit_scale` the logarithm of the
    factor on the cosines.
    """
    return symmetric_cross_entropy(gees_similarity(t, f, mask, logit_scale.exp()), groups)


def _right(matrix: Tensor, groups: Tensor | None) -> Tensor:
    """Which answers are right: bool `(B, B)`."""
    if groups is None:
        return torch.eye(len(matrix), dtype=torch.bool, device=matrix.device)
    return groups[:, None] == groups[None, :]
