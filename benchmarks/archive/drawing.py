"""The picture of docs/scaling.md; matplotlib is part of the extra “models”."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from benchmarks.archive.costs import Costs
from benchmarks.archive.holding import Holding
from benchmarks.archive.scenarios import Scenario
from benchmarks.archive.simulation import simulate

NODES = (1, 2, 4, 8, 16, 32)
LINKS = ((110e6, "1 Gbit/s"), (1.1e9, "10 Gbit/s"), (4.4e9, "40 Gbit/s"))
_DAYS = (1, 2, 4, 8, 16, 32)
_LIMITS = (16, 64, 256)
"""Gigabytes of memory that are drawn as lines."""


def draw(
    scenario: Scenario, costs: Costs, path: Path, *, nodes: Sequence[int] = NODES, seed: int = 1
) -> None:
    """Days to index over machines, and memory over hours, to an SVG file."""
    figure = Figure(figsize=(11, 4.6), layout="constrained")
    indexing, memory = figure.subplots(1, 2)
    for link, name in LINKS:
        faster = replace(scenario, machines=replace(scenario.machines, link=link))
        days = [simulate(faster.with_nodes(each), costs, seed=seed).seconds / 86_400 for each in nodes]
        indexing.plot(nodes, days, marker="o", label=f"videos read over {name}")
    indexing.set(
        xscale="log", yscale="log", xlabel=f"nodes of {scenario.machines.cores} cores", ylabel="days to index"
    )
    indexing.set_title(f"{scenario.hours:,.0f} hours, simulated")
    indexing.set_xticks(nodes, [str(each) for each in nodes])
    indexing.set_yticks(_DAYS, [str(each) for each in _DAYS])
    indexing.minorticks_off()
    hours = np.geomspace(100, 200_000, 40)
    held = [Holding(float(each), costs) for each in hours]
    for values, name in (
        ([each.graph_bytes for each in held], "graph over frames"),
        ([each.clip_bytes for each in held], "graph over clips, int8"),
        ([each.rows_bytes for each in held], "no graph"),
    ):
        memory.plot(hours, np.array(values) / 1e9, label=name)
    for limit in _LIMITS:
        memory.axhline(limit, color="grey", linewidth=0.6, linestyle=":")
        memory.text(110, limit * 1.08, f"{limit} GB", color="grey", fontsize="small")
    memory.set(xscale="log", yscale="log", xlabel="hours of video", ylabel="GB of memory to search")
    memory.xaxis.set_major_formatter("{x:,g}")
    memory.set_title("at a frame a second, reckoned")
    for axes in (indexing, memory):
        axes.yaxis.set_major_formatter("{x:,g}")
        axes.grid(alpha=0.3)
        axes.legend(fontsize="small")
    path.parent.mkdir(parents=True, exist_ok=True)
    with mpl.rc_context({"svg.hashsalt": "reelfind", "svg.fonttype": "none"}):
        figure.savefig(path, format="svg", metadata={"Date": None})
