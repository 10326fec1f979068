"""The T-MASS head (Wang et al., CVPR 2024, "Text Is MASS"): pooling, radius, stochastic text, loss, score."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.heads.baselines import log_sum_exp_similarity, real_cosines, unit_frames
from models.heads.losses import symmetric_cross_entropy
from models.heads.pooled import PooledFactors
from models.heads.radius import Radius, RadiusModule
from models.heads.stochastic import Prior, draw, stochastic_text, support_text
from models.heads.xpool import BLOCK_ELEMENTS, XPool

QUERY_BLOCK = 64


@dataclass(frozen=True, slots=True)
class TMassConfig:
    """The head's shape and its fixed numbers; the defaults are the released MSR-VTT recipe.

    `width` D, `frames` F slots per clip; `temperature` of the attention (1 = the paper); `samples` S and
    `seed` draw the points that are tried at inference; `support_weight` α of the second loss term;
    `soft_maximum_weight` w of `log_sum_exp_similarity` (of gain `soft_maximum_gain`) in the score: 0 = the
    paper.
    """

    width: int
    frames: int = 12
    heads: int = 1
    dropout: float = 0.3
    temperature: float = 1.0
    radius: Radius = "linear"
    prior: Prior = field(default_factory=Prior)
    samples: int = 20
    seed: int = 24
    support_weight: float = 0.8
    soft_maximum_weight: float = 0.0
    soft_maximum_gain: float = 20.0


@dataclass(frozen=True, slots=True)
class Losses:
    """Scalars with their graph: `CE(t_s, ψ)`, `CE(t_sup, ψ)` and their weighted sum."""

    stochastic: Tensor
    support: Tensor
    total: Tensor


class TMassHead(nn.Module):
    """What T-MASS puts on a dual encoder. Works on raw embeddings: `t` float `(Q, D)`, `f` float `(V, F, D)`,
    `mask` bool `(V, F)`."""

    def __init__(self, config: TMassConfig) -> None:
        super().__init__()
        self.config = config
        self.xpool = XPool(config.width, config.heads, config.dropout, config.temperature)
        self.radius = RadiusModule(config.radius, config.width, config.frames)

    def draw_samples(self) -> Tensor:
        """The head's own `E` float32 `(S, D)`, always the same."""
        return draw(self.config.prior, self.config.samples, self.config.width, self.config.seed)

    def losses(
        self,
        t: Tensor,
        f: Tensor,
        mask: Tensor,
        logit_scale: Tensor,
        *,
        groups: Tensor | None = None,
        generator: torch.Generator | None = None,
    ) -> Losses:
        """`L = CE(t_s, ψ) + α · CE(t_sup, ψ)` over a batch; row i of `t` `(B, D)` belongs to clip i.

        As in the released code the radius, and with it t_s and t_sup, is that of the aligned pair, one ε is
        drawn per row, and v̄ is the mean over the batch's texts of the row's own clip pooled. `logit_scale` is
        the logarithm of the factor on the cosines, `groups` as in `models.heads.losses`. `generator` draws ε;
        dropout, when the module trains, is drawn by torch's own. With radius "none" both terms are X-Pool's.
        With a `soft_maximum_weight` the logits are of the mixed score, so that the head learns what the soft
        maximum of the frames lacks.
        """
        pooled = self.xpool.pooled(t, f, mask)
        aligned = torch.einsum("bd,bfd->bf", functional.normalize(t, dim=-1), unit_frames(f, mask))
        radius = self.radius(aligned, mask)
        stochastic = stochastic_text(t, radius, self.config.prior.sample(t, generator))
        support = support_text(t, radius, pooled.mean_over_texts())
        logits = logit_scale.exp() * self._with_soft_maximum(
            pooled.cosines(torch.stack((stochastic, support))), t, f, mask
        )
        by_stochastic = symmetric_cross_entropy(logits[0], groups)
        by_support = symmetric_cross_entropy(logits[1], groups)
        return Losses(by_stochastic, by_support, by_stochastic + self.config.support_weight * by_support)

    @torch.no_grad()
    def similarities(self, t: Tensor, f: Tensor, mask: Tensor, *, samples: Tensor | None) -> Tensor:
        """The score of every pair `(Q, V)`: `max over S of cos(t + R ⊙ E_s, ψ)`, R and ψ of the pair.

        `samples` is `E` `(S, D)`; None or `(0, D)` scores `cos(t, ψ)`. With a `soft_maximum_weight` w the
        score is `(1 − w)` times that plus w times `log_sum_exp_similarity`. Dropout never applies, and there
        is no gradient.
        """
        scores = t.new_empty(len(t), len(f))
        frames = self.xpool.project(f, mask)
        for rows in _slices(len(t), QUERY_BLOCK):
            queries = self.xpool.queries(t[rows])
            for clips in _slices(len(f), max(1, BLOCK_ELEMENTS // (QUERY_BLOCK * self.config.width))):
                pooled = self.xpool.factors(queries, frames[clips])
                scores[rows, clips] = self._block(t[rows], f[clips], mask[clips], pooled, samples)
        return scores

    def _block(
        self, t: Tensor, f: Tensor, mask: Tensor, pooled: PooledFactors, samples: Tensor | None
    ) -> Tensor:
        """The scores of a block of pairs `(Q, V)`."""
        if samples is None or not len(samples):
            best = pooled.cosines(t[None])[0]
        else:
            unit = functional.normalize(pooled.whole(), dim=-1)
            radius = self.radius(real_cosines(t, f, mask), mask).expand_as(unit)
            best = _best_sample(t, unit, radius, samples.to(unit))
        return self._with_soft_maximum(best, t, f, mask)

    def _with_soft_maximum(self, cosines: Tensor, t: Tensor, f: Tensor, mask: Tensor) -> Tensor:
        """`(1 − w)` times the `cosines` `(..., Q, V)` plus w times the frames' soft maximum."""
        weight = self.config.soft_maximum_weight
        if weight == 0:
            return cosines
        soft = log_sum_exp_similarity(t, f, mask, self.config.soft_maximum_gain)
        return (1 - weight) * cosines + weight * soft


def _best_sample(t: Tensor, pooled: Tensor, radius: Tensor, samples: Tensor) -> Tensor:
    """`max over S of cos(t + R ⊙ E_s, ψ)` in three matrix products, without a tensor over S and D.

    `pooled` (of length one) and `radius` `(Q, V, D)`, `t` `(Q, D)`, `samples` `(S, D)`; returns `(Q, V)`.
    """
    t = t[:, None]
    numerator = (pooled * t).sum(-1, keepdim=True) + (radius * pooled) @ samples.T
    squared = (t * t).sum(-1, keepdim=True) + 2 * (radius * t) @ samples.T
    squared = squared + radius.square() @ samples.square().T
    return (numerator * squared.clamp(min=1e-24).rsqrt()).amax(-1)


def _slices(length: int, size: int) -> Iterator[slice]:
    return (slice(start, start + size) for start in range(0, length, size))
