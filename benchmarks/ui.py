"""How long the window keeps a person waiting: beats of its GUI thread while it is used.

Every scenario is played in the real window, in a process of its own (without a screen unless QT_QPA_PLATFORM
says otherwise). The libraries are made once and kept.

    python -m benchmarks.ui [--only NAME,NAME] [--runs N] [--json]
"""

import json
import os
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path

import click

from app.paths import cache_folder
from benchmarks import machine
from benchmarks.responsiveness.libraries import Libraries
from benchmarks.responsiveness.pulse import Lateness, Pulse
from benchmarks.responsiveness.report import HEAD, LIMITS, Report
from benchmarks.responsiveness.scenarios import SCENARIOS
from benchmarks.responsiveness.stage import Material, Measured
from benchmarks.retrieval import CLIPS

_PATIENCE = 900
"""Seconds that one run may take."""


def measure(name: str, libraries: Libraries, material: Material, runs: int) -> Report:
    """Play a scenario so many times."""
    scenario = SCENARIOS[name]
    title = scenario.title.format(
        frames=libraries.frames, clips=len(list(material.clips.iterdir())), results=material.results
    )
    told: list[Measured] = []
    for _ in range(runs):
        with libraries.opened_for(scenario, material) as library:
            outcome = _play(name, library, material)
        if isinstance(outcome, str):
            return Report(name, title, (), outcome)
        told.append(outcome)
    return Report(name, title, tuple(told))


def _play(name: str, library: Path, material: Material) -> Measured | str:
    given = json.dumps(asdict(material), default=str)
    module = "benchmarks.responsiveness.watched_window"
    child = subprocess.run(
        [sys.executable, "-m", module, name, str(library), str(time.time()), given],
        env=os.environ | {"QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")},
        stdout=subprocess.PIPE,
        check=False,
        text=True,
        timeout=_PATIENCE,
    )
    if child.returncode:
        return f"the window ended with {child.returncode}"
    told = json.loads(child.stdout)
    return told if isinstance(told, str) else _measured(told)


def _measured(told: dict[str, dict[str, object]]) -> Measured:
    """From what the process printed."""
    pulse = dict(told["pulse"])
    for name in ("late", "unhindered"):
        pulse[name] = Lateness(**pulse[name])  # type: ignore[arg-type]
    return Measured(Pulse(**pulse), told["figures"], told["places"])  # type: ignore[arg-type]


def _chosen(_context: click.Context, _option: click.Parameter, value: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in value.split(",")) if value else tuple(SCENARIOS)
    if unknown := [name for name in names if name not in SCENARIOS]:
        raise click.BadParameter(f"{', '.join(unknown)}; there are: {', '.join(SCENARIOS)}")
    return names


@click.command()
@click.option("--only", default="", callback=_chosen, help="Names of scenarios, with commas between.")
@click.option("--runs", default=3, show_default=True, type=click.IntRange(1))
@click.option("--folder", type=click.Path(path_type=Path), help="Where the libraries are (default: a cache).")
@click.option("--clips", "source", type=click.Path(path_type=Path), default=CLIPS, help="Folder with videos.")
@click.option(
    "--count", default=20, show_default=True, type=click.IntRange(1), help="Clips that are indexed."
)
@click.option("--frames", default=100_000, show_default=True, type=click.IntRange(1000))
@click.option("--results", default=10_000, show_default=True, type=click.IntRange(1))
@click.option("--seconds", default=3.0, show_default=True, help="For how long is scrolled each way.")
@click.option("--places", is_flag=True, help="Say where the thread was while it was late.")
@click.option("--json", "as_json", is_flag=True, help="Every run, as JSON.")
def main(
    only: tuple[str, ...],
    runs: int,
    folder: Path | None,
    source: Path,
    count: int,
    frames: int,
    results: int,
    seconds: float,
    places: bool,
    as_json: bool,
) -> None:
    """Measure how long the GUI thread keeps a person waiting."""
    folder = folder or cache_folder() / "responsiveness"
    os.environ["REELFIND_HOME"] = str(folder / "home")  # of the programs that are started
    libraries = Libraries(folder, source, count, frames)
    material = libraries.material(results, seconds)
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    about = f"Medians of {runs}; {machine.describe()}; load before {load:.1f}"
    reports = []
    if not as_json:
        print(f"{about}. {LIMITS}.\n\n{HEAD}")
    for name in only:
        report = measure(name, libraries, material, runs)
        reports.append(report)
        if not as_json:
            print(report.row(), flush=True)
    if places and not as_json:
        for report in reports:
            print(f"\n{report.title}:", *report.places, sep="\n  ")
    if as_json:
        print(json.dumps({"machine": about, "scenarios": [asdict(report) for report in reports]}, indent=1))


if __name__ == "__main__":
    main()
