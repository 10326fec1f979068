"""The course of the losses as a picture."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from torch import Tensor

COLUMNS = ("loss", "stochastic", "support", "plain")
"""The columns of a history: the sum and its terms; a term that is switched off stays 0."""

_SMOOTHED_SHARE = 0.02


def write_curves(history: Tensor, path: Path) -> None:
    """Draw the columns of a history, float64 `(steps, 4)`, and their moving averages to a PNG file."""
    values = history.numpy()
    window = max(1, round(_SMOOTHED_SHARE * len(values)))
    steps = np.arange(1, len(values) + 1)
    figure = Figure(figsize=(8, 5), dpi=120, layout="constrained")
    axes = figure.subplots()
    for name, column in zip(COLUMNS, values.T, strict=True):
        if not column.any():
            continue
        smooth = np.convolve(column, np.full(window, 1 / window), mode="valid")
        (line,) = axes.plot(steps[window - 1 :], smooth, label=name)
        if window > 1:
            axes.plot(steps, column, color=line.get_color(), alpha=0.2, linewidth=0.5)
    axes.set_xlabel("step")
    axes.set_ylabel("cross entropy")
    axes.legend()
    axes.grid(alpha=0.3)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".part")
    figure.savefig(partial, format="png")
    partial.replace(path)
