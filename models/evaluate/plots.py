"""A table of scorers as pictures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from models.evaluate.table import DIRECTIONS, ScoreTable

DEEPEST = 50
"""Recall is drawn up to this rank."""


def draw_recall_at_1(table: ScoreTable, path: Path) -> None:
    """R@1 of every row with its 95 % interval, both directions side by side, to a PNG file."""
    names = [row.name for row in table.rows]
    places = np.arange(len(names))[::-1]
    figure = Figure(figsize=(11, 1.6 + 0.3 * len(names)), dpi=120, layout="constrained")
    panels = figure.subplots(1, len(DIRECTIONS), sharey=True)
    for axes, direction in zip(panels, DIRECTIONS, strict=True):
        measured = [row.of(direction) for row in table.rows]
        values = np.array([part.figures.recall_at_1 for part in measured])
        low = np.array([part.interval.low.recall_at_1 for part in measured])
        high = np.array([part.interval.high.recall_at_1 for part in measured])
        reach = np.maximum(0, [values - low, high - values])  # a bootstrap's bounds need not hold the figure
        axes.errorbar(values, places, xerr=reach, fmt="o", capsize=3)
        axes.set_yticks(places, names)
        axes.set_title(direction)
        axes.set_xlabel("R@1 in %, 95 % interval")
        axes.grid(axis="x", alpha=0.3)
    _save(figure, path)


def draw_recall_curves(table: ScoreTable, path: Path) -> None:
    """Recall over the number of results looked at, a line per row, to a PNG file."""
    figure = Figure(figsize=(11, 5), dpi=120, layout="constrained")
    panels = figure.subplots(1, len(DIRECTIONS), sharey=True)
    for axes, direction in zip(panels, DIRECTIONS, strict=True):
        for row in table.rows:
            rankings = row.of(direction).rankings
            depths = np.arange(1, min(DEEPEST, rankings.gallery) + 1)
            shares = 100 * np.mean(rankings.ranks[:, None] <= depths, axis=0)
            axes.plot(depths, shares, label=row.name)
        axes.set_title(direction)
        axes.set_xlabel("results looked at")
        axes.grid(alpha=0.3)
    panels[0].set_ylabel("recall in %")
    panels[-1].legend(fontsize="small")
    _save(figure, path)


def _save(figure: Figure, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".part")
    figure.savefig(partial, format="png")
    partial.replace(path)
