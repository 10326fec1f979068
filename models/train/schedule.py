"""The learning rate over the steps of a run."""

from __future__ import annotations

import math

from torch.optim import Optimizer

PEAK = "peak_lr"
"""Key of a parameter group's highest learning rate."""


def factor(step: int, steps: int, warm_up: int) -> float:
    """Share of the highest learning rate at `step` (from 0) of `steps`.

    Linear from 0 over `warm_up` steps, then half a cosine down to 0, as in X-Pool's released code.
    """
    if step < warm_up:
        return step / warm_up
    return 0.5 * (1 + math.cos(math.pi * (step - warm_up) / max(1, steps - warm_up)))


def set_rates(optimizer: Optimizer, share: float) -> None:
    """Set every parameter group to this share of its highest rate."""
    for group in optimizer.param_groups:
        group["lr"] = share * group[PEAK]
