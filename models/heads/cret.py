"""The two parts of CRET (Ji et al., 2022): GEES, which takes a clip's frames for a Gaussian, and CCM, which
aligns local features of both sides by shared centres. And a test of what GEES assumes."""

from __future__ import annotations

import importlib
import importlib.util
from dataclasses import dataclass
from types import ModuleType

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from app.errors import UsageError
from models.heads.baselines import real_cosines, real_mean, unit_frames

FEWEST_FRAMES = 8
"""Below this the Henze-Zirkler test accepts nearly everything."""


def gees_similarity(t: Tensor, f: Tensor, mask: Tensor, g: float | Tensor) -> Tensor:
    """`g · mean_i(s_i) + ½ g² · var_i(s_i)` `(Q, V)`, `s_i` the cosines with the real frames.

    With frames `f ~ N(μ, Σ)` of length one and `t` of length `g` it is `t·μ + ½ tᵀΣt`, the logarithm of the
    expected `exp(t·f)`: for the empirical covariance (over n, not n − 1) `tᵀΣt` is the variance of the
    similarities, so no D×D matrix is formed. On the scale of logits.
    """
    s = real_cosines(t, f, mask)
    mean = real_mean(s, mask)
    variance = real_mean((s - mean[..., None]).square(), mask)
    return g * mean + 0.5 * g**2 * variance


class CrossModalCorrespondence(nn.Module):
    """CCM for one side: C centres `(C, D)` attend over the local features of a text or a clip.

    One layer of a transformer decoder without self-attention (the centres are the same for every input):
    `Z = LN1(c + Wo·attention(Wq·c, Wk·x, Wv·x))`, `Z = LN2(Z + W2·relu(W1·Z))`. Make one module per side and
    give both the same `centres`, which is what aligns row i of one with row i of the other.
    """

    def __init__(self, local_width: int, centres: nn.Parameter, heads: int = 1) -> None:
        super().__init__()
        width = centres.shape[1]
        if width % heads:
            raise ValueError(f"{heads} heads do not divide a width of {width}")
        self.heads = heads
        self.centres = centres
        self.q = nn.Linear(width, width)
        self.k = nn.Linear(local_width, width)
        self.v = nn.Linear(local_width, width)
        self.o = nn.Linear(width, width)
        self.ln1 = nn.LayerNorm(width)
        self.up = nn.Linear(width, 4 * width)
        self.down = nn.Linear(4 * width, width)
        self.ln2 = nn.LayerNorm(width)

    def forward(self, local: Tensor, mask: Tensor) -> Tensor:
        """`Z` `(N, C, D)` from `local` float `(N, L, W)` and `mask` bool `(N, L)`, at least one True each."""
        local = local.masked_fill(~mask[..., None], 0.0)
        queries = self._split(self.q(self.centres).expand(len(local), -1, -1))
        attended = functional.scaled_dot_product_attention(
            queries, self._split(self.k(local)), self._split(self.v(local)), attn_mask=mask[:, None, None]
        )
        aligned = self.ln1(self.centres + self.o(attended.transpose(1, 2).flatten(2)))
        z: Tensor = self.ln2(aligned + self.down(functional.relu(self.up(aligned))))
        return z

    def _split(self, x: Tensor) -> Tensor:
        """`(N, L, D)` to `(N, heads, L, D/heads)`."""
        return x.reshape(*x.shape[:2], self.heads, -1).transpose(1, 2)


def new_centres(count: int, width: int) -> nn.Parameter:
    """Centres `(count, width)` to share between the two sides, from `N(0, 1/width)`: about of length one."""
    return nn.Parameter(torch.randn(count, width) / width**0.5)


def correspondence_similarity(z_t: Tensor, z_v: Tensor) -> Tensor:
    """The mean cosine of row i of `z_t` `(Q, C, D)` with row i of `z_v` `(V, C, D)`: `(Q, V)`."""
    rows = functional.normalize(z_t, dim=-1).flatten(1) @ functional.normalize(z_v, dim=-1).flatten(1).T
    return rows / z_t.shape[1]


@dataclass(frozen=True, slots=True)
class GaussianityReport:
    """Henze-Zirkler tests of single clips.

    `p_values` of the clips that were tested, in order; `skipped` clips had too few or too alike frames;
    `components` principal components were tested; a clip passes when its p-value exceeds `significance`.
    """

    p_values: tuple[float, ...]
    skipped: int
    components: int
    significance: float

    @property
    def passed(self) -> int:
        """How many clips the hypothesis "these frames are Gaussian" survives."""
        return sum(value > self.significance for value in self.p_values)

    def __str__(self) -> str:
        return (
            f"{self.passed} of {len(self.p_values)} clips pass for Gaussian (Henze-Zirkler on "
            f"{self.components} principal components, p > {self.significance:g}); {self.skipped} not tested"
        )


def gaussianity(
    f: Tensor, mask: Tensor, *, components: int = 2, significance: float = 0.05
) -> GaussianityReport:
    """Are the frames of a clip Gaussian, as GEES takes them to be? Tested clip by clip.

    `f` raw `(V, F, D)`, `mask` bool `(V, F)`. The test (Henze and Zirkler, 1990) needs more frames than
    dimensions, so it sees the unit frames on their first principal components, whitened. It stays exact: the
    left singular vectors of a Gaussian sample are uniformly distributed whatever its covariance, as are those
    of a sample of `components` dimensions. Few frames still reject only what is clearly not Gaussian.

    Raises:
        UsageError: pingouin is not installed.
    """
    pingouin = _import_pingouin()
    frames = unit_frames(f, mask).double().cpu().numpy()
    p_values = []
    for clip, real in zip(frames, mask.cpu().numpy(), strict=True):
        scores = _whitened(clip[real], components)
        if scores is not None:
            p_values.append(float(pingouin.multivariate_normality(scores, alpha=significance).pval))
    return GaussianityReport(tuple(p_values), len(frames) - len(p_values), components, significance)


def _whitened(frames: NDArray[np.float64], components: int) -> NDArray[np.float64] | None:
    """Scores `(n, components)` of unit variance on the principal components; None where that cannot be."""
    if len(frames) < max(FEWEST_FRAMES, components + 2):
        return None
    left, values, _ = np.linalg.svd(frames - frames.mean(0), full_matrices=False)
    if len(values) < components or values[components - 1] < 1e-5:
        return None
    whitened: NDArray[np.float64] = left[:, :components] * np.sqrt(len(frames))
    return whitened


def _import_pingouin() -> ModuleType:
    """Loaded when it is needed: it takes seconds."""
    if importlib.util.find_spec("pingouin") is None:
        raise UsageError(
            "The package pingouin is not installed.",
            "Install the training extra: pip install 'reelfind[models]'.",
        )
    return importlib.import_module("pingouin")
