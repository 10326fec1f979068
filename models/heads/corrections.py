"""Corrections of a finished similarity matrix, which need no training. All in float64.

Both are written for one row per query; pass the transposed matrix to correct the other direction.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def dual_softmax(sim: ArrayLike, temperature: float = 100.0) -> NDArray[np.float64]:
    """`sim ⊙ softmax(temperature · sim, over the queries)` `(Q, V)` from `sim` `(Q, V)` (DSL of CAMoE, Cheng
    et al. 2021).

    For evaluation only: every score depends on all the queries asked.
    """
    plain = np.asarray(sim, np.float64)
    logits = temperature * plain
    shares: NDArray[np.float64] = np.exp(logits - _log_sum_exp(logits))
    return plain * shares


def querybank_normalise(sim: ArrayLike, bank_sim: ArrayLike, beta: float) -> NDArray[np.float64]:
    """QB-Norm with the dynamic inverted softmax (Bogolin et al., CVPR 2022): `(Q, V)`.

    `sim` `(Q, V)`; `bank_sim` `(B, V)`, a bank of other queries against the same clips; `beta` the inverse
    temperature (20 in the released code, for cosines). The activation set is the clips that come first for
    some bank query. A query whose own first clip is in it (of several first ones, the earliest counts) has
    its row divided: `exp(beta · sim) / Σ_b exp(beta · bank_sim_b)`, for all clips; any other row stays as it
    is.

    A divided row is returned as `log(...) / beta`, which ranks alike and stays on the scale of similarities.
    A row is to be compared within itself only, as some are divided and some are not.
    """
    corrected = np.asarray(sim, np.float64).copy()
    bank = np.asarray(bank_sim, np.float64)
    activated = np.isin(corrected.argmax(1), bank.argmax(1))
    corrected[activated] -= _log_sum_exp(beta * bank) / beta
    return corrected


def _log_sum_exp(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """`log Σ exp` over the rows `(N, V)`: `(V,)`."""
    highest = logits.max(0)
    summed: NDArray[np.float64] = highest + np.log(np.exp(logits - highest).sum(0))
    return summed
