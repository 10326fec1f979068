"""Make a large library and print what the program takes on it, beside what it took and what it is to take.

The library is kept and used again. Everything that changes it works on a copy.

    python -m benchmarks.scale [--frames N] [--library FOLDER] [--only NAME,NAME] [--runs N]
"""

import os
from dataclasses import replace
from pathlib import Path

import click

from app.paths import cache_folder
from benchmarks import machine
from benchmarks.scale import decoding_cost, graph_recall, library_changes, query_speed, window_run
from benchmarks.scale.place import Effort, Place
from benchmarks.scale.synthetic_library import fill
from benchmarks.scale.table import HEAD, Measurement, Row

MEASUREMENTS = (
    Measurement(
        "command-line",
        (Row("Command-line search, new process, files in the page cache", "6–8 s", "≤ 1.5 s"),),
        query_speed.command_line,
    ),
    Measurement(
        "window",
        (
            Row(
                "Window usable / first answer / longest freeze of the GUI thread",
                "0.9 / 18.8 / 4.2 s",
                "0.9 / 2.5 / 0.1 s",
            ),
        ),
        window_run.window,
    ),
    Measurement(
        "queries",
        (Row("Warm query p50 / p95, idle", "28 / 37 ms", "20 / 30 ms"),),
        query_speed.warm_queries,
    ),
    Measurement(
        "queries-indexing",
        (Row("Warm query p50 / p95, while indexing", "128 ms at 300k", "≤ 1.5 × idle"),),
        query_speed.queries_while_indexing,
    ),
    Measurement(
        "memory",
        (Row("Resident memory of all processes", "3.4 GB", "≤ 2.3 GB beyond mapped files"),),
        window_run.memory,
    ),
    Measurement(
        "new-video",
        (
            Row(
                "New video searchable after its commit / worst pause it causes in a search",
                "0.4–3.5 s",
                "≤ 0.5 s / ≤ 50 ms",
            ),
        ),
        library_changes.new_video,
    ),
    Measurement(
        "remove",
        (Row("Remove a tenth", "6.3 s + 2.9 s", "≤ 0.2 s blocking, rest behind"),),
        library_changes.remove_tenth,
    ),
    Measurement(
        "recall",
        (
            Row(
                "Recall of the vector index for texts, at 100 / at 1,600",
                "0.899–0.986 / 0.945",
                "≥ 0.99 / ≥ 0.97",
            ),
        ),
        graph_recall.recall,
    ),
    Measurement(
        "decoder-memory",
        (Row("Decoder memory, 1080p / 4K 10-bit", "684 / 2,033 MB", "≤ 250 / ≤ 700 MB"),),
        decoding_cost.decoder_memory,
    ),
    Measurement(
        "cores",
        (Row("Clips and 10 × 1 min 1080p h264: share of busy cores", "85–96 %", "≥ 92 %"),),
        decoding_cost.core_share,
    ),
    Measurement(
        "first-pass",
        (Row("First pass over 1080p with GOP ≥ 60", "16 × real time", "≥ 90 × real time"),),
        decoding_cost.first_pass,
    ),
)


def _chosen(_context: click.Context, _option: click.Parameter, value: str) -> tuple[Measurement, ...]:
    known = {measurement.name: measurement for measurement in MEASUREMENTS}
    names = [name.strip() for name in value.split(",")] if value else list(known)
    if unknown := [name for name in names if name not in known]:
        raise click.BadParameter(f"{', '.join(unknown)}; there are: {', '.join(known)}")
    return tuple(known[name] for name in names)


@click.command()
@click.option("--frames", default=1_000_000, show_default=True, type=click.IntRange(1000))
@click.option("--library", "folder", type=click.Path(path_type=Path), help="Where it is (default: a cache).")
@click.option("--only", default="", callback=_chosen, help="Names of measurements, with commas between.")
@click.option("--runs", default=Effort().runs, show_default=True, type=click.IntRange(1))
def main(frames: int, folder: Path | None, only: tuple[Measurement, ...], runs: int) -> None:
    """Measure what a large library costs."""
    place = Place((folder or cache_folder() / "scale") / str(frames), frames, replace(Effort(), runs=runs))
    place.folder.mkdir(parents=True, exist_ok=True)
    os.environ["REELFIND_HOME"] = str(place.folder / "home")  # of the programs that are started
    fill(place)
    cores, load = query_speed.cores(), os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    print(f"{frames:,} frames; medians; {machine.describe()}; {cores} cores used, load before {load:.1f}")
    print(f"\n{HEAD}")
    for measurement in only:
        for line in measurement.lines(place):
            print(line, flush=True)


if __name__ == "__main__":
    main()
